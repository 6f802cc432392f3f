"""What people come to at a time: meetings, and dates of co-responsibility activities. How they answer to it.

Nobody comes to a deadline: who wants to is reminded of it, until it is done.

An occasion has posts: a meeting one, for whoever comes; an activity one for each thing there is to do. A post
has so many seats, or any number. Who wants one that is taken waits in line, and is offered the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.moves import Effect, Known, Names, Passing
from flows.people.roles import Role, Scope

MOST_PARTY: Final = 9
"""People who can come by one answer, the person included."""


class Sort(StrEnum):
    """The two sorts of occasions; each is a topic of pushes and a cadence of its own."""

    MEETING = "meeting"
    ACTIVITY = "activity"


class State(StrEnum):
    """Where an occasion stands; that it is over follows from its time."""

    DRAFT = "draft"  # nobody but those who plan it sees it
    PLANNED = "planned"
    CANCELLED = "cancelled"


class Says(StrEnum):
    """What a person says to an occasion."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"
    CANNOT = "cannot"  # would like to, but something is in the way
    DONE = "done"  # of a deadline: what is to be done until then is


class Standing(StrEnum):
    """What a person has of the seats."""

    NONE = "none"
    SEATED = "seated"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is kept for them until a deadline
    LAPSED = "lapsed"  # it was, and they did not take it in time


HELD: Final = (Standing.SEATED, Standing.OFFERED)
"""Standings that take a seat."""


class Barrier(StrEnum):
    """What is in the way of somebody who would like to come."""

    TIME = "time"
    TRANSPORT = "transport"
    CHILDCARE = "childcare"
    LANGUAGE = "language"
    ACCESS = "access"
    OTHER = "other"


HOURLY: Final = (Barrier.TIME, Barrier.TRANSPORT, Barrier.CHILDCARE, Barrier.OTHER)
"""What may be out of the way at another time."""


class Need(StrEnum):
    """What somebody needs who comes."""

    INTERPRETATION = "interpretation"
    CHILDCARE = "childcare"
    ACCESS = "access"


class Answered(StrEnum):
    """What came of an answer."""

    SEATED = "seated"
    WAITING = "waiting"  # nothing free: in line
    NOTED = "noted"  # maybe, no, cannot
    LEFT = "left"  # noted, and the seat or the place in line is free for others
    FULL = "full"  # not so many seats are free; what the person had is as it was
    OVER = "over"  # it has begun
    CANCELLED = "cancelled"
    GONE = "gone"  # there is no such occasion for this person, or no such post


@dataclass(frozen=True, slots=True)
class When:
    """When something takes place: by the clocks of a zone, which is what holds, and as moments."""

    starts: datetime  # naive
    ends: datetime  # naive; may be days later
    zone: str  # IANA name
    starts_at: datetime  # aware UTC
    ends_at: datetime  # aware UTC
    own: datetime | None = None  # when it begins by the reader's clocks, naive; None: they show the same

    @property
    def is_deadline(self) -> bool:
        """Whether people do something until then, where they would else come: it ends as it begins."""
        return self.ends == self.starts


@dataclass(frozen=True, slots=True)
class Own:
    """A person's answer."""

    says: Says
    standing: Standing
    post: int
    party: int  # people, the person included
    place: int = 0  # in line, from 1 on; 0: not in line
    until: datetime | None = None  # aware UTC: how long a seat is offered
    own_until: datetime | None = None  # the same by the clocks the person lives by, naive
    barriers: tuple[Barrier, ...] = ()
    needs: tuple[Need, ...] = ()
    interpretation: str | None = None  # into which language: BCP 47, or its name
    came: bool = False  # checked in at the door, or by their own word
    stayed_away: bool = False  # by their own word
    seeks: bool = False  # somebody in their place

    @property
    def reads_minutes(self) -> bool:
        """Whether what was said and decided there is for them: they came, or had a seat and deny nothing."""
        return self.came or (self.standing is Standing.SEATED and not self.stayed_away)


