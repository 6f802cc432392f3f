"""Seats: taken, waited for, offered, given back. Whoever counts them has locked their occasion first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, or_, select, update
from sqlmodel import col

from flows.occasions.occasions import (
    HELD,
    Answered,
    AnswerOccasion,
    Says,
    Standing,
    State,
    TakeOffer,
    WithdrawAnswer,
)
from flows.occasions.offers import offered_until
from flows.pushes.pushed import Notice
from storage.context import Context
from storage.occasions.answering import LOCKED, locked, own_answer
from storage.occasions.carded import mark
from storage.occasions.occasions import posts
from storage.occasions.planned import Answer, Occasion, OccasionReply, is_deadline
from storage.pushes.habits import wants
from storage.pushes.notices import notify, take_back
from storage.pushes.pushes import replan
from storage.registry import applies
from storage.sql import upsert
from storage.tables import Citizen, Contact, table
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Offered:
    """A seat that is kept for somebody now."""

    occasion: int
    citizen: int
    until: datetime


@applies(AnswerOccasion)
def answer(unit: Unit, effect: AnswerOccasion) -> Answered:
    """Note what the person says; seats are given in the order in which answers come."""
    occasion = locked(unit, effect.occasion)
    if isinstance(occasion, Answered):
        return occasion
    before = own_answer(unit, occasion.id)
    there = posts(unit.connection, [occasion.id]).get(occasion.id, [])
    wanted = effect.post or (before.post_id if before else there[0].id if len(there) == 1 else None)
    post = next((one for one in there if one.id == wanted), None)
    if post is None or not 1 <= effect.party <= occasion.most_party:
        return Answered.GONE
    standing, place = Standing.NONE, None
    if is_deadline(occasion):
        standing = (
            Standing.SEATED if effect.says is Says.YES else Standing.NONE
        )  # reminded; there are no seats
    elif effect.says is Says.DONE:
        return Answered.GONE
    elif effect.says is Says.YES:
        if post.seats is not None and effect.party > post.seats:
            return Answered.FULL
        standing, place = _seat(post, before, effect.party, unit.at)
        if standing is Standing.WAITING and holds(before, unit.at):
            return Answered.FULL
    write_answer(unit, effect, post.id, standing, place, before)
    had = before is not None and before.standing in (*HELD, Standing.WAITING)
    if before is not None and before.stand_in_since is not None:
        stop_asking(unit.connection, occasion.id)
    if had or standing is Standing.WAITING:
        promote(unit.connection, unit.context, occasion, unit.now, here=unit.person.citizen)
    _replan(unit, occasion.id)
    return _answered(unit, occasion.id, had)


def _replan(unit: Unit, occasion: int) -> None:
    """What the person is reminded of follows from their answer."""
    whose = [unit.person.citizen]
    replan(unit.connection, unit.context, occasions=[occasion], citizens=whose, now=unit.now)


def holds(answer: Row[Any] | None, at: datetime) -> bool:
    """Whether somebody has a seat, or is offered one still."""
    if answer is None or answer.standing not in HELD:
        return False
    return bool(answer.standing == Standing.SEATED or answer.offered_until > at)


def _seat(post: Row[Any], before: Row[Any] | None, party: int, at: datetime) -> tuple[Standing, int | None]:
    """What becomes of somebody who wants so many seats of a post, and their place in line."""
    mine = before if before is not None and before.post_id == post.id else None
    held = mine.party if mine is not None and mine.standing in HELD else 0
    if post.seats is None or (holds(mine, at) and party <= held):
        return Standing.SEATED, None
    if mine is not None and mine.standing == Standing.WAITING:
        return Standing.WAITING, mine.place
    swaps = mine is None and holds(before, at)
    ahead = 0 if swaps else post.waiting  # who swaps cannot wait: nobody in line fits into what is free
    if post.taken - held + ahead + party <= post.seats:
        return Standing.SEATED, None
    return Standing.WAITING, (post.last or 0) + 1


def write_answer(
    unit: Unit,
    effect: AnswerOccasion,
    post: int,
    standing: Standing,
    place: int | None,
    before: Row[Any] | None,
) -> None:
    """Note an answer; of the one before, what still fits stays."""
    stays = _STAYS[effect.says] if before is not None else ()
    kept = {name: before._mapping[name] for name in stays} if before is not None else {}
    if effect.party == 1:
        kept.pop("guests", None)
    row = {
        **_NOTHING,
        "occasion_id": effect.occasion,
        "citizen_id": unit.person.citizen,
        "post_id": post,
        "says": effect.says,
        "standing": standing,
        "party": effect.party,
        "place": place,
        "answered_at": unit.at,
        **kept,
    }
    unit.connection.execute(upsert(unit.connection, Answer), [row])
    mark(unit.connection, effect.occasion, unit.now)


_NOTHING: Final[Mapping[str, Any]] = {
    "offered_until": None,
    "barriers": "",
    "barrier": None,
    "needs": "",
    "interpretation": None,
    "guests": None,
    "checked_in_at": None,
    "was_there": None,
    "minutes": None,
    "stand_in_since": None,
}
_STAYS: Final[Mapping[Says, tuple[str, ...]]] = {
    Says.YES: ("needs", "interpretation", "guests", "checked_in_at"),
    Says.MAYBE: ("needs", "interpretation", "guests"),
    Says.NO: (),
    Says.CANNOT: ("barriers", "barrier"),
    Says.DONE: (),
}


def _answered(unit: Unit, occasion: int, had: bool) -> Answered:
    """What came of the answer that is written now."""
    now = own_answer(unit, occasion)
    match now.standing if now is not None else Standing.NONE:
        case Standing.SEATED:
            return Answered.SEATED
        case Standing.WAITING:
            return Answered.WAITING
        case _:
            return Answered.LEFT if had else Answered.NOTED


@applies(TakeOffer)
def take_offer(unit: Unit, effect: TakeOffer) -> Answered:
    """Take the seat, if it is kept for the person still."""
    occasion = locked(unit, effect.occasion)
    if isinstance(occasion, Answered):
        return occasion
    mine = own_answer(unit, occasion.id)
    if mine is None or not holds(mine, unit.at):
        return Answered.GONE
    unit.change(_settle(mine).values(standing=Standing.SEATED, says=Says.YES, offered_until=None))
    mark(unit.connection, occasion.id, unit.now)
    _replan(unit, occasion.id)
    return Answered.SEATED


@applies(WithdrawAnswer)
def withdraw_answer(unit: Unit, effect: WithdrawAnswer) -> None:
    """Delete the person's answer with all that hangs on it; their seat passes on."""
    found = unit.rows(LOCKED, {"id": effect.occasion})
    if not found:
        return
    me = unit.person.citizen
    for model in (OccasionReply, Answer):
        columns = table(model).c
        unit.change(
            delete(table(model)).where(columns.occasion_id == effect.occasion, columns.citizen_id == me)
        )
    stop_asking(unit.connection, effect.occasion)
    promote(unit.connection, unit.context, found[0], unit.now)
    _replan(unit, effect.occasion)


