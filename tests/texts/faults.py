"""What can be wrong with a text as somebody reads it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from babel.plural import PluralRule

from bot.recognition.language_id import identify
from bot.rendering.render import MOST_BESIDE_FILE, MOST_CHARACTERS, MOST_ON_BUTTON, shown_in, without_tags
from config.catalogue import plural_rule
from config.languages import CATALOGUES, locale_of
from config.parity import COMMAND, DESCRIPTION, NOTICE, SHORT_DESCRIPTION
from config.texts import Texts
from flows.people.speaking import ENOUGH, SURE, count
from tests.texts.phone import room, width
from tests.texts.said import Place, Said, in_one_language


class Fault(StrEnum):
    """What is wrong."""

    UNTRANSLATED = "untranslated"
    EMPTY = "empty"
    TOO_LONG = "too long"  # for Telegram
    TOO_WIDE = "too wide"  # for its button on a small phone
    DIRECTION = "direction"
    ANOTHER_LANGUAGE = "another language"
    PLURAL = "plural"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong with one text in one language."""

    fault: Fault
    key: str
    language: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.key}: {self.fault}: {self.what}"


MOST: Final = {
    Place.MESSAGE: MOST_CHARACTERS,
    Place.CAPTION: MOST_BESIDE_FILE,
    Place.BUTTON: MOST_ON_BUTTON,
    Place.NOTICE: NOTICE.at_most,
    Place.COMMAND: COMMAND.at_most,
    Place.DESCRIPTION: DESCRIPTION.at_most,
    Place.SHORT_DESCRIPTION: SHORT_DESCRIPTION.at_most,
}

_ISOLATES: Final = "\u2066\u2067\u2068"
_END: Final = "\u2069"
_COMMAND: Final = re.compile(r"(?<![\w/<:.])/[a-z]{2,}")
_ADDRESS: Final = re.compile(r"https?://\S+")
_RIGHT_TO_LEFT: Final = ("R", "AL")


class Watched:
    """Catalogues that tell which texts had to be said in another language, or not at all."""

    def __init__(self, folder: Path = CATALOGUES) -> None:
        self._missed: set[str] = set()
        self.texts = Texts.load(folder, on_missing=lambda _language, key: self._missed.add(key))

    def missed(self) -> list[str]:
        """Keys of those texts since somebody last asked."""
        missed = sorted(self._missed)
        self._missed.clear()
        return missed


