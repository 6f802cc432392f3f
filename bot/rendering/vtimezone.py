"""The rules of a time zone as calendars need them beside their entries (RFC 5545, 3.6.5).

They are made from the same tables that our own times come from. The icalendar package would write when summer
time begins by the clocks after the change, where the standard wants those before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from flows.times.local_time import zone_of

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the clocks of a zone go for a while."""

    offset: timedelta
    is_summer: bool
    name: str


@lru_cache(maxsize=256)
def vtimezone(zone: str, first: int, last: int) -> Timezone:
    """The rules of a zone from the beginning of one year to the end of another, by whatever clocks.

    zone  IANA name
    """
    rules = zone_of(zone)
    begin, end = datetime(first, 1, 1, tzinfo=UTC) - _DAY, datetime(last + 1, 1, 1, tzinfo=UTC) + _DAY
    component = Timezone()
    component.add("TZID", zone)
    before = _reading(rules, begin)
    component.add_component(_observance(before, before, [begin]))
    found: dict[tuple[_Reading, _Reading], list[datetime]] = {}
    for moment in _changes(rules, begin, end):
        after = _reading(rules, moment)
        found.setdefault((before, after), []).append(moment)
        before = after
    for (earlier, later), moments in found.items():
        component.add_component(_observance(earlier, later, moments))
    return component


def _reading(rules: tzinfo, moment: datetime) -> _Reading:
    local = moment.astimezone(rules)
    return _Reading(local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or "")


def _changes(rules: tzinfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The moments from which the clocks go otherwise, aware UTC, in order."""
    low = begin
    while low < end:
        high = low + _DAY
        if _reading(rules, low) != _reading(rules, high):
            yield _first_after(rules, low, high)
        low = high


def _first_after(rules: tzinfo, low: datetime, high: datetime) -> datetime:
    before = _reading(rules, low)
    while high - low > _SECOND:
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        low, high = (middle, high) if _reading(rules, middle) == before else (low, middle)
    return high


def _observance(
    before: _Reading, after: _Reading, moments: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    """One way the clocks go, and when it begins, by the clocks before it."""
    component = TimezoneDaylight() if after.is_summer else TimezoneStandard()
    first, *others = [(moment + before.offset).replace(tzinfo=None) for moment in moments]
    component.add("DTSTART", first)
    if others:
        component.add("RDATE", others)
    component.add("TZNAME", after.name)
    component.add("TZOFFSETFROM", before.offset)
    component.add("TZOFFSETTO", after.offset)
    return component
