"""An SQLite file in trouble: always recognised, never changed, and told to the operator at start."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from flows.person import SpeakLanguage
from storage import sqlite
from storage.database import Database, Work, open_database
from storage.errors import AlreadyRunning, Unusable, is_unavailable
from storage.sqlite import Sqlite
from storage.tables import Alarm, Statement, table
from tests.storage.town import NOON, Town

ADA = 4_000_000_001


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Sqlite]:
    """A file with the schema of this release, opened."""
    database = Sqlite(sqlite_url)
    yield database
    await database.close()


def pragma(statement: str) -> Work[Sequence[Any]]:
    """Work that sets one pragma."""

    def work(connection: Connection) -> Sequence[Any]:
        result = connection.execute(text(f"PRAGMA {statement}"))
        return result.all() if result.returns_rows else []

    return work


def dump(file: Path) -> list[str]:
    """All that is in a file, as SQL."""
    with sqlite3.connect(file) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def content(file: Path) -> bytes:
    """All that is in a file, as it lies on the disk."""
    return file.read_bytes()


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


async def test_a_database_that_stays_locked_counts_as_unavailable(database: Sqlite, file: Path) -> None:
    town = Town(database)
    await town.database.read(pragma("busy_timeout=100"))
    holder = await held_by_another(file, 0.6)

    with pytest.raises(OperationalError, match="locked") as caught:
        await town.comes(ADA)

    assert is_unavailable(caught.value)
    assert await holder.wait() == 0
    assert (await town.comes(ADA)).language == "en"


async def test_a_full_disk_counts_as_unavailable_changes_nothing_and_heals(
    database: Sqlite, file: Path
) -> None:
    town = Town(database)
    await town.arrives(ADA)
    (pages,) = (await town.database.read(pragma("page_count")))[0]
    before = dump(file)
    await town.database.read(pragma(f"max_page_count={pages}"))

    with pytest.raises(OperationalError, match="full") as caught:
        await town.says(ADA, "x" * 40_000)

    assert is_unavailable(caught.value)
    assert dump(file) == before
    await town.database.read(pragma("max_page_count=1000000"))
    await town.says(ADA, "x" * 40_000)
    assert len((await town.row(Statement)).text) == 40_000


async def test_a_disk_that_is_full_at_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "together.db"
    await refused_at_start(file, "database or disk is full", monkeypatch, "PRAGMA max_page_count=3")

    assert dump(file) == ["BEGIN TRANSACTION;", "COMMIT;"]


async def test_a_start_writes_to_the_disk_even_where_nothing_changes(database: Sqlite, file: Path) -> None:
    """So a disk without room shows itself before the first citizen does."""
    before = dump(file)
    await database.prepare()

    assert len(content(file.with_name(f"{file.name}-wal"))) > 4096
    assert dump(file) == before


async def test_a_read_only_file_counts_as_unavailable_and_changes_nothing(
    database: Sqlite, file: Path
) -> None:
    town = Town(database)
    await town.arrives(ADA)
    before = dump(file)
    await town.database.read(pragma("query_only=ON"))

    with pytest.raises(OperationalError, match="readonly") as caught:
        await town.says(ADA, "Nothing of this.")

    assert is_unavailable(caught.value)
    assert dump(file) == before


async def test_a_file_that_is_read_only_at_start_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await refused_at_start(file, "readonly", monkeypatch, "PRAGMA query_only=ON")


async def refused_at_start(file: Path, message: str, monkeypatch: pytest.MonkeyPatch, *pragmas: str) -> None:
    """A start under those pragmas fails with a message that names the file and what is wrong."""
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, *pragmas))
    database = Sqlite(f"sqlite+aiosqlite:///{file}")
    try:
        with pytest.raises(Unusable, match=message) as caught:
            await database.prepare()
    finally:
        await database.close()
    assert str(file) in str(caught.value)
    assert "nothing was changed" in str(caught.value)


@contextmanager
def overwritten(file: Path, *, offset: int) -> Iterator[None]:
    """A part of the file holds noise; the noise is still there in the end."""
    noise = bytes(range(1, 256)) * 16
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(noise)
    yield
    with file.open("rb") as opened:
        opened.seek(offset)
        assert opened.read(len(noise)) == noise


async def test_a_broken_page_is_found_at_start_and_nothing_is_mended(file: Path) -> None:
    size = len(content(file))
    with overwritten(file, offset=3 * 4096):
        database = Sqlite(f"sqlite+aiosqlite:///{file}")
        with pytest.raises(Unusable, match=r"restore a backup|cannot be used") as caught:
            await database.prepare()
        await database.close()

    assert "nothing was changed" in str(caught.value)
    assert len(content(file)) == size


async def test_a_file_that_is_no_database_is_told_at_start_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "together.db"
    file.write_text("Dear diary, " * 1000)
    database = Sqlite(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(Unusable, match="not a database"):
        await database.prepare()
    await database.close()

    assert file.read_text() == "Dear diary, " * 1000


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

    with pytest.raises(DBAPIError, match="malformed") as caught:
        await Town(broken).rows(Statement)

    assert is_unavailable(caught.value)
    await broken.close()


async def test_a_folder_in_place_of_the_file_is_told_at_start(tmp_path: Path) -> None:
    database = Sqlite(f"sqlite+aiosqlite:///{tmp_path}")

    with pytest.raises(Unusable, match="unable to open database file"):
        await database.prepare()
    await database.close()


@pytest.mark.parametrize("file", ["/proc/together/together.db", "/dev/null/together.db"])
async def test_a_folder_that_cannot_be_written_is_told_before_anything_else(file: str) -> None:
    database = Sqlite(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(Unusable, match=f"cannot write beside the database {file}"):
        async with database.hold():
            pytest.fail("held what cannot be held")
    await database.close()


async def test_a_second_instance_is_refused_until_the_first_has_ended(sqlite_url: str) -> None:
    first, second = Sqlite(sqlite_url), Sqlite(sqlite_url)

    async with first.hold():
        with pytest.raises(AlreadyRunning, match="stop it first"):
            async with second.hold():
                pytest.fail("two at a time")
    async with second.hold():
        pass

    await first.close()
    await second.close()


async def test_a_killed_instance_leaves_no_lock(sqlite_url: str, file: Path) -> None:
    script = "import sys, fcntl, os\nlock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
    script += "fcntl.flock(lock, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()"
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, f"{file}.lock", stdin=-1, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    await holder.stdout.readline()
    database = Sqlite(sqlite_url)
    with pytest.raises(AlreadyRunning):
        async with database.hold():
            pytest.fail("held twice")

    holder.kill()
    await holder.wait()

    async with database.hold():
        pass
    await database.close()


async def test_who_only_reads_needs_a_file_and_cannot_write(sqlite_url: str, tmp_path: Path) -> None:
    missing = open_database(f"sqlite+aiosqlite:///{tmp_path / 'no.db'}", read_only=True)
    with pytest.raises(Unusable, match="TOGETHER_DATABASE_URL"):
        await Town(missing).rows(Alarm)
    await missing.close()
    assert files(tmp_path) == []

    reader = open_database(sqlite_url, read_only=True)
    assert await Town(reader).rows(Alarm) == []
    with pytest.raises(OperationalError, match="readonly"):
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


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_the_connection_is_set_up_for_safety(database: Sqlite, name: str, value: object) -> None:
    for _ in range(2):
        assert (await database.read(pragma(name)))[0][0] == value
        await database.upgrade()  # which turns foreign keys off for its own time


async def test_a_transaction_that_fails_leaves_nothing(database: Sqlite) -> None:
    def half(connection: Connection) -> None:
        connection.execute(insert(table(Alarm)).values(cause="half", told_at=NOON))
        raise KeyError("the other half")

    with pytest.raises(KeyError) as caught:
        await database.write(half)

    assert not is_unavailable(caught.value)
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


async def test_transactions_of_many_callers_do_not_mix(database: Database) -> None:
    def count(connection: Connection) -> None:
        found = connection.execute(text("SELECT count(*) FROM alarm")).scalar_one()
        connection.execute(insert(table(Alarm)).values(cause=str(found), told_at=NOON))

    await asyncio.gather(*(database.write(count) for _ in range(50)))

    assert {int(row.cause) for row in await Town(database).rows(Alarm)} == set(range(50))


async def test_a_mistake_in_a_statement_is_not_taken_for_a_database_that_is_away(database: Sqlite) -> None:
    with pytest.raises(OperationalError) as caught:
        await database.write(lambda connection: connection.execute(text("SELECT * FROM no_such_table")))

    assert not is_unavailable(caught.value)


async def test_a_constraint_that_is_hurt_is_not_taken_for_a_database_that_is_away(database: Sqlite) -> None:
    twice = [{"cause": "x", "told_at": NOON}] * 2

    with pytest.raises(IntegrityError) as caught:
        await database.write(lambda connection: connection.execute(insert(table(Alarm)), twice))

    assert not is_unavailable(caught.value)
