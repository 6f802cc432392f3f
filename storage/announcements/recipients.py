"""The ledger of announcements: recipients found in pages and claimed; settling.py says what became of them.

Each recipient is one row. It is claimed in the transaction that puts its message in the outbox, and decided
again there; what sending has come to is read from the outbox. So a run that is killed takes up where it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, exists, func, select, update
from sqlmodel import col

from flows.announcements.announcement import Fate, Omission, Stage
from flows.pushes.pushed import Topic
from flows.times.local_time import moment
from flows.times.quiet import night
from storage.announcements.announced import Announcement, Recipient
from storage.announcements.audience import audience
from storage.announcements.rounds import too_late
from storage.announcements.settling import message_key, shown
from storage.context import Context
from storage.messages import backlog, outbox
from storage.people import people
from storage.pushes.habits import Wants, wants
from storage.sql import among, aside, insert_new, many
from storage.tables import Citizen, Contact, table
from storage.unit import Person

PAGE: Final = 1000
"""Recipients found in one transaction."""

LIVES: Final = timedelta(minutes=10)
"""So long a message waits in the outbox; then it is decided anew whether and when it is sent."""

_THERE: Final = table(Announcement)
_RECIPIENT: Final = table(Recipient)

_SEARCHED: Final = (
    select(_THERE)
    .where(_THERE.c.stage == Stage.SENDING, _THERE.c.found_until.is_not(None))
    .order_by(_THERE.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LATER: Final = _THERE.alias("later")
_HAS_COME_AGAIN: Final = exists().where(
    _LATER.c.series == func.coalesce(_THERE.c.series, _THERE.c.id), _LATER.c.begun_at > _THERE.c.begun_at
)
_OPEN_TO_NEWCOMERS: Final = (
    select(_THERE)
    .where(
        _THERE.c.stage.in_((Stage.SENDING, Stage.SENT)),
        _THERE.c.until.is_not(None),
        _THERE.c.found_until.is_(None),
        ~_HAS_COME_AGAIN,
    )
    .order_by(_THERE.c.id)
    .with_for_update(skip_locked=True)
)
_NEXT: Final = (
    select(_RECIPIENT.c.id, _RECIPIENT.c.citizen_id, _RECIPIENT.c.announcement_id)
    .join(_THERE, _THERE.c.id == _RECIPIENT.c.announcement_id)
    .where(
        _RECIPIENT.c.state == Fate.DUE,
        _RECIPIENT.c.at <= bindparam("now"),
        _THERE.c.stage == Stage.SENDING,
    )
    .order_by(_RECIPIENT.c.at, _RECIPIENT.c.id)
    .limit(bindparam("most"))
)
_CLAIM: Final = (
    select(_RECIPIENT)
    .where(among(_RECIPIENT.c.id, "ids"), _RECIPIENT.c.state == Fate.DUE)
    .order_by(_RECIPIENT.c.id)
    .with_for_update(skip_locked=True)
)
_SENDING: Final = (
    select(_THERE)
    .where(among(_THERE.c.id, "ids"), _THERE.c.stage == Stage.SENDING)
    .order_by(_THERE.c.id)
    .with_for_update(read=True)  # whoever pauses or stops it waits, and finds all that was claimed before
)
_WAYS: Final = select(col(Contact.citizen_id)).where(
    among(col(Contact.citizen_id), "citizens"), aside(col(Contact.bot)) == bindparam("bot")
)
_SETTLE: Final = (
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("key"), _RECIPIENT.c.state == Fate.DUE)
    .values(state=bindparam("became"), omission=bindparam("why"), settled_at=bindparam("when"))
)
_PUT_OFF: Final = (
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("key"), _RECIPIENT.c.state == Fate.DUE)
    .values(at=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """One recipient who gets an announcement now."""

    key: str  # of the message
    announcement: int
    person: Person
    lives: timedelta  # so long the message may wait
    shown: bool  # the picture that goes before it has come already


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one transaction claimed."""

    looked_at: int
    addressed: tuple[Addressed, ...]
    announcements: tuple[Row[Any], ...]  # those that are sent


def find_page(connection: Connection, now: datetime) -> bool:
    """Find some more recipients of what has begun; whether there may be others."""
    row = connection.execute(_SEARCHED).first()
    if row is None:
        return False
    page = audience(row).where(col(Citizen.id) > row.found_until).order_by(col(Citizen.id)).limit(PAGE)
    met = list({person.id: person for person in connection.execute(page)}.values())
    _add(connection, row, met, now)
    is_last = len(met) < PAGE
    values = {"found": row.found + len(met), "found_until": None if is_last else met[-1].id}
    connection.execute(update(_THERE).where(_THERE.c.id == row.id).values(**values))
    return True


