"""Local time: what a clock reads and when, where clocks jump too; bad times are told, not guessed."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import (
    FURTHEST,
    Trouble,
    WrongTime,
    as_shown,
    check_shown,
    first_and_last,
    moment,
    span,
    span_shown,
    wall,
)
from tests.flows.clocks import at, utc

PARIS = "Europe/Paris"
NOW = utc("2027-01-01 12:00")

zones = st.timezone_keys(allow_prefix=False)
walls = st.datetimes(at("1980-01-01"), at("2100-01-01"), allow_imaginary=True)


@pytest.mark.parametrize(
    ("zone", "written", "expected"),
    [
        (PARIS, at("2027-03-12 18:30"), utc("2027-03-12 17:30")),
        ("America/New_York", at("2027-06-12 18:30"), utc("2027-06-12 22:30")),
        ("Asia/Kathmandu", at("2027-06-12 00:00"), utc("2027-06-11 18:15")),
        ("Pacific/Kiritimati", at("2028-02-29 09:00"), utc("2028-02-28 19:00")),
    ],
)
def test_an_hour_on_the_wall_is_a_moment(zone, written, expected):
    assert moment(written, zone) == expected
    assert wall(expected, zone) == written


@pytest.mark.parametrize(
    ("zone", "left_out", "said"),
    [
        (PARIS, at("2027-03-28 02:00"), at("2027-03-28 03:00")),
        (PARIS, at("2027-03-28 02:30:12"), at("2027-03-28 03:00")),
        (PARIS, at("2027-03-28 02:59:59.999999"), at("2027-03-28 03:00")),
        ("Australia/Lord_Howe", at("2027-10-03 02:10"), at("2027-10-03 02:30")),
        ("Africa/Cairo", at("2027-04-30 00:00"), at("2027-04-30 01:00")),
        ("America/Nuuk", at("2027-03-27 23:30"), at("2027-03-28 00:00")),
        ("Antarctica/Troll", at("2027-03-28 01:30"), at("2027-03-28 03:00")),
        ("Pacific/Apia", at("2011-12-30 18:00"), at("2011-12-31 00:00")),
    ],
)
def test_an_hour_that_clocks_leave_out_is_the_first_minute_after_it(zone, left_out, said):
    assert wall(moment(left_out, zone), zone) == said
    assert first_and_last(left_out, zone) == (moment(said, zone), moment(said, zone))


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    twice = at("2027-10-31 02:30")

    assert moment(twice, PARIS) == utc("2027-10-31 00:30")
    assert moment(twice.replace(fold=1), PARIS) == utc("2027-10-31 00:30")
    assert first_and_last(twice, PARIS) == (utc("2027-10-31 00:30"), utc("2027-10-31 01:30"))


def test_what_a_clock_reads_for_the_second_time_does_not_differ_from_the_first():
    once, again = (wall(utc(f"2027-10-31 0{hour}:30"), PARIS) for hour in (0, 1))

    assert (once, once.fold) == (again, again.fold) == (at("2027-10-31 02:30"), 0)


@given(walls, zones)
def test_clocks_read_at_that_moment_what_was_asked_or_a_little_more(written, zone):
    read = wall(moment(written, zone), zone)

    assert read == written or written < read <= written + timedelta(hours=24, minutes=1)
    assert read == written or read.second == read.microsecond == 0


@given(walls, zones)
def test_the_first_moment_is_never_after_the_last(written, zone):
    first, last = first_and_last(written, zone)

    assert first.tzinfo is UTC
    assert first <= last <= first + timedelta(hours=24)
    assert wall(first, zone) == wall(last, zone)


@given(walls, walls, zones)
def test_what_is_later_on_the_wall_is_not_earlier_in_time(one, other, zone):
    earlier, later = sorted((one, other))

    assert moment(earlier, zone) <= moment(later, zone)


@pytest.mark.parametrize(
    "zone",
    ["", "Paris", "Europe", "Europe/Pari", "../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "x" * 999],
)
def test_a_zone_nobody_knows_is_told(zone):
    with pytest.raises(WrongTime) as caught:
        moment(at("2027-01-01"), zone)

    assert caught.value.trouble is Trouble.UNKNOWN_ZONE
    assert caught.value.details == {"zone": zone}


def test_a_wall_time_with_an_offset_and_a_moment_without_are_refused():
    with pytest.raises(ValueError, match="wall time"):
        moment(NOW, PARIS)
    with pytest.raises(ValueError, match="moment"):
        wall(NOW.replace(tzinfo=None), PARIS)


def test_what_is_planned_spans_two_moments_days_apart_too():
    start, end = at("2027-03-26 09:00"), at("2027-03-28 16:00")

    assert span(start, end, PARIS, NOW) == (utc("2027-03-26 08:00"), utc("2027-03-28 14:00"))
    assert span(start, start, PARIS, NOW) == (utc("2027-03-26 08:00"), utc("2027-03-26 08:00"))


@pytest.mark.parametrize(
    ("start", "end", "trouble"),
    [
        (at("2026-12-31 09:00"), at("2027-12-31 09:00"), Trouble.PAST),
        (at("2027-01-01 13:00"), at("2027-01-01 14:00"), Trouble.PAST),
        (at("2207-03-01 09:00"), at("2207-03-01 10:00"), Trouble.TOO_FAR),
        (at("2027-03-01 09:00"), at("2207-03-01 10:00"), Trouble.TOO_FAR),
        (at("2027-03-01 09:00"), at("2027-03-01 08:59"), Trouble.END_BEFORE_START),
    ],
)
def test_what_cannot_be_planned_is_told(start, end, trouble):
    with pytest.raises(WrongTime) as caught:
        span(start, end, PARIS, NOW)

    assert caught.value.trouble is trouble


def test_five_years_ahead_can_be_planned():
    ahead = wall(NOW + FURTHEST, PARIS)

    assert span(ahead, ahead, PARIS, NOW) == (NOW + FURTHEST, NOW + FURTHEST)


@pytest.mark.parametrize(
    ("start", "end", "begins", "ends"),
    [
        (at("2027-03-28 01:00"), at("2027-03-28 04:00"), at("2027-03-28 01:00"), at("2027-03-28 04:00")),
        (at("2027-03-28 02:30"), at("2027-03-28 04:00"), at("2027-03-28 03:00"), at("2027-03-28 04:30")),
        (at("2027-03-28 02:10"), at("2027-03-28 02:40"), at("2027-03-28 03:00"), at("2027-03-28 03:30")),
        (at("2027-03-28 01:30"), at("2027-03-28 02:30"), at("2027-03-28 01:30"), at("2027-03-28 03:00")),
        (at("2027-03-28 02:30"), at("2027-03-28 02:30"), at("2027-03-28 03:00"), at("2027-03-28 03:00")),
        (at("2027-10-31 02:30"), at("2027-10-31 03:00"), at("2027-10-31 02:30"), at("2027-10-31 03:00")),
    ],
)
def test_what_begins_at_an_hour_left_out_begins_after_it_and_is_as_long(start, end, begins, ends):
    assert span_shown(start, end, PARIS) == (begins, ends)


def test_an_hour_left_out_is_refused_where_somebody_is_asked():
    with pytest.raises(WrongTime) as caught:
        check_shown(at("2027-03-28 02:30"), PARIS)

    assert caught.value.trouble is Trouble.LEFT_OUT
    assert caught.value.details == {"when": at("2027-03-28 02:30")}


@given(walls, zones)
def test_what_clocks_show_is_shown_as_it_is(written, zone):
    shown = as_shown(written, zone)

    assert as_shown(shown, zone) == shown
    check_shown(shown, zone)
