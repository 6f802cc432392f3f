"""Dates and times with names of months and days, as people write them and as we show them, put in numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flows.moves import Passing
from flows.times.leads import folded

_LETTER: Final = r"[^\W\d_]"
_SIGNS: Final = r"[\s.,،'’-]"
_COMMAS: Final = " ,،"


@dataclass(frozen=True, slots=True)
class DateWords(Passing):
    """How dates and times are written in the person's language; all words are `folded`."""

    months: Mapping[str, int] = field(default_factory=dict)  # 1 to 12, by name; a name can have spaces
    weekdays: Mapping[str, int] = field(default_factory=dict)  # 0 is Monday
    halves: Mapping[str, int] = field(default_factory=dict)  # am 0, pm 12; without dots and spaces
    before_hour: tuple[str, ...] = ()  # with which an hour stands alone: kl. 18
    after_hour: tuple[str, ...] = ()  # 18 Uhr
    silent: tuple[str, ...] = ()  # such as "at"


NO_WORDS: Final = DateWords()


def in_numbers(text: str, words: DateWords) -> tuple[str, frozenset[int]]:
    """The same date or time in numbers alone, and the weekdays that are named; what is unknown stays."""
    plain = " ".join(folded(text).split())
    weekdays = frozenset(words.weekdays[name] for name in re.findall(_any(words.weekdays), plain))
    plain = re.sub(rf"{_any(words.weekdays)}\.?", " ", plain)
    for form in _with_month(words):
        plain = form.sub(lambda match: _day(match, words), plain)
    plain = _half(words).sub(lambda match: _hour(match, words), plain)
    plain = re.sub(rf"{_any(words.before_hour)}\.?\s*(\d\d?)(?!\s*[\d:.h/-])", r" \1h ", plain)
    plain = re.sub(rf"(?<![\d:./-])(\d\d?)\.?\s*{_any(words.after_hour)}\.?", r"\1h ", plain)
    for some in (words.before_hour, words.after_hour, words.silent):
        plain = re.sub(rf"[-'’]?{_any(some)}[.'’]?", " ", plain)
    plain = re.sub(r"(?:\s*[,،])+", ",", plain)
    return " ".join(plain.split()).strip(_COMMAS), weekdays


def _any(words: Iterable[str]) -> str:
    """One of these words, whole; nothing where there are none."""
    longest_first = sorted(words, key=len, reverse=True)
    return rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!{_LETTER})"


def _with_month(words: DateWords) -> tuple[re.Pattern[str], ...]:
    """A day with the name of its month: 27 March 2027, 2027. gada 27. marts; or behind it: March 27, 2027."""
    gap = rf"(?:{_SIGNS}|{_any(words.silent)})*"
    name = rf"(?P<month>{_any(words.months)})"
    first = rf"(?:(?<!\d)(?P<first>\d{{4}}){gap})?"
    last = rf"(?:{gap}(?P<last>\d{{4}})(?!\d))?[\s.,،–-]*"
    day = r"(?P<day>(?<![\d:.h])\d\d?)(?!\d)"
    return (
        re.compile(rf"{first}{day}{gap}{name}{last}"),
        re.compile(rf"{first}{name}{gap}{day}(?!\s*[:h]|\.\d){last}"),
    )


def _day(match: re.Match[str], words: DateWords) -> str:
    year = match["first"] or match["last"] or ""
    return f" {match['day']}.{words.months[match['month']]}.{year} "


def _half(words: DateWords) -> re.Pattern[str]:
    """A time of twelve hours, with the half of the day it is in: 6:30 p.m."""
    names = (r"[.\s]*".join(map(re.escape, half)) for half in sorted(words.halves, key=len, reverse=True))
    half = rf"(?P<half>{'|'.join(names) or '(?!)'})(?!{_LETTER})\.?"
    return re.compile(rf"(?<![\d:.])(?P<hour>\d\d?)(?:\s*[:.]\s*(?P<minute>\d\d))?\s*{half}")


def _hour(match: re.Match[str], words: DateWords) -> str:
    hour = int(match["hour"])
    if not 1 <= hour <= 12:
        return match[0]
    half = words.halves["".join(letter for letter in match["half"] if letter not in ". \t")]
    return f" {hour % 12 + half}:{match['minute'] or '00'} "
