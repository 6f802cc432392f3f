"""A fresh database for each run, copied from one that was made ready once."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from tests.bench.contestants import Contestant
from tests.storage.server import Server

EVERY: Final = 0.02  # seconds between two looks at who waits for a lock

_WAITING: Final = text("""
    SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*)
    FROM pg_stat_activity WHERE datname = :database AND state <> 'idle'
""")


class Databases(Protocol):
    """Where the databases of the runs are."""

    server: int | None  # process id of the server; None: there is none

    async def make(self, contestant: Contestant, known: int) -> str:
        """The URL of a database for one run, that knows so many citizens."""

    async def give_back(self, url: str) -> None:
        """Delete a run's database."""


class SqliteFiles:
    """SQLite databases in files of one folder."""

    server: int | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    async def make(self, contestant: Contestant, known: int) -> str:
        template = self._folder / f"{contestant.name}-{known}.template"
        if not template.exists():
            await contestant.prepare(_sqlite(template), known)
        file = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(template, file)
        return _sqlite(file)

    async def give_back(self, url: str) -> None:
        file = Path(url.partition(":///")[2])
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


class DurableServer(Server):
    """The tests' PostgreSQL as a town runs it: every commit reaches the disk."""

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self._run("pg_ctl", "--wait", f"--log={self.folder / 'log'}", f"--options={options}", "start")


class PostgresDatabases:
    """Databases of one PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        pid_file = server.folder / "data" / "postmaster.pid"
        self.server: int | None = int(pid_file.read_text().split()[0])
        self._url = server.url
        self._ready: set[str] = set()
        self._numbers = itertools.count(1)

    async def make(self, contestant: Contestant, known: int) -> str:
        template = f"{contestant.name}-{known}"
        if template not in self._ready:
            await self._do(f'CREATE DATABASE "{template}"')
            await contestant.prepare(self._url(template), known)
            await self._do("VACUUM ANALYZE", template)
            self._ready.add(template)
        name = f"run-{next(self._numbers)}"
        await self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    async def give_back(self, url: str) -> None:
        await self._do(f'DROP DATABASE "{_name(url)}" WITH (FORCE)')

    async def _do(self, statement: str, database: str = "postgres") -> None:
        """Carry out what no transaction may."""
        async with _alone(self._url(database)) as engine, engine.connect() as connection:
            await connection.execute(text(statement))


class LockWatch:
    """Looks again and again at who waits for a lock in one PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting = self._busy = 0

    @property
    def share(self) -> float:
        """Of the time that sessions were not idle, how much they waited for another's lock."""
        return self._waiting / max(1, self._busy)

    async def watch(self) -> None:
        """Until cancelled."""
        beside = self._url.replace(_name(self._url), "postgres")
        async with _alone(beside) as engine, engine.connect() as connection:
            while True:
                found = await connection.execute(_WAITING, {"database": _name(self._url)})
                waiting, busy = found.one()
                self._waiting += waiting
                self._busy += busy
                await asyncio.sleep(EVERY)


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine without pool and transactions."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        await engine.dispose()
