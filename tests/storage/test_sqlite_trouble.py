"""An SQLite file in trouble: always recognised, never changed, and told to the operator at start."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from flows.people.person import SpeakLanguage
from storage import sqlite, underway
from storage.database import Database, open_database
from storage.errors import Unavailable, Unusable
from storage.sqlite import Sqlite
from storage.tables import Alarm, Citizen, Statement, table
from tests.storage.sqlite_file import content, dump, pragma
from tests.storage.town import NOON, Town

ADA = 4_000_000_001


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Sqlite]:
    """A file with the schema of this release, opened."""
    database = Sqlite(sqlite_url)
    yield database
    await database.close()


def files(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


async def held_by_another(file: Path, seconds: float) -> asyncio.subprocess.Process:
    """Another process that is writing for so long."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(file), str(seconds), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    return holder


async def test_a_write_waits_for_another_process_to_end_its_own(database: Sqlite, file: Path) -> None:
    town = Town(database)
    await town.comes(ADA)
    holder = await held_by_another(file, 1.2)
    began = asyncio.get_running_loop().time()

    await town.acts(ADA, SpeakLanguage("fr"))

    assert asyncio.get_running_loop().time() - began > 1.0
    assert (await town.person(ADA)).language == "fr"
    assert await holder.wait() == 0


