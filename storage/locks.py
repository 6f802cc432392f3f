"""Who works with a PostgreSQL database: advisory locks on a session of its own, taken again if it dies."""

from typing import Any, Final, TypeVar

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import instance
from storage.database import Work
from storage.errors import LOCK_NOT_AVAILABLE, AlreadyRunning, LeadLost, sqlstate, trouble_told

T = TypeVar("T")

LOCK: Final = 0x746F67657468  # any number of our own: names the lock that instances share, or have alone
LEAD: Final = LOCK + 1  # names the lock of the one that leads those who share

PATIENCE: Final = "2s"  # between two looks of who waits for the lead

TAKE_ALONE: Final = text(f"SELECT pg_try_advisory_lock({LOCK})")
TAKE_SHARED: Final = text(f"SELECT pg_try_advisory_lock_shared({LOCK})")
TAKE_LEAD: Final = text(f"SELECT pg_try_advisory_lock({LEAD})")
WAIT_FOR_LEAD: Final = text(f"SELECT pg_advisory_lock({LEAD})")
WAIT_BRIEFLY: Final = text("SELECT set_config('lock_timeout', :patience, true)")

WHO_AM_I: Final = text(
    "SELECT pid, backend_start AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
)

END_OURS: Final = text(
    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = :pid AND backend_start = :start"
)
"""A session that we have lost may live on at the server, and hold our lock against us."""

END_SILENT: Final = text(
    """
    SELECT pg_terminate_backend(theirs.pid, 2000)
    FROM pg_locks JOIN pg_stat_activity AS leader USING (pid)
    JOIN pg_stat_activity AS theirs USING (datid, application_name)
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid = :high AND objid = :low AND granted
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND leader.state_change < clock_timestamp() - make_interval(secs => :silent)
    """
).bindparams(high=LEAD >> 32, low=LEAD & 0xFFFFFFFF)
"""The leader renews its lease on the session that holds the lock; one that does not is frozen, or cut off.

All its sessions end: another may be in a transaction, and hold what its heir needs.
"""


class SessionHold:
    """The locks of one instance."""

    def __init__(self, engine: AsyncEngine, *, shared: bool) -> None:
        self._engine = engine
        self._shared = shared
        self._leads = False
        self._session: AsyncConnection | None = None
        self._driver: Any = None  # asyncpg's connection behind the session
        self._known: RowMapping | None = None  # the server's process for the last session

    @property
    def intact(self) -> bool:
        return self._driver is not None and not self._driver.is_closed()

    async def take(self) -> None:
        """Take the right, and the lead where it was ours. Raises AlreadyRunning or LeadLost."""
        await self.let_go()
        self._session = session = await self._engine.connect()
        try:
            async with session.begin():
                if self._known is not None:
                    await session.execute(END_OURS, dict(self._known))
                self._known = (await session.execute(WHO_AM_I)).mappings().one()
                await self._lock(session)
            self._driver = (await session.get_raw_connection()).driver_connection
        except BaseException:
            await self.let_go()
            raise

    async def _lock(self, session: AsyncConnection) -> None:
        taken = await session.execute(TAKE_SHARED if self._shared else TAKE_ALONE)
        if not taken.scalar_one():
            raise AlreadyRunning("another instance works with this database; stop it first")
        if self._leads and not (await session.execute(TAKE_LEAD)).scalar_one():
            self._leads = False
            raise LeadLost("another instance leads now")

    async def do(self, work: Work[T]) -> T:
        with trouble_told():
            session = await self._intact_session()
            try:
                async with session.begin():
                    return await session.run_sync(work)
            except BaseException:  # cancelled or not: what the session does now is unknown
                await self.let_go()
                raise

    async def lead(self) -> bool:
        with trouble_told():
            return await self._wait_for_lead()

    async def _wait_for_lead(self) -> bool:
        session = await self._intact_session()
        try:
            async with session.begin():
                await session.execute(WAIT_BRIEFLY, {"patience": PATIENCE})
                await session.execute(WAIT_FOR_LEAD)
            self._leads = True
        except BaseException as error:
            if not isinstance(error, DBAPIError) or sqlstate(error) != LOCK_NOT_AVAILABLE:
                await self.let_go()
                raise
            async with session.begin():
                silent = (instance.LEASE + instance.GRACE).total_seconds()
                await session.execute(END_SILENT, {"silent": silent})
        return self._leads

    async def _intact_session(self) -> AsyncConnection:
        if not self.intact:
            await self.take()
        assert self._session is not None
        return self._session

    async def let_go(self) -> None:
        """Give up every lock, by ending the session: in the pool it would go on holding them."""
        session, self._session, self._driver = self._session, None, None
        if session is not None:
            await session.invalidate()
            await session.close()
