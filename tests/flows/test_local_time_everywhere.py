"""Local time in every zone from 2026 to 2030, compared with the zone files read in another way.

Every quarter of an hour around each change of clocks, and rules of every day. With EVERY_MINUTE=1 around each
change every minute, and every day in every zone (some minutes; set no time limit: --timeout=0).
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from flows.times.local_time import first_and_last, moment, wall
from flows.times.recurrence import Every, Rule, moments
from tests.flows.clocks import FIRST, LAST, Clocks, at, every_zone

WHOLE = bool(os.environ.get("EVERY_MINUTE"))
STEP = timedelta(minutes=1 if WHOLE else 15)
AROUND = timedelta(hours=26 if WHOLE else 6)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAILY = Rule(Every.DAY)

HOURS = [time(0, 0), time(2, 30), time(9, 0)]


def steps(first: datetime, last: datetime) -> Iterator[datetime]:
    return (first + number * STEP for number in range((last - first) // STEP + 1))


def test_every_zone_is_looked_at_and_many_of_them_change_their_clocks():
    jumps = [jump for clocks in every_zone().values() for jump in clocks.jumps()]

    assert len(every_zone()) > 400
    assert len(jumps) > 1000
    assert all((jump.minute % 15, jump.second) == (0, 0) for jump in jumps)


def test_around_each_change_of_clocks_the_moment_is_the_one_at_which_they_read_it():
    for zone, clocks in every_zone().items():
        for jump in clocks.jumps():
            first, last = walked(clocks.now(), jump)
            middle = clocks.read(jump)
            for written in steps(middle - AROUND, middle + AROUND):
                expected = first.get(written, jump), last.get(written, jump)
                assert first_and_last(written, zone) == expected, (zone, written)
            assert moment(middle, zone) == first[middle], zone


@cache
def walked(clocks: Clocks, jump: datetime) -> tuple[dict[datetime, datetime], dict[datetime, datetime]]:
    """When clocks read each time around a jump, first and last, by looking at them step by step."""
    found = [(clocks.read(then), then) for then in steps(jump - AROUND - 3 * HOUR, jump + AROUND + 3 * HOUR)]
    return dict(reversed(found)), dict(found)


def test_around_each_change_of_clocks_they_read_what_they_should():
    for zone, clocks in every_zone().items():
        for jump in clocks.jumps():
            for then in steps(jump - AROUND, jump + AROUND):
                assert wall(then, zone) == clocks.read(then), (zone, then)


def test_where_clocks_never_change_an_hour_is_one_moment_all_year():
    still = {zone: clocks for zone, clocks in every_zone().items() if not any(clocks.jumps())}

    assert len(still) > 200
    for zone, clocks in still.items():
        for day in range(0, (LAST - FIRST + 1) * 365, 29):
            written = at(f"{FIRST}-01-01 00:15") + timedelta(days=day, hours=day % 24)
            first, last = first_and_last(written, zone)
            assert first == last, (zone, written)
            assert clocks.read(first) == written, (zone, written)


@pytest.mark.parametrize("hour", HOURS, ids=str)
def test_a_rule_of_every_day_comes_on_every_day_exactly_once(hour: time):
    """Each day of five years: in all zones that differ in these years; the rest have the same clocks."""
    differing = {clocks.now(): (zone, clocks) for zone, clocks in every_zone().items()}
    zones = every_zone().items() if WHOLE else differing.values()
    first, length = date(FIRST, 1, 1), (date(LAST, 12, 31) - date(FIRST, 1, 1)).days + 1

    assert len(differing) > 50
    for zone, clocks in zones:
        assert days_of(zone, clocks, hour, first, length) == days(first, length), zone


@pytest.mark.parametrize("hour", HOURS, ids=str)
def test_in_every_zone_no_change_of_clocks_skips_or_doubles_a_day(hour: time):
    for zone, clocks in every_zone().items():
        for jump in clocks.jumps():
            first = clocks.read(jump).date() - 2 * DAY
            assert days_of(zone, clocks, hour, first, 5) == days(first, 5), (zone, jump)


def days(first: date, length: int) -> list[date]:
    return [first + number * DAY for number in range(length)]


def days_of(zone: str, clocks: Clocks, hour: time, first: date, length: int) -> list[date]:
    """The days on which a daily rule comes, by the clocks of the oracle, from `first` on."""
    start = datetime.combine(first, hour)
    found = moments(start, DAILY, zone, since=datetime.combine(first - 3 * DAY, time(), UTC))
    return [clocks.read(then).date() for then, _ in zip(found, range(length), strict=False)]
