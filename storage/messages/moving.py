"""A group chat got a new id: what waits for it goes there, and so do its room and its cards."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Text, and_, cast, exists, literal, select, update
from sqlmodel import col

from storage.messages.outbox import WAITING, State
from storage.occasions.carded import Card
from storage.panels.roomed import ASKS, Room
from storage.tables import Contact, Outbox, table


def move(connection: Connection, contact: int, telegram: int, now: datetime) -> None:
    """Telegram refused a message because the group has that id now."""
    _readdress(connection, col(Contact.id) == contact, telegram, now)


def follow(connection: Connection, bot: int, old: int, new: int, now: datetime) -> None:
    """A group said that it got a new id."""
    _readdress(connection, and_(col(Contact.bot) == bot, col(Contact.telegram) == old), new, now)


def _readdress(connection: Connection, which: ColumnElement[bool], telegram: int, now: datetime) -> None:
    """Telegram tells of the same change up to three times, and the new id may have written before."""
    moved = connection.execute(select(table(Contact)).where(which)).first()
    if moved is None or moved.telegram == telegram:
        return
    _leave_edits(connection, moved.id, now)
    _send_cards_anew(connection, moved.id, now)
    here = and_(col(Contact.bot) == moved.bot, col(Contact.telegram) == telegram)
    there = connection.execute(select(col(Contact.id)).where(here)).scalar_one_or_none()
    if there is None:
        connection.execute(update(table(Contact)).where(which).values(telegram=telegram))
    else:
        _join(connection, moved, there, now)


def _join(connection: Connection, moved: Row[Any], there: int, now: datetime) -> None:
    """All of one contact belongs to another one from now on, which need not be asked what it is for.

    Telegram tells that the bot joined the new chat, and not in which order with the move
    (https://github.com/tdlib/telegram-bot-api/issues/266).
    """
    asks = and_(col(Outbox.contact_id) == there, col(Outbox.key).startswith(ASKS, autoescape=True))
    _leave_out(connection, asks, "moved", now)
    waits = and_(col(Outbox.contact_id) == moved.id, col(Outbox.state).in_(WAITING))
    connection.execute(update(table(Outbox)).where(waits).values(contact_id=there))
    live = and_(col(Room.contact_id) == there, col(Room.until).is_(None))
    if connection.execute(select(col(Room.id)).where(live)).first() is not None:  # said there meanwhile
        connection.execute(update(table(Room)).where(col(Room.contact_id) == moved.id).values(until=now))
    for model in (Room, Card):
        mine = table(model).c.contact_id == moved.id
        connection.execute(update(table(model)).where(mine).values(contact_id=there))


def _leave_edits(connection: Connection, contact: int, now: datetime) -> None:
    """Messages have other numbers in the new chat: an edit would meet another one there, or none."""
    edits = and_(col(Outbox.contact_id) == contact, col(Outbox.payload).like('%"edit":%'))
    _leave_out(connection, edits, "lost", now)


def _leave_out(connection: Connection, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    waits = update(table(Outbox)).where(which, col(Outbox.state) == State.PENDING)
    connection.execute(waits.values(state=State.CANCELLED, reason=reason, payload=None, ended_at=now))


_FIRST: Final = literal("card:") + cast(col(Card.id), Text) + literal(":0")
_UNSAID: Final = exists().where(col(Outbox.key) == _FIRST, col(Outbox.ended_at).is_(None))


def _send_cards_anew(connection: Connection, contact: int, now: datetime) -> None:
    """Have live cards stand in the new chat as new messages; one that was never sent goes there by itself."""
    live = and_(col(Card.contact_id) == contact, col(Card.ended_at).is_(None))
    cards = update(table(Card))
    connection.execute(cards.where(live, col(Card.replaced)).values(ended_at=now))
    anew = {"message": None, "edition": col(Card.edition) + 1, "said": "", "look_at": now}
    connection.execute(cards.where(live, ~and_(col(Card.edition) == 0, _UNSAID)).values(anew))
