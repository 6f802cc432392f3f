"""Meetings in a TOML file, read to be imported; what is wrong is named with its line."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from config.problem import Problem, listed, nearest
from config.toml_file import NotToml, Place, TomlFile, found, is_text, is_whole, read_toml
from flows.occasions.kinds import OccasionKind
from flows.occasions.occasions import Sort
from flows.people.territory import Territory
from flows.planning.imports import MOST, PARTS, Meeting, Span, dates_of
from flows.times.local_time import Trouble, WrongTime

KEYS: Final = ("uid", "kind", "group", "starts", "ends", "zone", "repeats", "seats", "link", "pin", *PARTS)

EXPECTED: Final[Mapping[Trouble, str]] = {
    Trouble.PAST: "it must be still to come",
    Trouble.TOO_FAR: "it must come within five years",
    Trouble.END_BEFORE_START: "it must not end before it begins",
    Trouble.UNKNOWN_ZONE: "its zone must be an IANA name like Europe/Paris",
    Trouble.UNKNOWN_RULE: "it must repeat daily, weekly or monthly, as RFC 5545 writes it",
    Trouble.ENDLESS: "its series needs an end: COUNT or UNTIL",
    Trouble.TOO_MANY: "a series has at most 400 dates",
}
"""What to say of a time that cannot be used."""


class WrongFile(ValueError):
    """A file cannot be imported; the message names everything wrong in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "entry", "entries"))
        self.problems = problems


def read_meetings(
    path: Path, territory: Territory, kinds: Mapping[str, OccasionKind], now: datetime
) -> tuple[Meeting, ...]:
    """The meetings of a TOML file for one territory.

    now  aware

    Raises WrongFile, naming everything wrong.
    """
    try:
        file = read_toml(path)
    except NotToml as error:
        raise WrongFile((error.problem,)) from None
    reader = _Reader(file, territory, kinds, now)
    meetings = tuple(reader.meetings())
    if reader.problems:
        raise WrongFile(tuple(reader.problems))
    return meetings


