"""A database for each test: SQLite in a file, or one of a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from storage.database import Database, open_database
from storage.tables import table
from storage.words.shown_counts import Ledger, ShownGroup, ShownPerson
from tests.storage.places import PostgresPlace, SqlitePlace
from tests.storage.town import Town


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> SqlitePlace:
    """Where SQLite databases are made."""
    return SqlitePlace(tmp_path_factory.mktemp("sqlite"))


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


@pytest.fixture(scope="module")
def ledgers() -> Iterator[Connection]:
    """A database in memory with ledgers of what was shown in it."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for model in (Ledger, ShownGroup, ShownPerson):
            table(model).create(connection)
        connection.commit()
        yield connection
    engine.dispose()
