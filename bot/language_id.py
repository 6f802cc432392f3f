"""Which of a few candidate languages a citizen's words are in, by langdetect's n-gram tables."""

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from pathlib import Path

from babel.core import get_global
from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram

READ = 4096  # characters looked at, as many as one Telegram message has
SCORED = 600  # letters scored; more of them no longer change the answer

# Chosen on one half of the texts in tests/langid/data; see the README there.
DECLARED_SHARE = 0.75  # how often people write in the language they declared
TEMPERATURE = 0.2  # n-grams overlap: their evidence is worth less than its sum
WEIGHTS = (0.5, 1.0, 1.2)  # of n-grams of 1, 2 and 3 letters
UNSEEN = 2e-5  # probability of an n-gram that is not in a table
STRANGER_BONUS = 0.1  # per n-gram, for a language that has no table
STRANGER_PRIOR = 0.3  # of such a language: most are spoken more than written
ROMANISED = 0.02  # prior of Latin letters in a language of other letters: Greeklish, Arabizi

# ISO 15924 script -> the word with which Unicode begins the names of its letters
ALPHABETS: Mapping[str, str] = {
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
LONG_RUN = re.compile(r"(.)\1{2,}")  # suuuper
KANA = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}
# Ukrainian is often typed with the Latin i; without any i it looks Russian.
LATIN_I = re.compile("(?<=[\u0400-\u04ff])i|i(?=[\u0400-\u04ff])")
SECOND_ALPHABETS = {"sr": {"LATIN"}, "ku": {"ARABIC"}, "zgh": {"LATIN", "ARABIC"}}
# Languages without a table of their own -> the table of another name, or of a close relative.
SAME_TABLE = {
    "nb": "no",
    "nn": "no",
    "bs": "hr",
    "sr": "hr",
    "prs": "fa",
    "fil": "tl",
    "iw": "he",
    "in": "id",
    "zh-Hans": "zh-cn",
    "zh-Hant": "zh-tw",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest of the candidate languages."""

    language: str  # as the caller spelled it among the candidates
    probability: float  # 0..1; of the guesses made with 0.9, nine in ten are right


def identify(text: str, candidates: Sequence[str], declared: str | None = None) -> Guess | None:
    """The candidate in which `text` is written, or None if there is nothing to go by.

    text        anything a citizen may send; links, names (@somebody), numbers and emoji do not count
    candidates  BCP 47 codes: languages of the territory, declared, used before; earlier ones win ties
    declared    favoured in proportion to how often people write the language they declare; a declared
                region stands for its language (pt-BR for pt); ignored if it is no candidate

    None means that there are no letters, or that no candidate is written with such letters.
    The same question always has the same answer. A short sentence takes about 0.1 ms, any text a few ms; the
    first question about a language loads its table (2-7 ms; all of an alphabet for one without, 0.1 s).
    """
    alphabet, words = _letters_of_one_alphabet(text)
    prior = _prior(tuple(dict.fromkeys(candidates)), declared, alphabet)
    if not words or not prior:
        return None
    grams = _grams(words)
    evidence = {
        code: math.log(share) + sum(map(_table(code, alphabet).get, grams, repeat(0.0)))
        for code, share in prior.items()
    }
    best = max(evidence, key=evidence.__getitem__)
    return Guess(best, 1 / sum(math.exp(score - evidence[best]) for score in evidence.values()))


def _letters_of_one_alphabet(text: str) -> tuple[str, str]:
    """The alphabet that prevails, and the words written with it.

    Latin letters count half: brands and loan words stand in Greek or Arabic sentences, never the other way.
    """
    tokens = " ".join(token for token in text[:READ].split() if not _is_address(token))
    plain = unicodedata.normalize("NFKC", tokens)[:READ].lower()
    letters = LONG_RUN.sub(r"\1\1", "".join(map(_letter, LATIN_I.sub("\u0456", plain))))
    counts = Counter(map(_alphabet, letters))
    del counts[""]
    if not counts:
        return "", ""
    prevailing = max(counts, key=lambda name: counts[name] * (1 if name == "LATIN" else 2))
    if len(counts) > 1:
        letters = "".join(char if _alphabet(char) == prevailing else " " for char in letters)
    return prevailing, letters[:SCORED]


def _is_address(token: str) -> bool:
    return token.startswith(("/", "www.")) or "://" in token or "@" in token


@lru_cache(maxsize=8192)
def _letter(char: str) -> str:
    """The letter as langdetect's tables spell it, nothing for an accent left over, a space for the rest."""
    if unicodedata.combining(char) and _alphabet(char) == "":
        return ""
    if char.isalpha() or _alphabet(char):
        normal: str = NGram.normalize(char)
        return normal
    return " "


@lru_cache(maxsize=8192)
def _alphabet(char: str) -> str:
    """One of the alphabets, or "" for a character of none."""
    word = unicodedata.name(char, "").split(" ", 1)[0]
    word = KANA.get(word, word)
    return word if word in ALPHABETS.values() else ""


def _grams(words: str) -> list[str]:
    grams: list[str] = []
    for word in words.split():
        padded = f" {word} "
        grams += word
        grams += [padded[i : i + 2] for i in range(len(word) + 1)]
        grams += [padded[i : i + 3] for i in range(len(word))]
    return grams


def _prior(candidates: Sequence[str], declared: str | None, alphabet: str) -> dict[str, float]:
    """How likely each candidate is before reading, leaving out those not written with the alphabet."""
    favourite = _match(declared, candidates)
    others = len(candidates) - (favourite is not None)
    prior = {}
    for code in candidates:
        if code == favourite:
            share = DECLARED_SHARE if others else 1.0
        else:
            share = (1.0 if favourite is None else 1 - DECLARED_SHARE) / others
        if alphabet in _usual_alphabets(code):
            prior[code] = share if _profile(code, alphabet) else share * STRANGER_PRIOR
        elif alphabet == "LATIN":
            prior[code] = share * ROMANISED
    return prior


def _match(declared: str | None, candidates: Sequence[str]) -> str | None:
    """The candidate that is the declared language, whatever its region."""
    if declared is None or declared in candidates:
        return declared
    return next((code for code in candidates if _language(code) == _language(declared)), None)


def _language(code: str) -> str:
    return code.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=1024)