class _Reader:
    def __init__(
        self, file: TomlFile, territory: Territory, kinds: Mapping[str, OccasionKind], now: datetime
    ) -> None:
        self.file = file
        self.territory = territory
        self.kinds = {code: kind for code, kind in kinds.items() if kind.sort is Sort.MEETING}
        self.now = now
        self.problems: list[Problem] = []

    def wrong(self, place: Place, what: str, expected: str) -> None:
        self.problems.append(self.file.problem(place, what, expected))

    def meetings(self) -> Iterator[Meeting]:
        entries = self.file.table.get("meetings")
        if not isinstance(entries, list) or not 1 <= len(entries) <= MOST:
            self.wrong(("meetings",), "is not there", f"must be 1 to {MOST} tables [[meetings]]")
            return
        for key in self.file.table.keys() - {"meetings"}:
            self.wrong((key,), "is not known", "only [[meetings]] can stand there")
        seen: dict[str, int] = {}
        for number, entry in enumerate(entries):
            meeting = self.meeting(number, entry) if isinstance(entry, dict) else None
            if meeting is None:
                continue
            if meeting.uid in seen:
                self.wrong(
                    ("meetings", number),
                    f"has the uid of meetings[{seen[meeting.uid] + 1}]",
                    "must have its own",
                )
            seen[meeting.uid] = number
            yield meeting

    def meeting(self, number: int, entry: Mapping[str, Any]) -> Meeting | None:
        """One entry; None where something is wrong with it, which is noted then."""
        place, before = ("meetings", number), len(self.problems)
        self.check(place, entry)
        texts = self.texts(place, entry)
        if len(self.problems) > before:
            return None
        kind, zone = self.kinds[entry["kind"]], entry.get("zone", self.territory.zone)
        starts = entry["starts"]
        if "ends" in entry and (entry["ends"] == starts) is bool(kind.minutes):
            self.wrong((*place, "ends"), found(entry["ends"]), _LASTS if kind.minutes else _LASTS_NOT)
            return None
        first = Span(starts, entry.get("ends") or starts + timedelta(minutes=kind.minutes))
        try:
            dates = dates_of(first, zone, entry.get("repeats"), self.now)
        except WrongTime as error:
            self.wrong((*place, _KEY_OF.get(error.trouble, "starts")), *told(error))
            return None
        title = next(iter(texts.values()))["title"] if texts else ""
        return Meeting(
            uid=entry.get("uid") or f"{starts:%Y-%m-%dT%H:%M} {title}",
            kind=kind.code,
            dates=dates,
            zone=zone,
            texts=texts,
            group=entry.get("group"),
            rule=entry.get("repeats"),
            seats=entry.get("seats"),
            link=entry.get("link"),
            pin=tuple(entry["pin"]) if "pin" in entry else None,
        )

    def check(self, place: Place, entry: Mapping[str, Any]) -> None:
        for key in entry.keys() - set(KEYS):
            near = nearest(key, KEYS)
            self.wrong(
                (*place, key), "is not known", f"maybe '{near}' is meant" if near else "there is no such key"
            )
        for key, is_right, expected in self.rules():
            value = entry.get(key)
            if value is None and key in ("kind", "starts"):
                self.wrong((*place, key), "is missing", expected)
            elif value is not None and not is_right(value):
                self.wrong((*place, key), found(value), expected)

    def rules(self) -> tuple[tuple[str, Any, str], ...]:
        """What each plain key can be."""
        groups = [group.slug for group in self.territory.groups]
        return (
            ("uid", lambda value: is_text(value, 255), "must be one line of at most 255 characters"),
            ("kind", lambda value: value in self.kinds, f"must be one of {', '.join(self.kinds)}"),
            (
                "group",
                lambda value: value in groups,
                f"must be a group of {self.territory.slug}: {', '.join(groups)}",
            ),
            ("starts", _is_wall, "must be a day and a time without an offset, like 2027-03-12T18:30:00"),
            ("ends", _is_wall, "must be a day and a time without an offset, like 2027-03-12T20:00:00"),
            ("zone", lambda value: isinstance(value, str), EXPECTED[Trouble.UNKNOWN_ZONE]),
            ("repeats", lambda value: isinstance(value, str), EXPECTED[Trouble.UNKNOWN_RULE]),
            ("seats", lambda value: is_whole(value, 1, 10_000), "must be a whole number from 1 to 10000"),
            ("link", _is_link, "must be an address that begins with https://"),
            ("pin", _is_pin, "must be latitude and longitude, like [47.75, 7.34]"),
        )

    def texts(self, place: Place, entry: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """The words by language, then by part."""
        texts: dict[str, dict[str, str]] = {}
        for part, most in PARTS.items():
            names = entry.get(part, {})
            if not isinstance(names, dict):
                self.wrong((*place, part), found(names), 'must be by language, like { en = "..." }')
                continue
            for language, words in names.items():
                if not isinstance(words, str) or not words.strip() or len(words) > most:
                    self.wrong((*place, part, language), found(words), f"must be 1 to {most} characters")
                elif not _LANGUAGE.fullmatch(language):
                    self.wrong((*place, part, language), "is no language", "must be one like en or pt-BR")
                else:
                    texts.setdefault(language, {})[part] = words.strip()
        if not entry.get("title"):
            self.wrong((*place, "title"), "is missing", 'there must be one, like { en = "Park budget" }')
        return dict(sorted(texts.items(), key=lambda item: "title" not in item[1]))


_LASTS: Final = "it must end after it begins"
_LASTS_NOT: Final = "it is a deadline: leave out when it ends"
_KEY_OF: Final = {
    Trouble.UNKNOWN_ZONE: "zone",
    Trouble.END_BEFORE_START: "ends",
    Trouble.UNKNOWN_RULE: "repeats",
    Trouble.ENDLESS: "repeats",
    Trouble.TOO_MANY: "repeats",
}
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def told(error: WrongTime) -> tuple[str, str]:
    """What was found and what was expected, of a time that cannot be used."""
    details = ", ".join(str(value) for value in error.details.values())
    what = str(error.trouble).replace("_", " ")
    return f"is {what}{f' ({details})' if details else ''}", EXPECTED.get(error.trouble, "it must be a time")


def _is_wall(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _is_link(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"https://[^\s<>\"]{1,500}", value))


def _is_pin(value: object) -> bool:
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(each, int | float) for each in value)
    ):
        return False
    latitude, longitude = map(float, value)
    return -90 <= latitude <= 90 and -180 <= longitude <= 180