def stop_asking(connection: Connection, occasion: int) -> None:
    """Ask nobody any more to stand in, where nobody looks for a stand-in (any more)."""
    sought = select(exists().where(*_SOUGHT))
    if not connection.execute(sought, {"occasion": occasion}).scalar():
        take_back(connection, occasion, Notice.STAND_IN)


_SOUGHT: Final = (
    col(Answer.occasion_id) == bindparam("occasion"),
    col(Answer.stand_in_since).is_not(None),
)


def lock_counted(connection: Connection, citizen: int, now: datetime) -> list[Row[Any]]:
    """The occasions still to come in which somebody has a seat or a place in line, or may come, locked.

    Whoever deletes their answers then promotes in each.
    """
    query = (
        select(table(Occasion))
        .join(table(Answer), col(Answer.occasion_id) == col(Occasion.id))
        .where(
            col(Answer.citizen_id) == citizen,
            or_(col(Answer.standing).in_((*HELD, Standing.WAITING)), col(Answer.says) == Says.MAYBE),
            col(Occasion.starts_at) > now,
        )
        .order_by(col(Occasion.id))
        .with_for_update(of=table(Occasion))
    )
    return list(connection.execute(query).all())


def wait_again(unit: Unit, citizen: int) -> None:
    """Offer somebody in line, who can be told of it again, what has become free since they could not."""
    for occasion in lock_counted(unit.connection, citizen, unit.now):
        promote(unit.connection, unit.context, occasion, unit.now)


