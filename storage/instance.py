"""Runs of the bot: each gets a number that fences off what earlier runs left, and shows that it is alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from storage.tables import Instance, table


@dataclass(frozen=True, slots=True)
class Run:
    """This run, and how long nobody ran before it."""

    fence: int  # grows with each run
    away: timedelta | None  # None: the first run ever


def begin(connection: Connection, now: datetime) -> Run:
    """Begin a run."""
    last: datetime | None = connection.execute(select(func.max(col(Instance.heartbeat_at)))).scalar_one()
    row = {"started_at": now, "heartbeat_at": now}
    fence = connection.execute(
        insert(table(Instance)).values(row).returning(col(Instance.fence))
    ).scalar_one()
    return Run(fence, None if last is None else max(now - last, timedelta()))


def beat(connection: Connection, fence: int, now: datetime) -> None:
    """Say that the run is alive at `now`."""
    connection.execute(update(table(Instance)).where(col(Instance.fence) == fence).values(heartbeat_at=now))