async def test_a_database_that_stays_locked_counts_as_unavailable(
    database: Sqlite, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(database)
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    holder = await held_by_another(file, 3600)

    with pytest.raises(Unavailable, match="locked"):
        await town.comes(ADA)

    holder.kill()
    await holder.wait()
    assert (await town.comes(ADA)).language == "en"


async def test_a_full_disk_counts_as_unavailable_changes_nothing_and_heals(
    database: Sqlite, file: Path
) -> None:
    town = Town(database)
    await town.arrives(ADA)
    (pages,) = (await town.database.read(pragma("page_count")))[0]
    before = dump(file)
    await town.database.read(pragma(f"max_page_count={pages}"))

    with pytest.raises(Unavailable, match="full"):
        await town.says(ADA, "x" * 40_000)

    assert dump(file) == before
    await town.database.read(pragma("max_page_count=1000000"))
    await town.says(ADA, "x" * 40_000)
    assert len((await town.row(Statement)).text) == 40_000


async def test_a_read_only_file_counts_as_unavailable_and_changes_nothing(
    database: Sqlite, file: Path
) -> None:
    town = Town(database)
    await town.arrives(ADA)
    before = dump(file)
    await town.database.read(pragma("query_only=ON"))

    with pytest.raises(Unavailable, match="readonly"):
        await town.says(ADA, "Nothing of this.")

    assert dump(file) == before


async def test_pages_that_break_under_the_running_bot_count_as_unavailable(
    sqlite_url: str, file: Path
) -> None:
    database = Sqlite(sqlite_url)
    town = Town(database)
    await town.arrives(ADA)
    for message in range(3):
        await town.says(ADA, "x" * 4000, message=message)
    await database.close()
    with file.open("r+b") as opened:
        for page in range(1, len(content(file)) // 4096):
            opened.seek(page * 4096)
            opened.write(b"\xff" * 64)
    broken = Sqlite(sqlite_url)

    with pytest.raises(Unavailable, match="malformed"):
        await Town(broken).rows(Statement)

    await broken.close()


async def test_who_only_reads_needs_a_file_and_cannot_write(sqlite_url: str, tmp_path: Path) -> None:
    missing = open_database(f"sqlite+aiosqlite:///{tmp_path / 'no.db'}", read_only=True)
    with pytest.raises(Unusable, match="TOGETHER_DATABASE_URL"):
        await Town(missing).rows(Alarm)
    await missing.close()
    assert files(tmp_path) == []

    reader = open_database(sqlite_url, read_only=True)
    assert await Town(reader).rows(Alarm) == []
    with pytest.raises(Unavailable, match="readonly"):
        await Town(reader).comes(ADA)
    await reader.close()


async def test_a_reader_sees_what_was_committed_while_the_bot_writes(
    database: Sqlite, sqlite_url: str
) -> None:
    town, reader = Town(database), open_database(sqlite_url, read_only=True)
    await town.arrives(ADA)
    await town.says(ADA, "Seen.")

    assert [row.text for row in await Town(reader).rows(Statement)] == ["Seen."]
    await reader.close()


async def test_what_is_read_aside_holds_up_no_transaction(database: Sqlite) -> None:
    town, begun, written = Town(database), threading.Event(), threading.Event()

    def slow(connection: Connection) -> list[Any]:
        seen = [connection.execute(select(table(Citizen))).all()]
        begun.set()
        assert written.wait(10)
        return [*seen, connection.execute(select(table(Citizen))).all()]

    reading = asyncio.ensure_future(database.read_aside(slow))
    await asyncio.to_thread(begun.wait)
    await town.comes(ADA)
    written.set()

    assert await reading == [[], []]  # it goes on seeing what was there when it began
    assert len(await database.read_aside(lambda c: c.execute(select(table(Citizen))).all())) == 1


async def test_what_is_read_aside_cannot_write(database: Sqlite) -> None:
    await Town(database).rows(Alarm)
    with pytest.raises(Unavailable, match="readonly"):
        await database.read_aside(lambda c: c.execute(text("DELETE FROM alarm")))


async def test_every_write_begins_immediately_and_is_synced(database: Sqlite) -> None:
    statements: list[str] = []

    def trace(connection: Connection) -> None:
        connection.connection.driver_connection.set_trace_callback(statements.append)  # type: ignore[union-attr]

    town = Town(database)
    await database.read(trace)
    statements.clear()
    await town.arrives(ADA)
    await town.says(ADA, "Traced.")

    begins = [statement for statement in statements if statement.startswith("BEGIN")]
    changing = [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert set(begins) == {"BEGIN IMMEDIATE"}
    assert len(begins) == statements.count("COMMIT") > 3
    assert (statements[0], statements[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert len(changing) > 5


async def test_a_transaction_that_fails_leaves_nothing(database: Sqlite) -> None:
    def half(connection: Connection) -> None:
        connection.execute(insert(table(Alarm)).values(cause="half", told_at=NOON))
        raise KeyError("the other half")

    with pytest.raises(KeyError):
        await database.write(half)
    assert await Town(database).rows(Alarm) == []


async def test_a_cancelled_writer_still_commits_whole(database: Sqlite) -> None:
    def slow(connection: Connection) -> None:
        connection.execute(insert(table(Alarm)).values(cause="slow", told_at=NOON))

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert [row.cause for row in await Town(database).rows(Alarm)] == ["slow"]


async def test_a_file_that_another_program_keeps_locked_can_be_closed(
    database: Sqlite, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, "PATIENCE", 0.1)
    holder = await held_by_another(file, 3600)
    waiting = asyncio.ensure_future(database.write(pragma("user_version")))
    await asyncio.sleep(0)

    await asyncio.wait_for(database.close(), timeout=5)

    assert waiting.cancelled()
    holder.kill()
    await holder.wait()


async def test_transactions_of_many_callers_do_not_mix(database: Database) -> None:
    def count(connection: Connection) -> None:
        found = connection.execute(text("SELECT count(*) FROM alarm")).scalar_one()
        connection.execute(insert(table(Alarm)).values(cause=str(found), told_at=NOON))

    await asyncio.gather(*(database.write(count) for _ in range(50)))

    assert {int(row.cause) for row in await Town(database).rows(Alarm)} == set(range(50))


async def test_a_mistake_in_a_statement_is_not_taken_for_a_database_that_is_away(database: Sqlite) -> None:
    with pytest.raises(OperationalError):
        await database.write(lambda connection: connection.execute(text("SELECT * FROM no_such_table")))


async def test_a_constraint_that_is_hurt_is_not_taken_for_a_database_that_is_away(database: Sqlite) -> None:
    twice = [{"cause": "x", "told_at": NOON}] * 2

    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(insert(table(Alarm)), twice))
