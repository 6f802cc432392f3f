"""Backups of a file: what a killed bot left is in them, and what they replace is kept, broken or not."""

import sqlite3
from pathlib import Path

import pytest

from flows.people.person import Forget
from storage.backup import sqlite
from storage.database import open_database
from storage.errors import Unusable
from storage.tables import Citizen, Statement
from tests.storage.keeper import EVENING, names
from tests.storage.town import KEYS, Town

ADA = 4_000_000_001
KEPT = f"{EVENING:%Y%m%dT%H%M%SZ}"


@pytest.fixture
async def town(tmp_path: Path) -> Town:
    """In a folder of its own: the files that lie in it are looked at."""
    database = open_database(address(tmp_path / "together.db"))
    await database.upgrade()
    return Town(database)


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def said(file: Path) -> list[str]:
    """The words of every statement in a file."""
    database = open_database(address(file))
    rows = await Town(database).rows(Statement)
    await database.close()
    return [row.text for row in rows]


async def test_what_a_killed_bot_left_in_its_wal_is_in_the_backup(town: Town, tmp_path: Path) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "in the wal")
    killed = tmp_path / "killed"
    killed.mkdir()
    for suffix in ("", "-wal"):
        (killed / f"together.db{suffix}").write_bytes((tmp_path / f"together.db{suffix}").read_bytes())
    await town.database.close()

    await sqlite.back_up(address(killed / "together.db"), tmp_path / "backup")

    assert await said(tmp_path / "backup") == ["in the wal"]


async def test_the_database_that_is_replaced_is_kept_whole(town: Town, tmp_path: Path) -> None:
    await sqlite.back_up(address(tmp_path / "together.db"), tmp_path / "backup")
    await town.arrives(ADA)
    await town.says(ADA, "since then")
    await town.database.close()

    restored = await sqlite.restore(tmp_path / "backup", address(tmp_path / "together.db"), KEYS, {}, EVENING)

    assert restored.kept == str(tmp_path / f"together.db.{KEPT}")
    assert await said(tmp_path / f"together.db.{KEPT}") == ["since then"]
    assert await said(tmp_path / "together.db") == []
    assert names(tmp_path) == ["backup", "together.db", f"together.db.{KEPT}", "together.db.lock"]


async def test_a_broken_database_is_replaced_and_its_erasures_are_said_to_be_unknown(
    town: Town, tmp_path: Path
) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before")
    await town.database.close()
    database = tmp_path / "together.db"
    await sqlite.back_up(address(database), tmp_path / "backup")
    broken = b"no database any more" * 1000
    database.write_bytes(broken)
    database.with_name("together.db-wal").write_bytes(b"nor this")

    restored = await sqlite.restore(tmp_path / "backup", address(database), KEYS, {}, EVENING)

    assert "not a database" in str(restored.trouble)
    assert await said(database) == ["before"]
    assert (tmp_path / f"together.db.{KEPT}").read_bytes() == broken
    assert (tmp_path / f"together.db.{KEPT}-wal").read_bytes() == b"nor this"


async def test_a_lost_database_is_restored_on_an_empty_machine(town: Town, tmp_path: Path) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before")
    await town.database.close()
    await sqlite.back_up(address(tmp_path / "together.db"), tmp_path / "backup")

    restored = await sqlite.restore(
        tmp_path / "backup", address(tmp_path / "new" / "together.db"), KEYS, {}, EVENING
    )

    assert (restored.kept, restored.trouble) == (None, "there was none")
    assert await said(tmp_path / "new" / "together.db") == ["before"]


async def test_words_of_those_erased_again_are_not_in_the_restored_file(town: Town, tmp_path: Path) -> None:
    database = tmp_path / "together.db"
    await town.arrives(ADA)
    await town.says(ADA, "CANARY")
    await sqlite.back_up(address(database), tmp_path / "backup")
    town.later(hours=1)
    await town.acts(ADA, Forget())
    await town.database.close()

    await sqlite.restore(tmp_path / "backup", address(database), KEYS, {}, EVENING)

    assert b"CANARY" in (tmp_path / "backup").read_bytes()
    assert b"CANARY" not in database.read_bytes()


async def test_what_a_killed_restore_left_does_no_harm(town: Town, tmp_path: Path) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before")
    database = tmp_path / "together.db"
    await sqlite.back_up(address(database), tmp_path / "backup")
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f".together.db.new{suffix}").write_bytes(
            database.with_name(f"together.db{suffix}").read_bytes()
        )
    (tmp_path / ".together.db.new-journal").write_bytes(b"half a journal")
    await town.says(ADA, "after")
    await town.database.close()

    await sqlite.restore(tmp_path / "backup", address(database), KEYS, {}, EVENING)

    assert await said(database) == ["before"]
    assert not [name for name in names(tmp_path) if name.startswith(".")]


async def test_two_restores_within_a_second_do_not_overwrite_what_the_first_kept(
    town: Town, tmp_path: Path
) -> None:
    database = tmp_path / "together.db"
    await sqlite.back_up(address(database), tmp_path / "backup")
    await town.arrives(ADA)
    await town.database.close()
    await sqlite.restore(tmp_path / "backup", address(database), KEYS, {}, EVENING)

    with pytest.raises(FileExistsError):
        await sqlite.restore(tmp_path / "backup", address(database), KEYS, {}, EVENING)

    kept = Town(open_database(address(tmp_path / f"together.db.{KEPT}")))
    assert len(await kept.rows(Citizen)) == 1
    await kept.database.close()


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", ".key", ".lock"])
async def test_a_backup_never_takes_the_place_of_the_databases_own_files(
    town: Town, tmp_path: Path, suffix: str
) -> None:
    await town.database.close()

    with pytest.raises(Unusable, match="own files"):
        await sqlite.back_up(address(tmp_path / "together.db"), tmp_path / f"together.db{suffix}")


async def test_a_backup_with_rows_that_refer_to_nothing_is_refused(town: Town, tmp_path: Path) -> None:
    await town.arrives(ADA)
    await town.database.close()
    with sqlite3.connect(tmp_path / "together.db") as connection:
        connection.execute("DELETE FROM citizen")
    connection.close()

    with pytest.raises(Unusable, match="refers to nothing"):
        await sqlite.back_up(address(tmp_path / "together.db"), tmp_path / "backup")

    assert not (tmp_path / "backup").exists()
