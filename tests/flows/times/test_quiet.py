"""Quiet hours: nothing comes in them, what is about a beginning comes before, and deadlines stand still."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import Trouble, WrongTime, moment, wall
from flows.times.quiet import EARLY, Quiet, Side, is_quiet, out_of_quiet, waking
from tests.flows.clocks import at, utc

PARIS = "Europe/Paris"
NIGHT = Quiet(time(21), time(8))
SIESTA = Quiet(time(13), time(16, 30))
HOUR, STEP = timedelta(hours=1), timedelta(minutes=15)

zones = st.timezone_keys(allow_prefix=False)
moments = st.integers(0, 5 * 366 * 96).map(lambda number: utc("2026-01-01") + number * STEP)
lengths = st.integers(0, 60 * 24 * 9).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def quiets(draw: st.DrawFn) -> Quiet:
    """Quiet hours of 1 minute to 20 hours, anywhere in the day."""
    begin, length = draw(st.integers(0, 1439)), draw(st.integers(1, 20 * 60))
    begins, ends = (at("2027-01-01") + timedelta(minutes=minutes) for minutes in (begin, begin + length))
    return Quiet(begins.time(), ends.time())


def paris(text: str) -> datetime:
    return moment(at(text), PARIS)


@pytest.mark.parametrize(
    ("quiet", "due", "before", "after"),
    [
        (NIGHT, "2027-05-10 20:59", "2027-05-10 20:59", "2027-05-10 20:59"),
        (NIGHT, "2027-05-10 21:00", "2027-05-10 20:30", "2027-05-11 08:00"),
        (NIGHT, "2027-05-10 23:30", "2027-05-10 20:30", "2027-05-11 08:00"),
        (NIGHT, "2027-05-11 00:00", "2027-05-10 20:30", "2027-05-11 08:00"),
        (NIGHT, "2027-05-11 07:59", "2027-05-10 20:30", "2027-05-11 08:00"),
        (NIGHT, "2027-05-11 08:00", "2027-05-11 08:00", "2027-05-11 08:00"),
        (NIGHT, "2027-03-28 07:00", "2027-03-27 20:30", "2027-03-28 08:00"),
        (NIGHT, "2027-10-31 07:00", "2027-10-30 20:30", "2027-10-31 08:00"),
        (SIESTA, "2027-05-10 14:00", "2027-05-10 12:30", "2027-05-10 16:30"),
        (SIESTA, "2027-05-10 03:00", "2027-05-10 03:00", "2027-05-10 03:00"),
        (None, "2027-05-10 03:00", "2027-05-10 03:00", "2027-05-10 03:00"),
    ],
)
def test_what_falls_into_quiet_hours_comes_before_they_begin_or_after_they_end(quiet, due, before, after):
    assert out_of_quiet(paris(due), PARIS, quiet, Side.BEFORE) == paris(before)
    assert out_of_quiet(paris(due), PARIS, quiet, Side.AFTER) == paris(after)


def test_quiet_hours_end_when_the_clock_reads_their_end_for_the_last_time():
    quiet = Quiet(time(22), time(2, 30))
    second_pass = utc("2027-10-31 01:15")

    assert wall(second_pass, PARIS) == at("2027-10-31 02:15")
    assert is_quiet(second_pass, PARIS, quiet)
    assert out_of_quiet(second_pass, PARIS, quiet, Side.AFTER) == utc("2027-10-31 01:30")


def test_quiet_hours_that_the_clocks_leave_out_are_none():
    quiet = Quiet(time(2), time(2, 45))

    assert not is_quiet(paris("2027-03-28 03:00"), PARIS, quiet)
    assert is_quiet(paris("2027-03-29 02:00"), PARIS, quiet)


@given(moments, zones, quiets(), st.sampled_from(Side))
def test_nothing_comes_in_quiet_hours(due, zone, quiet, side):
    said = out_of_quiet(due, zone, quiet, side)

    assert not is_quiet(said, zone, quiet)
    assert (said <= due) if side is Side.BEFORE else (said >= due)
    assert said == due or is_quiet(due, zone, quiet)
    assert abs(said - due) <= timedelta(hours=23) + EARLY


@given(moments, zones, quiets())
def test_it_is_quiet_whenever_a_clock_reads_quiet_hours(now, zone, quiet):
    read = wall(now, zone).time()
    if quiet.begins < quiet.ends:
        reads_quiet = quiet.begins <= read < quiet.ends
    else:
        reads_quiet = read >= quiet.begins or read < quiet.ends

    clocks_change = wall(now + 26 * HOUR, zone) - wall(now - 26 * HOUR, zone) != 52 * HOUR
    assert is_quiet(now, zone, quiet) or not reads_quiet
    assert is_quiet(now, zone, quiet) == reads_quiet or clocks_change


@pytest.mark.parametrize(
    ("quiet", "start", "hours", "end"),
    [
        (NIGHT, "2027-05-10 10:00", 6, "2027-05-10 16:00"),
        (NIGHT, "2027-05-10 19:00", 6, "2027-05-11 12:00"),
        (NIGHT, "2027-05-10 20:00", 1, "2027-05-11 08:00"),
        (NIGHT, "2027-05-10 23:00", 6, "2027-05-11 14:00"),
        (NIGHT, "2027-05-10 23:00", 0, "2027-05-11 08:00"),
        (NIGHT, "2027-05-10 12:00", 26, "2027-05-12 12:00"),
        (NIGHT, "2027-03-27 19:00", 6, "2027-03-28 12:00"),
        (SIESTA, "2027-05-10 12:00", 6, "2027-05-10 21:30"),
        (None, "2027-05-10 23:00", 6, "2027-05-11 05:00"),
    ],
)
def test_a_deadline_stands_still_in_quiet_hours(quiet, start, hours, end):
    assert waking(paris(start), hours * HOUR, PARIS, quiet) == paris(end)


@given(moments, lengths, zones, quiets())
def test_a_deadline_is_over_when_so_much_time_was_awake(start, length, zone, quiet):
    end = waking(start, length, zone, quiet)
    steps = (end - start) // STEP
    awake = sum(not is_quiet(start + step * STEP, zone, quiet) for step in range(steps))
    nights = steps * STEP / timedelta(days=1) + 1.5

    assert not is_quiet(end, zone, quiet)
    assert abs(awake * STEP - length) <= 2 * nights * STEP  # a step off for each beginning and end of a night


@given(moments, lengths, lengths, zones, quiets())
def test_a_longer_deadline_is_never_over_before_a_shorter_one(start, one, other, zone, quiet):
    shorter, longer = sorted((one, other))

    assert waking(start, shorter, zone, quiet) <= waking(start, longer, zone, quiet)


@pytest.mark.parametrize("ends", [time(8), time(7, 59), time(4, 1)])
def test_four_hours_of_a_day_at_least_are_left(ends):
    assert Quiet(time(8), time(4)).ends == time(4)

    with pytest.raises(WrongTime) as caught:
        Quiet(time(8), ends)

    assert caught.value.trouble is Trouble.TOO_QUIET
    assert caught.value.details == {"hours": 4}


def test_a_deadline_cannot_lie_in_the_past():
    with pytest.raises(ValueError, match="negative"):
        waking(utc("2027-05-10 10:00"), -HOUR, PARIS, NIGHT)
