"""Pilot actions, as those know them who plan them: drafts, texts by language, waves of feedback, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeVar

from flows.actions.actions import Action, Progress, Section
from flows.moves import Known, Names, Passing, Placed, Proposable
from flows.people.roles import Permission

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Pilot:
    """One action, with what only those see who plan it."""

    action: Action
    is_published: bool  # and not withdrawn
    written: Mapping[str, tuple[str, ...]]  # by part: the languages it is written in
    waves: int  # how many there were, an open one included
    answers: int  # in the last of them

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was published, and is there no more."""
        return self.action.progress is Progress.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Pilots(Known):
    """All actions within a scope, drafts first."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    pilots: tuple[Pilot, ...]


@dataclass(frozen=True, slots=True)
class OnePilot(Known):
    """One of them; looked at with the scope and its id."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    pilot: Pilot | None


@dataclass(frozen=True, slots=True)
class PilotWords(Passing):
    """What is written of the actions within a scope."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    sheets: Mapping[str, Mapping[str, Names]]  # by id, then by part

    def sheet(self, id: int) -> Mapping[str, Names]:
        """What is written of an action, by part; {}: nothing."""
        return self.sheets.get(str(id), {})


class Change(StrEnum):
    """What can be done about an action, as its history tells it."""

    DRAFTED = "drafted"
    WRITTEN = "written"  # a part in a language
    COMPONENT = "component"  # added
    NO_COMPONENT = "no_component"  # removed
    PROGRESS = "progress"
    THEME = "theme"
    PUBLISHED = "published"
    WAVE_OPENED = "wave_opened"
    WAVE_CLOSED = "wave_closed"


@dataclass(frozen=True, slots=True)
class Happened:
    """One change."""

    what: Change
    about: str  # a status, a part, a code, the number of a wave; of a theme "": it has none any more
    at: datetime  # aware UTC
    by_me: bool


@dataclass(frozen=True, slots=True)
class PilotHistory(Known):
    """What was done about an action, the newest first; looked at with the scope and its id."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    happened: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class DraftAction(Placed[int]):
    """Begin an action that nobody else sees yet; the result is its id, 0 outside of a territory."""

    final: ClassVar[bool] = True  # *back* would begin another one
    needs: ClassVar[Permission | None] = Permission.PLAN


@dataclass(frozen=True, slots=True)
class Steer(Proposable[R]):
    """A change of one action, looked for in exactly its scope."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    action: int

    @property
    def about(self) -> int:
        return self.action


@dataclass(frozen=True, slots=True)
class WriteAction(Steer[bool]):
    """Write one part in one language; an empty text removes it. False where there is no such action."""

    part: Section
    language: str
    text: str


class Touched(StrEnum):
    """What came of choosing a component."""

    TOUCHED = "touched"
    REMOVED = "removed"
    FULL = "full"  # the action has as many as it can have
    ASKED = "asked"  # a wave is open: what it asks stays as it is
    GONE = "gone"  # there is no such action or component


@dataclass(frozen=True, slots=True)
class Touch(Steer[Touched]):
    """Say that an action touches a component, or does not."""

    code: str
    touches: bool


@dataclass(frozen=True, slots=True)
class SetProgress(Steer[bool]):
    """Say where an action stands; False where there is no such action."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class SetTheme(Steer[bool]):
    """Say which theme an action belongs to, if any; False where there is no such action or theme."""

    theme: str | None  # code


@dataclass(frozen=True, slots=True)
class PublishAction(Steer[str | None]):
    """Show an action to everybody in its scope; the result is a link to it, None: it has no title yet."""


@dataclass(frozen=True, slots=True)
class WithdrawAction(Steer[bool]):
    """What was published is there for nobody any more but those who plan; those it concerns are told.

    False where it was withdrawn already, or is a draft.
    """

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CopyAction(Steer[int]):
    """Draft the same anew, without what came of it; the result is the draft's id, 0: there is none such."""

    final: ClassVar[bool] = True  # *back* would make another copy


@dataclass(frozen=True, slots=True)
class DiscardAction(Steer[bool]):
    """Delete a draft; False where it was published, or gone."""

    final: ClassVar[bool] = True


class Waved(StrEnum):
    """What came of opening or closing a wave."""

    OPENED = "opened"
    CLOSED = "closed"
    ALREADY = "already"  # so it was
    EMPTY = "empty"  # the action touches no component yet, or nobody sees it
    GONE = "gone"  # there is no such action


@dataclass(frozen=True, slots=True)
class OpenWave(Steer[Waved]):
    """Ask for feedback to an action from now on."""


@dataclass(frozen=True, slots=True)
class CloseWave(Steer[Waved]):
    """Ask no more, and keep what may be shown of what people said."""