def find_newcomers(connection: Connection, now: datetime) -> None:
    """Find those who have joined since, for whom it is still worth reading; of a series its last round."""
    for row in connection.execute(_OPEN_TO_NEWCOMERS).all():
        until = moment(datetime.fromisoformat(row.until), row.zone)
        ends = too_late(connection, row, max(until, row.not_after), now)
        if min(until, ends) <= now:
            continue
        known = exists().where(
            _RECIPIENT.c.announcement_id == row.id, _RECIPIENT.c.citizen_id == col(Citizen.id)
        )
        joined = (col(Citizen.arrived_at) > row.begun_at, ~known)
        people = audience(row).where(*joined).subquery()
        wanted = select(people).where(people.c.omission.is_(None)).limit(PAGE)
        if met := connection.execute(wanted).all():
            _add(connection, row, met, now)
            values = {"found": row.found + len(met), "stage": Stage.SENDING, "not_after": ends}
            connection.execute(update(_THERE).where(_THERE.c.id == row.id).values(**values))


def _add(connection: Connection, row: Row[Any], met: Iterable[Row[Any]], now: datetime) -> None:
    """Write them into the ledger; those who do not get it with the reason."""
    rows = [
        {
            "announcement_id": row.id,
            "citizen_id": person.id,
            "state": Fate.SKIPPED if person.omission else Fate.DUE,
            "omission": person.omission,
            "edition": 0,
            "at": now,
            "settled_at": now if person.omission else None,
            "tapped_at": None,
        }
        for person in met
    ]
    if rows:
        many(connection, insert_new(connection.dialect.name, Recipient), rows)


def claim(connection: Connection, context: Context, *, bot: int, now: datetime, most: int) -> Claimed:
    """Take up to so many recipients to whom something is due, each decided for this moment.

    The people are locked first, as turns do it, and then their rows; who is busy is left for the next time.
    """
    waiting = connection.execute(_NEXT, {"now": now, "most": most}).all()
    if not waiting:
        return Claimed(0, (), ())
    citizens = {row.citizen_id for row in waiting}
    found = people.find_free(connection, bot, citizens)
    lost = _without_way(connection, bot, citizens - found.keys())
    about = {"ids": sorted({row.announcement_id for row in waiting})}
    sending = {row.id: row for row in connection.execute(_SENDING, about)}
    free = [row for row in waiting if row.citizen_id in found or row.citizen_id in lost]
    ids = [row.id for row in free if row.announcement_id in sending]
    claimed = connection.execute(_CLAIM, {"ids": ids}).all()
    seen = shown(connection, claimed)
    judge = _Judge(wants(connection, context, found), sending, now)
    addressed, settled, put_off = [], [], []
    for row in claimed:
        verdict = Omission.BLOCKED if row.citizen_id in lost else judge(row, found[row.citizen_id])
        if isinstance(verdict, Omission):
            settled.append({"key": row.id, "became": Fate.SKIPPED, "why": verdict, "when": now})
        elif isinstance(verdict, datetime):
            put_off.append({"key": row.id, "until": verdict})
        else:
            key, person = message_key(row.id, row.edition), found[row.citizen_id]
            addressed.append(Addressed(key, row.announcement_id, person, verdict, row.id in seen))
            settled.append({"key": row.id, "became": Fate.OUT, "why": None, "when": None})
    if settled:
        many(connection, _SETTLE, settled)
    if put_off:
        many(connection, _PUT_OFF, put_off)
    return Claimed(len(claimed), tuple(addressed), tuple(sending.values()))


def _without_way(connection: Connection, bot: int, citizens: set[int]) -> set[int]:
    """Those of these whom nothing leads to, or only another bot account; with the others somebody is busy."""
    if not citizens:
        return set()
    values = {"citizens": list(citizens), "bot": bot}
    return citizens - set(connection.execute(_WAYS, values).scalars())


class _Judge:
    """Decides what becomes of recipients: they get it now, at another moment, or not at all."""

    def __init__(
        self, wanted: Mapping[int, Wants], announcements: Mapping[int, Row[Any]], now: datetime
    ) -> None:
        self._wanted = wanted
        self._announcements = announcements
        self._now = now

    def __call__(self, recipient: Row[Any], person: Person) -> timedelta | datetime | Omission:
        """How long the message may wait; until when it is put off; why it is not sent."""
        wanted = self._wanted[recipient.citizen_id]
        ends: datetime = self._announcements[recipient.announcement_id].not_after
        if (unwanted := _unwanted(wanted, person)) is not None:
            return unwanted
        if ends <= self._now:
            return Omission.LATE
        quiet = wanted.habits.quiet
        if quiet is None:
            return min(LIVES, ends - self._now)
        begins, over = night(self._now, wanted.habits.zone, quiet)
        if begins <= self._now:
            return over if over < ends else Omission.QUIET
        return min(LIVES, ends - self._now, begins - self._now)


def _unwanted(wanted: Wants, person: Person) -> Omission | None:
    """Why somebody does not want it, or cannot get it."""
    if wanted.stopped:
        return Omission.STOPPED
    if person.reach != "open":
        return Omission.BLOCKED
    if not wanted.news:
        return Omission.NO_CONSENT
    return Omission.OFF if Topic.ANNOUNCEMENT in wanted.off else None


def count_out(connection: Connection) -> int:
    """How many messages of announcements wait to leave."""
    return backlog.count(connection, (outbox.Lane.ANNOUNCEMENT,))
