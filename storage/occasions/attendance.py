"""Who was there: checked in at the door by its code, or by their own word afterwards."""

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import col

from flows.links import id_named, link_to
from flows.occasions.afterwards import SayWasThere
from flows.occasions.check_in import LETTER, OPENS, CheckedIn, CheckIn, DoorCode, DoorSheet, Entrance
from flows.occasions.occasions import AnswerOccasion, Says, Standing, State
from flows.people.roles import Scope
from flows.times.local_time import wall
from storage.context import Keyring
from storage.occasions.answering import own_answer
from storage.occasions.occasions import posts
from storage.occasions.planned import Occasion, is_deadline
from storage.occasions.seats import holds, write_answer
from storage.occasions.sheets import words_of
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
    occasion = _at_door(unit, effect.code, _LOCKED)
    if occasion is None:
        return CheckedIn(Entrance.UNKNOWN)
    what = _entrance(unit, occasion)
    which = _posts_for(unit, occasion, effect.post) if what is Entrance.WELCOME else ()
    several = tuple(post.number for post in which) if len(which) > 1 else ()
    if several:
        what = Entrance.WHICH
    elif which:
        _seat(unit, occasion, which[0].id)
    starts, opens = datetime.fromisoformat(occasion.starts), wall(occasion.starts_at - OPENS, occasion.zone)
    return CheckedIn(what, occasion.id, starts, opens, several)


@loads(DoorSheet)
def door_sheet(unit: Unit, code: str) -> DoorSheet:
    """The words of the occasion at whose door that code hangs."""
    found = _at_door(unit, code, _FOUND)
    return DoorSheet(words_of(unit.connection, [found])[found.id] if found else None)


def _at_door(unit: Unit, code: str, query: Select[Any]) -> Row[Any] | None:
    """The occasion at whose door that code hangs."""
    id = id_named(f"{LETTER}_{code.partition('_')[0]}")
    right = door_payload(unit.context.keys, id or 0)
    if id is None or unit.person.arrived_at is None or not compare_digest(f"{LETTER}_{code}", right):
        return None
    found = unit.rows(query, {"id": id})
    has_door = found and found[0].state != State.DRAFT and not is_deadline(found[0])
    return found[0] if has_door else None


def _entrance(unit: Unit, occasion: Row[Any]) -> Entrance:
    mine = own_answer(unit, occasion.id)
    if occasion.state == State.CANCELLED:
        return Entrance.CANCELLED
    if mine is not None and mine.checked_in_at is not None:
        return Entrance.AGAIN
    if unit.at < occasion.starts_at - OPENS:
        return Entrance.EARLY
    return Entrance.OVER if unit.at >= occasion.ends_at else Entrance.WELCOME


def _posts_for(unit: Unit, occasion: Row[Any], wished: int | None) -> Sequence[Row[Any]]:
    """Which posts the person may be there for: the one they have, the one they wish, or those with room.

    Where none has room, the one they wait for, or else the first: they are here, and will find something.
    """
    there, mine = posts(unit.connection, [occasion.id])[occasion.id], own_answer(unit, occasion.id)
    theirs = [post for post in there if mine is not None and post.id == mine.post_id]
    if holds(mine, unit.at):
        return theirs
    if named := [post for post in there if post.number == wished]:
        return named
    with_room = [post for post in there if post.seats is None or post.taken < post.seats]
    return with_room or theirs or there[:1]


def _seat(unit: Unit, occasion: Row[Any], post: int) -> None:
    """Whoever is there comes, whether a seat is free or not."""
    mine = own_answer(unit, occasion.id)
    if mine is None or mine.says != Says.YES or mine.post_id != post:
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
    if is_deadline(found[0]):
        return False
    return bool(keep(unit, effect.occasion, was_there=effect.was_there))
