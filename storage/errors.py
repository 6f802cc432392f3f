"""What can go wrong with the database, in words an operator can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted


class StorageError(Exception):
    """Something is wrong with the database."""


class AlreadyRunning(StorageError):
    """Another instance works with this database. Stop it first; two would speak twice."""


class LeadLost(StorageError):
    """Another instance leads now. Wait until it ends."""


class SchemaTooNew(StorageError):
    """The database was upgraded by a newer release than this one. Run that release, or restore a backup."""


class SchemaTooOld(StorageError):
    """The database is older than this release. Run `together db upgrade` first."""


class Unusable(StorageError):
    """The database cannot be opened, written or trusted; nothing was changed."""


class Unavailable(StorageError):
    """The database is in trouble (away, locked, full, read-only, broken), not what was written to it.

    Such trouble is never the fault of an update: nothing is acknowledged, and the same work is tried again.
    """


_SQLITE: Final = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
)
"""https://www.sqlite.org/rescode.html; SQLITE_ERROR is not among them: it is a mistake in a statement."""

LOCK_NOT_AVAILABLE: Final = "55P03"

_POSTGRES: Final = (
    "08",  # connection
    "25006",  # read-only
    "25P03",  # idle for too long within a transaction
    "25P04",  # transaction took too long
    "40",  # conflict
    "53",  # disk full, too many connections
    LOCK_NOT_AVAILABLE,
    "57",  # statement took too long, shutting down
    "58",  # input or output
    "XX001",  # broken pages
    "XX002",
)
"""https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_CONFLICT: Final = ("40001", "40P01")


@contextmanager
def trouble_told() -> Iterator[None]:
    """Raise Unavailable for what drivers and systems raise when the database is in trouble."""
    try:
        yield
    except Exception as error:
        if not _is_trouble(error):
            raise
        raise Unavailable(reason(error)) from error


def reason(error: Exception) -> str:
    """What a driver or the system says of an error, without the statement it failed at."""
    return str(getattr(error, "orig", error))


def _is_trouble(error: Exception) -> bool:
    if isinstance(error, OSError | PoolExhausted):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    return error.connection_invalidated or sqlstate(error).startswith(_POSTGRES)


def is_broken(error: DBAPIError) -> bool:
    """Whether what lies in an SQLite file is no sound database any more."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_conflict(error: BaseException) -> bool:
    """Whether PostgreSQL gave up one of several transactions that waited for each other; it may run again."""
    return isinstance(error, DBAPIError) and sqlstate(error) in _CONFLICT


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of an error; "" where it has none."""
    return str(getattr(error.orig, "sqlstate", None) or "")
