"""Inquiries in rooms: what each message there has to say now, compared with what it said last.

Where nobody can be told anything in a room, an inquiry that waits there is told to people in private.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, bindparam, cast, func, insert, literal, select, update
from sqlmodel import col

from flows.inquiries.inquiries import State
from flows.inquiries.room import Posted
from flows.panels.rooms import Purpose
from storage.context import Context
from storage.inquiries.attendants import attendants
from storage.inquiries.exchanges import call, last_messages, line, state_of
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryPost
from storage.messages.chats import MUTE
from storage.messages.outbox import WAITING
from storage.messages.outbox import State as Became
from storage.messages.quoting import Quote
from storage.panels.rooms import Readers, readers, rooms
from storage.sql import among
from storage.tables import Appointment, Contact, Outbox, table

_POSTS: Final = table(InquiryPost)
_INQUIRIES: Final = table(Inquiry)
_MESSAGES: Final = table(InquiryMessage)
_SENT: Final = table(Outbox)
_ROLES: Final = table(Appointment).name

UNHEARD: Final = "unheard"
"""What a message says in a room while the bot may not write there; once it may, it says what holds then."""

_KEY: Final = literal("inquiry:") + cast(_POSTS.c.id, Text) + ":" + cast(_POSTS.c.edition, Text)
_LIVE: Final = (
    select(
        _POSTS,
        col(Contact.telegram),
        col(Contact.reach),
        _SENT.c.state.label("became"),
        _SENT.c.message.label("sent"),
    )
    .join(table(Contact), col(Contact.id) == _POSTS.c.contact_id)
    .outerjoin(_SENT, _SENT.c.key == _KEY)
    .where(_POSTS.c.ends.is_(False))
    .order_by(_POSTS.c.id)
)
_STANDING: Final = (
    select(_INQUIRIES, func.count(_MESSAGES.c.id).label("ready"))
    .join(_MESSAGES, _MESSAGES.c.inquiry_id == _INQUIRIES.c.id)
    .where(_MESSAGES.c.ready_at.is_not(None))
    .group_by(*_INQUIRIES.columns)
)
_OPEN: Final = _STANDING.where(_INQUIRIES.c.closed_at.is_(None))
_OF: Final = _STANDING.where(among(_INQUIRIES.c.id, "inquiries"))
_MADE: Final = select(func.count()).where(
    _POSTS.c.inquiry_id == bindparam("inquiry"), _POSTS.c.contact_id == bindparam("contact")
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What holds now of an inquiry, as far as rooms see it."""

    territory: str
    posted: Posted
    ready: int  # messages that can be read
    quotes: frozenset[Quote] = frozenset()  # with the name of who has taken it

    @property
    def digest(self) -> str:
        """What names it, without leading to anybody."""
        ready = self.ready if self.posted.state is State.WAITING else 0
        return sha256(repr((self.posted.state, self.posted.name, ready)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Edition:
    """What is to be said in a room now."""

    key: str
    contact: int
    telegram: int
    topic: int | None
    message: int | None  # to be edited; None: it is new
    posted: Posted
    readers: Readers
    quotes: frozenset[Quote]  # with the words and names in it


def is_anything_to_say(connection: Connection) -> bool:
    """Whether a room is to be told of an inquiry, or of what has become of one."""
    standing = _standings(connection)
    return any(_changed(connection, standing)) or any(_new(connection, standing))


def editions(connection: Connection, context: Context, at: datetime) -> list[Edition]:
    """What is to be said in rooms now; noted as said. What is not heard there any more is told privately."""
    standing = _standings(connection)
    said = [_edit(connection, context, row, now, at) for row, now in list(_changed(connection, standing))]
    said += [_post(connection, context, room, now) for room, now in list(_new(connection, standing))]
    return [each for each in said if each is not None]


def _standings(connection: Connection) -> dict[int, _Standing]:
    """Every inquiry that is open or stands in a room; of one that is gone nothing but that."""
    there = [row.inquiry_id for row in connection.execute(_LIVE)]
    rows = [*connection.execute(_OPEN), *connection.execute(_OF, {"inquiries": there})]
    taken = attendants(connection, {row.id for row in rows}) if rows else {}
    found = {id: _Standing("", Posted(id, State.CLOSED), 0) for id in there}
    for row in rows:
        held = taken.get(row.id)
        state = state_of(row, is_taken=held is not None)
        name, named = (held.name, {(_ROLES, held.role)}) if held and state is State.TAKEN else ("", set())
        is_late = state is State.WAITING and row.brought_up > 0
        posted = Posted(row.id, state, name, is_late)
        found[row.id] = _Standing(row.territory, posted, row.ready, frozenset(named))
    return found


def _changed(
    connection: Connection, standing: Mapping[int, _Standing]
) -> Iterator[tuple[Row[Any], _Standing]]:
    """The messages in rooms that say something else than holds now, once their last edition has landed."""
    for row in connection.execute(_LIVE).all():
        now = standing[row.inquiry_id]
        waits, has_landed = now.posted.state is State.WAITING, row.became not in WAITING
        if row.reach == MUTE:
            is_new = waits and row.said != UNHEARD
        else:
            is_new = has_landed and (now.digest != row.said or (waits and row.reach != "open"))
        if is_new:
            yield row, now


def _new(connection: Connection, standing: Mapping[int, _Standing]) -> Iterator[tuple[Row[Any], _Standing]]:
    """The rooms in which an inquiry does not stand yet; one that is late is brought up there once more."""
    waiting = [each for each in standing.values() if each.posted.state is State.WAITING]
    if not waiting:
        return
    live = {(row.inquiry_id, row.contact_id, row.is_late) for row in connection.execute(_LIVE)}
    slugs = {each.territory for each in waiting}
    there = {slug: rooms(connection, slug, Purpose.COORDINATORS) for slug in slugs}
    for each in waiting:
        for room in there[each.territory]:
            as_late = (True,) if each.posted.is_late else (True, False)
            if live.isdisjoint((each.posted.inquiry, room.contact_id, late) for late in as_late):
                yield room, each


def _edit(
    connection: Connection, context: Context, row: Row[Any], now: _Standing, at: datetime
) -> Edition | None:
    """The next edition of a message; None where it cannot be changed any more, or not now."""
    this = update(_POSTS).where(_POSTS.c.id == row.id)
    if row.reach != "open" and now.posted.state is State.WAITING:
        call(connection, context, row.inquiry_id, row.territory, at)
    if row.reach == MUTE:
        connection.execute(this.values(said=UNHEARD))
        return None
    message = row.sent or row.message
    lost = row.reach != "open" or message is None or row.became == Became.DEAD
    ends = lost or now.posted.state is State.CLOSED
    values = {"edition": row.edition + 1, "said": now.digest, "message": message, "ends": ends}
    connection.execute(this.values(**values))
    if lost:
        return None
    key = f"inquiry:{row.id}:{row.edition + 1}"
    here = replace(now, territory=row.territory, posted=replace(now.posted, is_late=row.is_late))
    return _edition(connection, context, key, row, None, message, here)


def _post(connection: Connection, context: Context, room: Row[Any], now: _Standing) -> Edition:
    """A new message."""
    about = {"inquiry": now.posted.inquiry, "contact": room.contact_id}
    made = connection.execute(_MADE, about).scalar_one()
    id = context.keys.row_id(now.posted.inquiry, room.contact_id, made)
    post = {"id": id, "inquiry_id": now.posted.inquiry, "contact_id": room.contact_id}
    what = {"territory": now.territory, "is_late": now.posted.is_late, "said": now.digest}
    connection.execute(insert(_POSTS).values(**post, **what, edition=0, message=None, ends=False))
    return _edition(connection, context, f"inquiry:{id}:0", room, room.topic, None, now)


def _edition(
    connection: Connection,
    context: Context,
    key: str,
    chat: Row[Any],
    topic: int | None,
    message: int | None,
    now: _Standing,
) -> Edition:
    place = context.territories.get(now.territory)
    read = (
        readers(connection, place, Purpose.COORDINATORS) if place else Readers(tuple(context.own_names)[:1])
    )
    posted, quotes = now.posted, now.quotes
    if posted.state is State.WAITING:
        rows = last_messages(connection, posted.inquiry, for_asker=False)
        posted = replace(posted, lines=tuple(line(context, row, for_asker=False) for row in rows))
        quotes = frozenset((_MESSAGES.name, row.id) for row in rows)
    return Edition(key, chat.contact_id, chat.telegram, topic, message, posted, read, quotes)
