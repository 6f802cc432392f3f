"""Entries of an iCalendar file and what each says, once and readable.

What icalendar would pass over is refused here, where it could change when or where people meet.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from icalendar import Calendar, TypesFactory
from icalendar.prop import vBroken, vDDDLists, vGeo, vRecur

from config.planned_meetings import EXPECTED, LINK, PIN, is_link, is_pin
from config.problem import shorten, shown
from config.toml_file import is_text
from flows.times.local_time import Trouble, wall, zone_of

Event = Any
"""An entry of a calendar; its own type says that each property may be anything."""

_RFC: Final = "it must be as RFC 5545 says"
_WHEN: Final = "it must be a day or a moment, like 20270312 or 20270312T183000"
_MUST_BE: Final = {
    "DTSTART": _WHEN,
    "DTEND": _WHEN,
    "RECURRENCE-ID": _WHEN,
    "EXDATE": _WHEN,
    "DURATION": "it must be a length, like PT1H30M",
    "RRULE": EXPECTED[Trouble.UNKNOWN_RULE],
    "GEO": f"it {PIN}, like 47.75;7.34",
}
_NOT_UNDERSTOOD: Final = {
    "RDATE": "dates beside those of an RRULE must be events of their own",
    "EXRULE": "dates must be taken out by EXDATE",
}
_OWN_ZONES: Final = re.compile(r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$", re.M | re.S | re.I)


class Wrong(Exception):
    """Something is wrong with an entry: what was found, and what was expected."""


class _WholeRule(vRecur):
    """A rule of which every part has a value; those without one icalendar itself leaves out."""

    @classmethod
    def from_ical(cls, ical: str) -> Any:
        if isinstance(ical, str) and not all("=" in part for part in ical.removesuffix(";").split(";")):
            raise ValueError("a part has no value")
        return super().from_ical(ical)


class _Calendar(Calendar):
    types_factory = TypesFactory()


_Calendar.types_factory["recur"] = _WholeRule


def events_of(content: bytes) -> list[Event]:
    """The entries of an iCalendar file; of what it cannot read, icalendar raises anything.

    How a file describes zones is not looked at: they are known by their names, or refused.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has guessed the name of a zone
        calendar = _Calendar.from_ical(_OWN_ZONES.sub("", content.decode("utf-8-sig")))
    return list(calendar.walk("VEVENT"))


def uid_of(event: Event) -> str:
    """What names an entry; "" where it has no name."""
    given = event.get("UID", "")
    return str(given[0] if isinstance(given, list) else given)


def check(event: Event) -> None:
    """Raise Wrong for an entry that says what we do not understand, or what nobody can read."""
    if not is_text(uid := str(said(event, "UID", str)), 255):
        raise Wrong(f"has the UID {shown(uid)}", "it must be one line of at most 255 characters")
    if lines := [error for name, error in event.errors if name is None]:
        raise Wrong(f"has a line that cannot be read: {shorten(lines[0], 200)}", _RFC)
    for name, expected in _NOT_UNDERSTOOD.items():
        if name in event:
            raise Wrong(f"has {name}, which is not understood", expected)


def said(event: Event, name: str, kind: type) -> Any:
    """A property of an entry; None where it has none.

    kind  of its value

    Raises Wrong for one that is there twice, or is something else.
    """
    given = event.get(name)
    if isinstance(given, list):
        raise Wrong(f"has {name} {len(given)} times", "each event can have it once")
    if given is not None and not _is(given, kind):
        raise _unreadable(name, given)
    return given


def needed(event: Event, name: str, kind: type) -> Any:
    """The same of a property that must be there."""
    given = said(event, name, kind)
    if given is None:
        raise Wrong(f"has no {name}", "each event needs one")
    return given


def is_cancelled(event: Event) -> bool:
    """Whether an entry says that what it names does not take place."""
    return str(said(event, "STATUS", str) or "").upper() == "CANCELLED"


def when(event: Event, name: str, zone: str) -> date:
    """A day, or a moment as the clocks of the zone read it, naive."""
    given = needed(event, name, date)
    return _by_clocks(given.dt, given.params, zone)


def taken_out(event: Event, zone: str) -> Iterator[date]:
    """The days or moments that a series leaves out."""
    given = event.get("EXDATE", [])
    for dates in given if isinstance(given, list) else [given]:
        if not isinstance(dates, vDDDLists) or not all(_is(one, date) for one in dates.dts):
            raise _unreadable("EXDATE", dates)
        yield from (_by_clocks(one.dt, dates.params, zone) for one in dates.dts)


def link_of(event: Event) -> str | None:
    """The address of a page, or None."""
    given = str(said(event, "URL", str) or "").strip()
    if given and not is_link(given):
        raise Wrong(f"has the URL {shown(given)}", f"it {LINK}")
    return given or None


def pin_of(event: Event) -> tuple[float, float] | None:
    """Latitude and longitude, or None."""
    given = said(event, "GEO", vGeo)
    if given is None:
        return None
    if not is_pin([given.latitude, given.longitude]):
        raise Wrong(f"has GEO {given.to_ical()}", _MUST_BE["GEO"])
    return given.latitude, given.longitude


def rule_of(event: Event) -> str | None:
    """How a series repeats (RFC 5545), or None."""
    given = said(event, "RRULE", vRecur)
    return None if given is None else given.to_ical().decode()


def _is(given: Any, kind: type) -> bool:
    return not isinstance(given, vBroken) and isinstance(getattr(given, "dt", given), kind)


def _unreadable(name: str, given: Any) -> Wrong:
    written = given if isinstance(given, str) else given.to_ical()
    text = written.decode() if isinstance(written, bytes) else str(written)
    return Wrong(f"cannot be read: {name} is {shown(text)}", _MUST_BE.get(name, _RFC))


def _by_clocks(value: Any, params: Any, zone: str) -> date:
    """A day, or a moment as the clocks of the zone read it, naive.

    value  a date, or a datetime with a zone or without
    """
    day: date = value
    if not isinstance(value, datetime):
        return day
    if str(params.get("VALUE", "")).upper() == "DATE":
        return value.date()  # with a zone, which RFC 5545 forbids and programs write
    if value.tzinfo:
        return wall(value, zone)
    if "TZID" in params:
        zone_of(str(params["TZID"]))  # which is unknown, or icalendar had read the moment by it
    return value
