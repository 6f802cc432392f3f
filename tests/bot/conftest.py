"""A real database in a file, made once and copied for each test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.sqlite import Sqlite


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema of this release and nothing in it."""
    file = tmp_path_factory.mktemp("database") / "empty.db"

    async def make() -> None:
        database = Sqlite(f"sqlite+aiosqlite:///{file}")
        await database.prepare()
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def database(empty_database: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of this test's own."""
    file = tmp_path / "together.db"
    shutil.copy(empty_database, file)
    database = Sqlite(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()
