"""A PostgreSQL server at the start of a run: one instance at a time, trouble told, limits set."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from storage import postgres, schema
from storage.errors import AlreadyRunning, Unusable
from storage.postgres import Postgres
from tests.storage.places import PostgresPlace


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Postgres]:
    """A database with the schema of this release, opened."""
    database = Postgres(postgres_url)
    yield database
    await database.close()


async def test_a_second_instance_is_refused_until_the_first_has_ended(postgres_url: str) -> None:
    first, second = Postgres(postgres_url), Postgres(postgres_url)

    async with first.hold():
        with pytest.raises(AlreadyRunning, match="stop it first"):
            async with second.hold():
                pytest.fail("two at a time")
    async with second.hold():
        pass

    await first.close()
    await second.close()


async def test_an_instance_whose_session_dies_leaves_no_lock(
    postgres_url: str, postgres_place: PostgresPlace
) -> None:
    first, second = Postgres(postgres_url), Postgres(postgres_url)
    async with first.hold():
        await postgres_place.run(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1",
            make_url(postgres_url).database,
        )
        await asyncio.sleep(0.1)
        async with second.hold():
            held = True
    await first.close()
    await second.close()
    assert held


@pytest.mark.parametrize("step", ["hold", "prepare"])
async def test_a_server_that_is_not_there_is_told_at_start(step: str, tmp_path: Path) -> None:
    database = Postgres(f"postgresql+asyncpg://together:secret@/together?host={tmp_path}")

    with pytest.raises(Unusable, match="PostgreSQL does not answer") as caught:
        await begin(database, step)

    assert "secret" not in str(caught.value)
    await database.close()


@pytest.mark.parametrize("step", ["hold", "prepare"])
async def test_a_database_that_is_not_there_is_told_at_start(postgres_url: str, step: str) -> None:
    missing = make_url(postgres_url).set(database="together_no_such", password="secret")
    database = Postgres(missing.render_as_string(hide_password=False))

    with pytest.raises(Unusable, match="together_no_such") as caught:
        await begin(database, step)

    assert "secret" not in str(caught.value)
    await database.close()


async def begin(database: Postgres, step: str) -> None:
    """The first thing a run does with its database, or the second."""
    if step == "prepare":
        await database.prepare()
    else:
        async with database.hold():
            pytest.fail("held what is not there")


async def test_an_upgrade_may_take_longer_than_anything_else(
    postgres_place: PostgresPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SETTINGS", {"statement_timeout": "1"})
    monkeypatch.setattr(postgres, "ANSWER", 0.001)
    url = await postgres_place.make(empty=True)
    database = Postgres(url)

    await database.upgrade()
    await database.close()
    monkeypatch.undo()
    upgraded = Postgres(url)
    found = await upgraded.read(schema.current)
    await upgraded.close()
    await postgres_place.give_back(url)
    assert found == schema.revisions()[-1]


async def test_limits_of_the_session_are_set(database: Postgres) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    def found(connection: Connection) -> list[str]:
        return [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    assert await database.read(found) == ["10s", "5s", "30s"]
