"""Who was there: checked in at the door by its code, or by their own word afterwards."""

from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlmodel import col

from flows.links import id_named, link_to
from flows.occasions.afterwards import SayWasThere
from flows.occasions.check_in import LETTER, OPENS, CheckedIn, CheckIn, DoorCode, Entrance
from flows.occasions.occasions import AnswerOccasion, Says, Standing, State
from flows.people.roles import Scope
from flows.times.local_time import wall
from storage.context import Keyring
from storage.occasions.answering import own_answer
from storage.occasions.occasions import posts
from storage.occasions.planned import Occasion
from storage.occasions.seats import write_answer
from storage.occasions.wishes import keep
from storage.people.permissions import scope_of
from storage.pushes.pushes import replan
from storage.registry import applies, loads
from storage.tables import table
from storage.unit import Unit

_FOUND: Final = select(table(Occasion)).where(col(Occasion.id) == bindparam("id"))
_LOCKED: Final = _FOUND.with_for_update()


def door_payload(keys: Keyring, occasion: int) -> str:
    """What the link at the door of an occasion carries; its code can be typed, and is too long to guess."""
    return f"{link_to(LETTER, occasion)}_{keys.pseudonym('door', occasion)[:8]}"


@loads(DoorCode)
def door_code(unit: Unit, where: Scope, occasion: int) -> DoorCode:
    """The payload for an occasion of that very scope."""
    found = unit.rows(_FOUND, {"id": occasion})
    there = found and scope_of(found[0]._mapping) == where
    return DoorCode(door_payload(unit.context.keys, occasion) if there else None)


@applies(CheckIn)
def check_in(unit: Unit, effect: CheckIn) -> CheckedIn:
    """Note that the person is there. Who had no seat, or had not answered, comes as well: they are here."""
    occasion = _at_door(unit, effect.code)
    if occasion is None:
        return CheckedIn(Entrance.UNKNOWN)
    what = _entrance(unit, occasion)
    if what is Entrance.WELCOME:
        _seat(unit, occasion)
    starts, opens = datetime.fromisoformat(occasion.starts), wall(occasion.starts_at - OPENS, occasion.zone)
    return CheckedIn(what, occasion.id, starts, opens)


def _at_door(unit: Unit, code: str) -> Row[Any] | None:
    """The occasion, locked, at whose door that code hangs."""
    id = id_named(f"{LETTER}_{code.partition('_')[0]}")
    right = door_payload(unit.context.keys, id or 0)
    if id is None or unit.person.arrived_at is None or not compare_digest(f"{LETTER}_{code}", right):
        return None
    found = unit.rows(_LOCKED, {"id": id})
    has_door = found and found[0].state != State.DRAFT and not _is_deadline(found[0])
    return found[0] if has_door else None


def _is_deadline(occasion: Row[Any]) -> bool:
    return bool(occasion.starts_at == occasion.ends_at)


def _entrance(unit: Unit, occasion: Row[Any]) -> Entrance:
    mine = own_answer(unit, occasion.id)
    if occasion.state == State.CANCELLED:
        return Entrance.CANCELLED
    if mine is not None and mine.checked_in_at is not None:
        return Entrance.AGAIN
    if unit.at < occasion.starts_at - OPENS:
        return Entrance.EARLY
    return Entrance.OVER if unit.at >= occasion.ends_at else Entrance.WELCOME


def _seat(unit: Unit, occasion: Row[Any]) -> None:
    """Whoever is there comes, whether a seat is free or not."""
    mine = own_answer(unit, occasion.id)
    if mine is None or mine.says != Says.YES:
        first = posts(unit.connection, [occasion.id])[occasion.id][0].id
        post = mine.post_id if mine is not None else first
        answer = AnswerOccasion(occasion.id, Says.YES)
        write_answer(unit, answer, post, Standing.SEATED, None, mine)
    seated = {"standing": Standing.SEATED, "place": None, "offered_until": None}
    keep(unit, occasion.id, checked_in_at=unit.at, **seated)
    me = [unit.person.citizen]
    replan(unit.connection, unit.context, occasions=[occasion.id], citizens=me, now=unit.now)


@applies(SayWasThere)
def say_was_there(unit: Unit, effect: SayWasThere) -> bool:
    """Keep the word of somebody who had answered, once it has begun."""
    found = unit.rows(_FOUND, {"id": effect.occasion})
    if not found or found[0].state != State.PLANNED or found[0].starts_at > unit.at:
        return False
    if _is_deadline(found[0]):
        return False
    return bool(keep(unit, effect.occasion, was_there=effect.was_there))
