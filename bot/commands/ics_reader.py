"""Meetings in an iCalendar file, read to be imported; what is wrong is named with the UID it is wrong for."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from config.planned_meetings import WrongFile, told
from config.problem import Problem
from flows.occasions.kinds import OccasionKind
from flows.people.territory import Territory
from flows.planning.imports import MOST, PARTS, Meeting, Span, dates_of
from flows.times.local_time import WrongTime, wall, zone_of

LARGEST: Final = 1024 * 1024  # bytes
PROPERTIES: Final = {"title": "SUMMARY", "place": "LOCATION", "description": "DESCRIPTION"}

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


Event = Any
"""An entry of a calendar; its own type says that each property may be anything."""


class _Wrong(Exception):
    """Something is wrong with an entry: what was found, and what was expected."""


def read_calendar(path: Path, territory: Territory, kind: OccasionKind, now: datetime) -> tuple[Meeting, ...]:
    """The meetings of an iCalendar file for one territory, but for those that are cancelled.

    kind  what all of them are
    now   aware

    Raises WrongFile, naming everything wrong.
    """
    try:
        content = path.read_bytes()
        if len(content) > LARGEST:
            raise ValueError(f"has {len(content)} bytes")
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise WrongFile(
            (Problem(path.name, None, path.name, f"cannot be read: {error}", "must be iCalendar"),)
        ) from None
    reader = _Reader(path.name, territory, kind, now)
    meetings = tuple(reader.meetings(calendar.walk("VEVENT")))
    if reader.problems:
        raise WrongFile(tuple(reader.problems))
    return meetings


class _Reader:
    def __init__(self, file: str, territory: Territory, kind: OccasionKind, now: datetime) -> None:
        self.file = file
        self.territory = territory
        self.kind = kind
        self.now = now
        self.problems: list[Problem] = []

    def meetings(self, events: list[Event]) -> Iterator[Meeting]:
        if not 1 <= len(events) <= MOST:
            self.wrong(self.file, f"has {len(events)} events", f"1 to {MOST} are imported")
            return
        seen: set[str] = set()
        changes: dict[str, list[Event]] = {}
        for event in events:
            if "RECURRENCE-ID" in event:
                changes.setdefault(str(event.get("UID")), []).append(event)
        for event in events:
            if "RECURRENCE-ID" not in event:
                if str(event.get("UID")) in seen:
                    self.wrong(str(event["UID"]), "stands there twice", "each event needs a UID of its own")
                seen.add(str(event.get("UID")))
                yield from self.meeting(event, changes.pop(str(event.get("UID")), []))
        for uid in changes:
            self.wrong(uid, "changes one date", "the series itself must be in the file, too")

    def wrong(self, where: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.file, None, where, found, expected))

    def meeting(self, event: Event, changes: list[Event]) -> Iterator[Meeting]:
        """A meeting, unless it is cancelled, or something is wrong with it, which is noted then."""
        uid = str(event.get("UID", ""))
        if not uid or len(uid) > 255:
            self.wrong(
                uid[:40] or str(event.get("SUMMARY", "VEVENT")), "has no UID", "each event needs its own"
            )
        elif str(event.get("STATUS", "")).upper() != "CANCELLED":
            try:
                found = self.read(uid, event, changes)
            except _Wrong as error:
                self.wrong(uid, *error.args)
            except BrokenCalendarProperty as error:
                self.wrong(uid, f"cannot be read: {error}", "it must be as RFC 5545 says")
            except WrongTime as error:
                self.wrong(uid, *told(error))
            else:
                yield from [found] if found.dates else []

    def read(self, uid: str, event: Event, changes: list[Event]) -> Meeting:
        zone = self.zone(event["DTSTART"]) if "DTSTART" in event else self.territory.zone
        rule = event["RRULE"].to_ical().decode() if "RRULE" in event else None
        dates = dates_of(self.span(event, zone), zone, rule, self.now)
        return Meeting(
            uid=uid,
            kind=self.kind.code,
            dates=self.changed(dates, event, changes, zone),
            zone=zone,
            texts=self.texts(event),
            rule=rule,
            link=str(event["URL"]) if str(event.get("URL", "")).startswith("https://") else None,
            pin=(event["GEO"].latitude, event["GEO"].longitude) if "GEO" in event else None,
        )

    def zone(self, property: Any) -> str:
        """The zone that a time is given in; that of the territory, where it is given in none."""
        named = property.params.get("TZID")
        zone = getattr(property.dt, "tzinfo", None)
        known = zone.key if isinstance(zone, ZoneInfo) else None
        if named is None:
            return self.territory.zone
        try:
            zone_of(str(named))
        except WrongTime:
            if known is None:
                raise
            return known
        return str(named)

    def wall(self, value: date, zone: str) -> datetime:
        """A time as the clocks of the zone read it, naive; of a whole day its beginning."""
        if not isinstance(value, datetime):
            return datetime.combine(value, datetime.min.time())
        return wall(value, zone) if value.tzinfo else value

    def span(self, event: Event, zone: str) -> Span:
        if "DTSTART" not in event:
            raise _Wrong("has no DTSTART", "each event needs one")
        start = event["DTSTART"].dt
        starts = self.wall(start, zone)
        if "DTEND" in event:
            ends = self.wall(event["DTEND"].dt, zone)
        elif "DURATION" in event:
            ends = starts + event["DURATION"].dt
        else:
            ends = starts + (timedelta(minutes=self.kind.minutes) if isinstance(start, datetime) else _DAY)
        ends = ends if isinstance(start, datetime) else ends - _MINUTE
        if not self.kind.minutes:
            return Span(ends, ends)  # a deadline: until then
        return Span(starts, ends if ends != starts else starts + timedelta(minutes=self.kind.minutes))

    def changed(
        self, dates: tuple[Span, ...], event: Event, changes: list[Event], zone: str
    ) -> tuple[Span, ...]:
        """The dates of a series without those that were taken out, and with those that were moved."""
        by_start: dict[datetime, Span | None] = {each.starts: each for each in dates}
        given = event.get("EXDATE", [])
        for taken_out in given if isinstance(given, list) else [given]:
            for one in taken_out.dts:
                by_start.pop(self.wall(one.dt, zone), None)
        for change in changes:
            was = self.wall(change["RECURRENCE-ID"].dt, zone)
            if was not in by_start:
                raise _Wrong(f"changes {was:%Y-%m-%d %H:%M}", "the series has no such date")
            if str(change.get("STATUS", "")).upper() == "CANCELLED":
                del by_start[was]
            else:
                moved = self.span(change, zone)
                by_start[was] = dates_of(moved, zone, None, self.now)[0]
        return tuple(sorted((each for each in by_start.values() if each), key=lambda each: each.starts))

    def texts(self, event: Event) -> dict[str, dict[str, str]]:
        texts: dict[str, dict[str, str]] = {}
        for part, name in PROPERTIES.items():
            given = event.get(name)
            words = str(given).strip() if given is not None and not isinstance(given, list) else ""
            if len(words) > PARTS[part]:
                raise _Wrong(f"has a {name} of {len(words)} characters", f"at most {PARTS[part]} are kept")
            if words:
                language = str(given.params.get("LANGUAGE", self.territory.languages[0]))
                texts.setdefault(language, {})[part] = words
        if not any("title" in parts for parts in texts.values()):
            raise _Wrong("has no SUMMARY", "each event needs one")
        return texts
