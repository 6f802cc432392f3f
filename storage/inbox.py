"""Updates that were carried out, and those that could not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, insert
from sqlmodel import col

from storage.sql import insert_new
from storage.tables import Inbox, Quarantine, table


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update as it arrived."""

    update_id: int
    mark: int  # of its content: after a quiet week Telegram may count anew, so the id alone is not enough


def take(connection: Connection, bot: int, updates: Sequence[Arrived], now: datetime) -> set[Arrived]:
    """Note that these updates are being carried out; returns those that never were before."""
    rows = [{"bot": bot, "update_id": update.update_id, "mark": update.mark, "at": now} for update in updates]
    taken = connection.execute(_take(connection.dialect.name), rows)
    return {Arrived(row.update_id, row.mark) for row in taken}


@cache
def _take(dialect: str) -> Executable:
    return insert_new(dialect, Inbox).returning(col(Inbox.update_id), col(Inbox.mark))


def quarantine(
    connection: Connection, bot: int, update_id: int, *, kind: str, reason: str, attempts: int, now: datetime
) -> None:
    """Note an update that could not be carried out.

    kind    its type, such as "message"
    reason  the class of the error, never its text: that may quote the citizen
    """
    row = {
        "bot": bot,
        "update_id": update_id,
        "kind": kind,
        "reason": reason,
        "attempts": attempts,
        "at": now,
    }
    connection.execute(insert(table(Quarantine)), [row])
