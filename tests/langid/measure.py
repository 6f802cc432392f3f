"""What becomes of each case: right, wrong, or asked about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import process_time
from typing import Final

from bot.recognition.language_id import Guess, identify
from flows.people.speaking import ENOUGH, SURE
from tests.langid.cases import Case

Recogniser = Callable[[Case], str | None]
"""The language that somebody takes a text for."""

LENGTHS: Final = (("1 word", 1, 1), ("2 words", 2, 2), ("3-5 words", 3, 5), ("6 words or more", 6, 99))


@dataclass(slots=True)
class Tally:
    """Cases, counted."""

    cases: int = 0
    right: int = 0  # the guess was, whether it was asked about or not
    asked: int = 0
    silently_right: int = 0  # not asked, and right

    def add(self, case: Case, guess: Guess | None) -> None:
        """Count what the bot makes of one case; it asks about a longer text that it is not sure of."""
        right = guess is not None and guess.language == case.language
        asked = guess is not None and guess.probability < SURE and case.words >= ENOUGH
        self.cases += 1
        self.right += right
        self.asked += asked
        self.silently_right += right and not asked

    @property
    def unaided(self) -> float:
        """The share of right guesses, as if nobody were ever asked."""
        return self.right / self.cases if self.cases else 1.0

    @property
    def share_asked(self) -> float:
        return self.asked / self.cases if self.cases else 0.0

    @property
    def silent(self) -> float:
        """The share of right ones among those that were not asked about."""
        silent = self.cases - self.asked
        return self.silently_right / silent if silent else 1.0


def recognised(case: Case) -> Guess | None:
    """What the bot makes of a case."""
    return identify(case.text, case.candidates, case.declared)


def tally(cases: Iterable[Case]) -> Tally:
    """What the bot makes of all of them."""
    result = Tally()
    for case in cases:
        result.add(case, recognised(case))
    return result


def accuracy(recogniser: Recogniser, cases: list[Case]) -> tuple[float, float]:
    """The share that a recogniser takes for what it is, and the microseconds of CPU it takes for each."""
    if not cases:
        return 1.0, 0.0
    started = process_time()
    right = sum(recogniser(case) == case.language for case in cases)
    return right / len(cases), (process_time() - started) / len(cases) * 1e6
