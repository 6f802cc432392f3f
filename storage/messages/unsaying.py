"""What is not said after all: messages with words of somebody who has just taken them back, or is gone."""

import json
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from storage.messages.outbox import State
from storage.messages.quoting import QUOTES, Quote, still_there
from storage.sql import among
from storage.tables import Outbox, table

_QUOTING: Final = select(col(Outbox.key), col(Outbox.payload)).where(
    col(Outbox.ended_at).is_(None), col(Outbox.payload).like(f'%"{QUOTES}":%')
)
_TAKE_WORDS: Final = (
    update(table(Outbox))
    .where(among(col(Outbox.key), "keys"), col(Outbox.ended_at).is_(None))
    .values(payload=None)
)
_DROP: Final = delete(table(Outbox)).where(col(Outbox.state) == State.PENDING, col(Outbox.payload).is_(None))


def unsay(connection: Connection) -> None:
    """Drop what waits to be said with words that have just been erased or taken back.

    What is being sent only loses its words: should it land, it is to be known where; should it come back to
    wait, it is cancelled then.
    """
    quotes: dict[str, set[Quote]] = {
        row.key: {(name, id) for name, id in json.loads(row.payload)[QUOTES]}
        for row in connection.execute(_QUOTING)
    }
    there = still_there(connection, {quote for quoted in quotes.values() for quote in quoted})
    gone = [key for key, quoted in quotes.items() if not quoted <= there]
    if gone:
        connection.execute(_TAKE_WORDS, {"keys": gone})
        connection.execute(_DROP)
