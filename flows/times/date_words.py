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
_NO_MORE: Final = r"(?![\d:./-])"  # numbers end here


@dataclass(frozen=True, slots=True)
class DateWords(Passing):
    """How dates and times are written in the person's language; all words are `plain`."""

    months: Mapping[str, int] = field(default_factory=dict)  # 1 to 12, by name; a name can have spaces
    weekdays: Mapping[str, int] = field(default_factory=dict)  # 0 is Monday
    shared: tuple[str, ...] = ()  # names of months that are those of weekdays, too
    halves: Mapping[str, int] = field(default_factory=dict)  # am 0, pm 12; without dots and spaces
    twelve: tuple[str, ...] = ()  # the halves with which 12 means one thing
    before_hour: tuple[str, ...] = ()  # with which an hour stands alone: kl. 18
    after_hour: tuple[str, ...] = ()  # 18 Uhr
    until: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()  # such as "at"


NO_WORDS: Final = DateWords()


def plain(text: str) -> str:
    """Words to compare: `folded`, with one kind of apostrophe and single spaces."""
    return " ".join(re.sub("[’ʼ]", "'", folded(text)).split())


def in_numbers(text: str, words: DateWords, *, until: bool = False) -> tuple[str, frozenset[int]]:
    """The same date or time in numbers alone, and the weekdays that are named; what is unknown stays.

    until  such words say nothing either: an end is asked for

    A comma stands in the place of a word, so that the numbers on its sides do not become one.
    """
    typed = plain(text)
    weekdays = frozenset(words.weekdays[name] for name in re.findall(_any(words.weekdays), typed))
    typed = re.sub(rf"{_any(words.weekdays)}\.?", ", ", typed)
    for form in _with_month(words):
        typed = form.sub(lambda match: _day(match, words), typed)
    typed = _half(words).sub(lambda match: _twelve_hours(match, words), typed)
    for form in _with_hour(words):
        typed = form.sub(_hour, typed)
    typed = re.sub(rf"[-']?{_any((*words.silent, *(words.until if until else ())))}[.']?", ", ", typed)
    typed = re.sub(r"(?:\s*[,،])+", ",", typed)
    return " ".join(typed.split()).strip(_COMMAS), weekdays


def _any(words: Iterable[str]) -> str:
    """One of these words, whole; nothing where there are none."""
    longest_first = sorted(words, key=len, reverse=True)
    return rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!{_LETTER})"


def _with_month(words: DateWords) -> tuple[re.Pattern[str], ...]:
    """A day with the name of its month: 27 March 2027, 2027. gada 27. marts; or behind it: March 27, 2027.

    A name before a day is that of its month only if it is no weekday: "mar 27" can be Tuesday the 27th.
    """
    gap = rf"(?:{_SIGNS}|{_any(words.silent)})*"
    first = rf"(?:(?<!\d)(?P<first>\d{{4}}){gap})?"
    last = rf"(?:{gap}(?P<last>\d{{4}})(?!\d))?[\s.,،–-]*"
    day = r"(?P<day>(?<![\d:.h])\d\d?)(?!\d)"
    leading = _any(words.months.keys() - set(words.shared))
    return (
        re.compile(rf"{first}{day}{gap}(?P<month>{_any(words.months)}){last}"),
        re.compile(rf"{first}(?P<month>{leading}){gap}{day}(?!\s*[:h]|\.\d){last}"),
    )


def _day(match: re.Match[str], words: DateWords) -> str:
    year = match["first"] or match["last"]
    return f" {match['day']}.{words.months[match['month']]}.{year or ','} "


def _half(words: DateWords) -> re.Pattern[str]:
    """A time of twelve hours, with the half of the day it is in: 6:30 p.m."""
    names = (r"[.\s]*".join(map(re.escape, half)) for half in sorted(words.halves, key=len, reverse=True))
    half = rf"(?P<half>{'|'.join(names) or '(?!)'})(?!{_LETTER})\.?"
    return re.compile(rf"(?<![\d:.])(?P<hour>\d\d?)(?:\s*[:.]\s*(?P<minute>\d\d))?\s*{half}")


def _twelve_hours(match: re.Match[str], words: DateWords) -> str:
    hour, half = int(match["hour"]), re.sub(r"[.\s]", "", match["half"])
    if not 1 <= hour <= 12 or (hour == 12 and half not in words.twelve):
        return match[0]
    return f" {hour % 12 + words.halves[half]}:{match['minute'] or '00'} "


def _with_hour(words: DateWords) -> tuple[re.Pattern[str], ...]:
    """A time that a word says to be one: kl. 18, ore 18.30; 18 Uhr, 18 Uhr 30, 18.30 Uhr."""
    hour = r"(?P<hour>\d\d?)"
    clock = rf"{hour}(?:\s*[:.h]\s*(?P<minute>\d\d))?"
    return (
        re.compile(rf"{_any(words.before_hour)}\.?\s*{clock}{_NO_MORE}"),
        re.compile(rf"(?<![\d:./-]){hour}\s*{_any(words.after_hour)}\.?\s*(?P<minute>\d\d){_NO_MORE}"),
        re.compile(rf"(?<![\d:./-]){clock}\.?\s*{_any(words.after_hour)}\.?"),
    )


def _hour(match: re.Match[str]) -> str:
    return f" {match['hour']}:{match['minute'] or '00'} "
