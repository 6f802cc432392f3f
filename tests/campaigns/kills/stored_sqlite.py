"""An SQLite file from outside: copied before it is looked at, locked by another process than the bot's."""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final

from tests.campaigns.kills.stored import Queries, Row, Store, waiting

LOCK_WITHIN: Final = 10.0  # seconds in which a moment is found at which the bot does not write


class SqliteStore(Store):
    """A file in a folder of its own."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.url = f"sqlite+aiosqlite:///{file}"

    async def open(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)

    async def close(self) -> None:
        return  # a file runs nowhere

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[Queries]:
        """A copy, so that looking changes nothing: recovering a WAL writes."""
        with tempfile.TemporaryDirectory() as folder:
            for suffix in ("", "-wal"):
                file = self.file.with_name(self.file.name + suffix)
                if file.exists():
                    shutil.copy(file, folder)
            with closing(sqlite3.connect(Path(folder) / self.file.name)) as connection:
                connection.row_factory = sqlite3.Row
                yield _Queries(connection)

    async def waiting(self, now: float) -> int:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return int(connection.execute(waiting(now)).fetchone()[0])

    async def suffer(self, trouble: str, seconds: float) -> bool:
        if trouble != "locked":
            raise ValueError(f"an SQLite file does not suffer '{trouble}'")
        await asyncio.to_thread(self._lock, seconds)
        return True

    def _lock(self, seconds: float) -> None:
        address = f"file:{self.file}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=LOCK_WITHIN, isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            rival.execute("ROLLBACK")

    @property
    def log(self) -> str:
        return ""


class _Queries(Queries):
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, query: str) -> list[Row]:
        return [dict(row) for row in self._connection.execute(query)]

    async def tables(self) -> list[str]:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [row["name"] for row in await self.rows(names)]

    async def broken(self) -> tuple[str, ...]:
        """Pages, and what must be unique or not null."""
        found = self._connection.execute("PRAGMA integrity_check")
        return tuple(row[0] for row in found if row[0] != "ok")

    async def dangling(self) -> tuple[str, ...]:
        found = self._connection.execute("PRAGMA foreign_key_check")
        return tuple(f"a row of {row[0]} refers to nothing" for row in found)
