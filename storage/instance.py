"""Runs of the bot: each gets a number that fences off earlier ones, and a lease while it is alive.

A run renews its lease again and again, and speaks only while it lasts. Leases count in the database server's
time: the clocks of several machines differ, and the bot's own can be moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlmodel import col

from storage.sql import upsert
from storage.tables import Alarm, Instance, table
from storage.types import UtcDateTime

LEASE: Final = timedelta(seconds=15)
"""How long a run may speak without having renewed its lease."""

GRACE: Final = timedelta(seconds=8)
"""How long after its lease a run is given up: what it had begun to send until then has landed."""


class Role(StrEnum):
    """What a run does."""

    ALL = "all"  # everything, alone
    LISTEN = "listen"  # takes updates in and speaks replies, beside others
    PUSH = "push"  # speaks what nobody asked for, and keeps house; one at a time


RIVALS: Final[Mapping[Role, tuple[Role, ...]]] = MappingProxyType(
    {Role.ALL: tuple(Role), Role.LISTEN: (Role.ALL,), Role.PUSH: (Role.ALL, Role.PUSH)}
)
"""With whom a role shares nothing: whoever begins later has taken over."""

LISTENING: Final = (Role.ALL, Role.LISTEN)


@dataclass(frozen=True, slots=True)
class Run:
    """This run, and how long nobody listened before it."""

    fence: int  # grows with each run
    role: Role
    away: timedelta | None  # None: nobody ever did


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands when it has renewed its lease; moments are the server's."""

    until: datetime  # when the lease ends
    unbroken: bool  # it had not ended before
    superseded: bool  # a rival has begun since
    peers: tuple[datetime, ...]  # when the leases of the others end who may speak now


def begin(connection: Connection, role: Role, now: datetime) -> Run:
    """Begin a run. Rivals that began earlier are given up: the lock that the caller holds keeps them out."""
    rows = table(Instance)
    if connection.dialect.name == "postgresql":  # or two that come back together would both have been away
        connection.exec_driver_sql("LOCK TABLE instance IN SHARE ROW EXCLUSIVE MODE")
    heard = select(func.max(rows.c.heartbeat_at)).where(rows.c.role.in_(LISTENING))
    last: datetime | None = connection.execute(heard).scalar_one()
    row = {"role": role, "started_at": now, "heartbeat_at": now, "lease_until": _clock(connection) + LEASE}
    fence: int = connection.execute(insert(rows).values(row).returning(rows.c.fence)).scalar_one()
    _give_up(connection, rows.c.fence < fence, rows.c.role.in_(RIVALS[role]))
    return Run(fence, role, None if last is None else max(now - last, timedelta()))


def renew(connection: Connection, run: Run, now: datetime) -> Standing:
    """Renew the lease of a run that is alive at `now`."""
    rows, clock = table(Instance), _clock(connection)
    found = connection.execute(
        select(rows.c.fence, rows.c.role, rows.c.lease_until).where(
            or_(rows.c.fence >= run.fence, rows.c.lease_until > clock)
        )
    ).all()
    leases = {row.fence: row.lease_until for row in found if row.lease_until and row.lease_until > clock}
    mine = rows.c.fence == run.fence
    connection.execute(update(rows).where(mine).values(heartbeat_at=now, lease_until=clock + LEASE))
    return Standing(
        until=clock + LEASE,
        unbroken=run.fence in leases,
        superseded=any(row.fence > run.fence and row.role in RIVALS[run.role] for row in found),
        peers=tuple(until for fence, until in leases.items() if fence != run.fence),
    )


def end(connection: Connection, fence: int) -> None:
    """End a run: whatever it still has goes to others at once."""
    _give_up(connection, col(Instance.fence) == fence)


def give_up_silent(connection: Connection, fence: int) -> None:
    """Give up runs, `fence` apart, whose lease ended long enough ago."""
    silent = col(Instance.lease_until) < _clock(connection) - GRACE
    _give_up(connection, col(Instance.fence) != fence, silent)


def _give_up(connection: Connection, *which: ColumnElement[bool]) -> None:
    connection.execute(update(table(Instance)).where(*which).values(lease_until=None))


def _clock(connection: Connection) -> datetime:
    """The server's time; SQLite has the machine's, in milliseconds."""
    if connection.dialect.name == "sqlite":
        clock = func.strftime("%Y-%m-%d %H:%M:%f000", "now", type_=UtcDateTime)
    else:
        clock = func.clock_timestamp(type_=UtcDateTime)
    moment: datetime = connection.execute(select(clock)).scalar_one()
    return moment


def may_tell(connection: Connection, cause: str, now: datetime, quiet: timedelta) -> bool:
    """Whether the admins may be told of `cause` now; if so it counts as told."""
    told: datetime | None = connection.execute(
        select(col(Alarm.told_at)).where(col(Alarm.cause) == cause)
    ).scalar_one_or_none()
    if told is not None and now - quiet < told <= now:
        return False
    connection.execute(upsert(connection, Alarm), [{"cause": cause, "told_at": now}])
    return True


def not_told(connection: Connection, cause: str) -> None:
    """Nobody was reached about `cause`: it does not count as told."""
    connection.execute(delete(table(Alarm)).where(col(Alarm.cause) == cause))
