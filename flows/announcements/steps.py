"""What can be done to an announcement, from its draft to its end; each step is decided under a lock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeVar

from flows.announcements.announcement import By
from flows.moves import Placed
from flows.people.roles import Permission

R = TypeVar("R")


class Came(StrEnum):
    """What came of a step."""

    DONE = "done"
    SECOND = "second"  # it is for so many that somebody else has to confirm it, too; they were asked
    ALONE = "alone"  # the same, and nobody else may announce there
    SAME = "same"  # that somebody else cannot be its author
    NO_TEXT = "no_text"  # nothing is written, in no language
    NOBODY = "nobody"  # there is nobody who would get it
    PAST = "past"  # its time has passed meanwhile
    GONE = "gone"  # there is no such announcement there, or it is no more where that can be done


class Steering(StrEnum):
    """What can be done while it is being sent."""

    PAUSE = "pause"
    RESUME = "resume"
    HALT = "halt"  # for good


@dataclass(frozen=True, slots=True)
class DraftAnnouncement(Placed[int]):
    """Begin one that only those see who may announce there; the result is its id."""

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE
    final: ClassVar[bool] = True  # *back* would begin another one


@dataclass(frozen=True, slots=True)
class AnnouncementStep(Placed[R]):
    """A step of one announcement, looked for in exactly its scope."""

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE

    id: int


@dataclass(frozen=True, slots=True)
class WriteAnnouncement(AnnouncementStep[Came]):
    """Write it in one language; an empty text removes what was there."""

    language: str  # BCP 47
    text: str


@dataclass(frozen=True, slots=True)
class SetLink(AnnouncementStep[Came]):
    """Have a button lead to a page; an empty address removes it."""

    number: int
    address: str


@dataclass(frozen=True, slots=True)
class LabelLink(AnnouncementStep[Came]):
    """Say in one language what stands on that button; an empty text removes what was there."""

    number: int
    language: str  # BCP 47
    text: str


@dataclass(frozen=True, slots=True)
class AskInterest(AnnouncementStep[Came]):
    """Have a button by which people say that they are interested, or none."""

    on: bool


@dataclass(frozen=True, slots=True)
class AttachFile(AnnouncementStep[Came]):
    """Have a picture or a document come with it, by the `file` of its event; "" for none."""

    file: str


@dataclass(frozen=True, slots=True)
class AimAt(AnnouncementStep[Came]):
    """Add a condition to its audience; one that is there already is taken away."""

    by: By
    value: str
    out: bool


@dataclass(frozen=True, slots=True)
class Schedule(AnnouncementStep[Came]):
    """Say when it begins, and whether it comes again."""

    starts: datetime | None  # naive, by the clocks of the zone; None: once it is confirmed
    zone: str  # IANA name
    rule: str | None  # RFC 5545


@dataclass(frozen=True, slots=True)
class ScheduleByMeeting(AnnouncementStep[Came]):
    """Have it come so long before or after a meeting, whenever that is."""

    occasion: int
    lead: str  # -2d, 3h


@dataclass(frozen=True, slots=True)
class KeepFor(AnnouncementStep[Came]):
    """Have those get it, too, who join until then; None: nobody."""

    until: datetime | None  # naive, by the clocks of its zone


@dataclass(frozen=True, slots=True)
class ConfirmAnnouncement(AnnouncementStep[Came]):
    """Let it begin at its moment, and ten minutes from now at the earliest; or ask for a second person."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RecallAnnouncement(AnnouncementStep[Came]):
    """Make a draft again of what is confirmed and has not begun."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Steer(AnnouncementStep[Came]):
    """Pause, resume or stop what is being sent."""

    final: ClassVar[bool] = True

    steering: Steering


@dataclass(frozen=True, slots=True)
class CopyAnnouncement(AnnouncementStep[int]):
    """Draft the same anew, to be sent once more; the result is its id, 0: there is nothing to copy."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class DiscardAnnouncement(AnnouncementStep[Came]):
    """Throw a draft away."""

    final: ClassVar[bool] = True
