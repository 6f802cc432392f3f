"""How well languages are recognised: a table of the held-out texts, printed by `make langid`."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from langdetect import DetectorFactory, LangDetectException, detect

from bot.language_id import Guess, identify

DATA = Path(__file__).parent / "data"
FILES = ("tatoeba", "sentences", "word-pairs", "single-words")
SURE = 0.9  # from here on a guess is believed without asking

# Languages that meet in one place: its own, those of migrants and neighbours, those of visitors.
PLACES = [
    "fr ar tr de",
    "fr nl de en",
    "fr nl ar en tr it",
    "ro hu sr de",
    "it de en",
    "it en sq ar ro",
    "pt en es",
    "pt kea en fr",
    "el en sq ar fa ur tr",
    "lv ru en",
    "sv en so ar tr",
    "pl uk en ru",
    "ar fr zgh en",
    "en pl ro ur",
    "sq en it",
    "da en de ar",
    "nl en tr ar pl",
    "lt pl ru en",
    "sl hr it en",
    "et ru en",
    "es pt en ca",
    "ru en tr",
    "en fr pt es",
    "uk ru ro en",
]


@dataclass(slots=True)
class Tally:
    """Guesses of one kind, counted; `weight` lets rare kinds count less in a sum."""

    right: float = 0.0
    total: float = 0.0
    bins: dict[int, list[float]] = field(default_factory=dict)  # tenth -> [weight, right, probability]

    def add(self, guess: Guess | None, truth: str, weight: float) -> None:
        right = weight if guess is not None and guess.language == truth else 0.0
        probability = guess.probability if guess is not None else 0.0
        self.right += right
        self.total += weight
        tenth = self.bins.setdefault(min(int(probability * 10), 9), [0.0, 0.0, 0.0])
        tenth[0] += weight
        tenth[1] += right
        tenth[2] += weight * probability

    @property
    def accuracy(self) -> float:
        return self.right / self.total

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far the probability said is from the share that was right."""
        return sum(abs(said - right) for _, right, said in self.bins.values()) / self.total

    @property
    def sure(self) -> float:
        return self.bins[int(SURE * 10)][0] / self.total

    @property
    def right_when_sure(self) -> float:
        weight, right, _ = self.bins[int(SURE * 10)]
        return right / weight


@dataclass(slots=True)
class Result:
    """One set of texts, asked about in four ways."""

    truth: Tally = field(default_factory=Tally)  # declared is the language of the text
    other: Tally = field(default_factory=Tally)  # declared is each of the other candidates
    nothing: Tally = field(default_factory=Tally)  # nothing is declared
    daily: Tally = field(default_factory=Tally)  # 70 % of the first, 15 % each of the others


def texts(name: str, *, held_out: bool) -> Iterator[tuple[str, str]]:
    """(language, text) of one half of a file; the constants of bot/language_id.py saw only the other half."""
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        language, text = line.split("\t")
        if hashlib.sha256(text.encode()).digest()[0] % 2 == held_out:
            yield language, text


def measure(cases: Iterator[tuple[str, str]]) -> Result:
    """Ask about each text in each place where its language is spoken."""
    result = Result()
    for language, text in cases:
        for candidates in (place.split() for place in PLACES if language in place.split()):
            known = identify(text, candidates, declared=language)
            unknown = identify(text, candidates)
            result.truth.add(known, language, 1)
            result.nothing.add(unknown, language, 1)
            result.daily.add(known, language, 0.70)
            result.daily.add(unknown, language, 0.15)
            others = [code for code in candidates if code != language]
            for code in others:
                misled = identify(text, candidates, declared=code)
                result.other.add(misled, language, 1 / len(others))
                result.daily.add(misled, language, 0.15 / len(others))
    return result


def plain_accuracy(cases: list[tuple[str, str]]) -> float:
    """The share that langdetect alone gets right, seeded so that it answers the same each time."""
    DetectorFactory.seed = 0
    right = 0
    for language, text in cases:
        try:
            right += detect(text) == language
        except LangDetectException:
            continue
    return right / len(cases)


def main() -> None:
    line = "{:<13}{:>7}{:>12}{:>10}{:>10}{:>10}{:>10}{:>8}{:>8}{:>12}\n"
    write = sys.stdout.write
    write(line.format("", "", "langdetect", "declared", "declared", "nothing", "", "", "", "right when"))
    write(line.format("file", "texts", "alone", "it", "another", "declared", "daily", "ECE", "sure", "sure"))
    started = perf_counter()
    for name in FILES:
        cases = list(texts(name, held_out=True))
        result = measure(iter(cases))
        shares = [tally.accuracy for tally in (result.truth, result.other, result.nothing, result.daily)]
        daily = result.daily
        shares += [daily.calibration_error, daily.sure, daily.right_when_sure]
        write(line.format(name, len(cases), *(f"{share:.1%}" for share in (plain_accuracy(cases), *shares))))
    write(f"{perf_counter() - started:.0f} s; {len(PLACES)} places, 3 to 7 candidates each\n")


if __name__ == "__main__":
    main()