@dataclass(frozen=True, slots=True)
class Post:
    """What one can be there."""

    id: int
    number: int  # from 1 on; the same number is the same post in every date of a series
    seats: int | None  # None: any number
    taken: int  # seats, those that are offered included
    waiting: int  # people, with those who come with them
    minutes: int | None = None  # of work; None: as long as the occasion
    sought: int = 0  # people who look for a stand-in
    offered: int = 0  # of the seats taken: kept for somebody who has not said yet

    @property
    def free(self) -> int | None:
        """Seats that nobody has; None: any number. Whoever waits beside them comes with more people."""
        return None if self.seats is None else max(0, self.seats - self.taken)

    def has_room(self, party: int) -> bool:
        """Whether so many seats are free."""
        return self.free is None or party <= self.free

    def is_too_small(self, party: int) -> bool:
        """Whether somebody in line with so many people may have a seat sooner with fewer."""
        some_free = bool(self.free) and not self.has_room(party)
        return some_free or (self.seats is not None and party > self.seats)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion as a person sees it now; its words are in `Sheet`."""

    id: int
    sort: Sort
    kind: str  # one of the list in config/
    state: State
    when: When
    where: Scope  # whom it is for: everybody in there
    role: Role | None  # and of them only those with that role
    theme: str | None  # and of them only those who follow it
    posts: tuple[Post, ...]
    own: Own | None
    has_begun: bool
    is_over: bool
    most_party: int
    series: int | None = None  # the first occasion of its series
    rule: str | None = None  # by which that comes again (RFC 5545)
    action: int | None = None  # the pilot action that it belongs to
    link: str | None = None
    pin: tuple[float, float] | None = None  # latitude, longitude
    sequence: int = 0  # grows with each change that calendars must know of
    door_is_open: bool = False  # one can check in


@dataclass(frozen=True, slots=True)
class Listed:
    """One occasion in a list."""

    id: int
    state: State
    when: When
    says: Says | None  # the person; None: nothing yet
    standing: Standing
    free: int | None  # seats in all posts; None: any number
    is_over: bool = False
    sort: Sort = Sort.MEETING
    comes_again: bool = False  # it stands for later dates of its series, too


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of an occasion, each by language; {}: there are none."""

    title: Names
    description: Names
    agenda: Names
    place: Names
    host: Names  # the body that invites
    resources: Names  # what is needed
    minutes: Names  # what was said and decided there
    posts: Mapping[str, Names] = field(default_factory=dict)  # by number of the post
    action: Names = field(default_factory=dict)  # what the pilot action is called that it belongs to


@dataclass(frozen=True, slots=True)
class One(Known):
    """One occasion, if it is there for the person."""

    occasion: Occasion | None


@dataclass(frozen=True, slots=True)
class Upcoming(Known):
    """What is still to come of one sort and there for the person, soonest first; of a series the next."""

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class OfAction(Known):
    """What is still to come of a pilot action and there for the person, soonest first; of a series the next.

    Looked at with the action's id.
    """

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Dates(Known):
    """What is still to come of the series that an occasion belongs to, soonest first."""

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class OwnAnswers(Known):
    """What the person has answered to of one sort and is not over, whatever they said, soonest first."""

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Past(Known):
    """What the person has answered to of one sort and is over, newest first."""

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Sheets(Passing):
    """The words of occasions, by id. Looked at with the ids; of those not there for the person, none."""

    by_id: Mapping[str, Sheet]
    kinds: Mapping[str, Names]  # what each of them is


@dataclass(frozen=True, slots=True)
class AnswerOccasion(Effect[Answered]):
    """Say whether one comes; who says yes takes a seat, or a place in line where none is free.

    Whoever had a seat keeps it as long as it is the same post and no more people. To a deadline, who says yes
    wants to be reminded.
    """

    occasion: int
    says: Says
    post: int | None = None  # None: the only one, or the one they have
    party: int = 1  # 1 to the occasion's `most_party`


@dataclass(frozen=True, slots=True)
class TakeOffer(Effect[Answered]):
    """Take the seat that is kept for the person; GONE where it was not taken in time."""

    occasion: int


@dataclass(frozen=True, slots=True)
class WithdrawAnswer(Effect[None]):
    """Nothing is kept any more of what the person said to an occasion."""

    occasion: int
