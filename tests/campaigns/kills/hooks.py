"""What the launcher does in each process of a campaign before it becomes a bot."""

from collections.abc import Callable
from typing import Final

from tests.processes import several, troubles

USUAL: Final = f"{__name__}:usual"
SHARED: Final = f"{__name__}:shared"


def usual() -> Callable[[str], None]:
    """The database obeys the switches for a disk that is full, and one that cannot be written."""
    return troubles.switches()


def shared() -> Callable[[str], None]:
    """Leases last a tenth of their time, and nobody is told that they write too much."""
    from bot import flood

    vars(flood)["MOST"] = 10_000  # these citizens write as fast as they are answered
    return several.hasten()
