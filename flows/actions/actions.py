"""Pilot actions, as citizens know them: what they are, where they stand, who follows them and takes part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from flows.actions.gifts import Giving
from flows.moves import Effect, Known, Names, Passing
from flows.people.roles import Scope

MOST_COMPONENTS: Final = 6
"""Components that one action can touch: feedback asks one question for each, and takes less than a minute."""


class Progress(StrEnum):
    """Where an action stands. Lists show what runs first."""

    IDEA = "idea"
    DECIDED = "decided"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"  # a mistake, or there twice: only those who plan see it still


IN_LISTS: Final = (Progress.RUNNING, Progress.DECIDED, Progress.IDEA, Progress.PAUSED, Progress.DONE)
"""The order in which actions are listed, and where one can be said to stand."""


class Section(StrEnum):
    """One part of an action's sheet, written in each language of the place."""

    TITLE = "title"
    OBJECTIVE = "objective"  # in terms of well-being
    BENEFICIARIES = "beneficiaries"
    CITIZENS = "citizens"  # the actors, by type
    PUBLIC = "public"
    PRIVATE = "private"
    ASSOCIATIONS = "associations"
    CONTRIBUTIONS = "contributions"  # what each of them brings
    STEPS = "steps"  # and how long it takes
    FUNDING = "funding"  # who holds the money
    RESULTS = "results"
    LESSONS = "lessons"


FINDINGS: Final = "findings"
"""What came of a round of feedback."""

NEWS: Final = (Section.RESULTS.value, FINDINGS)
"""What is news to who follows an action, beside where it stands."""

IN_SHORT: Final = (Section.OBJECTIVE, Section.BENEFICIARIES, Section.STEPS, Section.RESULTS)
"""What a short sheet says beside the title; the rest is shown on demand."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action as a person sees it now; its words are in `ActionWords`."""

    id: int
    where: Scope
    progress: Progress
    components: tuple[str, ...]  # codes
    wanted: tuple[Giving, ...]  # what it needs
    is_long: bool = False  # there is more to read than the short sheet
    follows: bool = False  # the person
    takes_part: bool = False
    wave: int | None = None  # in which feedback is asked for now
    answered: bool = False  # the person, in that wave
    answered_before: bool = False  # in an earlier one
    has_findings: bool = False  # a wave was closed
    theme: str | None = None  # code

    @property
    def asks(self) -> bool:
        """Whether the person could give feedback, and has not yet."""
        return self.wave is not None and not self.answered

    @property
    def asks_again(self) -> bool:
        """Whether it is missing from somebody who has given some before, or takes part."""
        return self.asks and (self.answered_before or self.takes_part)


@dataclass(frozen=True, slots=True)
class Actions(Known):
    """The published actions of the person's place: running ones first, the newest first."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class OneAction(Known):
    """One action, if it is there for the person."""

    action: Action | None


@dataclass(frozen=True, slots=True)
class ActionWords(Passing):
    """The sheets of actions, looked at with their ids; of those that are not there for the person, none."""

    sheets: Mapping[str, Mapping[str, Names]]  # by id, then by part

    def sheet(self, id: int) -> Mapping[str, Names]:
        """What is written of an action, by part; {}: nothing."""
        return self.sheets.get(str(id), {})


@dataclass(frozen=True, slots=True)
class Station:
    """Where an action stood from one day on."""

    progress: Progress
    on: date  # by the clocks of its territory


@dataclass(frozen=True, slots=True)
class Stations(Passing):
    """Where an action has stood since people see it, the newest first; looked at with its id."""

    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True)
class ComponentNames(Passing):
    """What dimensions and components are called."""

    names: Mapping[str, Names]  # by code


@dataclass(frozen=True, slots=True)
class Codes(Known):
    """The dimensions, and the components within each."""

    within: Mapping[str, tuple[str, ...]]  # codes by the code of the dimension, in order


@dataclass(frozen=True, slots=True)
class OwnActions(Passing):
    """What the actions are called that the person follows or takes part in, the first ones first."""

    titles: tuple[Names, ...]


class Following(StrEnum):
    """What came of following an action, or of leaving it."""

    FOLLOWS = "follows"
    TAKES_PART = "takes_part"
    LEFT = "left"
    GONE = "gone"  # there is no such action for this person


@dataclass(frozen=True, slots=True)
class FollowAction(Effect[Following]):
    """The person hears of an action from now on; who takes part follows it, too."""

    action: int
    takes_part: bool = False


@dataclass(frozen=True, slots=True)
class LeaveAction(Effect[Following]):
    """The person neither follows an action any more nor takes part."""

    action: int
