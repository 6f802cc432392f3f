"""Pauses that Telegram asks for; kept so that a restart honours them."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlmodel import col

from storage.sql import many, upsert
from storage.tables import Pause, table

BOT: Final = 0
"""The "contact" of a pause that holds for the whole bot."""


def pause(connection: Connection, contact: int, wait: timedelta, now: datetime) -> None:
    """Send nothing to a contact (or, for `BOT`, to anybody) for so long; a longer pause stays longer."""
    held = connection.execute(select(table(Pause)).where(col(Pause.contact_id) == contact)).first()
    until = max(now + wait, _end(held, now)) if held else now + wait
    row = {"contact_id": contact, "asked_at": now, "until": until}
    connection.execute(upsert(connection, Pause), [row])


def pauses(connection: Connection, now: datetime) -> dict[int, datetime]:
    """The pauses that still hold, by contact."""
    rows = connection.execute(_HELD, {"now": now}).all()
    early = [row for row in rows if row.asked_at > now]
    if early:
        anew = [{"whose": row.contact_id, "asked": now, "ends": _end(row, now)} for row in early]
        many(connection, _BEGIN_ANEW, anew)
    return {row.contact_id: _end(row, now) for row in rows}


def _end(row: Row[Any], now: datetime) -> datetime:
    """When a pause ends. One that is asked for later than now begins anew: the clock was turned back since.

    How much of it has passed is not known then. So it ends no sooner than was asked for, nor so much later
    as the clock was turned.
    """
    until: datetime = row.until
    return until if row.asked_at <= now else now + (until - row.asked_at)


_HELD: Final = select(table(Pause)).where(col(Pause.until) > bindparam("now"))
_BEGIN_ANEW: Final = (
    update(table(Pause))
    .where(col(Pause.contact_id) == bindparam("whose"))
    .values(asked_at=bindparam("asked"), until=bindparam("ends"))
)
