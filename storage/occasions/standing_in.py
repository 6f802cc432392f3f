"""Stand-ins: sought by who has a post, asked one rank after the other, first come first served."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, exists, select, update
from sqlmodel import col

from flows.actions.gifts import Giving
from flows.occasions.occasions import HELD, Answered, AnswerOccasion, Says, Standing, State
from flows.occasions.posts import KeepPost, RefuseToStandIn, Seeking, SeekStandIn, StandIn, StoodIn
from flows.people.roles import Scope, counts_in
from flows.pushes.pushed import Notice, Topic
from flows.pushes.pushed import State as PushState
from storage.actions.piloted import Gift
from storage.occasions.answering import locked, own_answer
from storage.occasions.helped import Standby
from storage.occasions.occasions import posts
from storage.occasions.planned import Answer, Occasion, Post, is_deadline
from storage.occasions.posts import tell_planners
from storage.occasions.seats import holds, promote, stop_asking, write_answer
from storage.occasions.unrelieved import tell_if_all_refused
from storage.people.permissions import scope_of
from storage.people.themes import ThemeFollower
from storage.pushes.habits import wants
from storage.pushes.notices import notify, take_back
from storage.pushes.pushed import Push
from storage.pushes.pushes import replan
from storage.registry import applies
from storage.sql import among, many, upsert
from storage.tables import Appointment, Citizen, Contact, table
from storage.unit import Unit

MOST: Final = 20
"""People who are asked for one stand-in."""

HEAD_START: Final = timedelta(minutes=15)
SHARE: Final = 12
"""Those who fit best are asked so much earlier than the next, or a twelfth of the time that is left."""

_SKILLS: Final = (Giving.TIME, Giving.SKILL)


@applies(SeekStandIn)
def seek(unit: Unit, effect: SeekStandIn) -> Seeking:
    """Mark the post as sought, and ask those who fit, those who fit best first."""
    there = locked(unit, effect.occasion)
    if isinstance(there, Answered):
        return Seeking(there.value)
    mine = own_answer(unit, there.id)
    if mine is None or mine.standing != Standing.SEATED:
        return Seeking.GONE
    _mark(unit, there.id, unit.person.citizen, stand_in_since=unit.at)
    post = unit.rows(select(table(Post)).where(col(Post.id) == mine.post_id))[0]
    asked = _ask(unit, there, post)
    if not asked:
        me = {unit.person.citizen}
        tell_planners(unit.connection, unit.context, there, post.number, unit.now, but=me)
    return Seeking.ASKED if asked else Seeking.NOBODY


def _mark(unit: Unit, occasion: int, citizen: int, **values: Any) -> int:
    whose = (col(Answer.occasion_id) == occasion, col(Answer.citizen_id) == citizen)
    return unit.change(update(table(Answer)).where(*whose).values(**values))


def _ask(unit: Unit, there: Row[Any], post: Row[Any]) -> int:
    """Tell those who fit, each rank a little later than the one before; returns how many."""
    head_start = min(HEAD_START, (there.starts_at - unit.now) / SHARE)
    at, asked = unit.now, set[int]()
    for citizens in _ranks(unit, there, post):
        fit = [each for each in _fitting(unit, there, post, citizens) if each not in asked]
        fit = fit[: MOST - len(asked)]
        if fit:
            details = {"post": post.number}
            notify(unit.connection, unit.context, fit, Notice.STAND_IN, there.id, at, details=details)
            at += head_start
        asked.update(fit)
    rows = [
        {"post_id": post.id, "citizen_id": each, "asked_at": unit.at, "refused_at": None}
        for each in sorted(asked)
    ]
    if rows:
        many(unit.connection, upsert(unit.connection, Standby), rows)
    return len(asked)


def _ranks(unit: Unit, there: Row[Any], post: Row[Any]) -> Iterable[list[int]]:
    """Who waits for the post; who has had it at other dates; who gives time or skills in that place."""
    waiting = select(col(Answer.citizen_id)).where(
        col(Answer.post_id) == post.id, col(Answer.standing) == Standing.WAITING
    )
    yield [row.citizen_id for row in unit.rows(waiting.order_by(col(Answer.place)))]
    if there.series is not None:
        before = (
            select(col(Answer.citizen_id))
            .join(table(Occasion), col(Occasion.id) == col(Answer.occasion_id))
            .join(table(Post), col(Post.id) == col(Answer.post_id))
            .where(
                col(Occasion.series) == there.series,
                col(Post.number) == post.number,
                col(Answer.standing) == Standing.SEATED,
            )
            .order_by(col(Occasion.starts_at).desc(), col(Answer.citizen_id))
        )
        yield [row.citizen_id for row in unit.rows(before)]
    gifts = select(col(Gift.citizen_id)).where(col(Gift.kind).in_(_SKILLS))
    if there.territory is not None:
        gifts = gifts.where(col(Gift.territory) == there.territory)
    yield [row.citizen_id for row in unit.rows(gifts.order_by(col(Gift.given_at), col(Gift.id)))]


def _fitting(unit: Unit, there: Row[Any], post: Row[Any], citizens: Iterable[int]) -> list[int]:
    """Those whom it is for and who can be asked, once each, in their order.

    Not who is somewhere else at that time, has said no to that date, or was asked about it before.
    """
    ids = [each for each in dict.fromkeys(citizens) if each != unit.person.citizen]
    told = exists().where(col(Contact.citizen_id) == col(Citizen.id), col(Contact.reach) == "open")
    there_are = select(table(Citizen)).where(
        among(col(Citizen.id), "ids"), col(Citizen.arrived_at).is_not(None), told
    )
    people = unit.rows(there_are, {"ids": ids})
    where = scope_of(there._mapping)
    within = {row.id for row in people if where.covers(Scope(row.territory, row.group_slug))}
    agreed = wants(unit.connection, unit.context, ids)
    willing = {each for each, their in agreed.items() if their.reminders_of(Topic.STAND_IN)}
    fit = (within & willing & _with_role(unit, there, ids) & _with_theme(unit, there, ids)) - _left_alone(
        unit, there, post, ids
    )
    return [each for each in ids if each in fit]


def _with_role(unit: Unit, there: Row[Any], ids: list[int]) -> set[int]:
    """Those who have the role that it is for; all, where it is for everybody."""
    if there.role is None:
        return set(ids)
    query = select(table(Appointment)).where(
        among(col(Appointment.citizen_id), "ids"),
        col(Appointment.until).is_(None),
        col(Appointment.role) == there.role,
    )
    where = scope_of(there._mapping)
    rows = unit.rows(query, {"ids": ids})
    return {row.citizen_id for row in rows if counts_in(scope_of(row._mapping), where)}


def _with_theme(unit: Unit, there: Row[Any], ids: list[int]) -> set[int]:
    """Those who follow the theme that it is for; all, where it is for everybody."""
    if there.theme is None:
        return set(ids)
    query = select(col(ThemeFollower.citizen_id)).where(
        among(col(ThemeFollower.citizen_id), "ids"), col(ThemeFollower.theme) == there.theme
    )
    return {row.citizen_id for row in unit.rows(query, {"ids": ids})}


def _left_alone(unit: Unit, there: Row[Any], post: Row[Any], ids: list[int]) -> set[int]:
    """Who is not asked, since they are busy at that time, have said no, or were asked before."""
    busy = (
        select(col(Answer.citizen_id))
        .join(table(Occasion), col(Occasion.id) == col(Answer.occasion_id))
        .where(
            among(col(Answer.citizen_id), "ids"),
            col(Answer.standing).in_(HELD),
            col(Occasion.state) == State.PLANNED,
            col(Occasion.starts_at) < there.ends_at,
            col(Occasion.ends_at) > there.starts_at,
            ~is_deadline(table(Occasion).c),  # a deadline keeps nobody busy
        )
    )
    refused = select(col(Answer.citizen_id)).where(
        col(Answer.occasion_id) == there.id, col(Answer.says).in_((Says.NO, Says.CANNOT))
    )
    unwilling = select(col(Standby.citizen_id)).where(
        col(Standby.post_id) == post.id, col(Standby.refused_at).is_not(None)
    )
    told = select(col(Push.citizen_id)).where(
        col(Push.about) == there.id, col(Push.kind) == Notice.STAND_IN, col(Push.state) == PushState.SAID
    )
    found = (unit.rows(query, {"ids": ids}) for query in (busy, refused, unwilling, told))
    return {row.citizen_id for rows in found for row in rows}


@applies(KeepPost)
def keep(unit: Unit, effect: KeepPost) -> bool:
    """Look for nobody any more, if the post is still the person's."""
    there = locked(unit, effect.occasion)
    mine = own_answer(unit, effect.occasion)
    if isinstance(there, Answered) or mine is None or mine.standing != Standing.SEATED:
        return False
    _mark(unit, there.id, unit.person.citizen, stand_in_since=None)
    stop_asking(unit.connection, there.id)
    _nobody_is_missing(unit, there.id, mine.post_id)
    return True


