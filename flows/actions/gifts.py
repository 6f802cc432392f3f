"""What people can give: time, a tool, a room, a skill. Who plans something sees the words, and can ask.

Names cross only by consent: who asks shows theirs by asking, the giver theirs by saying yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flows.moves import Effect, Known, Names, Passing, Placed
from flows.people.roles import Permission
from flows.words.statements import Words


class Giving(StrEnum):
    """The kinds of what people give."""

    TIME = "time"
    TOOL = "tool"
    ROOM = "room"
    SKILL = "skill"


class Sake(StrEnum):
    """What something is given for."""

    ACTION = "action"  # a pilot action
    ACTIVITY = "activity"  # an occasion


@dataclass(frozen=True, slots=True)
class Cause:
    """One pilot action or activity that needs something."""

    sake: Sake
    id: int


@dataclass(frozen=True, slots=True)
class Give(Effect[int]):
    """Keep what the person can give, for whoever needs it in their place; the result is its id."""

    final: ClassVar[bool] = True

    giving: Giving
    words: Words
    cause: Cause | None = None  # what they thought of first


@dataclass(frozen=True, slots=True)
class GiveStatement(Effect[bool]):
    """The same, in the words of one's own statement, copied; False where it is no more."""

    final: ClassVar[bool] = True

    giving: Giving
    statement: int


@dataclass(frozen=True, slots=True)
class TakeBack(Effect[bool]):
    """Delete what one has offered, with all that was asked about it; False where it was gone."""

    final: ClassVar[bool] = True

    gift: int


@dataclass(frozen=True, slots=True)
class OwnGifts(Known):
    """What the person can give, oldest first."""

    gifts: Mapping[str, Giving]  # by id


@dataclass(frozen=True, slots=True)
class OwnGiftWords(Passing):
    """In their words."""

    texts: Mapping[str, str]  # by id


@dataclass(frozen=True, slots=True)
class Plea:
    """Somebody asks the person for what they can give."""

    id: int
    gift: int
    giving: Giving
    asked_at: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class OwnPleas(Known):
    """What the person was asked for and has not answered, oldest first."""

    pleas: tuple[Plea, ...]


@dataclass(frozen=True, slots=True)
class PleaWords(Passing):
    """Who asks the person, what for, and in which words; by id."""

    names: Mapping[str, str]
    titles: Mapping[str, Names]  # of the action or activity; {}: it has none any more
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerPlea(Effect[bool]):
    """Say yes, with words that only whoever asks will read, or no; False where nobody asks any more."""

    final: ClassVar[bool] = True

    plea: int
    words: Words | None  # None: no


@dataclass(frozen=True, slots=True)
class Gift:
    """Something that can be asked for."""

    id: int
    giving: Giving
    is_wanted: bool  # something in the scope needs this kind, or it was offered for something there
    asked: bool = False  # by the person who looks
    agreed: bool | None = None  # the giver, to them; None: not answered yet


@dataclass(frozen=True, slots=True)
class Gifts(Known):
    """What people in a scope can give: what is wanted there first, then the newest first."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    gifts: tuple[Gift, ...]


@dataclass(frozen=True, slots=True)
class GiftWords(Passing):
    """In their words, without names; and what those wrote who said yes to the person."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    texts: Mapping[str, str]  # by id
    replies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Causes(Known):
    """What is planned in a scope and can need something, by its title."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class CauseTitles(Passing):
    """What they are called."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    titles: tuple[Names, ...]  # in the order of `Causes`


class Asked(StrEnum):
    """What came of asking a giver."""

    ASKED = "asked"
    ALREADY = "already"  # by the same person, for the same
    GONE = "gone"  # the gift was taken back


@dataclass(frozen=True, slots=True)
class AskGiver(Placed[Asked]):
    """Ask for something where the person plans, by the name others with a role know them by."""

    needs: ClassVar[Permission | None] = Permission.PLAN
    final: ClassVar[bool] = True

    gift: int
    cause: Cause
    words: str


@dataclass(frozen=True, slots=True)
class Want(Placed[None]):
    """Something planned in that scope needs a kind of gift, or no longer does."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    cause: Cause
    giving: Giving
    wanted: bool
