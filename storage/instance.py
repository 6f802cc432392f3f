"""Runs of the bot: each gets a number that fences off what earlier runs left, and shows that it is alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from storage.sql import upsert
from storage.tables import Alarm, Instance, table


@dataclass(frozen=True, slots=True)
class Run:
    """This run, and how long nobody ran before it."""

    fence: int  # grows with each run
    away: timedelta | None  # None: the first run ever


def begin(connection: Connection, now: datetime) -> Run:
    """Begin a run."""
    last: datetime | None = connection.execute(select(func.max(col(Instance.heartbeat_at)))).scalar_one()
    row = {"started_at": now, "heartbeat_at": now}
    begun = insert(table(Instance)).values(row).returning(table(Instance).c.fence)
    fence: int = connection.execute(begun).scalar_one()
    return Run(fence, None if last is None else max(now - last, timedelta()))


def beat(connection: Connection, fence: int, now: datetime) -> None:
    """Say that the run is alive at `now`."""
    connection.execute(update(table(Instance)).where(col(Instance.fence) == fence).values(heartbeat_at=now))


def may_tell(connection: Connection, cause: str, now: datetime, quiet: timedelta) -> bool:
    """Whether the admins may be told of `cause` now; if so it counts as told."""
    told: datetime | None = connection.execute(
        select(col(Alarm.told_at)).where(col(Alarm.cause) == cause)
    ).scalar_one_or_none()
    if told is not None and now - quiet < told <= now:
        return False
    connection.execute(upsert(connection, Alarm), [{"cause": cause, "told_at": now}])
    return True