def _nobody_is_missing(unit: Unit, occasion: int, post: int) -> None:
    """Those who coordinate need not hear any more that somebody is missing at a post, where that is so."""
    (there,) = (each for each in posts(unit.connection, [occasion])[occasion] if each.id == post)
    if there.seats == there.taken and not there.sought:
        take_back(unit.connection, occasion, Notice.MISSING, details={"post": there.number})


@applies(RefuseToStandIn)
def refuse(unit: Unit, effect: RefuseToStandIn) -> None:
    """Note that the person does not want to, at that date; where nobody else is left, it is told."""
    there = locked(unit, effect.occasion)
    there_are = select(col(Post.id)).where(col(Post.occasion_id) == effect.occasion)
    asked = (col(Standby.citizen_id) == unit.person.citizen, col(Standby.post_id).in_(there_are))
    unit.change(update(table(Standby)).where(*asked).values(refused_at=unit.at))
    if not isinstance(there, Answered):
        tell_if_all_refused(unit.connection, unit.context, there.id, unit.now)


@applies(StandIn)
def stand_in(unit: Unit, effect: StandIn) -> StoodIn:
    """Give the person the post of who looked for a stand-in first, under the lock of the occasion."""
    there = locked(unit, effect.occasion)
    if isinstance(there, Answered):
        return StoodIn(there.value)
    mine = own_answer(unit, there.id)
    if holds(mine, unit.at):
        return StoodIn.BUSY
    seekers = unit.rows(
        select(table(Answer))
        .join(table(Post), col(Post.id) == col(Answer.post_id))
        .where(
            col(Answer.occasion_id) == there.id,
            col(Post.number) == effect.post,
            col(Answer.stand_in_since).is_not(None),
        )
        .order_by(col(Answer.stand_in_since), col(Answer.citizen_id))
    )
    if not seekers:
        return StoodIn.GONE
    _hand_over(unit, there, seekers[0], mine)
    return StoodIn.TAKEN


def _hand_over(unit: Unit, there: Row[Any], seeker: Row[Any], mine: Row[Any] | None) -> None:
    relieved: int = seeker.citizen_id
    nothing = {"says": Says.NO, "standing": Standing.NONE, "stand_in_since": None, "party": 1}
    _mark(unit, there.id, relieved, **nothing)
    taken = AnswerOccasion(there.id, Says.YES, seeker.post_id)
    write_answer(unit, taken, seeker.post_id, Standing.SEATED, None, mine)
    stop_asking(unit.connection, there.id)
    _nobody_is_missing(unit, there.id, seeker.post_id)
    promote(unit.connection, unit.context, there, unit.now)
    replan(
        unit.connection,
        unit.context,
        occasions=[there.id],
        citizens=[relieved, unit.person.citizen],
        now=unit.now,
    )
    notify(unit.connection, unit.context, [relieved], Notice.RELIEVED, there.id, unit.now)
