"""Letters: what of a text is words, in which alphabet a language is written, langdetect's tables."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel.core import get_global
from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram

READ: Final = 4096  # characters looked at, as many as one Telegram message has
SCORED: Final = 600  # letters scored; more of them no longer change the answer

# ISO 15924 script -> the word with which Unicode begins the names of its letters
ALPHABETS: Final[Mapping[str, str]] = {
    "Latn": "LATIN",
    "Grek": "GREEK",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Hebr": "HEBREW",
    "Armn": "ARMENIAN",
    "Geor": "GEORGIAN",
    "Ethi": "ETHIOPIC",
    "Tfng": "TIFINAGH",
    "Deva": "DEVANAGARI",
    "Beng": "BENGALI",
    "Guru": "GURMUKHI",
    "Gujr": "GUJARATI",
    "Knda": "KANNADA",
    "Mlym": "MALAYALAM",
    "Taml": "TAMIL",
    "Telu": "TELUGU",
    "Thai": "THAI",
    "Kore": "HANGUL",
    "Jpan": "CJK",
    "Hans": "CJK",
    "Hant": "CJK",
}
_KNOWN: Final = frozenset(ALPHABETS.values())
_KANA: Final = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}
_LONG_RUN: Final = re.compile(r"(.)\1{2,}")  # suuuper
# Ukrainian is often typed with the Latin i; without any i it looks Russian.
_LATIN_I: Final = re.compile("(?<=[\u0400-\u04ff])i|i(?=[\u0400-\u04ff])")
_SECOND_ALPHABETS: Final = {"sr": {"LATIN"}, "ku": {"ARABIC"}, "zgh": {"LATIN", "ARABIC"}}


def words_of(text: str) -> tuple[str, tuple[str, ...]]:
    """The alphabet that prevails in a text, and the words written with it; ("", ()) without any letter.

    Links, commands, names (@somebody), numbers and emoji are no words. Latin letters count half: brands and
    loan words stand in Greek or Arabic sentences, never the other way.
    """
    tokens = " ".join(token for token in text[:READ].split() if not _is_address(token))
    letters = spelled(tokens)
    counts = Counter(map(_alphabet, letters))
    del counts[""]
    if not counts:
        return "", ()
    prevailing = max(counts, key=lambda name: counts[name] * (1 if name == "LATIN" else 2))
    if len(counts) > 1:
        letters = "".join(char if _alphabet(char) == prevailing else " " for char in letters)
    return prevailing, tuple(letters[:SCORED].split())


def spelled(text: str) -> str:
    """A text in the letters of langdetect's tables, lower case; what is no letter is a space."""
    plain = unicodedata.normalize("NFKC", text)[:READ].lower()
    return _LONG_RUN.sub(r"\1\1", "".join(map(_letter, _LATIN_I.sub("\u0456", plain))))


def _is_address(token: str) -> bool:
    return token.startswith(("/", "www.")) or "://" in token or "@" in token


@lru_cache(maxsize=8192)
def _letter(char: str) -> str:
    """The letter as langdetect's tables spell it, nothing for an accent left over, a space for the rest."""
    if unicodedata.combining(char) and _alphabet(char) == "":
        return ""
    if unicodedata.category(char)[0] in "LM":
        normal: str = NGram.normalize(char)
        return normal
    return " "


@lru_cache(maxsize=8192)
def _alphabet(char: str) -> str:
    """One of the alphabets, or "" for a character of none."""
    word = unicodedata.name(char, "").split(" ", 1)[0]
    word = _KANA.get(word, word)
    return word if word in _KNOWN else ""


def bare(code: str) -> str:
    """The language of a code without its script and region: "pt" of "pt-BR"."""
    return code.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=1024)
def script(code: str) -> str:
    """The ISO 15924 script in which the language is usually written; Latin if nothing is known."""
    language, *subtags = code.replace("_", "-").split("-")
    for subtag in subtags:
        if subtag.title() in ALPHABETS:
            return subtag.title()
    likely: Mapping[str, str] = get_global("likely_subtags")
    keys = [f"{language.lower()}_{subtag.upper()}" for subtag in subtags] + [language.lower()]
    return next((likely[key].split("_")[1] for key in keys if key in likely), "Latn")


def usual_alphabets(code: str) -> set[str]:
    """The alphabets in which people write that language."""
    usual = ALPHABETS.get(script(code), "")
    return {usual} | _SECOND_ALPHABETS.get(bare(code), set())


@cache
def profiles() -> dict[str, str]:
    """langdetect's profiles and the alphabet of each."""
    return {file.name: ALPHABETS[script(file.name)] for file in sorted(Path(PROFILES_DIRECTORY).iterdir())}


def counted(name: str) -> dict[str, float]:
    """How often each n-gram of 1 to 3 letters is in a profile, in a million letters of running text.

    A space stands for the beginning or the end of a word. Capital letters count with the small ones.
    """
    profile = json.loads((Path(PROFILES_DIRECTORY) / name).read_text(encoding="utf-8"))
    letters = profile["n_words"][0] / 1e6
    counts: defaultdict[str, float] = defaultdict(float)
    for gram, count in profile["freq"].items():
        folded = "".join(map(_letter, gram.lower()))
        if len(folded) == len(gram):
            counts[folded] += count / letters
    return counts
