"""Meetings in a TOML file, read to be imported; what is wrong is named with its line."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from config.languages import our_languages, parents
from config.problem import Problem, listed, nearest, shorten
from config.toml_file import NotToml, Place, TomlFile, found, is_text, is_whole, read_toml
from flows.occasions.kinds import OccasionKind
from flows.occasions.occasions import Sort
from flows.people.territory import Territory
from flows.planning.changing import ONE_LINE
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

LINK: Final = "must be an address that begins with https://, of at most 500 characters"
PIN: Final = "must be latitude and longitude"
LANGUAGE: Final = "must be one like en or pt-BR"


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
            if not isinstance(entry, dict):
                self.wrong(("meetings", number), found(entry), "must be a table [[meetings]]")
                continue
            meeting = self.meeting(number, entry)
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
        try:
            first = Span(starts, entry.get("ends") or starts + timedelta(minutes=kind.minutes))
            dates = dates_of(first, zone, entry.get("repeats"), self.now)
        except OverflowError:
            self.wrong((*place, "starts"), *OUT_OF_RANGE)
            return None
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
            ("kind", lambda value: value in list(self.kinds), f"must be one of {', '.join(self.kinds)}"),
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
            ("link", is_link, LINK),
            ("pin", is_pin, f"{PIN}, like [47.75, 7.34]"),
        )

    def texts(self, place: Place, entry: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """The words by language, then by part."""
        texts: dict[str, dict[str, str]] = {}
        for part, most in PARTS.items():
            names = entry.get(part, {})
            if not isinstance(names, dict):
                self.wrong((*place, part), found(names), 'must be by language, like { en = "..." }')
                continue
            for tag, words in names.items():
                text = in_lines(part, words) if isinstance(words, str) else ""
                language = language_of(tag)
                if not text or len(text) > most:
                    self.wrong((*place, part, tag), found(words), f"must be 1 to {most} characters")
                elif language is None:
                    self.wrong((*place, part, tag), "is no language", LANGUAGE)
                elif part in texts.setdefault(language, {}):
                    self.wrong((*place, part, tag), f"is '{language}' again", "must be there once")
                else:
                    texts[language][part] = text
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
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")  # PostgreSQL keeps no NUL, Telegram none of them
_LINK: Final = re.compile(r"https://[^\s<>\"\x00-\x1f\x7f]{1,500}")

OUT_OF_RANGE: Final = ("is out of range", EXPECTED[Trouble.TOO_FAR])
"""What was found and what was expected, of a time before the year 1 or after 9999."""


def told(error: WrongTime) -> tuple[str, str]:
    """What was found and what was expected, of a time that cannot be used."""
    details = shorten(", ".join(str(value) for value in error.details.values()))
    what = str(error.trouble).replace("_", " ")
    return f"is {what}{f' ({details})' if details else ''}", EXPECTED.get(error.trouble, "it must be a time")


def is_link(value: object) -> bool:
    """Whether a value is the address of a page that a message can lead to."""
    return isinstance(value, str) and bool(_LINK.fullmatch(value))


def is_pin(value: object) -> bool:
    """Whether a value is a point on the map: latitude and longitude in degrees."""
    return (
        isinstance(value, list)
        and [type(each) in (int, float) for each in value] == [True, True]
        and -90 <= value[0] <= 90
        and -180 <= value[1] <= 180
    )


def language_of(tag: object) -> str | None:
    """Which language a tag means: one of ours where it is one, as fr for fr-FR; None for what is no tag."""
    if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
        return None
    named = (*parents(tag), tag.partition("-")[0].lower())
    return next((each for each in named if each in our_languages()), named[0])


def in_lines(part: str, words: str) -> str:
    """Words as they are kept: without control characters, and in one line where the part is one."""
    words = _CONTROLS.sub(" ", words)
    return " ".join(words.split()) if part in ONE_LINE else words.strip()


def _is_wall(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None
