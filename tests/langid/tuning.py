"""Chooses the weights in config/recognition.toml: `python -m tests.langid.tuning` prints what fits best.

Only the lines for tuning are read, and each fifth of them is recognised with the words of the other four.
What is made small is the surprise (log loss) of guesses, the files counting alike, so that probabilities are
true and not only guesses right. One weight is moved at a time, until none helps.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.recognition import language_id, language_models
from config.recognition import Weights, weights
from tests.langid.cases import FILES, Case, cases
from tests.langid.sampling import FOLDS, counted

SEED: Final = 101
"""None of those of the report."""

STEPS: Final = (1.5, 1.15)
LIMITS: Final = {"common": 0.9, "sampled": 0.9, "foreign": 0.5}
FIXED: Final = ("version", "declared", "stranger", "stranger_bonus", "romanised")
LEAST: Final = 1e-4
"""The improvement of the mean surprise that counts."""

Folds = list[tuple[Mapping[str, Mapping[str, int]], list[tuple[float, Case]]]]
"""For each fold the words of the others, and its cases, each with its share in the mean."""


def main() -> None:
    """Move one weight after the other."""
    drawn = folds()
    best = weights()
    least = surprise(best, drawn)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for name, factor in moves(step):
                tried = moved(best, name, factor)
                found = surprise(tried, drawn)
                if found < least - LEAST:
                    best, least, improved = tried, found, True
                    sys.stdout.write(f"{least:.4f} {best}\n")


def folds() -> Folds:
    """The lines for tuning in five parts."""
    found: Folds = [(counted(without=fold), []) for fold in range(FOLDS)]
    for name in FILES:
        lines: Counter[str] = Counter()
        drawn = cases(name, SEED, tuned=True)
        for case in drawn:
            found[lines[case.language] % FOLDS][1].append((1 / len(drawn) / len(FILES), case))
            lines[case.language] += 1
    return found


def moves(step: float) -> Iterator[tuple[str, float]]:
    """Each weight a step up or down."""
    for name in Weights.__slots__:
        if name not in FIXED:
            yield name, step
            yield name, 1 / step


def moved(chosen: Weights, name: str, factor: float) -> Weights:
    """The same weights with one of them changed."""
    return replace(chosen, **{name: min(getattr(chosen, name) * factor, LIMITS.get(name, math.inf))})


def surprise(chosen: Weights, drawn: Folds) -> float:
    """The mean of -log(probability of the truth), each file counting alike."""
    total = 0.0
    for words, fold in drawn:
        use(chosen, words)
        total += sum(share * surprise_of(case) for share, case in fold)
    return total


def surprise_of(case: Case) -> float:
    guess = language_id.identify(case.text, case.candidates, case.declared)
    if guess is None:
        return math.log(len(case.candidates))
    share = guess.probability if guess.language == case.language else 1 - guess.probability
    return -math.log(max(share, 1e-6))


def use(chosen: Weights, words: Mapping[str, Mapping[str, int]]) -> None:
    """Recognise with these weights, and with these words in place of the sample, from now on."""
    language_models.weights = language_id.weights = lambda: chosen  # type: ignore[assignment]
    language_models.sample_words = lambda language: words.get(language, {})
    for forgets in (language_models._own, language_models._letters, language_models._common):
        forgets.cache_clear()


if __name__ == "__main__":
    main()