class Looking:
    """Looks at texts in one language."""

    def __init__(self, watched: Watched, language: str) -> None:
        self._watched = watched
        self._texts = watched.texts
        self._language = language
        self._is_right_to_left = locale_of(language).text_direction == "rtl"
        self._recognised: set[str] = set()

    def look_at(self, said: Said) -> Iterator[Finding]:
        """Everything wrong with one text."""
        shown = self._shown(said, self._language)
        ours = without_isolated(shown)
        if missed := self._watched.missed():
            yield self._finding(Fault.UNTRANSLATED, said, f"falls back for {', '.join(missed)}")
            return
        if not shown.strip():
            yield self._finding(Fault.EMPTY, said, "nothing is shown")
        if said.key not in self._recognised:
            self._recognised.add(said.key)
            yield from self._another_language(said, ours)
        if len(shown) > MOST[said.place]:
            what = f"{len(shown)} characters, {said.place} may have {MOST[said.place]}"
            yield self._finding(Fault.TOO_LONG, said, what)
        available = room(shown_in(shown, said.columns))
        if said.place is Place.BUTTON and not said.has_names and width(shown) > available:
            what = f"'{shown}' takes {width(shown):.0f} pixels of {available:.0f}"
            yield self._finding(Fault.TOO_WIDE, said, what)
        yield from self._direction(said, shown)

    def _shown(self, said: Said, language: str) -> str:
        """The text as plain characters, marks of direction included."""
        args = in_one_language(said.args, language)
        if said.place in (Place.MESSAGE, Place.CAPTION):
            return without_tags(self._texts.html(language, said.key, args, default=language))
        return self._texts.plain(language, said.key, args, default=language)

    def _another_language(self, said: Said, ours: str) -> Iterator[Finding]:
        english = without_isolated(self._shown(said, "en")) if self._language != "en" else None
        if count(ours) > 1 and ours == english:
            yield self._finding(Fault.UNTRANSLATED, said, f"is as in English: '{_short(ours)}'")
        guess = identify(_without_commands(ours), self._texts.languages) if count(ours) >= ENOUGH else None
        if guess is not None and guess.language != self._language and guess.probability >= SURE:
            what = f"looks like {guess.language} ({guess.probability:.2f}): '{_short(ours)}'"
            yield self._finding(Fault.ANOTHER_LANGUAGE, said, what)

    def _direction(self, said: Said, shown: str) -> Iterator[Finding]:
        if sum(shown.count(mark) for mark in _ISOLATES) != shown.count(_END):
            yield self._finding(
                Fault.DIRECTION, said, "opens an isolate and does not close it, or closes none"
            )
        for line in _ADDRESS.sub("", without_isolated(shown)).splitlines():
            first = _first_strong(line)
            if first and (first in _RIGHT_TO_LEFT) is not self._is_right_to_left:
                yield self._finding(Fault.DIRECTION, said, f"begins the other way: '{_short(line)}'")
        if self._is_right_to_left and _COMMAND.search(without_isolated(shown)):
            what = f"has a command that is not set apart: '{_short(shown)}'"
            yield self._finding(Fault.DIRECTION, said, what)

    def _finding(self, fault: Fault, said: Said, what: str) -> Finding:
        return Finding(fault, said.key, self._language, what)


def without_isolated(text: str) -> str:
    """A text without what is set apart in it: names, words of others, commands."""
    kept: list[str] = []
    depth = 0
    for char in text:
        depth += char in _ISOLATES
        if depth == 0 and char != _END:
            kept.append(char)
        depth -= char == _END and depth > 0
    return "".join(kept)


def _without_commands(text: str) -> str:
    return _COMMAND.sub(" ", text).replace("Together", " ")


def _first_strong(text: str) -> str | None:
    """The direction that a line takes from its first letter, as Unicode has it: L, R or AL."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), None)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) < 70 else f"{line[:69]}\N{HORIZONTAL ELLIPSIS}"


def plural_findings(texts: Texts, language: str, reference: str = "en") -> Iterator[Finding]:
    """Texts that cannot be said for some number as the language says it, by the categories of CLDR."""
    catalogue, wanted = texts.catalogue(language), texts.catalogue(reference)
    rule = plural_rule(language)
    for key, entry in wanted.entries.items():
        if not entry.is_plural:
            continue
        mine = catalogue.entries.get(key)
        for category, number in _examples(language).items():
            form = mine.forms[rule.form(number)] if mine and len(mine.forms) > rule.form(number) else None
            if form is None or not any(form.plain):
                what = f"nothing for {number} ({category})"
                yield Finding(Fault.PLURAL, key, language, what)


def categories_without_a_form(language: str) -> set[frozenset[str]]:
    """Categories of CLDR that share a form of the catalogue, by the whole numbers that people meet."""
    by_form: dict[int, set[str]] = {}
    rule, cldr = plural_rule(language), _cldr(language)
    for number in range(1000):
        by_form.setdefault(rule.form(number), set()).add(cldr(number))
    return {frozenset(categories) for categories in by_form.values() if len(categories) > 1}


def _examples(language: str) -> dict[str, int]:
    """A number of each category."""
    found: dict[str, int] = {}
    for number in range(1000):
        found.setdefault(_cldr(language)(number), number)
    return found


@cache
def _cldr(language: str) -> PluralRule:
    rule: PluralRule = locale_of(language).plural_form
    return rule
