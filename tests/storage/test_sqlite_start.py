"""An SQLite file at the start of a run: one instance at a time, trouble told, everything set for safety."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import sqlite
from storage.errors import AlreadyRunning, Unusable
from storage.sqlite import Sqlite
from tests.storage.sqlite_file import content, dump, pragma


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Sqlite]:
    """A file with the schema of this release, opened."""
    database = Sqlite(sqlite_url)
    yield database
    await database.close()


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
        with pytest.raises(Unusable, match="restore a backup") as caught:
            await database.prepare()
        await database.close()

    assert "nothing was changed" in str(caught.value)
    assert len(content(file)) == size


async def test_a_file_that_is_no_database_is_told_at_start_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "together.db"
    file.write_text("Dear diary, " * 1000)
    database = Sqlite(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(Unusable, match="not a database; restore a backup"):
        await database.prepare()
    await database.close()

    assert file.read_text() == "Dear diary, " * 1000


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


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_the_connection_is_set_up_for_safety(database: Sqlite, name: str, value: object) -> None:
    for _ in range(2):
        assert (await database.read(pragma(name)))[0][0] == value
        await database.upgrade()  # which turns foreign keys off for its own time