def _script(code: str) -> str:
    """The ISO 15924 script in which the language is usually written; Latin if nothing is known."""
    language, *subtags = code.replace("_", "-").split("-")
    for subtag in subtags:
        if subtag.title() in ALPHABETS:
            return subtag.title()
    likely: Mapping[str, str] = get_global("likely_subtags")
    keys = [f"{language.lower()}_{subtag.upper()}" for subtag in subtags] + [language.lower()]
    return next((likely[key].split("_")[1] for key in keys if key in likely), "Latn")


def _usual_alphabets(code: str) -> set[str]:
    usual = ALPHABETS.get(_script(code), "")
    return {usual} | SECOND_ALPHABETS.get(_language(code), set())


def _table(code: str, alphabet: str) -> Mapping[str, float]:
    """What each n-gram of the alphabet says for the language, against one that was never seen."""
    name = _profile(code, alphabet)
    return _own_table(name) if name else _stranger(alphabet)


@lru_cache(maxsize=1024)
def _profile(code: str, alphabet: str) -> str | None:
    """The langdetect profile that knows the language in this alphabet, if there is one."""
    language = _language(code)
    name = SAME_TABLE.get(f"zh-{_script(code)}" if language == "zh" else language, language)
    return name if _profiles().get(name) == alphabet else None


@cache
def _profiles() -> dict[str, str]:
    """langdetect's profiles and the alphabet of each."""
    return {file.name: ALPHABETS[_script(file.name)] for file in sorted(Path(PROFILES_DIRECTORY).iterdir())}


@cache
def _own_table(name: str) -> Mapping[str, float]:
    return _evidence(_probabilities(name).items())


@cache
def _stranger(alphabet: str) -> Mapping[str, float]:
    """For a language without a table: the mean of all tables of its alphabet.

    It loses to a language that fits and wins over those that do not, given a little help.
    """
    names = [name for name, own in _profiles().items() if own == alphabet]
    mean: defaultdict[str, float] = defaultdict(float)
    for name in names:
        for gram, probability in _probabilities(name).items():
            mean[gram] += probability / len(names)
    return _evidence(mean.items(), STRANGER_BONUS)


def _evidence(probabilities: Iterable[tuple[str, float]], bonus: float = 0.0) -> dict[str, float]:
    return {
        gram: TEMPERATURE * (WEIGHTS[len(gram) - 1] * math.log1p(probability / UNSEEN) + bonus)
        for gram, probability in probabilities
    }


def _probabilities(name: str) -> dict[str, float]:
    """A profile's n-grams in lower case, each with its share among those of its length."""
    profile = json.loads((Path(PROFILES_DIRECTORY) / name).read_text(encoding="utf-8"))
    shares: defaultdict[str, float] = defaultdict(float)
    for gram, count in profile["freq"].items():
        folded = "".join(map(_letter, gram.lower()))
        if len(folded) == len(gram):
            shares[folded] += count / profile["n_words"][len(gram) - 1]
    return shares
