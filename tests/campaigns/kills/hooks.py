"""What the launcher does in each process of a campaign before it becomes a bot."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Engine, event

from tests.processes import several, troubles

USUAL: Final = f"{__name__}:usual"
SHARED: Final = f"{__name__}:shared"
FORGETFUL: Final = f"{__name__}:forgetful"


def usual() -> Callable[[str], None]:
    """The database obeys the switches for a disk that is full, and one that cannot be written."""
    return troubles.switches()


def forgetful() -> Callable[[str], None]:
    """SQLite keeps no page in memory: whatever lies in the file is seen at once."""
    event.listen(Engine, "begin", _forget)
    return lambda _point: None


def _forget(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA shrink_memory").close()


def shared() -> Callable[[str], None]:
    """Leases last a tenth of their time, and nobody is told that they write too much."""
    from bot import flood

    vars(flood)["MOST"] = 10_000  # these citizens write as fast as they are answered
    return several.hasten()
