"""Posts of activities: taken for one date or for all, given back, handed over to a stand-in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.moves import Effect, Known
from flows.occasions.occasions import Answered, Standing, When


@dataclass(frozen=True, slots=True)
class Task:
    """What the person does at one date of an activity, or has done."""

    occasion: int
    when: When
    post: int  # its number
    standing: Standing
    seeks: bool  # somebody in their place
    is_over: bool  # and not reported yet


@dataclass(frozen=True, slots=True)
class Tasks(Known):
    """What the person has taken or waits for, and of the last two weeks what they have not reported."""

    tasks: tuple[Task, ...]  # soonest first


@dataclass(frozen=True, slots=True)
class Dated:
    """What came of an answer to one date of a series."""

    starts: datetime  # naive, by the clocks where it is
    answered: Answered


@dataclass(frozen=True, slots=True)
class TakeAllDates(Effect[tuple[Dated, ...]]):
    """Take a post at a date and at all later ones of its series, but where the person has one or waits.

    The result names the dates on which something has changed; (): there are none.
    """

    occasion: int
    post: int  # its number


class GivenBack(StrEnum):
    """What came of giving a post back."""

    LEFT = "left"
    LATE = "late"  # it begins soon, and nothing was changed
    OVER = "over"  # it has begun
    CANCELLED = "cancelled"
    GONE = "gone"  # the person has none there (any more)


@dataclass(frozen=True, slots=True)
class GiveBack(Effect[GivenBack]):
    """Give a post back, or a place in line; who coordinates is told where it begins soon."""

    occasion: int
    all_dates: bool = False  # of the series, from this one on
    late: bool = False  # also where it begins so soon that others can hardly take it


@dataclass(frozen=True, slots=True)
class GiveBackLater(Effect[bool]):
    """Give back what the person has at the later dates of a series, soon or not; False: that is nothing.

    Who coordinates is told of those dates that begin soon.
    """

    occasion: int  # the date that stays theirs


class Seeking(StrEnum):
    """What came of looking for a stand-in."""

    ASKED = "asked"
    NOBODY = "nobody"  # fits and can be asked; who coordinates is told
    OVER = "over"
    CANCELLED = "cancelled"
    GONE = "gone"  # the person has no post there (any more)


@dataclass(frozen=True, slots=True)
class SeekStandIn(Effect[Seeking]):
    """Ask those who fit to take the person's post over; it stays theirs until somebody does."""

    occasion: int


@dataclass(frozen=True, slots=True)
class KeepPost(Effect[bool]):
    """Look for no stand-in any more; False where somebody has taken the post over already."""

    occasion: int


class StoodIn(StrEnum):
    """What came of wanting to stand in."""

    TAKEN = "taken"
    GONE = "gone"  # somebody was faster, or nobody is needed any more
    BUSY = "busy"  # the person has a post there already
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StandIn(Effect[StoodIn]):
    """Take a post over from whoever looks for a stand-in; of several, from who did so first."""

    occasion: int
    post: int  # its number


@dataclass(frozen=True, slots=True)
class RefuseToStandIn(Effect[None]):
    """Do not ask the person any more to stand in at that date."""

    occasion: int
