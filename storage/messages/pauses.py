"""Pauses that Telegram asks for; kept so that a restart honours them."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import col

from storage.sql import upsert
from storage.tables import Pause

BOT: Final = 0
"""The "contact" of a pause that holds for the whole bot."""


def pause(connection: Connection, contact: int, until: datetime) -> None:
    """Send nothing to a contact (or, for `BOT`, to anybody) before `until`; a longer pause stays longer."""
    held = connection.execute(select(col(Pause.until)).where(col(Pause.contact_id) == contact)).scalar()
    until = max(until, held or until)
    connection.execute(upsert(connection, Pause), [{"contact_id": contact, "until": until}])


def pauses(connection: Connection, now: datetime) -> dict[int, datetime]:
    """The pauses that still hold, by contact."""
    query = select(col(Pause.contact_id), col(Pause.until)).where(col(Pause.until) > now)
    return {row.contact_id: row.until for row in connection.execute(query)}
