"""Meetings by the clocks on the wall, moved and cancelled as planners do it, and the pushes about them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from flows.occasions.occasions import State
from flows.times.local_time import moment, wall
from storage.pushes.pushed import Push
from storage.pushes.pushes import replan
from tests.storage.plans import RIGA, call_meeting, change
from tests.storage.town import CONTEXT, Town

SATURDAY: Final = "2025-03-29 15:00"
"""Nineteen days after NOON; in the night after it the clocks go forward."""

LASTS: Final = timedelta(hours=2)


def at(clocks: str, zone: str = RIGA) -> datetime:
    """When the clocks of a zone read so: 2025-03-29 15:00."""
    return moment(datetime.fromisoformat(clocks), zone)


async def meets(town: Town, id: int = 1, starts: str = SATURDAY, **columns: Any) -> int:
    """A meeting of two hours for everybody in Riverside; returns its id."""
    columns = {"now": town.now, "begins": at(starts) - town.now, "lasts": LASTS, **columns}
    await town.do(call_meeting, id, **columns)
    return id


async def moves(town: Town, id: int, starts: str) -> None:
    """It takes place at another time."""
    begins = datetime.fromisoformat(starts)
    ends = begins + LASTS
    times = {"starts": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
    moments = {"starts_at": moment(begins, RIGA), "ends_at": moment(ends, RIGA)}
    await changes(town, id, **times, **moments)


async def cancels(town: Town, id: int) -> None:
    """It does not take place."""
    await changes(town, id, state=State.CANCELLED)


async def changes(town: Town, id: int, **values: Any) -> None:
    """Other columns of it, as somebody who plans changes them."""

    def work(connection: Connection) -> None:
        change(connection, id, **values)
        replan(connection, CONTEXT, occasions=[id], now=town.now)

    await town.database.write(work)


async def pushes(town: Town) -> list[str]:
    """All pushes in order: when by the clocks in Riga, kind, lead, state, and why it was not said."""
    rows = sorted(await town.rows(Push), key=lambda row: (row.at, row.id))
    return [" ".join(filter(None, _line(row))) for row in rows]


def _line(row: Any) -> Sequence[str | None]:
    return f"{wall(row.at, RIGA):%m-%d %H:%M}", row.kind, row.lead, row.state, row.reason