def _settle(answer: Row[Any]) -> Any:
    return update(table(Answer)).where(
        col(Answer.occasion_id) == answer.occasion_id, col(Answer.citizen_id) == answer.citizen_id
    )


def promote(
    connection: Connection,
    context: Context,
    occasion: Row[Any],
    now: datetime,
    *,
    here: int | None = None,
) -> list[Offered]:
    """Offer what is free to those in line, who comes first first; the occasion is locked.

    Who comes with more people than there are seats keeps their place, and the next who fit are offered them.

    here  a citizen who has just said yes: what they would be offered, they take at once
    """
    mark(connection, occasion.id, now)
    if occasion.state != State.PLANNED or occasion.starts_at <= now:
        return []
    offered = []
    for post in posts(connection, [occasion.id]).get(occasion.id, []):
        free = None if post.seats is None else post.seats - post.taken
        for next_one in _line(connection, post.id) if post.waiting else ():
            if free is not None and next_one.party > free:
                continue
            free = None if free is None else free - next_one.party
            if next_one.citizen_id == here:
                connection.execute(_settle(next_one).values(standing=Standing.SEATED, place=None))
                continue
            until = _until(connection, context, next_one.citizen_id, occasion, now)
            connection.execute(
                _settle(next_one).values(standing=Standing.OFFERED, offered_until=until, place=None)
            )
            offered.append(Offered(occasion.id, next_one.citizen_id, until))
    for one in offered:
        notify(connection, context, [one.citizen], Notice.OFFER, occasion.id, now, until=one.until)
    return offered


def _line(connection: Connection, post: int) -> Sequence[Row[Any]]:
    """Those who wait, first come first; who cannot be told of a seat keeps their place without one."""
    told = exists().where(col(Contact.citizen_id) == col(Citizen.id), col(Contact.reach) == "open")
    query: Select[Any] = (
        select(table(Answer))
        .join(table(Citizen), col(Citizen.id) == col(Answer.citizen_id))
        .where(
            col(Answer.post_id) == post,
            col(Answer.standing) == Standing.WAITING,
            col(Citizen.stopped_at).is_(None),
            told,
        )
        .order_by(col(Answer.place))
    )
    return connection.execute(query).all()


def _until(
    connection: Connection, context: Context, citizen: int, occasion: Row[Any], now: datetime
) -> datetime:
    habits = wants(connection, context, [citizen])[citizen].habits
    return offered_until(now, occasion.starts_at, habits.zone, habits.quiet)


def lapse(connection: Connection, context: Context, now: datetime) -> Mapping[int, list[int]]:
    """Pass on the seats that were not taken in time; returns who had been offered them, by occasion."""
    query = select(col(Answer.occasion_id)).where(col(Answer.offered_until) <= now)
    lapsed = {}
    for id in sorted({*connection.execute(query).scalars()}):
        occasion = connection.execute(LOCKED, {"id": id}).one()
        late = (
            update(table(Answer))
            .where(
                col(Answer.occasion_id) == id,
                col(Answer.standing) == Standing.OFFERED,
                col(Answer.offered_until) <= now,
            )
            .values(standing=Standing.LAPSED, offered_until=None)
            .returning(col(Answer.citizen_id))
        )
        lapsed[id] = list(connection.execute(late).scalars())
        if occasion.starts_at > now:
            notify(connection, context, lapsed[id], Notice.LAPSED, id, now)
        promote(connection, context, occasion, now)
    return lapsed
