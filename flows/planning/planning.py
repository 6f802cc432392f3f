"""Planning what people come to: drafting, describing, publishing, moving and cancelling occasions.

An occasion is drafted with its time, described step by step, and seen by nobody else until it is published.
Of a series, a change is for one date or for that one and all that follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeVar

from flows.moves import Known, Placed, Proposable
from flows.occasions.occasions import Occasion, Sort, State
from flows.occasions.sheet import Part
from flows.people.roles import Permission, Role, Scope
from flows.planning.proposing import CarryOut

P = TypeVar("P", bound="Plan[Any]")
R = TypeVar("R")

MOST_SEATS: Final = 10_000
MOST_POSTS: Final = 20
MOST_QUESTIONS: Final = 3


class Extent(StrEnum):
    """For which dates of a series a change is."""

    ONE = "one"
    FOLLOWING = "following"  # that one and all after it


@dataclass(frozen=True, slots=True)
class Target:
    """What a change is about."""

    where: Scope  # of the occasion
    occasion: int
    extent: Extent = Extent.ONE
    proposed: bool = False  # people see it: what is changed is only proposed

    @property
    def after(self) -> CarryOut | None:
        """After what it is to be looked at while it is being changed."""
        return CarryOut(self.where, self.occasion) if self.proposed else None

    def change(self, plan: Callable[..., P], *fields: Any) -> P:
        """A change of it: a `Plan` that has an extent, and its own fields between the occasion and that."""
        return plan(self.where, self.occasion, *fields, extent=self.extent, proposed=self.proposed)


class Planned(StrEnum):
    """What came of a change."""

    DONE = "done"
    GONE = "gone"  # there is no such thing there, or it can no longer be changed in this way
    OVER = "over"  # it has begun
    PAST = "past"  # that time has passed meanwhile
    SAME = "same"  # it is at that time already
    NO_TITLE = "no_title"  # in no language
    NO_POST = "no_post"  # there is nothing that one can be there
    TAKEN = "taken"  # by people who come; nothing was changed


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of drafting."""

    id: int | None  # None: the time has passed meanwhile, or there is nothing to copy


@dataclass(frozen=True, slots=True)
class Seats:
    """What came of changing how many seats there are."""

    came: Planned
    taken: int = 0  # seats that people have, where there would have been fewer


@dataclass(frozen=True, slots=True)
class DraftOccasion(Placed[Drafted]):
    """Begin to plan something; of a meeting, anybody can come until seats are counted."""

    needs: ClassVar[Permission | None] = Permission.PLAN
    final: ClassVar[bool] = True

    kind: str
    starts: datetime  # naive, by the clocks of the zone
    ends: datetime
    zone: str  # IANA name


@dataclass(frozen=True, slots=True)
class Plan(Proposable[R]):
    """A change of one occasion, looked for in exactly its scope."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    occasion: int

    @property
    def about(self) -> int:
        return self.occasion


@dataclass(frozen=True, slots=True)
class CopyOccasion(Plan[Drafted]):
    """Begin to plan the same for another time."""

    final: ClassVar[bool] = True

    starts: datetime  # naive, by the clocks of the same zone


@dataclass(frozen=True, slots=True)
class Describe(Plan[Planned]):
    """Write one part of an occasion's sheet in one language, or, without words, take it away."""

    part: Part
    language: str  # BCP 47
    text: str
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class Repeat(Plan[Planned]):
    """A draft is to become a series, or, without a rule, a single date."""

    rule: str | None  # RFC 5545


@dataclass(frozen=True, slots=True)
class PinPlace(Plan[Planned]):
    """Put a point on the map, or, without one, take it away."""

    pin: tuple[float, float] | None  # latitude, longitude
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class LinkOnline(Plan[Planned]):
    """Say where one takes part online; "" takes it away."""

    link: str
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class Address(Plan[Planned]):
    """Invite only those who have a role that counts there (`roles_in`); None: everybody."""

    role: Role | None


@dataclass(frozen=True, slots=True)
class Dedicate(Plan[Planned]):
    """Invite only those who follow a theme; None: everybody."""

    theme: str | None  # code


@dataclass(frozen=True, slots=True)
class BelongTo(Plan[Planned]):
    """It is part of a pilot action of the same scope; None: of none."""

    action: int | None
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class AddPost(Plan[int]):
    """Something one can do there, by its name in one language; returns its number, 0: not added."""

    final: ClassVar[bool] = True  # *back* would add another one

    language: str
    name: str
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class NamePost(Plan[Planned]):
    """Name it in another language, or anew; without a name, take that away."""

    post: int  # its number
    language: str
    name: str
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class DropPost(Plan[Planned]):
    """Take it away, if nobody has it or waits for it, and another one is left."""

    post: int
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class CountSeats(Plan[Seats]):
    """Say how many seats there are; what becomes free is offered to who waits."""

    post: int
    seats: int | None  # None: any number
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class CountHours(Plan[Planned]):
    """Say how long one is busy with it."""

    post: int
    minutes: int | None  # None: as long as the occasion
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class AskThem(Plan[Planned]):
    """Ask something of those who come, in one language; without words, take that away."""

    number: int  # from 1 on
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Publish(Plan[Planned]):
    """Show a draft to whom it is for; of a series all dates are made now."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Discard(Plan[Planned]):
    """Throw a draft away."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Move(Plan[Planned]):
    """Give it another time; those that follow are moved by as much on the wall."""

    final: ClassVar[bool] = True

    starts: datetime  # naive, by the clocks of the same zone
    ends: datetime
    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class Cancel(Plan[Planned]):
    """It does not take place; what people answered is kept."""

    final: ClassVar[bool] = True

    extent: Extent = Extent.ONE


@dataclass(frozen=True, slots=True)
class TellMinutes(Plan[int]):
    """Tell those who came, as far as is known, that minutes can be read; returns how many they are."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One occasion in a list of those who plan; of a series the next that is not over."""

    id: int
    where: Scope
    kind: str
    state: State
    starts: datetime  # naive
    is_over: bool
    is_series: bool


@dataclass(frozen=True, slots=True)
class Plans(Known):
    """What is planned in a scope and what lies in it: drafts, what is to come, and what was lately."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class Zones(Known):
    """The time zones of a scope, the one that most use first."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    names: tuple[str, ...]  # IANA


@dataclass(frozen=True, slots=True)
class Progress(Known):
    """How far the planning of an occasion has come, without its words."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    sort: Sort
    rule: str | None = None  # of a draft that is to be a series
    following: int = 0  # dates of its series after this one
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # languages, by part
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # languages of names, by number
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # languages, by number


@dataclass(frozen=True, slots=True)
class Foreseen(Known):
    """An occasion as it will be; looked at with its scope and id, after what is to be done."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    occasion: Occasion | None
    titled: tuple[str, ...]  # languages
    told: int  # people who hear of it soon
