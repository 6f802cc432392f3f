"""Rooms: group chats bound to a purpose by those who may, spoken to in their topic, ended by a removal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, select, update
from sqlmodel import col

from flows.panels.binding import BindRoom, Bound, EndRoom, RoomHere, Use
from flows.panels.desk import PanelDesk, RoomLine
from flows.panels.rooms import Purpose
from flows.people.roles import Permission, Scope, may
from flows.people.territory import Territory
from storage.context import Context
from storage.messages import outbox
from storage.messages.chats import is_called, somebody, way_to
from storage.messages.inbox import Arrived
from storage.messages.outbox import Lane, Message
from storage.occasions.carded import Card
from storage.occasions.spots import spot
from storage.panels.panels import panel_of
from storage.panels.roomed import Room
from storage.people import audit
from storage.people.audit import What
from storage.people.permissions import require
from storage.registry import applies, loads
from storage.tables import Contact, Outbox, table
from storage.unit import Chat, Unit

_ROOM: Final = table(Room)
_CHAT: Final = table(Contact)
_LIVE: Final[Select[Any]] = (
    select(*_ROOM.c, _CHAT.c.telegram, _CHAT.c.reach)
    .join(_CHAT, _CHAT.c.id == _ROOM.c.contact_id)
    .where(_ROOM.c.until.is_(None))
)
_OF: Final = _LIVE.where(
    _ROOM.c.territory == bindparam("territory"),
    _ROOM.c.purpose == bindparam("purpose"),
    _CHAT.c.reach == "open",
).order_by(_ROOM.c.since, _ROOM.c.id)
_THERE: Final = _LIVE.where(_ROOM.c.territory == bindparam("territory")).order_by(_ROOM.c.since, _ROOM.c.id)
_IN: Final = _LIVE.where(_CHAT.c.bot == bindparam("bot"), _CHAT.c.telegram == bindparam("chat"))


def rooms(connection: Connection, territory: str, purpose: Purpose) -> Sequence[Row[Any]]:
    """The rooms of a territory for a purpose that can be spoken to, the oldest first."""
    return connection.execute(_OF, {"territory": territory, "purpose": purpose}).all()


def message(
    room: Row[Any],
    key: str,
    payload: dict[str, Any],
    lane: Lane = Lane.NOTICE,
    lives: timedelta = timedelta(hours=24),
) -> Message:
    """A message for the outbox that speaks in a room, in its topic.

    key      deterministic, and another one for each room
    payload  what bot/rendering/render.py made, as JSON
    """
    there = payload if room.topic is None else {**payload, "topic": room.topic}
    return Message(key, room.contact_id, room.telegram, there, lane, lives=lives)


@dataclass(frozen=True, slots=True)
class Readers:
    """How those in a group chat are spoken to."""

    languages: tuple[str, ...]  # in each of them, one at least
    zone: str = "UTC"  # IANA name


def readers(connection: Connection, territory: Territory, purpose: Purpose) -> Readers:
    """How those in the rooms of a territory are spoken to: the panel in the languages it has chosen."""
    panel = panel_of(connection, territory) if purpose is Purpose.PANEL else None
    return Readers(panel.languages if panel else territory.languages[:1], territory.zone)


def readers_in(connection: Connection, context: Context, bot: int, chat: int) -> Readers | None:
    """The same of a group chat, by Telegram's id; None where it is no room."""
    here = connection.execute(_IN, {"bot": bot, "chat": chat}).first()
    territory = context.territories.get(here.territory) if here else None
    if here is None or territory is None:
        return None
    return readers(connection, territory, Purpose(here.purpose))


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody brought the bot into a group chat."""

    chat: int  # Telegram's id, negative
    by: int
    language_code: str | None  # of their Telegram app


@dataclass(frozen=True, slots=True)
class Summons:
    """Somebody wants to be asked in a group chat what it is for."""

    chat: int
    topic: int | None
    by: int
    language_code: str | None
    bot_name: str  # that the command names; "": none


@dataclass(frozen=True, slots=True)
class Asking:
    """A group chat is to be asked what it is for."""

    contact: int
    here: RoomHere | None  # None: the bot is new there
    readers: Readers | None  # None: nobody is known there


def joined(
    connection: Connection, context: Context, bot: int, arrived: Arrived, new: Joined, now: datetime
) -> Asking | None:
    """The bot is in a group chat. None where it was before: one that became a supergroup is joined anew."""
    if _is_there(connection, bot, new.chat):
        return None
    id = context.keys.row_id(bot, arrived.update_id, arrived.mark, 1)
    contact = way_to(connection, bot, new.chat, id)
    _end(connection, _ROOM.c.contact_id == contact, now)
    language = somebody(connection, bot, new.by).language
    return Asking(contact, None, Readers((language,)) if language else None)


def _is_there(connection: Connection, bot: int, chat: int) -> bool:
    """Whether something is said in that group chat now and then, and it was not found closed."""
    live_room = exists().where(_ROOM.c.contact_id == _CHAT.c.id, _ROOM.c.until.is_(None))
    live_card = exists().where(col(Card.contact_id) == _CHAT.c.id, col(Card.ended_at).is_(None))
    here = and_(_CHAT.c.bot == bot, _CHAT.c.telegram == chat, _CHAT.c.reach == "open")
    return connection.execute(select(_CHAT.c.id).where(here, live_room | live_card)).first() is not None


def summoned(
    connection: Connection, context: Context, bot: int, arrived: Arrived, call: Summons
) -> Asking | None:
    """Somebody who keeps rooms asks to be asked; None for everybody else."""
    who = somebody(connection, bot, call.by)
    if not is_called(context, call.bot_name) or not may(who.held, Permission.KEEP_ROOMS):
        return None
    contact = way_to(connection, bot, call.chat, context.keys.row_id(bot, arrived.update_id, arrived.mark, 1))
    here = connection.execute(_IN, {"bot": bot, "chat": call.chat}).first()
    own = Readers((who.language,)) if who.language else None
    return Asking(contact, _here(context, here), readers_in(connection, context, bot, call.chat) or own)


def _here(context: Context, row: Row[Any] | None) -> RoomHere:
    if row is None:
        return RoomHere(Use.CARDS, None)
    return RoomHere(Use(row.purpose), spot(context, Scope(row.territory)))


def end_all(connection: Connection, bot: int, chat: int, now: datetime) -> None:
    """The bot was removed from a group chat: it is no room any more."""
    here = select(_CHAT.c.id).where(_CHAT.c.bot == bot, _CHAT.c.telegram == chat)
    _end(connection, _ROOM.c.contact_id.in_(here), now)


def _end(connection: Connection, which: Any, now: datetime) -> int:
    live = update(_ROOM).where(which, _ROOM.c.until.is_(None))
    return connection.execute(live.values(until=now)).rowcount


@loads(RoomHere)
def room_here(unit: Unit) -> RoomHere:
    """What the group chat is for in which something was pressed."""
    return _here(unit.context, _live(unit, unit.chat) if unit.chat else None)


def _live(unit: Unit, chat: Chat) -> Row[Any] | None:
    found = unit.rows(_IN.with_for_update(of=_ROOM), {"bot": unit.origin.bot, "chat": chat.telegram})
    return found[0] if found else None


@applies(BindRoom)
def bind_room(unit: Unit, effect: BindRoom) -> Bound:
    """Bind the chat, in the topic in which it was pressed; who takes it from elsewhere may there, too."""
    slug = effect.where.territory or ""
    territory, chat = unit.context.territories.get(slug), unit.chat
    if chat is None or territory is None:
        return Bound.NOWHERE
    if effect.purpose is Purpose.PANEL and territory.panel is None:
        return Bound.NO_PANEL
    contact = way_to(unit.connection, unit.origin.bot, chat.telegram, unit.new_id())
    here = _live(unit, chat)
    if here is not None:
        require(unit, Permission.KEEP_ROOMS, Scope(here.territory))
        if (here.territory, here.purpose) == (slug, effect.purpose):
            unit.change(update(_ROOM).where(_ROOM.c.id == here.id).values(topic=chat.topic))
            return Bound.DONE
        unit.change(update(_ROOM).where(_ROOM.c.id == here.id).values(until=unit.now))
        audit.note(unit, What.UNBOUND, Purpose(here.purpose), Scope(here.territory), here.id)
    id = unit.new_id()
    unit.add(
        Room,
        id=id,
        contact_id=contact,
        territory=slug,
        purpose=effect.purpose,
        topic=chat.topic,
        since=unit.now,
        until=None,
    )
    audit.note(unit, What.BOUND, effect.purpose, effect.where, id)
    return Bound.DONE


@applies(EndRoom)
def end_room(unit: Unit, effect: EndRoom) -> bool:
    """End a room of exactly that territory; where that was done elsewhere, its chat is to be told."""
    mine = _LIVE.where(_ROOM.c.territory == effect.where.territory).with_for_update(of=_ROOM)
    if effect.room is not None:
        found = unit.rows(mine.where(_ROOM.c.id == effect.room))
    elif unit.chat is not None:
        here = _CHAT.c.bot == unit.origin.bot, _CHAT.c.telegram == unit.chat.telegram
        found = unit.rows(mine.where(*here))
    else:
        found = ()
    for row in found:
        unit.change(update(_ROOM).where(_ROOM.c.id == row.id).values(until=unit.now))
        audit.note(unit, What.UNBOUND, Purpose(row.purpose), effect.where, row.id)
    unit.ended_rooms += [row for row in found if unit.chat is None and row.reach == "open"]
    return bool(found)


def rewrite(
    connection: Connection, contact: int, chat: Chat, payload: dict[str, Any], key: str, now: datetime
) -> Message:
    """A message that has one in a group chat say something else; what it was to say before is left out.

    key  names the press; lane REPLY keeps the order in which the pressed message is to change
    """
    begins = f"room:{contact}:{chat.message}:"
    sent = table(Outbox).c
    waits = select(sent.key).where(sent.contact_id == contact, sent.key.startswith(begins, autoescape=True))
    earlier = connection.execute(waits.where(sent.ended_at.is_(None))).scalars().all()
    outbox.take_back(connection, earlier, "replaced", now)
    there = {**payload, "edit": chat.message}
    return Message(f"{begins}{key}", contact, chat.telegram, there, Lane.REPLY, lives=timedelta(hours=1))


@loads(PanelDesk)
def panel_desk(unit: Unit, where: Scope) -> PanelDesk:
    """What is set for the panel of a territory, and its rooms, those included that are shut."""
    territory, names = unit.context.territories.get(where.territory or ""), unit.context.own_names
    if territory is None:
        return PanelDesk(None, {}, ())
    there = unit.rows(_THERE, {"territory": territory.slug})
    return PanelDesk(
        settings=panel_of(unit.connection, territory),
        languages={code: names.get(code, code) for code in territory.languages},
        rooms=tuple(RoomLine(row.id, Purpose(row.purpose), row.since, row.reach == "open") for row in there),
    )
