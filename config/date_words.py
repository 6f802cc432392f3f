"""The words in which people write dates: of CLDR, by which we show them, and everyday ones it lacks."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeVar

from babel.dates import format_date

from config.languages import locale_of, our_languages
from flows.times.date_words import DateWords
from flows.times.leads import folded, parts_of

T = TypeVar("T")

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
    known, locale = our_languages().get(language), locale_of(language)
    months = {
        " ".join(parts_of(name)): number
        for names in _names_of(locale.months)
        for number, name in names.items()
    }
    months |= {folded(name): number for number, name in enumerate(known.months if known else (), start=1)}
    said = {folded(word) for word in (known.dates if known else ())}
    weekdays = {}
    for names in _names_of(locale.days):
        for number, name in names.items():
            day, *others = sorted(parts_of(name), key=len, reverse=True)  # segunda-feira
            said.update(others)
            if len(day) > 1 and day not in months:
                weekdays[day] = number
    for length in _SHOWN:
        said.update(part for part in parts_of(format_date(_ANY_DAY, length, locale)) if not part.isdecimal())
    halves = {
        "".join(parts_of(names[half])): hours
        for names in _names_of(locale.day_periods)
        for half, hours in _HALVES.items()
        if half in names
    }
    hours = [folded(word) for word in (known.hours if known else ())]
    return DateWords(
        months=months,
        weekdays=weekdays,
        halves={half: hour for half, hour in halves.items() if half not in said},
        before_hour=tuple(word.removesuffix(" #") for word in hours if word.endswith(" #")),
        after_hour=tuple(word.removeprefix("# ") for word in hours if word.startswith("# ")),
        silent=tuple(sorted(said - months.keys() - weekdays.keys())),
    )


def _names_of(kinds: Mapping[str, Mapping[str, Mapping[T, str]]]) -> Iterator[Mapping[T, str]]:
    """What CLDR calls them, short and long, alone and in a date."""
    return (widths[width] for widths in kinds.values() for width in _WIDTHS if width in widths)
