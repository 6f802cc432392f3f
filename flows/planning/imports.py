"""Meetings that come from a file: what such a file can say, and on which dates a series of it takes place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.occasions.sheet import Part
from flows.planning.changing import MOST as LONGEST
from flows.times.local_time import span
from flows.times.recurrence import check_series, occurrences
from flows.times.rrule import read_rule

MOST: Final = 500
"""Meetings in one file; a series counts once."""

MOST_DATES: Final = 2000
"""Dates of all of them together: they are written in one transaction."""

PARTS: Final[Mapping[str, int]] = {
    part.value: most for part, most in LONGEST.items() if part is not Part.MINUTES
}
"""What can be written about a meeting in each language, and how many characters of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, by the clocks on the wall."""

    starts: datetime  # naive
    ends: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, or a series of them."""

    uid: str  # names it for ever: what was imported under it before is left alone
    kind: str
    dates: tuple[Span, ...]  # in order, at least one
    zone: str  # IANA name
    texts: Mapping[str, Mapping[str, str]]  # by language, then by part; a title in at least one
    group: str | None = None  # slug; None: the whole territory
    rule: str | None = None  # of a series (RFC 5545)
    seats: int | None = None  # None: any number
    link: str | None = None
    pin: tuple[float, float] | None = None  # latitude, longitude


def dates_of(first: Span, zone: str, rule: str | None, now: datetime) -> tuple[Span, ...]:
    """On which dates something takes place.

    rule  an RRULE; None: once
    now   aware

    Raises WrongTime for what is past, too far ahead, endless, or ends before it begins.
    """
    span(first.starts, first.ends, zone, now)
    if rule is None:
        return (first,)
    read, length = read_rule(rule, first.starts, zone), first.ends - first.starts
    check_series(first.starts, read)
    found = (Span(starts, starts + length) for starts in occurrences(first.starts, read))
    return tuple(dict.fromkeys((first, *found)))
