"""How likely a word is in a language: by its letters, and by whether everybody uses it there."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from bot.recognition.letters import bare, counted, profiles, script, spelled, usual_alphabets
from config.recognition import common_words, sample_words, weights

# Languages without a profile of their own -> that of another name, or of a close relative.
SAME_PROFILE = {
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


class Letters(dict[str, float]):
    """The logarithm of how likely a letter comes after the two before it, by the three of them.

    Three letters that were not counted are judged by the last two, and those by the last alone, in proportion
    to how much of what can follow was not counted (interpolation after Jelinek and Mercer).
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        """counts  of n-grams, see `bot.recognition.letters.counted`"""
        super().__init__()
        self._back: dict[str, float] = {}
        self._unseen = math.log(weights().unseen)
        ends = {" ": sum(count for gram, count in counts.items() if len(gram) == 2 and gram[1] == " ")}
        ones = {gram: count for gram, count in counts.items() if len(gram) == 1} | ends
        total = sum(ones.values())
        self.update((gram, math.log(count / total)) for gram, count in ones.items() if count)
        for length in (2, 3):
            self._learn({gram: count for gram, count in counts.items() if len(gram) == length}, counts)

    def _learn(self, longer: Mapping[str, float], counts: Mapping[str, float]) -> None:
        """Take in grams of one length, those that are a letter shorter being known."""
        followed: defaultdict[str, float] = defaultdict(float)
        for gram, count in longer.items():
            followed[gram[:-1]] += count
        total = {
            gram: max(counts.get(gram, 0.0), count) + weights().smoothing for gram, count in followed.items()
        }
        self._back |= {gram: math.log(1 - followed[gram] / total[gram]) for gram in followed}
        learnt = {
            gram: math.log(count / total[gram[:-1]] + math.exp(self._back[gram[:-1]] + self[gram[1:]]))
            for gram, count in longer.items()
        }
        self.update(learnt)

    def __missing__(self, gram: str) -> float:
        if len(gram) == 1:
            return self._unseen
        return self._back.get(gram[:-1], 0.0) + self[gram[1:]]


class Model:
    """One language in one alphabet."""

    def __init__(self, letters: Letters, common: Mapping[str, float], bonus: float = 0.0) -> None:
        """
        common  whole words, and how likely each of them is in running text
        bonus   for each letter
        """
        self._letters = letters.__getitem__
        self._common = common
        self._bonus = bonus
        self._other = math.log(1 - weights().common)

    def likelihood(self, word: str, grams: Iterable[str]) -> float:
        """The logarithm of how likely the word is; `grams` are its n-grams, see `grams_of`."""
        by_letters = sum(map(self._letters, grams)) + self._bonus * len(word) + self._other
        common = self._common.get(word)
        return by_letters if common is None else math.log(common + math.exp(by_letters))


def grams_of(word: str) -> list[str]:
    """What a model asks of a word: its first letter, then each with the two before it, and its end."""
    padded = f" {word} "
    return [padded[:2], *(padded[i : i + 3] for i in range(len(word)))]


def model(code: str, alphabet: str) -> Model:
    """The model of a language as it is written in that alphabet."""
    name = profile(code, alphabet)
    if name:
        return _own(name, bare(code))
    return _stranger(alphabet, weights().stranger_bonus if alphabet in usual_alphabets(code) else 0.0)


@lru_cache(maxsize=1024)
def profile(code: str, alphabet: str) -> str | None:
    """The langdetect profile that knows the language in this alphabet, if there is one."""
    language = bare(code)
    name = SAME_PROFILE.get(f"zh-{script(code)}" if language == "zh" else language, language)
    return name if profiles().get(name) == alphabet else None


@lru_cache(maxsize=256)
def _own(name: str, language: str) -> Model:
    return Model(_letters(name), _common(language))


@cache
def _letters(name: str) -> Letters:
    counts = counted(name)
    for word, times in sample_words(name).items():
        padded, worth = f" {word} ", weights().sample * math.sqrt(times)
        grams = (padded[i : i + n] for n in (1, 2, 3) for i in range(len(padded) - n + 1))
        for gram in grams:
            if gram != " ":
                counts[gram] = counts.get(gram, 0.0) + worth
    return Letters(counts)


@cache
def _common(language: str) -> dict[str, float]:
    """Whole words: those of our list, the first the likeliest as in any language (Zipf), and the sample."""
    listed = dict.fromkeys(spelled(" ".join(common_words(language))).split())
    shares = _shares({word: 1 / (rank + 10) for rank, word in enumerate(listed)}, 1 - weights().sampled)
    for word, share in _shares(sample_words(language), weights().sampled).items():
        shares[word] = shares.get(word, 0.0) + share
    return {word: weights().common * share for word, share in shares.items()}


def _shares(counts: Mapping[str, float], whole: float) -> dict[str, float]:
    """Counts as shares of that whole."""
    total = sum(counts.values())
    return {word: whole * count / total for word, count in counts.items()}


@cache
def _stranger(alphabet: str, bonus: float) -> Model:
    """For a language without a profile: the mean of all profiles of its alphabet.

    It loses to a language that fits and wins over those that do not, given a little help.
    """
    return Model(_mean(alphabet), {}, bonus)


@cache
def _mean(alphabet: str) -> Letters:
    names = [name for name, own in profiles().items() if own == alphabet]
    mean: defaultdict[str, float] = defaultdict(float)
    for name in names:
        for gram, count in counted(name).items():
            mean[gram] += count / len(names)
    return Letters(mean)
