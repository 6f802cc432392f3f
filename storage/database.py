"""The database as the bot sees it: work done in transactions, a right to work with it, a schema."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

T = TypeVar("T")

Work = Callable[[Connection], T]
"""What is done in one transaction. May be called again after a conflict: it begins from nothing each time."""


class Hold(Protocol):
    """The right to work with a database; it lasts as long as the session that holds it.

    Raises Unavailable where the database is in trouble.
    """

    @property
    def intact(self) -> bool:
        """Whether it is held, as far as can be known without asking the server."""

    async def do(self, work: Work[T]) -> T:
        """Do `work` in one transaction on the session that holds the right, which proves that it is held.

        A right whose session has died is taken again first.
        Raises AlreadyRunning or LeadLost where somebody else has it now.
        """

    async def lead(self) -> bool:
        """Wait for a moment to be the one of those who share the database that leads; whether it came."""


class Database(Protocol):
    """SQLite or PostgreSQL. Whatever is asked of it raises Unavailable where it is in trouble."""

    @property
    def doubts(self) -> int:
        """How many transactions have failed so far of which nobody knows whether they were committed."""

    async def write(self, work: Work[T]) -> T:
        """Do `work` in one transaction and commit it; whatever it raises rolls everything back."""

    async def read(self, work: Work[T]) -> T:
        """Do `work` where it changes nothing."""

    async def read_aside(self, work: Work[T]) -> T:
        """The same where that takes long: it holds up nobody, and sees what was committed when it began."""

    def hold(self, *, shared: bool = False) -> AbstractAsyncContextManager[Hold]:
        """Be the one instance that works with this database, or one of those who share it.

        Raises AlreadyRunning where another is that does not share, or where this one is not to.
        """

    async def upgrade(self) -> None:
        """Bring the schema to that of this release. Raises SchemaTooNew where it is newer."""

    async def prepare(self) -> None:
        """Check the database at start, and upgrade its schema where that needs no operator.

        Raises SchemaTooNew, SchemaTooOld or Unusable.
        """

    async def wipe(self) -> None:
        """Let nothing that was erased lie beside the database any longer, as far as it is ours to say."""

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
