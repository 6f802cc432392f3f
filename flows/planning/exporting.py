"""Files for those who coordinate: what is planned, what came of it, and what people said, without names."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.files import File, Hand
from flows.moves import Choice, Flow, Key, Passing, Placed, Say, do, glance, labelled, look, pick
from flows.people.roles import Permission, Scope
from flows.people.team import Reach


class Subject(StrEnum):
    """What can be had as a file."""

    MEETINGS = "meetings"
    ACTIVITIES = "activities"
    ATTENDANCE = "attendance"
    SAID = "said"  # of meetings, by those who were there
    ACTIONS = "actions"  # pilot actions that were published, with their history
    FINDINGS = "findings"  # what came of the feedback to them: figures about many
    STATEMENTS = "statements"  # those whose authors agree to be quoted, once somebody has reviewed them


class Shape(StrEnum):
    """How it can be had."""

    XLSX = "xlsx"
    CSV = "csv"
    ICS = "ics"  # for calendars, so only for what has dates


DATED: Final = (Subject.MEETINGS, Subject.ACTIVITIES)


@dataclass(frozen=True, slots=True)
class Export(Placed[None]):
    """Have something as a file; that it was done stands in the record of what those with roles do."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS
    final: ClassVar[bool] = True

    subject: Subject


@dataclass(frozen=True, slots=True)
class Exported(Passing):
    """The file; looked at with the scope, the subject and the shape."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS

    file: File | None  # None: there is nothing to put into it


@dataclass(frozen=True, slots=True)
class ExportWords(Placed[None]):
    """The same of what citizens said, as far as it may be quoted."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY
    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ExportedWords(Passing):
    """The file; looked at with the scope and the shape."""

    needs: ClassVar[Permission | None] = Permission.CLASSIFY

    file: File | None  # None: nothing of it may be quoted yet


@conversation("export", desk=80, needs=Permission.SEE_ANSWERS)
def export() -> Flow[Next]:
    """A person who coordinates takes figures and answers with them.

    where -> what -> in which shape -> the file -> what else
    """
    reach = yield from look(Reach, Permission.SEE_ANSWERS)
    spot = yield from somewhere("export.where", reach.spots)
    while True:
        subjects = (*labelled("export.what", Subject), CLOSE)
        picked = yield from pick("export.what", subjects, back=False, about=place_of(spot))
        if picked == CLOSE.value:
            return DESK
        subject = Subject(picked)
        shapes = [shape for shape in Shape if subject in DATED or shape is not Shape.ICS]
        shape = Shape((yield from pick("export.shape", map(_shape_choice, shapes))))
        yield _handed((yield from taken(spot.where, subject, shape)), subject)


def taken(where: Scope, subject: Subject, shape: Shape) -> Flow[File | None]:
    """The file, once it is recorded that it was taken."""
    if subject is Subject.STATEMENTS:
        yield from do(ExportWords(where))
        words = yield from glance(ExportedWords, where, shape)
        return words.file if words else None
    yield from do(Export(where, subject))
    found = yield from glance(Exported, where, subject, shape)
    return found.file if found else None


def _shape_choice(shape: Shape) -> Choice:
    return Choice(shape, Key(f"export.shape.{shape}"))


def _handed(file: File | None, subject: Subject) -> Say:
    if file is None:
        return Say("export.nothing")
    return Hand("export.file", file, about=Key(f"export.what.{subject}"))
