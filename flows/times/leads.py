"""Lead times in people's own words, said and read: three days are `3 jours`, and `3d` in any language."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from flows.moves import Arg, Key, Known
from flows.times.cadence import Lead, Unit, read_lead
from flows.times.local_time import Trouble, WrongTime

LONGEST: Final = 60  # characters of what could not be read that are shown again
MOST_READ: Final = 200  # characters: five lead times in any language

_NUMBER_OR_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_CODES: Final = {unit.value: f"1{unit}" for unit in Unit}


@dataclass(frozen=True, slots=True)
class LeadWords(Known):
    """How lead times are written in the person's language; all words are `folded`."""

    units: Mapping[str, str] = field(default_factory=dict)  # what one of it is: jours 1d, semaines 7d
    alone: Mapping[str, str] = field(default_factory=dict)  # what stands without a number: يومان 2d
    silent: tuple[str, ...] = ()  # such as "and"; with "-" beginnings of words


def said(lead: str) -> Key:
    """A lead such as `3d` in words; it stands in the nominative."""
    read = read_lead(lead)
    return Key(f"time.length.{read.unit}", {"n": read.count})


ONE: Final = said("3d")
SEVERAL: Final = (ONE, said("2h"))
"""Examples of what can be typed."""


def read_typed(text: str, words: LeadWords) -> tuple[Lead, ...]:
    """The leads of a list as somebody typed it, at least one. Raises WrongTime for all else."""
    try:
        leads = tuple(_leads(text, words)) if len(text) <= MOST_READ else ()
    except (LookupError, WrongTime):
        leads = ()
    if not leads:
        raise unreadable(text, SEVERAL)
    return leads


def read_one(text: str, words: LeadWords) -> Lead:
    """The only lead that somebody typed. Raises WrongTime for all else."""
    try:
        (lead,) = read_typed(text, words)
    except ValueError:
        raise unreadable(text, ONE) from None
    return lead


def unreadable(text: str, example: Arg) -> WrongTime:
    """What is wrong with what somebody typed, and what they could have."""
    return WrongTime(Trouble.UNKNOWN_LEAD, lead=text.strip()[:LONGEST], example=example)


def _leads(text: str, words: LeadWords) -> Iterator[Lead]:
    """Each number with the word behind it, and each word that needs none; LookupError for one too many."""
    units = {**words.units, **_CODES}
    count = None
    for part in _parts(text, words):
        if count is not None:
            one = read_lead(units[part])
            yield read_lead(f"{count * one.count}{one.unit}")
            count = None
        elif part.isdecimal():
            count = int(part)
        else:
            yield read_lead(words.alone[part])
    if count is not None:
        raise LookupError(count)


def _parts(text: str, words: LeadWords) -> Iterator[str]:
    """Numbers and words, without those that say nothing."""
    known = words.units.keys() | words.alone.keys()
    beginnings = [word.removesuffix("-") for word in words.silent if word.endswith("-")]
    for part in parts_of(text):
        rests = (part.removeprefix(beginning) for beginning in beginnings)
        word = part if part in known else next((rest for rest in rests if rest in known), part)
        if word not in words.silent:
            yield word


def parts_of(text: str) -> list[str]:
    """Its numbers and words, `folded`; all else separates them."""
    return _NUMBER_OR_WORD.findall(folded(text))


def folded(text: str) -> str:
    """Words to compare: letters whatever their case and accents, i with a dot or without."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
