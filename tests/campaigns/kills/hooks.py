"""What the launcher does in each process of a campaign before it becomes a bot."""

import random
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from tests.processes import several, troubles

UNANSWERED: Final = "commits-are-unanswered"  # a switch: this file in the bot's folder
LOST: Final = 0.2  # of the answers to commits
SPARED: Final = ContextVar("spared", default=False)
"""Set where no answer to a commit is lost."""

USUAL: Final = f"{__name__}:usual"
SHARED: Final = f"{__name__}:shared"
FORGETFUL: Final = f"{__name__}:forgetful"


def usual() -> Callable[[str], None]:
    """The database obeys the switches for a full disk, one that cannot be written, and lost answers."""
    _lose_answers()
    return troubles.switches()


def _lose_answers() -> None:
    """PostgreSQL commits, and now and then the connection ends before it says so."""
    from asyncpg import (  # type: ignore[import-untyped]
        ConnectionDoesNotExistError,
        transaction,
    )

    commit = transaction.Transaction.commit

    async def perhaps_unanswered(self: Any) -> None:
        await commit(self)
        if _is_unanswered():
            self._connection.terminate()
            raise ConnectionDoesNotExistError("connection was closed in the middle of operation")

    transaction.Transaction.commit = perhaps_unanswered


def _is_unanswered() -> bool:
    return not SPARED.get() and Path(UNANSWERED).exists() and random.random() < LOST


def forgetful() -> Callable[[str], None]:
    """SQLite keeps no page in memory: whatever lies in the file is seen at once."""
    event.listen(Engine, "begin", _forget)
    return lambda _point: None


def _forget(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA shrink_memory").close()


def shared() -> Callable[[str], None]:
    """Leases last a tenth of their time, and nobody is told that they write too much."""
    from bot.listening import flood

    vars(flood)["MOST"] = 10_000  # these citizens write as fast as they are answered
    return several.hasten()
