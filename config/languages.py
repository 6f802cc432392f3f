"""The languages of the bot: their names and scripts, and which one is spoken where another is missing."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

FILE = Path(__file__).parent / "languages.toml"
CATALOGUES = Path(__file__).parent / "catalogues"
LAST = "en"  # the language of last resort

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the bot."""

    tag: str  # BCP 47
    name: str  # in its own script
    direction: str  # "ltr" or "rtl"
    locale: str  # of CLDR
    script: str  # ISO 15924
    conjunctions: tuple[str, ...]  # what joins two ideas: words, or with "-" beginnings of words
    spans: Mapping[str, str] = field(default_factory=dict)  # everyday words for 7d, 1d, 1h or 1m
    dates: Sequence[str] = ()  # words around dates that say nothing
    until: Sequence[str] = ()  # words before an end
    hours: Sequence[str] = ()  # words with which an hour stands alone, # for the hour
    months: Sequence[str] = ()  # other names than those of CLDR, January first
    weekdays: Sequence[str] = ()  # likewise, Monday first


class Languages(Mapping[str, Language]):
    """The languages of the bot, by tag, in the order of their file."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self._by_tag = {language.tag: language for language in languages}

    def __getitem__(self, tag: str) -> Language:
        return self._by_tag[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_tag)

    def __len__(self) -> int:
        return len(self._by_tag)


def load_languages(file: Path = FILE) -> Languages:
    """The languages of that file; raises KeyError, TypeError or ValueError, for it is part of the program."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Languages(
        [
            Language(tag=tag, **{**entry, "conjunctions": tuple(entry["conjunctions"])})
            for tag, entry in table.items()
        ]
    )


@cache
def our_languages() -> Languages:
    """The languages the bot can speak, read once: those of the file that have a catalogue."""
    known = load_languages().values()
    return Languages([each for each in known if (CATALOGUES / f"{each.tag}.po").exists()])


@lru_cache(maxsize=4096)
def parents(tag: str) -> tuple[str, ...]:
    """A tag in its proper case, then what it falls back to: "zh-tw" gives zh-TW, zh-Hant, zh; nonsense ().

    tag  as Telegram or a person gave it: any case, "_" or "-"

    Another language in the same script is none of them: who reads Persian need not read Arabic.
    """
    if not _TAG.fullmatch(tag.strip().replace("_", "-")):
        return ()
    language, *rest = tag.strip().replace("_", "-").split("-")
    language = str(get_global("language_aliases").get(language.lower(), language.lower())).partition("_")[0]
    script = next((part.title() for part in rest if len(part) == 4), "")
    region = next((part.upper() for part in rest if len(part) != 4), "")
    usual = usual_script(language, region)
    other_script = script or (usual if usual != usual_script(language) else "")
    steps = ((language, script, region), (language, other_script), (language,))
    return tuple(dict.fromkeys("-".join(filter(None, step)) for step in steps))


def usual_script(language: str, region: str = "") -> str:
    """The script a language is mostly written in, there; "" where CLDR does not know."""
    likely = get_global("likely_subtags").get("_".join(filter(None, (language, region))), "")
    return next((part for part in str(likely).split("_") if len(part) == 4), "")


@lru_cache(maxsize=256)
def locale_of(tag: str) -> Locale:
    """The CLDR locale of a language, ours or not; English for what CLDR does not know."""
    known = our_languages().get(tag)
    for name in (known.locale if known else tag, *parents(tag), LAST):
        try:
            return Locale.parse(name.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR without English")


@lru_cache(maxsize=1024)
def language_name(tag: str, locale: Locale) -> str:
    """What a language is called in another one, or else by itself; what CLDR does not know stays as it is."""
    for names in (locale.languages, locale_of(tag).languages):
        for each in parents(tag):
            if each.replace("-", "_") in names:
                return str(names[each.replace("-", "_")])
    return tag
