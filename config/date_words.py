"""The words in which people write dates: of CLDR, by which we show them, and everyday ones it lacks."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Final, Literal, TypeVar

from babel import Locale
from babel.dates import format_date, format_time

from config.languages import Language, locale_of, our_languages
from flows.times.date_words import DateWords, plain
from flows.times.leads import parts_of

T = TypeVar("T")

_UNKNOWN: Final = Language("", "", "ltr", "", "", ())
_ANY_DAY: Final = date(2027, 3, 27)
_SHOWN: Final[tuple[Literal["full", "long", "medium"], ...]] = ("full", "long", "medium")
_WIDTHS: Final = ("wide", "abbreviated")
_HALVES: Final = {"am": 0, "pm": 12}


@lru_cache(maxsize=64)
def date_words(language: str) -> DateWords:
    """How dates and times are written in a language, BCP 47; of one that is not ours, as CLDR knows it.

    A name of a month and of a weekday, such as the Italian "mar", is that of the month; what we say around
    dates is no half of a day, such as the German "am".
    """
    known, locale = our_languages().get(language) or _UNKNOWN, locale_of(language)
    months = {
        " ".join(parts_of(plain(name))): number
        for names in (dict(enumerate(known.months, start=1)), *_names_of(locale.months))
        for number, name in names.items()
    }
    silent = {plain(word) for word in known.dates}
    weekdays = {}
    for names in (dict(enumerate(known.weekdays)), *_names_of(locale.days)):
        for number, name in names.items():
            day, *others = sorted(parts_of(plain(name)), key=len, reverse=True)  # segunda-feira
            silent.update(others)
            if len(day) > 1:
                weekdays[day] = number
    for length in _SHOWN:
        parts = parts_of(plain(format_date(_ANY_DAY, length, locale)))
        silent.update(part for part in parts if not part.isdecimal())
    halves = {
        "".join(parts_of(names[half])): hours
        for names in _names_of(locale.day_periods)
        for half, hours in _HALVES.items()
        if half in names and "".join(parts_of(names[half])) not in silent
    }
    hours = [plain(word) for word in known.hours]
    return DateWords(
        months=months,
        weekdays={day: number for day, number in weekdays.items() if day not in months},
        shared=tuple(sorted(weekdays.keys() & months.keys())),
        halves=halves,
        twelve=tuple(half for half in halves if half in (*_HALVES, *_shown_halves(locale))),
        before_hour=tuple(word.removesuffix(" #") for word in hours if word.endswith(" #")),
        after_hour=tuple(word.removeprefix("# ") for word in hours if word.startswith("# ")),
        until=tuple(plain(word) for word in known.until),
        silent=tuple(sorted(silent - months.keys() - weekdays.keys())),
    )


def _shown_halves(locale: Locale) -> list[str]:
    """The halves of a day beside the times that we show; none where hours go up to 23."""
    if "a" not in locale.time_formats["short"].pattern:
        return []
    return ["".join(parts_of(format_time(time(hour), "a", locale=locale))) for hour in _HALVES.values()]


def _names_of(kinds: Mapping[str, Mapping[str, Mapping[T, str]]]) -> Iterator[Mapping[T, str]]:
    """What CLDR calls them, short and long, alone and in a date."""
    return (widths[width] for widths in kinds.values() for width in _WIDTHS if width in widths)
