"""What one push tells, and whether it still holds by the time somebody looks at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flows.moves import Key
from flows.occasions.occasions import HELD, Says, Sort, Standing, State
from flows.pushes.pushed import WHETHER_AND_WHEN, Notice
from flows.pushes.things import Thing
from flows.times.cadence import Kind

_BEFORE: Final = WHETHER_AND_WHEN - {Notice.CANCELLED, Notice.RELIEVED}
"""What is of no use any more once it has begun."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a push tells."""

    kind: str
    topic: str
    about: int
    details: Mapping[str, Any] = field(default_factory=dict)


def is_settled(told: Told, thing: Thing) -> bool:
    """Whether nothing is to be said to it any more.

    It was cancelled, has begun, is back at the time that people knew, or somebody has answered.
    """
    if thing.state is State.CANCELLED:
        return told.kind != Notice.CANCELLED
    if thing.has_begun:
        return told.kind in _BEFORE
    match told.kind:
        case Notice.OFFER:
            return thing.standing is not Standing.OFFERED
        case Notice.STAND_IN:
            return is_found(told, thing) or thing.standing in HELD
        case Notice.ANOTHER_TIME:
            return thing.says is not Says.CANNOT
        case Notice.MOVED:
            return _known_end(told) == thing.ends and _begins_as_known(told, thing)
        case _:
            return told.kind == Kind.STILL_COMING and not thing.may_come


def is_found(told: Told, thing: Thing) -> bool:
    """Whether no stand-in is looked for any more."""
    return thing.sought is not None and told.details["post"] not in thing.sought


def ends_otherwise(told: Told, thing: Thing) -> bool:
    """Whether it was moved and yet begins as before: only its end is another one."""
    if told.kind != Notice.MOVED or thing.is_deadline or not _begins_as_known(told, thing):
        return False
    return _known_end(told) not in (None, thing.ends)


def _begins_as_known(told: Told, thing: Thing) -> bool:
    """Whether what was moved begins when people knew before that."""
    return datetime.fromisoformat(told.details["was"]) == thing.starts


def _known_end(told: Told) -> datetime | None:
    """Until when people knew that it lasts, before it was moved; None: an earlier release kept no end."""
    ended = told.details.get("ended")
    return datetime.fromisoformat(ended) if ended else None


def is_known_there(kind: str, thing: Thing) -> bool:
    """Whether somebody need not be asked whether they were at a meeting: they were let in at the door."""
    return kind == Kind.AFTERWARDS and thing.checked_in and thing.sort is Sort.MEETING


def where_of(told: Told) -> Key:
    """What a person has not finished."""
    return Key(f"menu.{told.details['where']}")


def kept_until(kind: str, thing: Thing) -> Iterator[Key]:
    """Until when a seat is kept for the person by their own clock, named as such where it is another one."""
    if kind == Notice.OFFER and thing.until is not None:
        key = "push.kept" if thing.here is None else "push.kept.here"
        yield Key(key, {"until": thing.until})
