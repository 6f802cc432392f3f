"""Announcements begun at their moment, and ended when everybody is settled, with a report."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, or_, select, update
from sqlmodel import col

from flows.announcements.announcement import Fate, Stage
from flows.codec import encode
from flows.occasions.occasions import State
from flows.people.roles import Holding, Permission, Role, Scope, may
from flows.pushes.deciding import Asks
from flows.pushes.pushed import Notice, Topic
from flows.times.cadence import read_lead
from flows.times.recurrence import moments
from flows.times.rrule import read_rule
from storage.announcements.announced import Announcement, Recipient
from storage.announcements.audience import audience
from storage.announcements.counts import figures_of
from storage.announcements.settling import halt
from storage.context import Context
from storage.messages import media
from storage.occasions.planned import Occasion
from storage.people.audit import PURPOSE
from storage.people.listening import can_be_told
from storage.people.permissions import scope_of
from storage.pushes.notices import notify
from storage.sql import among
from storage.tables import Appointment, table
from storage.types import write

WORTH: Final = timedelta(days=3)
"""So long after it has begun an announcement is worth being sent, where nothing else says so."""

TO_RECALL: Final = timedelta(minutes=10)
"""So long after it was confirmed an announcement begins at the earliest: time to take it back."""

_THERE: Final = table(Announcement)
_OPEN: Final = select(func.count()).where(
    col(Recipient.announcement_id) == bindparam("id"), col(Recipient.state).in_((Fate.DUE, Fate.OUT))
)
_DUE: Final = (
    select(_THERE)
    .where(_THERE.c.stage == Stage.WAITING, _THERE.c.begins_at <= bindparam("now"))
    .order_by(_THERE.c.begins_at, _THERE.c.id)
    .with_for_update(skip_locked=True)
)
_UNENDED: Final = (
    select(_THERE)
    .where(
        or_(_THERE.c.stage == Stage.SENDING, (_THERE.c.stage == Stage.HALTED) & _THERE.c.ended_at.is_(None)),
        _THERE.c.found_until.is_(None),
    )
    .order_by(_THERE.c.id)
    .with_for_update(skip_locked=True)
)
_BESIDE: Final = (
    select(_THERE)
    .where(_THERE.c.stage == Stage.WAITING, _THERE.c.occasion.is_not(None))
    .order_by(_THERE.c.id)
    .with_for_update(skip_locked=True)
)
_MEETING: Final = select(table(Occasion)).where(col(Occasion.id) == bindparam("id"))
_WORK: Final = select(
    exists().where(
        or_(
            _THERE.c.stage == Stage.SENDING,
            (_THERE.c.stage == Stage.WAITING) & (_THERE.c.begins_at <= bindparam("now")),
            (_THERE.c.stage == Stage.HALTED) & _THERE.c.ended_at.is_(None),
        )
    ),
    exists().where(col(Recipient.state) == Fate.OUT),
)


def is_work(connection: Connection, now: datetime) -> bool:
    """Whether anything is to be begun, sent, settled or ended."""
    return any(connection.execute(_WORK, {"now": now}).one())


def begin_due(connection: Connection, context: Context, now: datetime) -> None:
    """Begin what is due. What has grown above the set size meanwhile waits for a second person instead."""
    for row in connection.execute(_DUE, {"now": now}).all():
        if row.occasion is not None and _realigned(connection, row, now):
            continue  # the meeting was moved or cancelled since `realign` has looked
        if not row.confirmed_twice and _size(connection, row) > context.confirm_above:
            _wait_for_second(connection, context, row, now)
            continue
        ends = too_late(connection, row, now + WORTH, now)
        _keep(connection, row, now, stage=Stage.SENDING, begun_at=now, not_after=ends, found_until=0)
        if row.rule is not None:
            _plan_next(connection, context, row, now)


def _wait_for_second(connection: Connection, context: Context, row: Row[Any], now: datetime) -> None:
    """Ask others to confirm it, too, and tell its author that it waits, and whether anybody was asked."""
    _keep(connection, row, now, stage=Stage.ASKED, begins_at=None)  # once it is confirmed again
    where = scope_of(row._mapping)
    others = announcers(connection, context, where, but=row.planner)
    ask_second(connection, context, row.id, others, now)
    author, asked = announcers(connection, context, where, only=row.planner), {"asked": len(others)}
    notify(connection, context, author, Notice.GREW, row.id, now, topic=Topic.ANNOUNCEMENT, details=asked)


def _size(connection: Connection, row: Row[Any]) -> int:
    people = audience(row).subquery()
    query = select(func.count()).select_from(people).where(people.c.omission.is_(None))
    return int(connection.execute(query).scalar_one())


def too_late(connection: Connection, row: Row[Any], otherwise: datetime, now: datetime) -> datetime:
    """When it is too late to be sent: what comes before a meeting, once that begins, or does not take place.

    otherwise  when that is for what comes before no meeting
    """
    if row.occasion is None or not row.lead.startswith("-"):
        return otherwise
    meeting = connection.execute(_MEETING, {"id": row.occasion}).first()
    if meeting is None or meeting.state != State.PLANNED:
        return now
    starts_at: datetime = meeting.starts_at
    return starts_at


def _plan_next(connection: Connection, context: Context, row: Row[Any], now: datetime) -> None:
    """The round after this one; those that an outage has swallowed do not come any more."""
    first = datetime.fromisoformat(row.starts)
    rule = read_rule(row.rule, first, row.zone)
    after = max(now, row.begins_at) + timedelta(minutes=1)
    begins = next(moments(first, rule, row.zone, after), None)
    if begins is None:
        return
    fresh = {
        "id": context.keys.row_id(0, row.id, int(begins.timestamp())),
        "series": row.series or row.id,
        "stage": Stage.WAITING,
        "begins_at": begins,
        "changed_at": now,
    }
    connection.execute(_THERE.insert(), {**row._mapping, **fresh})


def realign(connection: Connection, now: datetime) -> None:
    """Move what comes beside a meeting with it; what is beside one that does not take place ends."""
    for row in connection.execute(_BESIDE).all():
        _realigned(connection, row, now)


def _realigned(connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether something else than was planned becomes of what comes beside a meeting."""
    meeting = connection.execute(_MEETING, {"id": row.occasion}).first()
    if meeting is None or meeting.state != State.PLANNED:
        _keep(connection, row, now, stage=Stage.HALTED)
        return True
    begins = max(begins_beside(meeting, row.lead), row.confirmed_at + TO_RECALL)
    if begins == row.begins_at or max(begins, row.begins_at) <= now:
        return False
    _keep(connection, row, now, begins_at=max(begins, now))
    return True


