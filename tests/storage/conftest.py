"""A database for each test: SQLite in a file, or one of a real PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database, open_database
from tests.storage.places import PostgresPlace, SqlitePlace
from tests.storage.server import Server
from tests.storage.town import Town


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that tests may stop; whoever does starts it again."""
    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> SqlitePlace:
    """Where SQLite databases are made."""
    return SqlitePlace(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_place(request: pytest.FixtureRequest) -> Iterator[PostgresPlace]:
    """Where PostgreSQL databases are made: on the server of TEST_DATABASE_URL, else on our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    place = PostgresPlace(given or request.getfixturevalue("server").url("postgres"))
    yield place
    asyncio.run(place.clear())


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> SqlitePlace | PostgresPlace:
    """Where this test's database is made; a test that asks for it runs on both."""
    found: SqlitePlace | PostgresPlace = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
async def empty_url(place: SqlitePlace | PostgresPlace) -> AsyncIterator[str]:
    """A database without a table."""
    url = await place.make(empty=True)
    yield url
    await place.give_back(url)


@pytest.fixture
async def url(place: SqlitePlace | PostgresPlace) -> AsyncIterator[str]:
    """A database with the schema of this release and nothing in it."""
    url = await place.make()
    yield url
    await place.give_back(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The same, opened."""
    database = open_database(url)
    yield database
    await database.close()


@pytest.fixture
def town(database: Database) -> Town:
    """The same, with people who act in it."""
    return Town(database)


@pytest.fixture
async def sqlite_url(sqlite_place: SqlitePlace) -> AsyncIterator[str]:
    """An SQLite database with the schema of this release, for what only a file can suffer."""
    url = await sqlite_place.make()
    yield url
    await sqlite_place.give_back(url)


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """Its file."""
    return Path(sqlite_url.partition(":///")[2])


@pytest.fixture
async def postgres_url(postgres_place: PostgresPlace) -> AsyncIterator[str]:
    """A PostgreSQL database with the schema of this release, for what only a server can suffer."""
    url = await postgres_place.make()
    yield url
    await postgres_place.give_back(url)
