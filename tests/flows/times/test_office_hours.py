"""Office hours: when somebody is likely to answer, and how long an unanswered question waits."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import moment, wall
from flows.times.office_hours import OfficeHours, after_office_hours, next_span
from tests.flows.clocks import utc

PARIS = "Europe/Paris"
HOUR = timedelta(hours=1)
USUAL = OfficeHours()
CHRISTMAS = OfficeHours(yearly=frozenset({(12, 25)}), holidays=frozenset({date(2026, 12, 24)}))


def paris(written: str) -> datetime:
    return moment(datetime.fromisoformat(written), PARIS)


@pytest.mark.parametrize(
    ("at", "opens", "closes"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:00", "2026-11-23 17:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00", "2026-11-23 17:00"),
        ("2026-11-23 16:59", "2026-11-23 09:00", "2026-11-23 17:00"),
        ("2026-11-23 17:00", "2026-11-24 09:00", "2026-11-24 17:00"),
        ("2026-11-27 20:00", "2026-11-30 09:00", "2026-11-30 17:00"),
        ("2026-12-23 18:00", "2026-12-28 09:00", "2026-12-28 17:00"),
    ],
)
def test_the_next_office_hours_leave_out_nights_weekends_and_holidays(at, opens, closes):
    assert next_span(paris(at), CHRISTMAS, PARIS) == (paris(opens), paris(closes))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 14:00"),
        ("2026-11-23 15:00", 4, "2026-11-24 11:00"),
        ("2026-11-23 20:00", 4, "2026-11-24 13:00"),
        ("2026-11-27 16:00", 8, "2026-11-30 16:00"),
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),
        ("2026-12-23 16:00", 4, "2026-12-28 12:00"),
        ("2026-03-27 16:00", 4, "2026-03-30 12:00"),
    ],
)
def test_only_office_hours_count(start, hours, end):
    assert after_office_hours(paris(start), hours * HOUR, CHRISTMAS, PARIS) == paris(end)


def test_an_office_that_is_closed_for_ever_makes_nobody_wait_for_ever():
    never = OfficeHours(yearly=frozenset((month, day) for month in range(1, 13) for day in range(1, 32)))

    assert next_span(paris("2026-11-23 10:00"), never, PARIS) is None
    assert after_office_hours(paris("2026-11-23 10:00"), 4 * HOUR, never, PARIS) == paris("2026-11-23 14:00")


@pytest.mark.parametrize(
    "wrong",
    [{"days": frozenset()}, {"days": frozenset({7})}, {"opens": time(17), "closes": time(9)}],
)
def test_office_hours_in_which_nobody_can_be_there_are_refused(wrong):
    with pytest.raises(ValueError, match="office"):
        OfficeHours(**wrong)


zones = st.timezone_keys(allow_prefix=False)
moments = st.integers(0, 5 * 366 * 96).map(lambda number: utc("2026-01-01") + number * HOUR / 4)
offices = st.builds(
    OfficeHours,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.times(max_value=time(11)),
    closes=st.times(min_value=time(12)),
)
lengths = st.timedeltas(timedelta(minutes=1), timedelta(hours=40))


@given(moments, zones, offices)
def test_the_office_is_open_or_opens_later_on_a_day_of_work(now, zone, office):
    opens, closes = next_span(now, office, zone)

    assert now < closes
    assert opens < closes
    assert wall(opens, zone).weekday() in office.days


@given(moments, zones, offices, lengths)
def test_a_question_is_never_brought_up_outside_office_hours(now, zone, office, length):
    due = after_office_hours(now, length, office, zone)

    opens, closes = next_span(due - timedelta(microseconds=1), office, zone)
    assert opens < due <= closes
    assert due - now >= length


@given(moments, zones, offices, lengths, lengths)
def test_more_patience_never_ends_earlier(now, zone, office, one, other):
    shorter, longer = sorted((one, other))

    assert after_office_hours(now, shorter, office, zone) <= after_office_hours(now, longer, office, zone)


def test_hours_are_those_of_the_wall_on_both_sides_of_a_change_of_clocks():
    assert next_span(paris("2026-10-23 18:00"), USUAL, PARIS) == (
        datetime(2026, 10, 26, 8, tzinfo=UTC),
        datetime(2026, 10, 26, 16, tzinfo=UTC),
    )
