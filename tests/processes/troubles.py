"""Trouble with the database, switched on and off while the bot runs: files in its folder are the switches."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, event

FULL = "disk-is-full"
READ_ONLY = "disk-is-read-only"


def switches() -> Callable[[str], None]:
    """A hook for `Bot`: the database obeys the switches from its next transaction on."""
    event.listen(Engine, "begin", _obey)
    return lambda _point: None


def _obey(connection: Connection) -> None:
    """The database itself makes the trouble, with the errors of a disk that is full or cannot be written."""
    full, read_only = Path(FULL).exists(), Path(READ_ONLY).exists()
    if connection.dialect.name == "sqlite":
        most = 1 if full else 1 << 30  # pages; SQLite keeps what it has already
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}").close()
        connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}").close()
    elif full:
        connection.exec_driver_sql("DO $$ BEGIN RAISE 'disk full' USING ERRCODE = 'disk_full'; END $$")
    elif read_only:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
