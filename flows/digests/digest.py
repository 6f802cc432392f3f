"""A digest: what a panel is told of one period. Figures and titles, in no language; words of citizens never.

A figure that would tell of a few people is None, and what it is about is named all the same: nothing that was
said is voted away (SPIRAL), and nobody can be found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.actions.actions import Progress
from flows.moves import Names
from flows.occasions.occasions import Barrier
from flows.panels.sheet import PanelSheet
from flows.words.statements import Question


@dataclass(frozen=True, slots=True)
class Dimension:
    """What was said about one dimension of well-being."""

    code: str
    statements: int | None
    is_new: bool = False  # nobody here had spoken of it before


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said in the period."""

    statements: int | None = 0
    people: int | None = 0
    questions: Mapping[Question, int | None] = field(default_factory=dict)
    dimensions: tuple[Dimension, ...] = ()  # what most was said about first
    unsorted: int | None = 0  # statements that nobody has found the dimension of yet
    languages: Mapping[str, int | None] = field(default_factory=dict)  # statements by BCP 47 tag
    groups: tuple[str, ...] = ()  # slugs
    first: tuple[str, ...] = ()  # components that nobody here had spoken of before, by code
    rare: tuple[str, ...] = ()  # those of the others that a few people spoke of
    quotes: tuple[int, ...] = ()  # ids of statements that may be quoted; their words are looked up late

    @property
    def hides(self) -> bool:
        """Whether a figure is missing because it would tell of a few."""
        parts = (self.questions, self.languages)
        figures = [figure for part in parts for figure in part.values()]
        figures += [each.statements for each in self.dimensions]
        return None in (self.statements, self.people, self.unsorted, *figures)


@dataclass(frozen=True, slots=True)
class Impact:
    """What people say an action did for one component, in a wave of feedback that was closed."""

    component: str  # code
    people: int
    mean: float | None  # of the scale's values; None: it may not be told
    before: float | None = None  # of the same people in earlier waves and in this one
    after: float | None = None
    again: int = 0  # how many these are


@dataclass(frozen=True, slots=True)
class ActionNews:
    """What happened with one pilot action."""

    id: int
    title: Names
    progress: Progress  # where it stood at the end
    is_new: bool  # published in the period
    moved: bool  # its status changed
    scale: str = ""  # version, of the feedback
    impacts: tuple[Impact, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """A meeting that took place, or is to."""

    id: int
    title: Names  # {}: it has none
    kind: str  # code
    starts: datetime  # naive, by the clocks where it is
    coming: int  # people who have, or had, a seat
    maybe: int
    came: int = 0
    no: int | None = 0  # who said so; None: a few, so of which no figure is told
    cannot: int | None = 0  # the same of those who would have liked to come
    is_deadline: bool = False  # nobody comes to it


class Promise(StrEnum):
    """What somebody still waits for."""

    UNREPORTED = "unreported"  # an activity is over, and nobody has said what came of it
    UNANSWERED = "unanswered"  # somebody offered something for it, and heard nothing
    UNGIVEN = "ungiven"  # people gave feedback long ago, and were not told what came of it


@dataclass(frozen=True, slots=True)
class Overdue:
    """One promise."""

    promise: Promise
    id: int  # of the action or activity
    title: Names  # {}: it has none
    since: date


@dataclass(frozen=True, slots=True)
class Idea:
    """A pilot action that waits to be taken up."""

    action: int
    title: Names
    since: date


@dataclass(frozen=True, slots=True)
class Digest:
    """All of it; what is empty is left out when it is shown."""

    territory: str  # slug
    period: str  # key
    first: date  # the first and the last day it tells of
    last: date
    made_on: date  # told nowhere: for whoever looks at what is kept
    smallest: int  # people of whom a figure is told at the least
    heard: Heard = Heard()
    actions: tuple[ActionNews, ...] = ()  # what changed last first
    meetings: tuple[MeetingNews, ...] = ()  # the last first
    barriers: Mapping[Barrier, int | None] = field(default_factory=dict)  # people whom it kept away
    overdue: tuple[Overdue, ...] = ()  # the newest first
    coming: tuple[MeetingNews, ...] = ()  # the next first
    ideas: tuple[Idea, ...] = ()  # those that were told the longest ago, or never, first
    more_ideas: int = 0  # that wait for their turn in a later digest
    panel: PanelSheet | None = None

    @property
    def is_news(self) -> bool:
        """Whether anything happened in the period; what only waits was told before."""
        heard = self.heard.statements != 0 or self.heard.dimensions
        return bool(heard or self.actions or self.meetings)

    @property
    def hides(self) -> bool:
        """Whether a figure is missing because it would tell of a few."""
        absent = (figure for meeting in self.meetings for figure in (meeting.no, meeting.cannot))
        means = (impact.mean for action in self.actions for impact in action.impacts)
        return self.heard.hides or None in (*self.barriers.values(), *absent, *means)


class Counsel(StrEnum):
    """What a member of the panel says should become of an idea."""

    TAKE_UP = "take_up"
    LATER = "later"
    TALK = "talk"  # it needs to be talked about


Counsels = Mapping[Counsel, int]
"""How many members say what of one idea."""
