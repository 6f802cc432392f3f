"""What the bot says, in each reader's language: a key and its arguments become words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal

from config.catalogue import Catalogue, candidates, languages_of, our_catalogues, read_catalogue
from config.inert import SEAM, inert
from config.languages import CATALOGUES, LAST, language_name, locale_of
from config.problem import Problem
from config.template import Slot, Template
from flows.moves import Arg, In, Key, Lines, Link, Live, Names, Tag
from flows.people.territory import name_in

ISOLATE, END = "\u2068", "\u2069"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
MOST_MARKS = 4  # combining marks on one letter: more than any language writes

_IN_TAG = str.maketrans("", "", ISOLATE + END + SEAM)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

_CHAINS = 1000  # of languages, remembered: codes come from Telegram, and may be anything

Missing = Callable[[str, str], None]
"""Told the language and the key of a text that had to be said in another language, or not at all."""


def _nobody(language: str, key: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class _Reader:
    language: str
    default: str
    zone: tzinfo
    html: bool
    on_button: bool = False  # where nothing is made a link, and words are compared with what is typed


class Texts:
    """All catalogues. Nothing here raises: what is missing is said in the next best language."""

    def __init__(self, catalogues: Iterable[Catalogue], on_missing: Missing = _nobody) -> None:
        self._catalogues = {catalogue.language: catalogue for catalogue in catalogues}
        self._chains: dict[tuple[str, str], list[str]] = {}
        self._labels: dict[tuple[str, str], str] = {}  # of our own buttons: no more than the catalogues have
        self._on_missing = on_missing

    @classmethod
    def load(cls, folder: Path = CATALOGUES, on_missing: Missing = _nobody) -> "Texts":
        """The catalogues of a folder; entries that cannot be used are left out and named in `problems`."""
        if folder == CATALOGUES:
            return cls(our_catalogues(), on_missing)
        return cls([read_catalogue(folder / f"{tag}.po") for tag in languages_of(folder)], on_missing)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._catalogues)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the catalogues, entry by entry."""
        return tuple(problem for catalogue in self._catalogues.values() for problem in catalogue.problems)

    def catalogue(self, language: str) -> Catalogue:
        """One language's catalogue. Raises KeyError if there is none."""
        return self._catalogues[language]

    def html(
        self,
        language: str,
        key: str,
        args: Mapping[str, Arg] | None = None,
        *,
        zone: str | tzinfo = "UTC",
        default: str = LAST,
    ) -> str:
        """A message as Telegram's HTML; arguments are escaped and cannot disturb the text around them.

        language  the reader's, BCP 47; whatever it is, something is said
        zone      the reader's, IANA name: moments are shown in it
        default   the language of their territory, tried before English
        """
        return self._text(key, args or {}, _Reader(language, default, _zone(zone), html=True))

    def plain(
        self,
        language: str,
        key: str,
        args: Mapping[str, Arg] | None = None,
        *,
        zone: str | tzinfo = "UTC",
        default: str = LAST,
    ) -> str:
        """The same without tags and escapes: for buttons, notices, descriptions."""
        return self._text(key, args or {}, _Reader(language, default, _zone(zone), html=False))

    def wording(self, language: str, key: str) -> str:
        """A text as its catalogue has it, slots left open: what a record of its version is made from."""
        for tag in candidates(language, LAST):
            template = self._catalogues[tag].template(key, None) if tag in self._catalogues else None
            if template is not None:
                parts = template.plain
                return "".join(f"{{{part.name}}}" if isinstance(part, Slot) else part for part in parts)
        return key

    def label(self, language: str, label: Arg, *, zone: str | tzinfo = "UTC", default: str = LAST) -> str:
        """A choice's label without tags, whatever it is made of; words of data stand alone, not set apart."""
        if isinstance(label, Key) and not label.args:
            kept = self._labels.get((language, label.key))
            if kept is not None:
                return kept
        reader = _Reader(language, default, _zone(zone), html=False, on_button=True)
        shown = self._shown(label, reader, locale_of(language), "")
        if not isinstance(label, Key):
            return shown.removeprefix(ISOLATE).removesuffix(END)
        if not label.args and self._has(language, label.key):
            self._labels[language, label.key] = shown
        return shown

    def _has(self, language: str, key: str) -> bool:
        """Whether there is a text in that very language, and nothing to be filled in."""
        catalogue = self._catalogues.get(language)
        template = catalogue.template(key, None) if catalogue else None
        return template is not None and not template.slots

    def _text(self, key: str, args: Mapping[str, Arg], reader: _Reader) -> str:
        for position, tag in enumerate(self._chain(reader.language, reader.default)):
            template = self._catalogues[tag].template(key, args.get("n"))
            if template is not None and template.slots <= args.keys():
                if position:
                    self._on_missing(reader.language, key)
                return self._filled(template, args, reader, locale_of(tag))
        self._on_missing(reader.language, key)
        return escape(key) if reader.html else key

    def _chain(self, language: str, default: str) -> list[str]:
        """The catalogues to look in, one after the other."""
        chain = self._chains.get((language, default))
        if chain is None:
            chain = [tag for tag in candidates(language, default) if tag in self._catalogues]
            if len(self._chains) < _CHAINS:
                self._chains[language, default] = chain
        return chain

    def _filled(self, template: Template, args: Mapping[str, Arg], reader: _Reader, locale: Locale) -> str:
        filled: list[str] = []
        for part in template.html if reader.html else template.plain:
            if isinstance(part, Slot):
                words = self._shown(args[part.name], reader, locale, part.spec)
                part = words.translate(_IN_TAG) if part.in_tag else words
            elif part.startswith(".") and filled and filled[-1].endswith("."):
                part = part[1:]  # a date that ends in an abbreviation, such as 2027 г., ends the sentence
            filled.append(part)
        return "".join(filled)

    def _shown(self, value: Arg, reader: _Reader, locale: Locale, spec: str) -> str:
        """One argument as the reader sees it."""
        match value:
            case Key():
                return self._text(value.key, value.args, reader)
            case Lines():
                return "\n".join(self._text(text.key, text.args, reader) for text in value.texts)
            case In():
                there = replace(reader, language=value.language)
                return self._shown(value.texts, there, locale_of(value.language), "")
            case Link():
                return escape(value.address) if reader.html else value.address
            case int() | float():
                number = _number(value, locale)
                is_turned = value < 0 and locale.text_direction == "rtl" and not reader.on_button
                return LEFT_TO_RIGHT + number if is_turned else number  # else its minus stands behind it
            case date():
                return _moment(value, spec, reader.zone, locale)
            case tuple():
                return str(
                    format_list([self._shown(item, reader, locale, "") for item in value], locale=locale)
                )
            case _:
                return _words(value, reader, locale)


