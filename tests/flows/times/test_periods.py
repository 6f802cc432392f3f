"""Periods by the calendar of a place: named for ever, without a gap, told at an hour of its clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.panels.settings import Rhythm
from flows.times.local_time import wall
from flows.times.periods import NoPeriod, Period, last_due, period_of, read_period

DAYS = st.dates(date(2000, 1, 10), date(2999, 1, 1))
ZONES = st.sampled_from(["Europe/Riga", "Europe/Athens", "Africa/Casablanca", "America/Santiago", "UTC"])
RHYTHMS = st.sampled_from(list(Rhythm))
MOMENTS = st.integers(1_000_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("key", "first", "end"),
    [
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 23)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 23)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2028-02", date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_a_key_names_its_days(key: str, first: date, end: date) -> None:
    period = read_period(key)

    assert (period.first, period.end, period.key) == (first, end, key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "2026",
        "2025-W53",
        "2026-W00",
        "2026-W54",
        "2026-13",
        "2026-02-30",
        "W47",
        "2026-W47 ",
        "1999-12",
        "٢٠٢٦-11",
    ],
)
def test_what_names_no_period_is_refused_with_what_would(key: str) -> None:
    with pytest.raises(NoPeriod, match="2026-W47"):
        read_period(key)


@given(RHYTHMS, DAYS)
def test_every_day_lies_in_one_period_and_its_key_leads_back(rhythm: Rhythm, day: date) -> None:
    period = period_of(rhythm, day)

    assert period.first <= day < period.end
    assert read_period(period.key) == period


@given(RHYTHMS, DAYS, ZONES)
def test_periods_follow_each_other_without_a_gap(rhythm: Rhythm, day: date, zone: str) -> None:
    period = period_of(rhythm, day)

    assert period.before.end == period.first
    assert period.before.bounds(zone)[1] == period.bounds(zone)[0]


@given(RHYTHMS, st.integers(0, 6), st.integers(0, 23), ZONES, MOMENTS)
def test_the_last_one_due_is_over_and_no_later_one_is_due(
    rhythm: Rhythm, weekday: int, hour: int, zone: str, now: datetime
) -> None:
    period, due = last_due(rhythm, weekday, hour, zone, now)

    assert period.bounds(zone)[1] <= due <= now
    assert period_of(rhythm, period.end).due(weekday, hour, zone) > now


def test_a_week_is_told_at_the_hour_of_the_wall_on_its_day_although_clocks_change_before_it() -> None:
    period = read_period("2026-W12")  # its Sunday is the 22nd; on the 29th the clocks in Athens go forward

    due = period.due(6, 9, "Europe/Athens")

    assert f"{wall(due, 'Europe/Athens')}" == "2026-03-29 09:00:00"
    assert due == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_a_month_is_told_on_the_first_such_day_of_the_next() -> None:
    assert read_period("2026-11").due(0, 9, "UTC") == datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert read_period("2026-11").due(1, 9, "UTC") == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_an_hour_that_the_clocks_leave_out_is_the_first_minute_after_it() -> None:
    told = Period(Rhythm.DAILY, date(2026, 3, 28)).due(0, 3, "Europe/Riga")

    assert f"{wall(told, 'Europe/Riga')}" == "2026-03-29 04:00:00"


def test_a_week_in_which_clocks_change_has_an_hour_more() -> None:
    since, until = read_period("2026-W43").bounds("Europe/Riga")

    assert until - since == timedelta(days=7, hours=1)
