"""The database as the bot sees it: work done in transactions, one holder, a schema that fits."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

T = TypeVar("T")

Work = Callable[[Connection], T]
"""What is done in one transaction. May be called again after a conflict: it begins from nothing each time."""


class Database(Protocol):
    """SQLite or PostgreSQL."""

    async def write(self, work: Work[T]) -> T:
        """Do `work` in one transaction and commit it; whatever it raises rolls everything back."""

    async def read(self, work: Work[T]) -> T:
        """Do `work` where it changes nothing."""

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Be the one instance that works with this database. Raises AlreadyRunning where another is."""

    async def upgrade(self) -> None:
        """Bring the schema to that of this release. Raises SchemaTooNew where it is newer."""

    async def prepare(self) -> None:
        """Check the database at start, and upgrade its schema where that needs no operator.

        Raises SchemaTooNew, SchemaTooOld or Unusable.
        """

    async def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str, *, read_only: bool = False) -> Database:
    """The database behind `url`: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://...`.

    read_only  for a process beside the running bot
    """
    if make_url(url).get_backend_name() == "sqlite":
        from storage.sqlite import Sqlite

        return Sqlite(url, read_only=read_only)
    from storage.postgres import Postgres

    return Postgres(url)
