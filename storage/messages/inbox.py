"""Updates that were carried out, and those that could not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Text, bindparam, insert, text

from storage.tables import Quarantine, table
from storage.types import UtcDateTime, write


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update as it arrived."""

    update_id: int
    mark: int  # of its content: after a quiet week Telegram may count anew, so the id alone is not enough


_ROWS: Final = {
    "postgresql": (
        "CAST(:bot AS bigint), CAST(new->>0 AS bigint), CAST(new->>1 AS bigint), CAST(:at AS timestamptz) "
        "FROM json_array_elements(CAST(:updates AS json)) AS new"
    ),
    "sqlite": (
        ":bot, json_extract(value, '$[0]'), json_extract(value, '$[1]'), :at "
        "FROM json_each(:updates) WHERE true"
    ),
}
_TAKE: Final = {
    name: text(
        f"INSERT INTO inbox (bot, update_id, mark, at) SELECT {rows} "
        "ON CONFLICT DO NOTHING RETURNING update_id, mark"
    ).bindparams(bindparam("at", type_=UtcDateTime), bindparam("updates", type_=Text))
    for name, rows in _ROWS.items()
}
"""One statement, however many updates; a conflict with a transaction that is open waits for its end."""


def take(connection: Connection, bot: int, updates: Sequence[Arrived], now: datetime) -> set[Arrived]:
    """Note that these updates are being carried out; returns those that never were before."""
    listed = write([[update.update_id, update.mark] for update in updates])
    values = {"bot": bot, "at": now, "updates": listed}
    return {Arrived(*row) for row in connection.execute(_TAKE[connection.dialect.name], values)}


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
