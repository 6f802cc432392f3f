"""Where databases for tests are made: upgraded once, then copied (SQLite) or emptied (PostgreSQL)."""

import shutil
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from storage.database import open_database
from storage.registry import appliers
from storage.schema import revisions

appliers()  # imports every module of storage, so that SQLModel.metadata holds every table

SUFFIXES: Final = ("", "-wal", "-shm", ".lock")

CUT: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY: Final = ";".join(f"DELETE FROM {target.name}" for target in reversed(SQLModel.metadata.sorted_tables))
COUNT_ANEW: Final = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"


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

    async def give_back(self, url: str) -> None:
        """Delete a database."""
        remove(Path(make_url(url).database or ""))


def remove(file: Path) -> None:
    """Delete an SQLite database with everything that lies beside it."""
    for suffix in SUFFIXES:
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


class PostgresPlace:
    """A PostgreSQL server on which we may create databases; an emptied one serves many tests."""

    def __init__(self, url: str) -> None:
        """
        url  of any database there
        """
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._clean: list[str] = []

    async def make(self, *, empty: bool = False) -> str:
        """The address of a database of its own, upgraded unless it is to be empty."""
        if self._clean and not empty:
            return self._clean.pop()
        name = f"together_test_{uuid4().hex}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        url = self._url.set(database=name).render_as_string(hide_password=False)
        if not empty:
            await _upgrade(url)
        return url

    async def give_back(self, url: str) -> None:
        """Cut whoever is connected, and delete every row; a database with another schema goes whole."""
        connection = await _connect(url)
        try:
            await connection.execute(CUT)
            if ours := await _revision(connection) == revisions()[-1]:
                await connection.execute(f"{EMPTY};{COUNT_ANEW}")
        finally:
            await connection.close()
        if ours:
            self._clean.append(url)
        else:
            await self.run(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    async def clear(self) -> None:
        """Delete every database that was made here."""
        while self._clean:
            await self.run(f'DROP DATABASE "{make_url(self._clean.pop()).database}" WITH (FORCE)')

    async def run(self, statement: str, *values: Any) -> Any:
        """The first value of what a statement returns, carried out outside of any test's database."""
        connection = await _connect(self._url.render_as_string(hide_password=False))
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()


async def _connect(url: str) -> Any:
    plain = make_url(url).set(drivername="postgresql")
    return await asyncpg.connect(plain.render_as_string(hide_password=False))


async def _revision(connection: Any) -> Any:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    return await connection.fetchval("SELECT version_num FROM alembic_version")
