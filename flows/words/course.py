"""The course of what people give: how far their words, feedback and offers have come, and what they are told.

received -> grouped -> in the diagnosis -> linked to an action -> decided -> done; forward, or back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.moves import Arg, Effect, Flow, Key, Lines, Names, Passing, Say, glance
from flows.words.rewording import shortened


class Course(StrEnum):
    """How far something has come."""

    RECEIVED = "received"
    GROUPED = "grouped"  # with others that are about the same
    DIAGNOSIS = "diagnosis"
    LINKED = "linked"  # to a pilot action
    DECIDED = "decided"
    DONE = "done"


class Contribution(StrEnum):
    """What people give."""

    STATEMENT = "statement"
    FEEDBACK = "feedback"  # to a pilot action
    GIFT = "gift"  # what they can give


class Why(StrEnum):
    """Why something got further, or back."""

    CLASSIFIED = "classified"  # somebody said what it is about
    UNDONE = "undone"  # and took that back
    BY_HAND = "by_hand"  # somebody who coordinates said so
    LINKED = "linked"  # to a pilot action
    UNLINKED = "unlinked"
    PROGRESS = "progress"  # the action it is linked to went on
    WAVE = "wave"  # the time in which feedback was asked for has ended


@dataclass(frozen=True, slots=True)
class Step:
    """One change of where something stands."""

    course: Course
    why: Why
    at: datetime  # aware UTC
    by_me: bool = False  # by whoever looks


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands now, and why."""

    course: Course
    action: Names | None = None  # title of the pilot action it is linked to; None: to none
    held: Names | None = None  # why its words are not shown to others; None: nothing is in the way


@dataclass(frozen=True, slots=True)
class OwnStandings(Passing):
    """Where everything stands that the person has given; by `named`."""

    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class OwnSteps(Passing):
    """How something of the person came where it stands, oldest first; looked at with its kind and id."""

    steps: tuple[Step, ...]


def named(contribution: Contribution, id: int | str) -> str:
    """Something that was given, as mappings name it."""
    return f"{contribution}-{id}"


@dataclass(frozen=True, slots=True)
class Moved:
    """What the author of something is to be told of it."""

    contribution: Contribution
    id: int
    is_held: bool = False  # its words are not shown, for a reason that they are told


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told together."""

    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class TellMoves(Effect[Told]):
    """Take all that the person has not been told yet of where their words stand; it counts as told now."""


@dataclass(frozen=True, slots=True)
class OwnGivenWords(Passing):
    """The words of what the person has given, by `named`; of feedback the title of the action."""

    texts: Mapping[str, str]


MOST_TOLD: Final = 8
"""Things told in one message; there is more to see in one's own data."""


def line_of(standings: OwnStandings | None, contribution: Contribution, id: int | str) -> Lines:
    """Where something stands, in the words of the catalogues: one line, and another where it is held back.

    standings  None while a conversation is replayed
    """
    found = standings.standings.get(named(contribution, id)) if standings else None
    return Lines(_lines(found) if found else ())


def _lines(standing: Standing) -> tuple[Key, ...]:
    is_linked = standing.action is not None and standing.course in (
        Course.LINKED,
        Course.DECIDED,
        Course.DONE,
    )
    key = Key("course.is", {"course": Key(f"course.at.{standing.course}")})
    if is_linked:
        args: dict[str, Arg] = {
            "course": Key(f"course.at.{standing.course}"),
            "action": standing.action or "",
        }
        key = Key("course.is_with", args)
    held = (Key("course.held", {"reason": standing.held}),) if standing.held is not None else ()
    return key, *held


def how_it_came(contribution: Contribution, id: int) -> Flow[None]:
    """Say how something of the person came where it stands."""
    known = yield from glance(OwnSteps, contribution, id)
    lines = tuple(
        Key(
            "course.step",
            {
                "at": step.at.date(),
                "course": Key(f"course.at.{step.course}"),
                "why": Key(f"course.why.{step.why}"),
            },
        )
        for step in (known.steps if known else ())
    )
    if lines:
        yield Say("course.history", lines=Lines(lines))


def lines_told(told: Told) -> Flow[Lines]:
    """What is told of each thing, with the author's own words, and never anybody else's."""
    words = yield from glance(OwnGivenWords)
    standings = yield from glance(OwnStandings)
    return Lines(tuple(_told(one, words, standings) for one in told.moved[:MOST_TOLD]))


def _told(one: Moved, words: OwnGivenWords | None, standings: OwnStandings | None) -> Key:
    text = words.texts.get(named(one.contribution, one.id), "") if words else ""
    known = standings.standings.get(named(one.contribution, one.id)) if standings else None
    args: dict[str, Arg] = {
        "words": shortened(text),
        "action": known.action if known and known.action else "",
        "standing": line_of(standings, one.contribution, one.id),
    }
    return Key(f"course.told.{one.contribution}", args)
