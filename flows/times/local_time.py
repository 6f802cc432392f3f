"""Local time: what a clock on the wall reads and its zone's name are the truth; the moment in UTC follows."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flows.moves import Arg

FURTHEST: Final = timedelta(days=5 * 366)
"""What lies further ahead is taken for a slip of the finger."""

_MINUTE: Final = timedelta(minutes=1)


class Trouble(StrEnum):
    """What is wrong with a time; beside each, the details that its text can name."""

    UNREADABLE = "unreadable"  # written: what was typed, which is no date or no time
    NO_SUCH_DAY = "no_such_day"  # written: such as 31 February
    NO_SUCH_TIME = "no_such_time"  # written: such as 24:30
    LEFT_OUT = "left_out"  # when: a day and a time that the clocks leave out as they go forward
    PAST = "past"  # day: a date
    TOO_FAR = "too_far"  # day: a date
    END_BEFORE_START = "end_before_start"
    UNKNOWN_ZONE = "unknown_zone"  # zone: as it was given
    UNKNOWN_RULE = "unknown_rule"  # rule: as it was given
    ENDLESS = "endless"  # a series without a last day and without a count
    TOO_MANY = "too_many"  # most: how many times a series may take place
    TOO_QUIET = "too_quiet"  # hours: how many of a day must be left
    UNKNOWN_LEAD = "unknown_lead"  # lead: as it was given; example: where somebody typed it


class WrongTime(ValueError):
    """A time, a zone or a rule that cannot be used; `trouble` and `details` are what a text needs."""

    trouble: Trouble
    details: Mapping[str, Arg]

    def __init__(self, trouble: Trouble, **details: Arg) -> None:
        super().__init__(f"{trouble}: {details}" if details else str(trouble))
        self.trouble = trouble
        self.details = details


def moment(wall: datetime, zone: str) -> datetime:
    """When the clocks of a zone read `wall`, aware UTC; of two times, the first.

    A time that the clocks leave out when they go forward is the first whole minute after what they leave out.

    wall  naive
    zone  IANA name

    Raises WrongTime for a zone nobody knows, ValueError if `wall` is aware.
    """
    return first_and_last(wall, zone)[0]


def first_and_last(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """The first and the last moment of `moment`: an hour apart where clocks go back, else the same.

    Raises as `moment` does.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    known = zone_of(zone)
    first, last = _readings(wall, known)
    if last < first:  # left out: before a jump and after it, it would be read the other way round
        wall = wall.replace(second=0, microsecond=0)
        while last < first:
            wall += _MINUTE
            first, last = _readings(wall, known)
    return first, last


def wall(moment: datetime, zone: str) -> datetime:
    """What the clocks of a zone read at a moment, naive.

    Raises WrongTime for a zone nobody knows, ValueError if `moment` is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    return moment.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)


def as_shown(written: datetime, zone: str) -> datetime:
    """What the clocks of a zone read at the `moment` of a time: the same, but for one that they leave out.

    Raises as `moment` does.
    """
    return wall(moment(written, zone), zone)


def check_shown(written: datetime, zone: str) -> None:
    """Refuse a time, naive, that the clocks of the zone leave out. Raises WrongTime for it."""
    if as_shown(written, zone) != written:
        raise WrongTime(Trouble.LEFT_OUT, when=written)


def span_shown(start: datetime, end: datetime, zone: str) -> tuple[datetime, datetime]:
    """From when to when something takes place, as the clocks show it; as long as it was meant.

    start, end  naive, by the clocks of the zone; such a time may be one that they leave out

    Raises as `moment` does.
    """
    begins = as_shown(start, zone)
    return begins, as_shown(begins + (end - start), zone)


def span(start: datetime, end: datetime, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The moments at which something planned begins and ends, aware UTC; a deadline ends as it begins.

    start, end  naive, by the clocks of the zone
    now         aware

    Raises WrongTime for what has begun already, is too far ahead or ends before it begins.
    """
    begins, ends = moment(start, zone), moment(end, zone)
    if begins <= now:
        raise WrongTime(Trouble.PAST, day=start.date())
    if begins > now + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=start.date())
    if end < start:
        raise WrongTime(Trouble.END_BEFORE_START)
    if ends > now + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=end.date())
    return begins, ends


@cache
def zone_of(name: str) -> tzinfo:
    """The zone of that IANA name. Raises WrongTime for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongTime(Trouble.UNKNOWN_ZONE, zone=name) from None


@cache
def zones() -> frozenset[str]:
    """The names of all zones that are known here."""
    return frozenset(available_timezones())


def _readings(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return first, wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
