"""PostgreSQL through asyncpg: the same work, in greenlets."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage import schema
from storage.database import Work
from storage.errors import Unusable, is_conflict, trouble_told
from storage.faultpoints import reached
from storage.locks import SessionHold
from storage.underway import Underway

T = TypeVar("T")

ATTEMPTS: Final = 5
CONNECT: Final = 10.0  # seconds
ANSWER: Final = 15.0  # seconds: longer than the server itself allows, for one that has gone silent
SETTINGS: Final = {
    "statement_timeout": "10000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "30000",
    "enable_seqscan": "off",  # a plan made while a table was empty is kept: reading it all must not be in it
    "jit": "off",  # what it would speed up is not asked here
    "tcp_keepalives_idle": "15",  # a session whose other end is gone must not hold its locks for hours
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
ASIDE: Final = SETTINGS | {
    "default_transaction_isolation": "repeatable read",  # a long look sees one moment
    "default_transaction_read_only": "on",
}


class Postgres:
    """A database on a server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.doubts = 0
        self._underway = Underway()
        name = {"application_name": f"together {secrets.token_hex(4)}"}  # tells the sessions of one process
        self._engine = _engine(url, connections=4, settings=SETTINGS | name)
        # Opened when something is read aside.
        self._aside = _engine(url, connections=1, settings=ASIDE | name)

    async def write(self, work: Work[T]) -> T:
        """Do `work` in one transaction; again where the server gave it up for another's sake."""
        with trouble_told():
            return await self._insistently(work)

    async def _insistently(self, work: Work[T]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._underway.whole(self._transaction(work))
            except DBAPIError as error:
                if attempt == ATTEMPTS or not is_conflict(error):
                    raise
                await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def read(self, work: Work[T]) -> T:
        """Do `work` in a transaction of its own."""
        with trouble_told():
            return await self._transaction(work)

    async def read_aside(self, work: Work[T]) -> T:
        """Do `work` on a connection that nothing else uses: one after the other, and no turn waits for it."""
        with trouble_told():
            async with self._aside.begin() as connection:
                return await connection.run_sync(work)

    async def _transaction(self, work: Work[T]) -> T:
        asked = False
        try:
            async with self._engine.begin() as connection:
                reached("tx_begun")
                result = await connection.run_sync(work)
                asked = True  # for a commit, whose answer may be lost
                reached("before_commit")
        except BaseException:
            self.doubts += asked
            raise
        return result

    @asynccontextmanager
    async def hold(self, *, shared: bool = False) -> AsyncIterator[SessionHold]:
        """Hold the advisory lock of this program on a session of its own, until the end."""
        held = SessionHold(self._engine, shared=shared)
        with _told():
            await held.take()
        try:
            yield held
        finally:
            await held.let_go()

    async def prepare(self) -> None:
        """Check that the server answers and that its schema is that of this release."""
        with _told():
            await self._transaction(schema.require)

    async def upgrade(self) -> None:
        """Bring the schema to that of this release, all of it or nothing, however long it takes."""
        engine = create_async_engine(self._url, poolclass=NullPool, hide_parameters=True)
        with trouble_told():
            async with engine.begin() as connection:
                await connection.run_sync(schema.upgrade)

    async def wipe(self) -> None:
        """Its server vacuums by itself, and keeps its write-ahead log as whoever runs it has chosen."""

    async def close(self) -> None:
        """Close every connection once nobody uses it."""
        await self._underway.end()
        await self._engine.dispose()
        await self._aside.dispose()


def _engine(url: str, *, connections: int, settings: dict[str, str]) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"server_settings": settings, "timeout": CONNECT, "command_timeout": ANSWER},
        hide_parameters=True,  # an error must not quote what a citizen wrote
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Have the pool open another connection in the place of one that the server has closed.

    asyncpg hears of it at once. Asking the server instead would be three ways there and back in every turn.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@contextmanager
def _told() -> Iterator[None]:
    """Trouble at start, told to the operator; neither the server nor SQLAlchemy repeats the password."""
    try:
        yield
    except OSError as error:
        raise Unusable(f"PostgreSQL does not answer: {error}; nothing was changed") from error
    except DBAPIError as error:
        raise Unusable(f"PostgreSQL cannot be used: {error.orig}; nothing was changed") from error
