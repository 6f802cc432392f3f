"""Backups of SQLite: one file, written by a reader that the bot does not notice."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from storage.backup.contents import Contents, contents
from storage.backup.erasures import Erasures, erase_again, merged, noted
from storage.backup.outcome import WRONG_KEY, Restored
from storage.context import Keyring
from storage.database import Work
from storage.errors import Unavailable, Unusable, reason
from storage.files import replacing
from storage.people import retention
from storage.people.pseudonyms import key_fits
from storage.sqlite import Sqlite, file_of

T = TypeVar("T")

OWN: Final = ("", "-wal", "-shm", ".key", ".lock")


async def back_up(url: str, output: Path) -> tuple[Contents, Erasures]:
    """Write a checked copy of the database to `output`, whether or not a bot works with it.

    Raises Unusable where there is no database, `output` is one of its own files, or the copy is not whole;
    then `output` is as it was.
    """
    source = file_of(url)
    if not source.exists():
        raise Unusable(f"there is no database {source}; look at TOGETHER_DATABASE_URL")
    _refuse_own_files(output, source)
    with replacing(output) as new:
        await asyncio.to_thread(_copy, source, new)
        return await _read(new, _checked), await _read(new, noted)


async def restore(backup: Path, url: str, keys: Keyring, erased: Erasures, now: datetime) -> Restored:
    """Put a checked, upgraded copy of `backup`, with erasures carried out again, in place of the database.

    erased  of the lists that were given; those of the backup and of the present database are added
    now     aware; names the file that the present database is kept in

    Raises AlreadyRunning while a bot works with it, SchemaTooNew, or Unusable; then nothing has changed.
    """
    database = Sqlite(url)
    async with database.hold():
        present, trouble = await _erasures_of(database)
        with replacing(database.file) as new:
            await asyncio.to_thread(_copy, backup, new)
            found = await _read(new, _checked)
            again = await _finish(new, keys, merged([erased, present, await _read(new, noted)]), now)
            await _read(new, _checked)
            if trouble is None:
                _fold_wal(database.file)
            kept = _set_aside(database.file, now)
    return Restored(found, again, None if kept is None else str(kept), trouble)


def _refuse_own_files(output: Path, database: Path) -> None:
    if output.resolve() in {database.with_name(database.name + suffix).resolve() for suffix in OWN}:
        raise Unusable(f"{output} is one of the database's own files; name another")


def _copy(source: Path, target: Path) -> None:
    """One snapshot, without pages that were freed; `target` is there and empty.

    A reading connection never makes the one that writes wait, and can neither change nor fold its WAL.
    """
    try:
        with closing(_connected(source)) as reader:
            reader.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Unusable(f"{source} cannot be copied: {error}; nothing was changed") from error


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None, timeout=10)


async def _read(file: Path, work: Work[T]) -> T:
    """Do `work` in a file, on a connection of its own that changes nothing."""
    database = Sqlite(_url(file), read_only=True)
    try:
        return await database.read(work)
    finally:
        await database.close()


def _url(file: Path) -> str:
    return URL.create("sqlite+aiosqlite", database=str(file)).render_as_string()


def _checked(connection: Connection) -> Contents:
    found = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
    if found != "ok":
        raise Unusable(f"the copy has broken pages ({found}); nothing was changed")
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise Unusable(f"in the copy, table {broken[0]} refers to nothing; nothing was changed")
    return contents(connection)


async def _erasures_of(database: Sqlite) -> tuple[Erasures, str | None]:
    """The erasures of the present database, or why they cannot be known."""
    if not database.file.exists():
        return {}, "there was none"
    try:
        return await _read(database.file, noted), None
    except (Unavailable, DBAPIError) as error:
        return {}, f"it cannot be read: {reason(error)}"


async def _finish(file: Path, keys: Keyring, erased: Erasures, now: datetime) -> int:
    """Upgrade a copy, erase again, delete what is too old by now; returns how many were erased."""

    def work(connection: Connection) -> int:
        if not key_fits(connection, keys):
            raise Unusable(WRONG_KEY)
        again = erase_again(connection, keys, erased)
        retention.sweep(connection, now)
        return again

    copy = Sqlite(_url(file))
    try:
        await copy.upgrade()
        return await copy.write(work)
    finally:
        await copy.close()


def _fold_wal(file: Path) -> None:
    """Let the present database be one file; of a broken one SQLite might throw the WAL away instead."""
    with closing(sqlite3.connect(file)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _set_aside(file: Path, now: datetime) -> Path | None:
    """Keep the present database under a dated name as well; returns that, None where there is none."""
    if not file.exists():
        return None
    kept = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%SZ}")
    os.link(file, kept)
    for suffix in ("-wal", "-shm"):  # of a broken one
        beside = file.with_name(file.name + suffix)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + suffix))
    return kept
