"""Meetings in an iCalendar file, read to be imported; what is wrong is named with the UID it is wrong for."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.ics_file import (
    Event,
    Wrong,
    check,
    events_of,
    is_cancelled,
    link_of,
    needed,
    pin_of,
    rule_of,
    said,
    taken_out,
    uid_of,
    when,
)
from config.planned_meetings import LANGUAGE, OUT_OF_RANGE, WrongFile, in_lines, language_of, told
from config.problem import Problem, shorten, shown
from flows.occasions.kinds import OccasionKind
from flows.people.territory import Territory
from flows.planning.imports import MOST, PARTS, Meeting, Span, dates_of
from flows.times.local_time import WrongTime, zone_of

LARGEST: Final = 1024 * 1024  # bytes
PROPERTIES: Final = {"title": "SUMMARY", "place": "LOCATION", "description": "DESCRIPTION"}

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


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
        events = events_of(content)
    except Exception as error:  # icalendar raises what its own code and that of zones does
        found = f"cannot be read: {shorten(str(error), 200)}"
        raise WrongFile((Problem(path.name, None, path.name, found, "must be iCalendar"),)) from None
    reader = _Reader(path.name, territory, kind, now)
    meetings = tuple(reader.meetings(events))
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
                changes.setdefault(uid_of(event), []).append(event)
        for event in events:
            if "RECURRENCE-ID" not in event:
                uid = uid_of(event)
                if uid in seen:
                    self.wrong(uid, "stands there twice", "each event needs a UID of its own")
                seen.add(uid)
                yield from self.meeting(uid, event, changes.pop(uid, []))
        for uid in changes:
            self.wrong(uid, "changes one date", "the series itself must be in the file, too")

    def wrong(self, where: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.file, None, shorten(" ".join(where.split())), found, expected))

    def meeting(self, uid: str, event: Event, changes: list[Event]) -> Iterator[Meeting]:
        """A meeting, unless it is cancelled, or something is wrong with it, which is noted then."""
        if not uid:
            self.wrong(str(event.get("SUMMARY", "VEVENT")), "has no UID", "each event needs its own")
            return
        try:
            for each in (event, *changes):
                check(each)
            found = None if is_cancelled(event) else self.read(uid, event, changes)
        except Wrong as error:
            self.wrong(uid, *error.args)
        except WrongTime as error:
            self.wrong(uid, *told(error))
        except OverflowError:
            self.wrong(uid, *OUT_OF_RANGE)
        else:
            yield from [found] if found and found.dates else []

    def read(self, uid: str, event: Event, changes: list[Event]) -> Meeting:
        zone, rule = self.zone(event), rule_of(event)
        dates = dates_of(self.span(event, zone), zone, rule, self.now)
        return Meeting(
            uid=uid,
            kind=self.kind.code,
            dates=self.changed(dates, event, changes, zone),
            zone=zone,
            texts=self.texts(event),
            rule=rule,
            link=link_of(event),
            pin=pin_of(event),
        )

    def zone(self, event: Event) -> str:
        """The zone that an event is given in; that of the territory, where it is given in none."""
        start = needed(event, "DTSTART", date)
        named = start.params.get("TZID")
        zone = getattr(start.dt, "tzinfo", None)
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

    def span(self, event: Event, zone: str) -> Span:
        start, length = when(event, "DTSTART", zone), said(event, "DURATION", timedelta)
        starts = _begin(start)
        if "DTEND" in event and length is not None:
            raise Wrong("has DTEND and DURATION", "each event can have one of them")
        if "DTEND" in event:
            ends = _like(start, "DTEND", when(event, "DTEND", zone))
        elif length is not None:
            ends = starts + length.dt
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
        start = when(event, "DTSTART", zone)
        later = dates[0].starts - _begin(start)  # than DTSTART: a deadline, which is when it ends
        left = {each.starts - later: each for each in dates}
        for one in taken_out(event, zone):
            left.pop(_like(start, "EXDATE", one), None)
        moved: list[Span] = []
        for change in changes:
            was = _like(start, "RECURRENCE-ID", when(change, "RECURRENCE-ID", zone))
            if left.pop(was, None) is None:
                raise Wrong(f"changes {was:%Y-%m-%d %H:%M}", "the series has no such date, or not any more")
            _check_reach(change)
            if not is_cancelled(change):
                _check_words(change, event)
                moved += dates_of(self.span(change, zone), zone, None, self.now)
        return tuple(sorted((*left.values(), *moved), key=lambda each: each.starts))

    def texts(self, event: Event) -> dict[str, dict[str, str]]:
        texts: dict[str, dict[str, str]] = {}
        for part, name in PROPERTIES.items():
            given = said(event, name, str)
            words = "" if given is None else in_lines(part, given)
            if len(words) > PARTS[part]:
                raise Wrong(f"has a {name} of {len(words)} characters", f"at most {PARTS[part]} are kept")
            if words:
                tag = given.params.get("LANGUAGE", self.territory.languages[0])
                language = language_of(tag)
                if language is None:
                    raise Wrong(f"has a {name} with the LANGUAGE {shown(tag)}", f"it {LANGUAGE}")
                texts.setdefault(language, {})[part] = words
        if not any("title" in parts for parts in texts.values()):
            raise Wrong("has no SUMMARY", "each event needs one")
        return texts


def _begin(value: date) -> datetime:
    """A moment; of a whole day its beginning."""
    return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())


def _like(start: date, name: str, value: date) -> datetime:
    """The same of a value that must be a day where the event begins on one, and else a moment."""
    if isinstance(start, datetime) is not isinstance(value, datetime):
        expected = "a day and a time" if isinstance(start, datetime) else "a day"
        raise Wrong(f"has the {name} {value}", f"it must be {expected}, as DTSTART is")
    return _begin(value)


def _check_reach(change: Event) -> None:
    """Refuse a change of more dates than one."""
    which = change["RECURRENCE-ID"]
    if "RANGE" in which.params:
        raise Wrong(
            f"changes {which.dt} and what follows (RANGE)",
            "each date that changes must stand there by itself",
        )
    if "RRULE" in change or "EXDATE" in change:
        raise Wrong(f"changes {which.dt} to a series", "only the series itself can have RRULE and EXDATE")


def _check_words(change: Event, event: Event) -> None:
    """Refuse a change of more than the time of a date: the words of a series are those of all its dates."""
    for name in (*PROPERTIES.values(), "URL", "GEO"):
        if _words(change, name) not in ("", _words(event, name)):
            raise Wrong(
                f"has another {name} on {change['RECURRENCE-ID'].dt}",
                "it must be that of the series; what is to differ must be an event with a UID of its own",
            )


def _words(event: Event, name: str) -> str:
    given = event.get(name, "")
    return str(given if isinstance(given, str) else pin_of(event)).strip()
