"""Reviews: somebody looks at a statement before others see it. Nothing is deleted by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flows.moves import Known, Names, Passing, Placed
from flows.people.roles import Permission
from flows.words.masks import Found, Span
from flows.words.statements import Question


class Verdict(StrEnum):
    """How a statement may be shown, where its author agreed that it is shown at all."""

    FIT = "fit"  # as it came
    MASKED = "masked"  # with names and numbers masked
    HELD = "held"  # not; its author is told why, and may word it anew


class Pile(StrEnum):
    """What is looked at."""

    NEW = "new"  # nobody has looked at them as they are now
    HELD = "held"


@dataclass(frozen=True, slots=True)
class ReviewsLeft(Known):
    """How many statements of a scope there are to look at; looked at with it."""

    needs: ClassVar[Permission | None] = Permission.REVIEW

    new: int
    held: int


@dataclass(frozen=True, slots=True)
class ToReview:
    """A statement to be looked at."""

    id: int
    wording: int  # version of its words
    question: Question
    language: str
    may_be_quoted: bool  # by its author's consent
    traces: tuple[Found, ...]  # of people, as far as they can be found


@dataclass(frozen=True, slots=True)
class NextReview(Known):
    """The next statement of a pile; looked at with a scope, the pile, and the id after which it comes."""

    needs: ClassVar[Permission | None] = Permission.REVIEW

    statement: ToReview | None


@dataclass(frozen=True, slots=True)
class ReviewWords(Passing):
    """The words of a statement of that id, in that scope."""

    needs: ClassVar[Permission | None] = Permission.REVIEW

    text: str


@dataclass(frozen=True, slots=True)
class Reasons(Passing):
    """Why words can be held back."""

    names: Mapping[str, Names]  # by code


@dataclass(frozen=True, slots=True)
class ReasonCodes(Known):
    """The codes of these reasons, in order."""

    codes: tuple[str, ...]


class Reviewed(StrEnum):
    """What came of a review."""

    DONE = "done"
    CHANGED = "changed"  # its author has worded it anew meanwhile
    GONE = "gone"  # it was withdrawn


@dataclass(frozen=True, slots=True)
class Review(Placed[Reviewed]):
    """Decide how a statement may be shown; what was decided before no longer holds."""

    needs: ClassVar[Permission | None] = Permission.REVIEW

    statement: int
    wording: int
    verdict: Verdict
    masks: tuple[Span, ...] = ()
    reason: str = ""  # code, of what is held back
