"""Statements: what a citizen says to one of the method's questions, in their own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from flows.events import Edited, Wrote
from flows.moves import Arg, Ask, Choice, Effect, Flow, Known, Passing
from flows.people.speaking import Heard
from flows.words.hints import Hint, hints


class Question(StrEnum):
    """The three questions of SPIRAL, open, in this order."""

    WELL_BEING = "well-being"
    ILL_BEING = "ill-being"
    CO_RESPONSIBILITY = "co-responsibility"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person wrote, and what it seems to be written in."""

    text: str
    message: int
    language: str | None
    probability: float
    second: str | None = None  # the next likeliest language


class Kept(StrEnum):
    """What became of a statement."""

    KEPT = "kept"
    CHANGED = "changed"
    ENOUGH = "enough"  # not kept: this person has used their equal voice for this question
    GONE = "gone"  # there is no such statement of this person any more


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a statement: what became of it, never the words."""

    kept: Kept
    statement: int | None
    number: int  # of this person's statements to this question, now
    left: int  # how many more this person may say to this question
    hints: tuple[Hint, ...] = ()
    heard: Heard | None = None  # what to ask about its language; None: nothing


@dataclass(frozen=True, slots=True)
class RecordStatement(Effect[Receipt]):
    """Keep one statement, if the person's equal voice allows it."""

    final: ClassVar[bool] = True

    question: Question
    words: Words
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class RewordStatement(Effect[Receipt]):
    """Put new words in the place of those of one's own statement; the earlier wording is kept as history."""

    statement: int
    words: Words
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class RewordMessage(Effect[Receipt]):
    """The same, where the citizen edited the message itself; its number finds the statement."""

    words: Words
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class WithdrawStatement(Effect[Kept]):
    """Delete the words of one's own statement, with all its earlier wordings."""

    final: ClassVar[bool] = True  # *back* would lead to a question about what is no longer there

    statement: int


@dataclass(frozen=True, slots=True)
class Voice(Known):
    """How much this person has said to one question, and may still say."""

    said: int
    left: int
    conjunctions: tuple[str, ...]  # words that join two ideas, in the languages of the place


@dataclass(frozen=True, slots=True)
class OwnStatements(Known):
    """Which statements this person has made and not withdrawn, oldest first."""

    questions: Mapping[str, Question]  # by statement id


@dataclass(frozen=True, slots=True)
class OwnWords(Passing):
    """The present words of this person's statements."""

    texts: Mapping[str, str]  # by statement id
    languages: Mapping[str, str] = field(default_factory=dict)  # the same: BCP 47, as far as it is known


def collect(
    key: str, question: Question, voice: Voice, *, choices: tuple[Choice, ...], **args: Arg
) -> Flow[Receipt | str]:
    """Ask for one idea and keep it at once; returns the receipt, or the choice pressed instead."""

    def read(words: Wrote) -> RecordStatement:
        return RecordStatement(question, said_in(words), hints(words.text, voice.conjunctions))

    answer: Receipt | str = yield Ask(key, args, choices, reads=read, does=RecordStatement)
    return answer


def said_in(words: Wrote | Edited) -> Words:
    """The words of an event, as an effect carries them."""
    return Words(words.text, words.message, words.language, words.probability, words.second)
