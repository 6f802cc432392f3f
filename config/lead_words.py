"""The words in which people write lead times: of our texts, of CLDR, and everyday ones that both lack."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from math import inf
from typing import Final, Literal

from babel import Locale
from babel.dates import format_timedelta
from babel.units import format_unit

from config.languages import locale_of, our_languages
from config.texts import Texts
from flows.times.cadence import Lead, Unit
from flows.times.leads import LeadWords, folded, parts_of, said

_ONE: Final[dict[Literal["week", "day", "hour", "minute"], Lead]] = {
    "week": Lead(7, Unit.DAYS),
    "day": Lead(1, Unit.DAYS),
    "hour": Lead(1, Unit.HOURS),
    "minute": Lead(1, Unit.MINUTES),
}
_NUMBERS: Final = (1, 2, 3, 5, 11, 20, 100)  # whatever forms a language has, each is that of one of them
_LENGTHS: Final[tuple[Literal["long", "short", "narrow"], ...]] = ("long", "short", "narrow")


@lru_cache(maxsize=64)
def lead_words(texts: Texts, language: str) -> LeadWords:
    """How lead times are written in a language, BCP 47; of one that is not ours, as CLDR knows it.

    A word that comes with several units, such as "ago", says nothing of any.
    """
    known, locale = our_languages().get(language), locale_of(language)
    units: dict[str, set[str]] = defaultdict(set)
    alone: dict[str, str] = {}
    for one, number, phrase in (*_ours(texts, language), *_cldr(locale)):
        parts = parts_of(phrase)
        words = [part for part in parts if not part.isdecimal()]
        for word in words:
            units[word].add(str(one))
        if words == parts:
            alone |= dict.fromkeys(words, str(Lead(number * one.count, one.unit)))
    for word, span in known.spans.items() if known else ():
        units[folded(word)].add(span)
    joints = {word for word in (known.conjunctions if known else ()) if not word.endswith("-")}
    shared = {word for word, ones in units.items() if len(ones) > 1}
    silent = {*shared, *parts_of(" ".join(joints)), *_beginnings(locale)}
    return LeadWords(
        units={word: min(ones) for word, ones in units.items() if word not in shared},
        alone={word: lead for word, lead in alone.items() if word not in shared},
        silent=tuple(sorted(silent)),
    )


def _ours(texts: Texts, language: str) -> Iterator[tuple[Lead, int, str]]:
    """As we say it: what one of it is, how many, and the words."""
    for unit in Unit:
        for number in _NUMBERS:
            key = said(str(Lead(number, unit)))
            yield Lead(1, unit), number, texts.plain(language, key.key, key.args)


def _cldr(locale: Locale) -> Iterator[tuple[Lead, int, str]]:
    """As CLDR has it, by itself and as "so long ago": some languages inflect what comes before."""
    for unit, one in _ONE.items():
        code = f"duration-{unit}"
        for number in _NUMBERS:
            for length in _LENGTHS:
                phrase = format_unit(number, code, length, locale=locale)
                if code not in phrase:  # that is said where a locale has no words of that length
                    yield one, number, phrase
            ago = timedelta(**{f"{unit}s": -number})
            yield one, number, format_timedelta(ago, unit, inf, add_direction=True, locale=locale)


def _beginnings(locale: Locale) -> Iterator[str]:
    """What joins the end of a list and the word behind it without a space, such as the Arabic "and"."""
    joint = locale.list_patterns["standard"]["2"].partition("{0}")[2].partition("{1}")[0]
    if joint.strip() and not joint.endswith(" "):
        yield f"{joint.strip()}-"
