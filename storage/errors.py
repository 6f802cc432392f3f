"""What can go wrong with the database, in words an operator can act on."""

from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError


class StorageError(Exception):
    """Something is wrong with the database."""


class AlreadyRunning(StorageError):
    """Another instance works with this database. Stop it first; two would speak twice."""


class SchemaTooNew(StorageError):
    """The database was upgraded by a newer release than this one. Run that release, or restore a backup."""


class SchemaTooOld(StorageError):
    """The database is older than this release. Run `together db upgrade` first."""


class Unusable(StorageError):
    """The database cannot be opened, written or trusted; nothing was changed."""


_CORRUPT: Final = ("malformed", "not a database")
_AWAY: Final = (
    "08",
    "25006",
    "40",
    "53",
    "55P03",
    "57P",
)  # SQLSTATE: connection, read-only, conflict, full, ...
_CONFLICT: Final = ("40001", "40P01")


def is_unavailable(error: BaseException) -> bool:
    """Whether the database is in trouble (away, locked, full, read-only, broken), not what was written to it.

    Such trouble is never the fault of an update: nothing is acknowledged, and the same work is tried again.
    """
    if isinstance(error, OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    away = _sqlstate(error).startswith(_AWAY)
    return error.connection_invalidated or away or isinstance(error, OperationalError) or is_corrupt(error)


def is_conflict(error: BaseException) -> bool:
    """Whether PostgreSQL gave up one of several transactions that waited for each other; it may run again."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _CONFLICT


def is_corrupt(error: BaseException) -> bool:
    """Whether SQLite found pages that make no sense."""
    return isinstance(error, DBAPIError) and any(word in str(error.orig) for word in _CORRUPT)


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
