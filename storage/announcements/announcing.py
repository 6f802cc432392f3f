"""Announcements confirmed, recalled, steered, and answered with interest; each step locks the row first."""

from typing import Any, Final

from sqlalchemy import Row, func, select, update
from sqlmodel import col

from flows.announcements.announcement import Fate, Stage
from flows.announcements.letter import TapInterest, Tapped
from flows.announcements.steps import Came, ConfirmAnnouncement, RecallAnnouncement, Steer, Steering
from flows.people.roles import Permission
from flows.pushes.pushed import Notice
from storage.announcements.announced import Recipient
from storage.announcements.announcements import texts_of
from storage.announcements.audience import audience
from storage.announcements.drafting import copy_words, found, keep
from storage.announcements.rounds import TO_RECALL, announcers, ask_second
from storage.announcements.settling import call_back, halt
from storage.people import audit
from storage.people.audit import What
from storage.pushes.notices import take_back
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit


@applies(ConfirmAnnouncement)
def confirm(unit: Unit, effect: ConfirmAnnouncement) -> Came:
    """Let it begin; above a set size two people have to confirm it. Who confirms first is its author then."""
    row = found(unit, effect, Stage.DRAFT, Stage.ASKED)
    if row is None:
        return Came.GONE
    me, is_second = audit.actor(unit), row.stage == Stage.ASKED
    if is_second and row.planner == me:
        return Came.SAME
    if (wrong := _wrong(unit, row)) is not None:
        return wrong
    if not is_second and _reached(unit, row) > unit.context.confirm_above:
        others = announcers(unit.connection, unit.context, effect.where, but=me)
        if not others:
            return Came.ALONE
        keep(unit, row, stage=Stage.ASKED, planner=me)
        ask_second(unit.connection, unit.context, row.id, others, unit.now)
        return Came.SECOND
    earliest = unit.now + TO_RECALL
    keep(
        unit,
        row,
        stage=Stage.WAITING,
        planner=row.planner if is_second else me,
        confirmed_at=unit.now,
        confirmed_twice=is_second,
        begins_at=max(row.begins_at or earliest, earliest),
    )
    take_back(unit.connection, row.id, Notice.CONFIRM)
    audit.note(unit, What.CONFIRMED, Permission.ANNOUNCE, effect.where, row.id)
    return Came.DONE


def _wrong(unit: Unit, row: Row[Any]) -> Came | None:
    """Why it cannot be sent as it is."""
    if not texts_of(unit.connection, [row])[row.id]:
        return Came.NO_TEXT
    if row.begins_at is not None and row.begins_at <= unit.now:
        return Came.PAST
    if row.begins_at is None and not unit.rows(audience(row).limit(1)):
        return Came.NOBODY  # not: nobody who wants it, which of an audience of one would be told of that one
    return None


def _reached(unit: Unit, row: Row[Any]) -> int:
    """How many people it would reach now."""
    people = audience(row).subquery()
    query = select(func.count()).select_from(people).where(people.c.omission.is_(None))
    return int(unit.rows(query)[0][0])


@applies(RecallAnnouncement)
def recall(unit: Unit, effect: RecallAnnouncement) -> Came:
    """Make it a draft again; a round of a series becomes one by itself, and no other follows."""
    row = found(unit, effect, Stage.ASKED, Stage.WAITING)
    if row is None:
        return Came.GONE
    if row.series is not None:
        copy_words(unit, row, row.id)
    begins = row.begins_at if row.starts or row.occasion else None
    take_back(unit.connection, row.id, Notice.CONFIRM)
    audit.note(unit, What.RECALLED, Permission.ANNOUNCE, effect.where, row.id)
    recalled = {"stage": Stage.DRAFT, "series": None, "confirmed_at": None, "confirmed_twice": False}
    return keep(unit, row, begins_at=begins, **recalled)


@applies(Steer)
def steer(unit: Unit, effect: Steer) -> Came:
    """Pause, resume or stop it; what waits to leave is called back, what is on its way arrives."""
    match effect.steering:
        case Steering.RESUME:
            row = found(unit, effect, Stage.PAUSED)
            columns: dict[str, Any] = {"stage": Stage.SENDING}
        case Steering.PAUSE:
            row = found(unit, effect, Stage.SENDING)
            columns = {"stage": Stage.PAUSED}
        case Steering.HALT:
            row = found(unit, effect, Stage.SENDING, Stage.PAUSED)
            columns = {"stage": Stage.HALTED, "found_until": None, "until": None}
    if row is None:
        return Came.GONE
    if effect.steering is not Steering.RESUME:
        call_back(unit.connection, row.id, unit.now)
    if effect.steering is Steering.HALT:
        halt(unit.connection, row.id, unit.now)
    audit.note(unit, _STEERED[effect.steering], Permission.ANNOUNCE, effect.where, row.id)
    return keep(unit, row, **columns)


_STEERED: Final = {
    Steering.PAUSE: What.PAUSED,
    Steering.RESUME: What.RESUMED,
    Steering.HALT: What.HALTED,
}


GOT_IT: Final = col(Recipient.state).in_((Fate.OUT, Fate.DELIVERED, Fate.UNSURE))
"""Whether it was sent to them, as far as we know."""


@applies(TapInterest)
def tap_interest(unit: Unit, effect: TapInterest) -> Tapped:
    """Note it, once, of somebody to whom it was sent."""
    mine = (
        col(Recipient.announcement_id) == effect.id,
        col(Recipient.citizen_id) == unit.person.citizen,
        GOT_IT,
    )
    if not unit.rows(select(col(Recipient.id)).where(*mine)):
        return Tapped.GONE
    first = update(table(Recipient)).where(*mine, col(Recipient.tapped_at).is_(None))
    unit.change(first.values(tapped_at=unit.at))
    return Tapped.NOTED
