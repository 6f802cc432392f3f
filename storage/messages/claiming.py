"""What may be sent now: claimed from the outbox, in order, by one run alone, and only what is wanted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, or_, select, update
from sqlmodel import col

from storage.announcements.audience import OFF
from storage.instance import RIVALS, Role
from storage.messages.outbox import ASKED_FOR, PUSHES, Claimed, Lane, State
from storage.messages.pauses import BOT, pauses
from storage.pushes.habits import consented
from storage.sql import among
from storage.tables import Citizen, Contact, Instance, Outbox, table

LANES: Final[Mapping[Role, tuple[Lane, ...]]] = MappingProxyType(
    {
        Role.ALL: tuple(Lane),
        Role.LISTEN: (Lane.REPLY,),
        Role.PUSH: PUSHES,
    }
)
"""What each role speaks."""


def claim(
    connection: Connection, *, limit: int, now: datetime, worker: int, role: Role = Role.ALL
) -> list[Claimed]:
    """Take up to `limit` messages that may be sent at `now`, the most urgent lane first.

    At most one message per contact is taken, and none while another of that contact is being sent. Replies to
    one contact are spoken in order, and so is what was put there together, as a picture and its words. No
    reply waits for a reminder that is to be said tomorrow, nor until a clock that was turned back has come to
    its moment again.
    What a person no longer wants is not taken: claiming checks consent. A run takes nothing once a rival has
    begun after it.

    Contacts are locked first, and those that somebody else has locked are left for later: what is found then
    holds until the end of the transaction, whatever turns and other claimers do meanwhile.
    """
    paused = pauses(connection, now)
    if BOT in paused:
        return []
    queries = _queries(role)
    values = {"now": now, "paused": list(paused), "worker": worker, "most": limit}
    contacts = connection.execute(queries.contacts, values).scalars().all()
    if not contacts:
        return []
    first: dict[int, Claimed] = {}
    for row in connection.execute(queries.messages, {**values, "contacts": contacts}):
        message = Claimed(row.key, row.contact_id, row.telegram, json.loads(row.payload), Lane(row.lane))
        first.setdefault(message.contact, message)
    claimed = list(first.values())
    connection.execute(_HOLD, {"keys": [message.key for message in claimed], "whose": worker})
    return claimed


@dataclass(frozen=True, slots=True)
class _Queries:
    """What one role asks: to make these anew for each claim would cost more than asking."""

    contacts: Select[Any]
    messages: Select[Any]


@cache
def _queries(role: Role) -> _Queries:
    contact = table(Contact)
    ready = _ready(role).where(~among(contact.c.id, "paused"), ~_superseded(role)).limit(bindparam("most"))
    locked = ready.with_only_columns(contact.c.id).with_for_update(
        of=contact, skip_locked=True, key_share=True
    )
    theirs = ready.where(among(contact.c.id, "contacts")).with_for_update(of=table(Outbox), skip_locked=True)
    return _Queries(locked, theirs)


def _ready(role: Role) -> Select[Any]:
    """Messages that may be sent, most urgent first, if nobody takes one of the same contact meanwhile."""
    outbox, contact, other = table(Outbox), table(Contact), table(Outbox).alias("other")
    together = or_(outbox.c.lane == Lane.REPLY, other.c.created_at == outbox.c.created_at)
    now: Any = bindparam("now", type_=outbox.c.not_after.type)
    spoken = and_(other.c.state == State.PENDING, other.c.not_after > now)  # too late: it never will be
    before = and_(other.c.lane == outbox.c.lane, together, spoken, other.c.id < outbox.c.id)
    blocked = exists().where(
        other.c.contact_id == outbox.c.contact_id,
        other.c.ended_at.is_(None),  # so that the index of what waits serves, however much was sent before
        or_(other.c.state == State.SENDING, before),
    )
    return (
        select(outbox.c.key, outbox.c.contact_id, contact.c.telegram, outbox.c.payload, outbox.c.lane)
        .join(contact, contact.c.id == outbox.c.contact_id)
        .outerjoin(table(Citizen), col(Citizen.id) == contact.c.citizen_id)
        .where(outbox.c.state == State.PENDING, outbox.c.lane.in_(LANES[role]))
        .where(or_(outbox.c.not_before <= now, _of_the_future(now)), outbox.c.not_after > now)
        .where(contact.c.reach == "open", _wanted(), ~blocked)
        .order_by(outbox.c.lane, outbox.c.id)
    )


def _of_the_future(now: Any) -> ColumnElement[bool]:
    """Whether a reply was written later than now: the clock was turned back since, and it need not wait.

    Pauses that Telegram asked for are kept all the same: they have a table of their own, which knows it, too.
    """
    return and_(col(Outbox.lane) == Lane.REPLY, col(Outbox.created_at) > now)


def _superseded(role: Role) -> ColumnElement[bool]:
    """Whether a rival of the run has begun after it."""
    return exists().where(col(Instance.fence) > bindparam("worker"), col(Instance.role).in_(RIVALS[role]))


def _wanted() -> ColumnElement[bool]:
    """A reply is always wanted; a push only by people who have not stopped, some only with consent."""
    agreed = [or_(col(Outbox.lane) != lane, consented(purpose)) for lane, purpose in ASKED_FOR.items()]
    on = or_(col(Outbox.lane) != Lane.ANNOUNCEMENT, ~OFF)
    is_group = col(Contact.telegram) < 0
    return or_(col(Outbox.lane) == Lane.REPLY, is_group, and_(col(Citizen.stopped_at).is_(None), on, *agreed))


_HOLD: Final = (
    update(table(Outbox))
    .where(among(col(Outbox.key), "keys"))
    .values(state=State.SENDING, worker=bindparam("whose"))
)
