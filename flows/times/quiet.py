"""Quiet hours: when no push may come, by a person's own clock; what is due in them comes before or after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from flows.times.local_time import Trouble, WrongTime, first_and_last, moment, wall

LEAST_AWAKE: Final = 4  # hours of each day; who wants less switches pushes off
EARLY: Final = timedelta(minutes=30)
"""How long before quiet hours what would fall into them comes: time enough for all of it to be delivered."""

_DAY: Final = timedelta(days=1)


class Side(StrEnum):
    """Where a push goes that is due in quiet hours."""

    BEFORE = "before"  # to the evening before: it is about something that begins
    AFTER = "after"  # to the morning after: it can wait


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person's quiet hours; a person without any has None instead.

    Where clocks change inside them, they last from the first time their beginning is read to the last time
    their end is. Raises WrongTime if they leave less than LEAST_AWAKE of a day.
    """

    begins: time  # by the clocks of their zone
    ends: time  # not quiet any more; on the next day, if it is not after `begins`

    def __post_init__(self) -> None:
        if self._length > _DAY - timedelta(hours=LEAST_AWAKE):
            raise WrongTime(Trouble.TOO_QUIET, hours=LEAST_AWAKE)

    @property
    def _length(self) -> timedelta:
        """By the clock: from 1 minute to 24 hours."""
        length = _of_day(self.ends) - _of_day(self.begins)
        return length if length > timedelta() else length + _DAY

    def hours(self, around: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """When quiet hours begin and end, aware UTC, in order; first those that are on at `around`, or next.

        Raises WrongTime for a zone nobody knows.
        """
        midnight = wall(around, zone).replace(hour=0, minute=0, second=0, microsecond=0) - 2 * _DAY
        while True:
            midnight += _DAY
            begin = midnight + _of_day(self.begins)
            begins, ends = moment(begin, zone), first_and_last(begin + self._length, zone)[1]
            if around < ends:
                yield begins, ends


@lru_cache(maxsize=1024)
def night(around: datetime, zone: str, quiet: Quiet) -> tuple[datetime, datetime]:
    """The quiet hours that are on at a moment, or come next, as `Quiet.hours` has them.

    Kept, for most people have the same and are looked at together.
    """
    return next(quiet.hours(around, zone))


def is_quiet(at: datetime, zone: str, quiet: Quiet | None) -> bool:
    """Whether a moment lies in the quiet hours of a person whose clocks are those of the zone."""
    return quiet is not None and night(at, zone, quiet)[0] <= at


def out_of_quiet(due: datetime, zone: str, quiet: Quiet | None, side: Side) -> datetime:
    """When to say what is due, aware UTC: then, or on that side of the quiet hours into which it falls."""
    if quiet is None:
        return due
    begins, ends = night(due, zone, quiet)
    if due < begins:
        return due
    return ends if side is Side.AFTER else begins - EARLY


def waking(start: datetime, duration: timedelta, zone: str, quiet: Quiet | None) -> datetime:
    """When a deadline is over that stands still during quiet hours, aware UTC; never in them.

    duration  of waking time

    Raises WrongTime for a zone nobody knows, ValueError if the duration is negative.
    """
    if duration < timedelta():
        raise ValueError(f"a deadline cannot be {duration} away: that is negative")
    if quiet is None:
        return start + duration
    at, left = start, duration
    for begins, ends in quiet.hours(start, zone):
        awake = max(begins - at, timedelta())
        if left < awake:
            break
        at, left = ends, left - awake
    return at + left


def _of_day(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)
