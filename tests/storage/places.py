"""Where databases for tests are made, in milliseconds: copies of one that was upgraded once."""

import shutil
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from storage.database import open_database

SUFFIXES: Final = ("", "-wal", "-shm", ".lock")


async def _upgrade(url: str) -> None:
    database = open_database(url)
    await database.upgrade()
    await database.close()


class SqlitePlace:
    """A folder of SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"

    async def make(self, *, empty: bool = False) -> str:
        """The address of a database of its own, upgraded unless it is to be empty."""
        file = self._folder / f"{uuid4().hex}.db"
        if not empty:
            if not self._template.exists():
                await _upgrade(_sqlite(self._template))
            shutil.copy(self._template, file)
        return _sqlite(file)

    async def drop(self, url: str) -> None:
        """Delete a database."""
        remove(Path(make_url(url).database or ""))


def remove(file: Path) -> None:
    """Delete an SQLite database with everything that lies beside it."""
    for suffix in SUFFIXES:
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


class PostgresPlace:
    """A PostgreSQL server on which we may create databases."""

    def __init__(self, url: str) -> None:
        """
        url  of any database there
        """
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._template: str | None = None

    async def make(self, *, empty: bool = False) -> str:
        """The address of a database of its own, upgraded unless it is to be empty."""
        if not empty and self._template is None:
            self._template = await self._create("template0")
            await _upgrade(self._address(self._template))
        return self._address(await self._create("template0" if empty else str(self._template)))

    async def drop(self, url: str) -> None:
        """Delete a database, cutting whoever is connected to it."""
        await self.run(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    async def run(self, statement: str, *values: Any) -> Any:
        """The first value of what a statement returns, carried out outside of any test's database."""
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain)
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    async def _create(self, template: str) -> str:
        name = f"together_test_{uuid4().hex}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)
