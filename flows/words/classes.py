"""What statements are about, by the method's determination key: people decide, and may see it differently.

Source: https://wikispiral.org/tiki-index.php?page=Determination+key
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

from flows.moves import Arg, Known, Names, Passing, Placed
from flows.people.roles import Permission
from flows.words.course import Contribution, Course, Step
from flows.words.similar import Suggestion
from flows.words.statements import Question

R = TypeVar("R")


class Task(StrEnum):
    """What there is to do about statements."""

    SORT = "sort"  # nobody has said yet what they are about
    SECOND = "second"  # one person has, who is somebody else
    SETTLE = "settle"  # two people have, and do not agree


class Opinion(StrEnum):
    """Whose view it is."""

    FIRST = "first"
    SECOND = "second"
    SETTLED = "settled"  # by talk between those who saw it differently


MOST_COUNTED: Final = 1000
"""So many statements are counted; there is no knowing how much more work it is."""


def counted(number: int) -> Arg:
    """A count as it is shown."""
    return number if number < MOST_COUNTED else f"{MOST_COUNTED}+"


@dataclass(frozen=True, slots=True)
class Backlog(Known):
    """How many statements of a scope wait for each task, of this person; looked at with the scope."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    waiting: Mapping[str, int]  # by task


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A statement to say something of."""

    id: int
    wording: int  # version of its words
    question: Question
    language: str
    suggestion: Suggestion | None = None  # from statements that were sorted before
    codes: tuple[str, ...] = ()  # what two people think it is about, who do not agree


@dataclass(frozen=True, slots=True)
class NextStatement(Known):
    """The next statement for a task; looked at with a scope, the task, and the id after which it comes."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    statement: Unsorted | None


@dataclass(frozen=True, slots=True)
class GivenWords(Passing):
    """The words of things in a scope, by id; looked at with it, with what they are, and with their ids."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    texts: Mapping[str, str]
    languages: Mapping[str, str]  # BCP 47, of those of which it is known


class Sorted(StrEnum):
    """What came of saying what a statement is about."""

    FIRST = "first"
    AGREES = "agrees"  # as the second of two
    DIFFERS = "differs"
    SETTLED = "settled"
    ENOUGH = "enough"  # others have said so, or settled it, already
    CHANGED = "changed"  # its author has worded it anew meanwhile
    GONE = "gone"  # it was withdrawn


@dataclass(frozen=True, slots=True)
class Sift(Placed[R]):
    """A change of what was given in one scope, for those who say there what it is about."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY


@dataclass(frozen=True, slots=True)
class Classify(Sift[Sorted]):
    """Say what a statement is about; whoever says it again changes their mind."""

    statement: int
    wording: int
    code: str  # a component, or a dimension as a whole


@dataclass(frozen=True, slots=True)
class Settle(Sift[Sorted]):
    """Write down what those came to who saw a statement differently; both opinions are kept."""

    statement: int
    wording: int
    code: str


@dataclass(frozen=True, slots=True)
class UndoClassification(Sift[bool]):
    """Take one's own opinion back; False where somebody else has said something since."""

    statement: int


@dataclass(frozen=True, slots=True)
class Groups(Known):
    """How many statements of a scope are about each component; none is too rare to be listed."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    counts: Mapping[str, int]  # by code, in the order of the key


@dataclass(frozen=True, slots=True)
class Given:
    """A statement, a feedback or an offer, as those see it who coordinate."""

    id: int
    course: Course
    actions: tuple[int, ...] = ()  # the pilot actions it is linked to


@dataclass(frozen=True, slots=True)
class GivenPage(Known):
    """Some of what was given in a scope; looked at with it, the kind, a code, the id before the first."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    given: tuple[Given, ...]
    is_last: bool  # there are no more after them


@dataclass(frozen=True, slots=True)
class OneGiven(Known):
    """One of them; looked at with a scope, what it is, and its id."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    given: Given | None
    steps: tuple[Step, ...] = ()  # how it came there, oldest first


@dataclass(frozen=True, slots=True)
class Linkable(Known):
    """The pilot actions that something of a scope can be linked to, the newest first; looked at with it."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    actions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinkableTitles(Passing):
    """What they are called."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    titles: Mapping[str, Names]  # by id


@dataclass(frozen=True, slots=True)
class Link(Sift[int]):
    """Link things to a pilot action, or all statements about something; the result is how many were."""

    action: int
    contribution: Contribution
    id: int | None  # None: all statements with the code
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unlink(Sift[bool]):
    """Take a link back; False where there was none."""

    action: int
    contribution: Contribution
    id: int


@dataclass(frozen=True, slots=True)
class MoveOn(Sift[int]):
    """Say where things stand: one, or all statements about something; the result is how many moved."""

    to: Course
    contribution: Contribution
    id: int | None  # None: all statements with the code
    code: str = ""
