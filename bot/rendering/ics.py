"""Occasions as an iCalendar file (RFC 5545): in the reader's language, by the clocks where they take place.

Each date of a series is an entry of its own: what was moved, shortened or cancelled differs there as it does
here, and no rule of a calendar program decides when people meet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from bot.rendering.vtimezone import vtimezone
from flows.files import Entry
from flows.moves import Names
from flows.people.territory import best
from flows.times.local_time import wall

PRODUCT: Final = "-//Together//Together//EN"
REFRESH: Final = timedelta(hours=2)  # how often a program should look at an address again


def method_of(entries: Iterable[Entry]) -> str:
    """What a calendar is to do with a file of those: take them in, or take them out (RFC 5546)."""
    return "CANCEL" if all(entry.is_cancelled for entry in entries) else "PUBLISH"


def written(
    entries: Sequence[Entry], languages: Sequence[str], *, method: str | None = None, name: str | None = None
) -> bytes:
    """The file; the same entries make the same bytes.

    languages  that the reader wants, the best one first; words that are in none of them come as they are
    method     None: a whole calendar, such as one that a program looks at again and again
    name       of such a calendar
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if method is not None:
        calendar.add("METHOD", method)
    if name is not None:
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
        calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", REFRESH, parameters={"VALUE": "DURATION"})
    for zone in sorted({entry.when.zone for entry in entries}):
        years = [at.year for entry in entries for at in (entry.when.starts, entry.when.ends)]
        calendar.add_component(vtimezone(zone, min(years), max(years)))
    for entry in entries:
        calendar.add_component(_event(entry, languages, is_alone=method is not None))
    return bytes(calendar.to_ical())


def _event(entry: Entry, languages: Sequence[str], *, is_alone: bool) -> Event:
    event, sheet = Event(), entry.sheet
    event.add("UID", f"occasion-{entry.id}@together")
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed_at.replace(microsecond=0))
    event.add("LAST-MODIFIED", entry.changed_at.replace(microsecond=0))
    event.add("DTSTART", _local(entry.when.starts_at, entry.when.zone))
    if entry.when.ends_at > entry.when.starts_at:
        event.add("DTEND", _local(entry.when.ends_at, entry.when.zone))
    event.add("STATUS", _status(entry))
    _say(event, "SUMMARY", sheet.title or entry.kind, languages)
    _say(event, "LOCATION", sheet.place, languages)
    if words := _description(entry, languages):
        event.add("DESCRIPTION", words)
    if entry.pin is not None:
        event.add("GEO", entry.pin)
    if address := entry.address or entry.link:
        event.add("URL", vUri(address))
    if is_alone and entry.address:  # both methods want to know who invites
        event.add("ORGANIZER", _organizer(entry, languages))
    return event


def _local(moment: datetime, zone: str) -> datetime:
    """A moment by the clocks of its zone: what was left out by them is never named."""
    return wall(moment, zone).replace(tzinfo=ZoneInfo(zone))


def _status(entry: Entry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if entry.is_sure else "TENTATIVE"


def _say(event: Event, name: str, names: Names, languages: Sequence[str]) -> None:
    """Add words in the best language they are there in, and say which one that is."""
    if names:
        language = best(names, languages)
        event.add(name, vText(names[language]), parameters={"LANGUAGE": language})


def _description(entry: Entry, languages: Sequence[str]) -> str:
    sheet = entry.sheet
    parts = [names[best(names, languages)] for names in (sheet.description, sheet.agenda) if names]
    return "\n\n".join([*parts, *([entry.link] if entry.link else [])])


def _organizer(entry: Entry, languages: Sequence[str]) -> vCalAddress:
    organizer = vCalAddress(str(entry.address).partition("?")[0])
    if host := entry.sheet.host:
        organizer.params["CN"] = host[best(host, languages)]
    return organizer
