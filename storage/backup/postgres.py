"""Backups of PostgreSQL: archives of pg_dump, brought back by pg_restore beside what was there."""

import os
import re
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.engine import make_url

from storage import schema
from storage.backup.contents import Contents, contents
from storage.backup.erasures import Erasures, erase_again, merged, noted
from storage.backup.outcome import WRONG_KEY, Restored
from storage.context import Keyring
from storage.errors import Unusable
from storage.files import replacing
from storage.people import retention
from storage.people.pseudonyms import key_fits
from storage.postgres import Postgres

OURS: Final = "public"
"""The schema our tables are in; what a restore replaces is moved to another one of the same database."""

LATER: Final = re.compile(r"\d+; \d+ \d+ (SCHEMA|COMMENT|TABLE DATA public alembic_version) ")
"""Entries that pg_restore leaves out: the schema is there, and what is not finished has no revision."""


async def back_up(url: str, output: Path) -> tuple[Contents, Erasures]:
    """Write an archive of the database to `output`, whether or not a bot works with it.

    Raises Unusable where a program is missing or the archive is not whole; then `output` is as it was.
    """
    database = Postgres(url)
    try:
        with replacing(output) as new:

            def work(connection: Connection) -> tuple[Contents, Erasures]:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
                _dump(url, new, snapshot)
                return contents(connection), noted(connection)

            found = await database.read(work)
            _run("pg_restore", "--file=/dev/null", str(new))  # reads every byte of it
            missing = found[0].rows.keys() - _tables(_listed(new))
            if missing:
                raise Unusable(f"the archive lacks {', '.join(sorted(missing))}; nothing was changed")
            return found
    finally:
        await database.close()


async def restore(backup: Path, url: str, keys: Keyring, erased: Erasures, now: datetime) -> Restored:
    """Bring an archive back, upgraded and with erasures carried out again, in place of the tables.

    erased  of the lists that were given; those of the backup and of the present database are added
    now     aware; names the schema that the present tables are kept in

    Raises AlreadyRunning while a bot works with it, SchemaTooNew, or Unusable; then nothing has changed.
    """
    entries = _listed(backup)
    revision = _revision(backup)
    schema.refuse_newer(revision)
    database = Postgres(url)
    try:
        async with database.hold():
            present = await database.read(_every_erasure)
            aside = f"replaced_{now:%Y%m%d_%H%M%S}"
            moved = await database.write(lambda connection: _move(connection, OURS, aside))
            try:
                _restore(url, backup, entries)
                found, again = await database.write(
                    lambda connection: _finish(connection, revision, keys, merged([erased, present]), now)
                )
            except BaseException:
                await database.write(lambda connection: _move_back(connection, aside))
                raise
    finally:
        await database.close()
    return Restored(found, again, f"schema {aside}" if moved else None, None if moved else "there was none")


def _finish(
    connection: Connection, revision: str, keys: Keyring, erased: Erasures, now: datetime
) -> tuple[Contents, int]:
    """In one transaction with the revision, without which no bot starts."""
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    found = contents(connection)
    schema.upgrade(connection)
    if not key_fits(connection, keys):
        raise Unusable(WRONG_KEY)
    again = erase_again(connection, keys, merged([erased, noted(connection)]))
    retention.sweep(connection, now)
    return found, again


def _every_erasure(connection: Connection) -> Erasures:
    """Of the present tables, and of those that earlier restores have set aside."""
    everywhere = connection.execute(text("SELECT schemaname FROM pg_tables WHERE tablename = 'erasure'"))
    lists = []
    for name in everywhere.scalars().all():
        rows = connection.execute(text(f'SELECT person, erased_at FROM "{name}".erasure'))
        lists.append({row.person: row.erased_at for row in rows})
    return merged(lists)


def _move(connection: Connection, origin: str, goal: str) -> bool:
    """Move all tables, with their indexes and counters, to another schema; returns whether there were any."""
    tables = inspect(connection).get_table_names(schema=origin)
    if tables and goal != OURS:
        connection.execute(text(f'CREATE SCHEMA "{goal}"'))
    for name in tables:
        connection.execute(text(f'ALTER TABLE "{origin}"."{name}" SET SCHEMA "{goal}"'))
    return bool(tables)


def _move_back(connection: Connection, aside: str) -> None:
    for name in inspect(connection).get_table_names(schema=OURS):
        connection.execute(text(f'DROP TABLE "{OURS}"."{name}" CASCADE'))
    if _move(connection, aside, OURS):
        connection.execute(text(f'DROP SCHEMA "{aside}"'))


def _dump(url: str, file: Path, snapshot: str) -> None:
    _run(
        "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--schema={OURS}",
        f"--snapshot={snapshot}", f"--file={file}",
        url=make_url(url),
    )  # fmt: skip


def _restore(url: str, backup: Path, entries: Iterable[str]) -> None:
    wanted = "\n".join(entry for entry in entries if not LATER.match(entry))
    address = make_url(url)
    with NamedTemporaryFile("w") as entries_file:
        entries_file.write(wanted)
        entries_file.flush()
        _run(
            "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
            f"--use-list={entries_file.name}", f"--dbname={address.database}", str(backup),
            url=address,
        )  # fmt: skip


def _listed(archive: Path) -> list[str]:
    """The entries of an archive."""
    return _run("pg_restore", "--list", str(archive)).splitlines()


def _tables(entries: Iterable[str]) -> set[str]:
    found = (re.match(rf"\d+; \d+ \d+ TABLE DATA {OURS} (\w+) ", entry) for entry in entries)
    return {match[1] for match in found if match}


def _revision(archive: Path) -> str:
    """The revision of the database in an archive."""
    rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(archive))
    found = re.search(r"^COPY [^\n]* FROM stdin;\n(\w+)\n", rows, re.MULTILINE)
    if found is None:
        raise Unusable(f"{archive} is no backup of Together, it has no revision; nothing was changed")
    return found[1]


def _run(program: str, *arguments: str, url: URL | None = None) -> str:
    """What one of PostgreSQL's programs writes. Raises Unusable with the first line of its error."""
    environment = os.environ | {"LC_ALL": "C"} | ({} if url is None else _address(url))
    try:
        ended = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Unusable(
            f"the program {program} is not installed; on Debian and Ubuntu: apt install postgresql-client"
        ) from None
    if ended.returncode:
        lines = [line for line in ended.stderr.splitlines() if "error:" in line] or ["no reason told"]
        raise Unusable(f"{lines[0][:300]}; nothing was changed")  # further lines may quote rows
    return ended.stdout


def _address(url: URL) -> dict[str, str]:
    """A database's address as variables: arguments are seen by every user of the machine."""
    host = url.host or url.query.get("host")
    parts = {
        "PGHOST": host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("ssl"),
        "PGCONNECT_TIMEOUT": 10,
    }
    return {name: str(value) for name, value in parts.items() if value is not None}
