"""The schema is what the models say, is brought there from anywhere, and never taken for what it is not."""

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from storage import faultpoints, schema
from storage.database import open_database
from storage.errors import SchemaTooNew, SchemaTooOld
from storage.tables import Citizen
from tests.storage.town import Town

NEXT = '''
"""A change to a table that others refer to."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{before}"


def upgrade() -> None:
    """Remake the table, as SQLite must for most changes."""
    with op.batch_alter_table("citizen") as citizen:
        citizen.alter_column("language", existing_type=sa.String(), nullable=True)
'''


def tables(connection: Connection) -> set[str]:
    """The names of all tables."""
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_exactly_what_the_models_say(town: Town) -> None:
    def differences(connection: Connection) -> object:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)

    assert await town.database.read(differences) == []


async def test_an_empty_database_is_brought_to_this_release(empty_url: str) -> None:
    database = open_database(empty_url)
    assert await database.read(schema.current) is None

    await database.upgrade()

    assert await database.read(schema.current) == schema.revisions()[-1]
    assert await database.read(tables) == {*SQLModel.metadata.tables, "alembic_version"}
    await database.close()


async def test_upgrading_again_changes_nothing(town: Town) -> None:
    await town.arrives(1)
    await town.database.upgrade()

    assert len(await town.rows(Citizen)) == 1


async def test_a_database_of_a_newer_release_is_refused_and_left_as_it_is(town: Town) -> None:
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await town.database.write(lambda connection: connection.execute(newer))

    for attempt in (town.database.prepare, town.database.upgrade):
        with pytest.raises(SchemaTooNew, match="9999, which this release does not know"):
            await attempt()

    assert await town.database.read(schema.current) == "9999"


async def test_an_old_schema_is_upgraded_at_start_on_sqlite_and_refused_on_postgresql(empty_url: str) -> None:
    database = open_database(empty_url)
    if empty_url.startswith("sqlite"):
        await database.prepare()
        assert await database.read(schema.current) == schema.revisions()[-1]
    else:
        with pytest.raises(SchemaTooOld, match="together db upgrade"):
            await database.prepare()
        assert await database.read(tables) == set()
    await database.close()


async def test_an_upgrade_that_breaks_off_leaves_nothing_half_done(empty_url: str) -> None:
    def break_off(name: str) -> None:
        if name == "migration_step":
            raise RuntimeError("the power went")

    database = open_database(empty_url)
    faultpoints.listen(break_off)
    try:
        with pytest.raises(RuntimeError, match="the power went"):
            await database.upgrade()
    finally:
        faultpoints.listen(lambda _name: None)
    assert await database.read(tables) == set()

    await database.upgrade()

    assert await database.read(schema.current) == schema.revisions()[-1]
    await database.close()


KILLED = """
import asyncio, os, signal, sys
from storage import faultpoints
from storage.database import open_database

def kill(name):
    if name == "migration_step":
        os.kill(os.getpid(), signal.SIGKILL)

faultpoints.listen(kill)
asyncio.run(open_database(sys.argv[1]).upgrade())
"""


async def test_an_upgrade_killed_halfway_is_taken_up_again(empty_url: str) -> None:
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, empty_url)
    assert await killed.wait() == -signal.SIGKILL

    database = open_database(empty_url)
    assert await database.read(tables) == set()
    await database.upgrade()

    assert await database.read(schema.current) == schema.revisions()[-1]
    await database.close()


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations of this release and one more, which remakes a table that others refer to."""
    later = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    migration = NEXT.format(before=schema.revisions()[-1])
    (later / "versions" / "9001_no_language_yet.py").write_text(migration.lstrip())
    monkeypatch.setattr(schema, "MIGRATIONS", later)


async def test_a_table_can_be_remade_under_those_that_refer_to_it(
    town: Town, request: pytest.FixtureRequest
) -> None:
    await town.arrives(1)
    await town.says(1, "Still here.")
    request.getfixturevalue("next_release")

    await town.database.upgrade()

    def found(connection: Connection) -> list[object]:
        counts = ("citizen", "contact", "consent", "statement")
        return [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in counts]

    assert await town.database.read(found) == [1, 1, 4, 1]
    assert await town.database.read(schema.current) == "9001"


async def test_foreign_keys_hold_again_after_an_upgrade(empty_url: str) -> None:
    database = open_database(empty_url)
    await database.upgrade()
    orphan = text(
        "INSERT INTO consent (id, citizen_id, purpose, text_key, text_hash, language, update_id, given_at) "
        "VALUES (1, 404, 'x', 'x', 'x', 'en', 1, '2025-03-10 12:00:00+00')"
    )

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.write(lambda connection: connection.execute(orphan))
    await database.close()


def test_migrations_are_numbered_without_gaps_and_found_by_their_files() -> None:
    numbers = [int(revision) for revision in schema.revisions()]

    assert numbers == list(range(1, len(numbers) + 1))
