"""SQLite: one file, one process, one connection; only commits, which wait for the disk, leave the loop."""

import asyncio
import fcntl
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, Pool, StaticPool

from storage import schema
from storage.database import Work
from storage.errors import AlreadyRunning, Unusable, is_broken, trouble_told
from storage.faultpoints import reached
from storage.underway import Underway

T = TypeVar("T")

PATIENCE: Final = 10.0  # seconds that a transaction waits for another program's

PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose acknowledged commits with the power
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=0",  # `_begun` waits, and lets the rest of the program go on meanwhile
    "PRAGMA secure_delete=ON",  # erased words are overwritten
)


class Sqlite:
    """A database in a file. Exactly one connection exists: before 3.51.3, two that write can break a WAL."""

    doubts = 0  # a COMMIT that fails in this process is rolled back

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.file = file_of(url)
        self._read_only = read_only
        self._engine: Engine | None = None
        self._turn = asyncio.Lock()  # one transaction at a time
        self._underway = Underway()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database-aside")

    async def write(self, work: Work[T]) -> T:
        """Do `work` between BEGIN IMMEDIATE and COMMIT, on the thread of the event loop.

        What takes time is the COMMIT, which waits for the disk: it alone goes to a thread. Two threads that
        both compute would spend as much again on taking turns.
        """
        with trouble_told():
            return await self._whole(work)

    async def read(self, work: Work[T]) -> T:
        """Do `work` on the same connection: it sees everything committed."""
        with trouble_told():
            return await self._whole(work)

    async def read_aside(self, work: Work[T]) -> T:
        """Do `work` on a connection that only reads, on a thread: transactions go on meanwhile.

        SQLite computes without holding up Python, so both cores are used.
        """
        with trouble_told():
            return await asyncio.get_running_loop().run_in_executor(self._aside, self._read_apart, work)

    def _read_apart(self, work: Work[T]) -> T:
        engine = self._engine_of("&mode=ro", NullPool)
        event.listen(engine, "connect", _read)
        event.listen(engine, "begin", _begin_reading)
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()

    async def _whole(self, work: Work[T]) -> T:
        return await self._underway.whole(self._transaction(work))

    async def _transaction(self, work: Work[T]) -> T:
        async with self._turn:
            with self._connected().connect() as connection:
                transaction = await _begun(connection)
                try:
                    reached("tx_begun")
                    result = work(connection)
                    reached("before_commit")
                    await self._on_thread(transaction.commit)
                except BaseException:
                    if transaction.is_active:  # else its COMMIT failed, and closing rolls back
                        transaction.rollback()
                    raise
        return result

    async def _on_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._thread, call, *arguments))

    def _connected(self) -> Engine:
        if self._engine is None:
            if self._read_only and not self.file.exists():
                raise Unusable(f"there is no database {self.file}; look at TOGETHER_DATABASE_URL")
            if not self._read_only and not self.file.exists():
                # what citizens said is nobody else's
                os.close(os.open(self.file, os.O_WRONLY | os.O_CREAT, 0o600))
            self._engine = self._engine_of("&mode=ro" if self._read_only else "", StaticPool)
            event.listen(self._engine, "connect", _read if self._read_only else _set_up)
            event.listen(self._engine, "begin", _begin_reading if self._read_only else _begin)
        return self._engine

    def _engine_of(self, mode: str, pool: type[Pool]) -> Engine:
        return create_engine(
            f"sqlite:///file:{quote(str(self.file))}?uri=true{mode}",
            poolclass=pool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,  # an error must not quote what a citizen wrote
        )

    @asynccontextmanager
    async def hold(self, *, shared: bool = False) -> AsyncIterator["FileHold"]:
        """Hold an exclusive lock on `<file>.lock` until the end; the system drops it if the process dies."""
        if shared:
            raise Unusable("a file of SQLite is for one instance alone; several need PostgreSQL")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.file.with_name(self.file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unusable(f"cannot write beside the database {self.file}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise AlreadyRunning(
                f"another instance works with {self.file}; stop it first, two would speak twice"
            ) from None
        try:
            yield FileHold(self)
        finally:
            os.close(lock)

    async def prepare(self) -> None:
        """Check the file for broken pages and upgrade its schema."""
        try:
            await self._whole(_check_pages)
            await self._upgraded()
            await self._whole(_check_writable)
        except DBAPIError as error:
            advice = "restore a backup" if is_broken(error) else "it must be writable, on a disk with room"
            raise Unusable(
                f"the database {self.file} cannot be used: {error.orig}; {advice}; nothing was changed"
            ) from error

    async def upgrade(self) -> None:
        """Bring the schema to that of this release, all of it or nothing."""
        with trouble_told():
            await self._upgraded()

    async def _upgraded(self) -> None:
        # SQLite changes a table by remaking it, which those that refer to it must not refuse meanwhile.
        self._driver("PRAGMA foreign_keys=OFF")
        try:
            await self._whole(_upgrade)
        finally:
            self._driver("PRAGMA foreign_keys=ON")

    def _driver(self, statement: str) -> None:
        """Carry out a statement outside of any transaction."""
        with self._connected().connect() as connection:
            connection.connection.cursor().execute(statement)

    async def wipe(self) -> None:
        """Empty the WAL, in which erased words stand until others are written over them.

        Where somebody reads beside us it stays as it is, for next time.
        """
        with trouble_told():
            await self._underway.whole(self._wipe())

    async def _wipe(self) -> None:
        async with self._turn:
            await self._on_thread(self._driver, "PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close the connection once nobody uses it, which folds the WAL back into the file."""
        await self._underway.end()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        self._thread.shutdown()
        self._aside.shutdown()


class FileHold:
    """The lock on the file: whoever has it has it until the end."""

    intact = True

    def __init__(self, database: Sqlite) -> None:
        self._database = database

    async def do(self, work: Work[T]) -> T:
        return await self._database.write(work)

    async def lead(self) -> bool:
        return True


def file_of(url: str) -> Path:
    """The file behind an SQLite URL, made absolute."""
    return Path(make_url(url).database or "together.db").absolute()


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    for pragma in PRAGMAS:
        connection.execute(pragma).close()


def _read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON").close()


async def _begun(connection: Connection) -> RootTransaction:
    """A transaction on `connection`; waits while another program writes to the file."""
    ends = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return connection.begin()
        except OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or asyncio.get_running_loop().time() > ends:
                raise
        await asyncio.sleep(random.uniform(0.005, 0.05))


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a deferred one fails at once where another has written


def _upgrade(connection: Connection) -> None:
    schema.upgrade(connection)
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise Unusable(f"after its upgrade, table {broken[0]} would refer to nothing; nothing was changed")


def _check_pages(connection: Connection) -> None:
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if found != "ok":
        raise Unusable(f"the database has broken pages ({found}); restore a backup, nothing was changed")


def _check_writable(connection: Connection) -> None:
    """Write what changes nothing: a full disk shows itself before the first citizen."""
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    connection.execute(text(f"PRAGMA user_version = {int(version)}"))