@lru_cache(maxsize=4096)
def _number(value: int | float, locale: Locale) -> str:
    return str(format_decimal(value, locale=locale))


def _words(value: str | Live | Tag | Names, reader: _Reader, locale: Locale) -> str:
    match value:
        case Live(words=words):
            return _apart(tame(words), reader)
        case Tag(code=code):
            return _quoted(language_name(code, locale), reader)
        case str():
            return _quoted(value, reader)
        case _:
            return _quoted(name_in(value, reader.language) if value else "", reader)


def _quoted(words: str, reader: _Reader) -> str:
    """Words of somebody else: they cannot turn the direction of ours, break our tags, or lead anywhere."""
    tamed = tame(words)
    return _apart(tamed if reader.on_button else inert(tamed), reader)


def _apart(words: str, reader: _Reader) -> str:
    return ISOLATE + (escape(words) if reader.html else words) + END


def tame(words: str) -> str:
    """Words without controls of direction, and with at most a few combining marks on a letter."""
    if words.isascii():
        return words
    kept = []
    marks = 0
    for character in _BIDI.sub("", words):
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=1024)
def _moment(value: date, spec: str, zone: tzinfo, locale: Locale) -> str:
    if not isinstance(value, datetime):
        return str(format_date(value, "full" if spec == "day" else "long", locale=locale))
    local = value.astimezone(zone) if value.tzinfo else value  # naive: by the clocks where it takes place
    if spec == "time":
        return str(format_time(local, "short", locale=locale))
    day = str(format_date(local, "full" if spec == "day" else "long", locale=locale))
    if spec:
        return day
    time = str(format_time(local, "short", locale=locale))
    joined = str(get_datetime_format("long", locale=locale)).replace("'", "")
    return joined.replace("{0}", time).replace("{1}", day)


@lru_cache(maxsize=512)
def _zone(zone: str | tzinfo) -> tzinfo:
    try:
        return ZoneInfo(zone) if isinstance(zone, str) else zone
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