def begins_beside(meeting: Row[Any], lead: str) -> datetime:
    """The moment so long before a meeting, -2d, or after it, 3h."""
    if lead.startswith("-"):
        return read_lead(lead.removeprefix("-")).before(meeting.starts_at, meeting.zone)
    return read_lead(lead).after(meeting.ends_at, meeting.zone)


def end_settled(connection: Connection, context: Context, now: datetime) -> None:
    """End what is settled for everybody, and tell its author once what has become of it."""
    for row in connection.execute(_UNENDED).all():
        if row.stage == Stage.HALTED:
            halt(connection, row.id, now)  # what was on its way when it was stopped, and has come back since
        if connection.execute(_OPEN, {"id": row.id}).scalar_one():
            continue
        stage = Stage.SENT if row.stage == Stage.SENDING else Stage.HALTED
        if row.ended_at is not None:  # newcomers have got it since
            _keep(connection, row, now, stage=stage)
            continue
        _keep(connection, row, now, stage=stage, ended_at=now)
        authors = announcers(connection, context, scope_of(row._mapping), only=row.planner)
        notify(connection, context, authors, Notice.SENT, row.id, now, topic=Topic.ANNOUNCEMENT)


def _keep(connection: Connection, row: Row[Any], now: datetime, **columns: Any) -> None:
    changed = update(_THERE).where(_THERE.c.id == row.id).values(changed_at=now, **columns)
    connection.execute(changed)


_HELD: Final = select(table(Appointment)).where(
    col(Appointment.until).is_(None), can_be_told(col(Appointment.citizen_id))
)


def announcers(
    connection: Connection, context: Context, where: Scope, *, but: str | None = None, only: str | None = None
) -> list[int]:
    """Those who may announce in a scope, and can be told of it.

    but   the pseudonym in the audit of somebody who is left out
    only  that of the only one who is meant
    """
    rows = connection.execute(_HELD)
    found = {
        row.citizen_id
        for row in rows
        if may((Holding(Role(row.role), scope_of(row._mapping)),), Permission.ANNOUNCE, where)
    }
    names = {citizen: context.keys.pseudonym(PURPOSE, citizen) for citizen in sorted(found)}
    return [citizen for citizen, name in names.items() if name != but and only in (None, name)]


def ask_second(
    connection: Connection, context: Context, id: int, citizens: Iterable[int], now: datetime
) -> None:
    """Ask others to confirm what somebody wants to send."""
    notify(connection, context, citizens, Notice.CONFIRM, id, now, topic=Topic.ANNOUNCEMENT)


_PICTURES: Final = select(_THERE.c.medium).where(_THERE.c.medium.is_not(None), _THERE.c.ended_at.is_(None))


def keep_media(connection: Connection, now: datetime) -> None:
    """Have pictures kept that are to be sent, even if that is only in months."""
    used = connection.execute(_PICTURES).scalars().all()
    media.note(connection, 0, {}, used, now)


_ABOUT: Final = select(_THERE.c.id, _THERE.c.stage, _THERE.c.ended_at).where(among(_THERE.c.id, "ids"))


def what_can_be_told(
    connection: Connection, citizens: Iterable[int], ids: Iterable[int]
) -> dict[tuple[int, int], Asks]:
    """What can still be told of those announcements to those people, by announcement and person."""
    people, held = list(citizens), {}
    for row in connection.execute(_ABOUT, {"ids": list(ids)}):
        waits, ended = row.stage == Stage.ASKED, row.ended_at is not None
        kinds = {Notice.CONFIRM: waits, Notice.GREW: waits, Notice.SENT: ended}
        asks = Asks(frozenset(kind.value for kind, is_true in kinds.items() if is_true))
        held.update({(row.id, citizen): asks for citizen in people})
    return held


KEPT: Final = timedelta(days=180)
"""So long after its end it is kept who got an announcement; then only for how many it came to what."""

_OLD: Final = (
    select(_THERE)
    .where(_THERE.c.ended_at < bindparam("before"), _THERE.c.figures.is_(None))
    .order_by(_THERE.c.id)
    .with_for_update(skip_locked=True)
)


def forget_recipients(connection: Connection, now: datetime) -> None:
    """Put counts in the place of recipients that are old enough."""
    for row in connection.execute(_OLD, {"before": now - KEPT}).all():
        figures = write(encode(figures_of(connection, row)))
        connection.execute(delete(table(Recipient)).where(col(Recipient.announcement_id) == row.id))
        connection.execute(update(_THERE).where(_THERE.c.id == row.id).values(figures=figures, until=None))
