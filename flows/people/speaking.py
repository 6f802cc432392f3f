"""The language of a person and of what they write: which to speak, when to offer another, when to ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SURE: Final = 0.9
"""From this probability on words are believed to be in the language that they seem to be in."""

ENOUGH: Final = 3
"""Of so many words the language is worth talking about; one or two are often at home in several."""


class How(StrEnum):
    """How it is known which language to speak with a person, the most trusted first."""

    CHOSEN = "chosen"  # by themselves; never overridden
    PHONE = "phone"  # the language of their Telegram
    TERRITORY = "territory"  # the default of the territory whose link they came by
    WRITTEN = "written"  # what they write is in it
    LAST = "last"  # nothing is known


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a person's language; every code is BCP 47, but may be anything."""

    chosen: str | None = None
    phone: Sequence[str] = ()  # with what it falls back to: pt-BR, pt
    territory: Sequence[str] = ()  # its default first
    written: str | None = None  # what their words are in, where that is certain


def to_speak(clues: Clues, ours: Collection[str], last: str) -> tuple[str, How]:
    """The language to speak with somebody, and how it is known.

    ours  the languages we can speak
    last  the one of them to speak where nothing is known
    """
    trusted: tuple[tuple[How, Sequence[str]], ...] = (
        (How.CHOSEN, (clues.chosen,) if clues.chosen else ()),
        (How.PHONE, clues.phone),
        (How.TERRITORY, clues.territory[:1]),
        (How.WRITTEN, (clues.written,) if clues.written else ()),
    )
    found = ((code, how) for how, codes in trusted for code in codes if code in ours)
    return next(found, (last, How.LAST))


@dataclass(frozen=True, slots=True)
class Heard:
    """Words in a language that is worth a question: another than the person's, or in doubt."""

    language: str  # that they seem to be in
    other: str  # the person's own; in doubt, what else the words may be in
    sure: bool


def heard(
    text: str,
    language: str | None,
    probability: float,
    second: str | None,
    *,
    speaks: str,
    ours: Collection[str],
) -> Heard | None:
    """What to ask a person about the language of their words; None where there is nothing to ask.

    language     that the words seem to be in, with its probability, and the next likeliest; None: unknown
    speaks       what we speak with the person
    ours         the languages we can speak: nothing is asked about any other
    """
    if language is None or language not in ours or count(text) < ENOUGH:
        return None
    if probability >= SURE:
        return None if language == speaks else Heard(language, speaks, sure=True)
    return Heard(language, second, sure=False) if second is not None and second in ours else None


def count(text: str) -> int:
    """How many words there are in a text; numbers, signs and emoji are none."""
    return sum(any(map(str.isalpha, word)) for word in text.split())
