"""The four ways to run the bot: by long polling or by webhook, on SQLite or on PostgreSQL.

A test that asks for `way` is run in each of them; it starts its bots by `way.bot()`.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from bot.playground.emulator import Emulator
from tests.processes.bot_process import Bot, free_port

WAYS: Final = ("polling-sqlite", "polling-postgres", "webhook-sqlite", "webhook-postgres")
HOOK_SECRET: Final = "a-secret-of-Telegram"


class Way:
    """One of the four, with one folder and one database: a new bot there is a restart."""

    def __init__(self, name: str, emulator: Emulator, folder: Path, url: str) -> None:
        """
        url  of the database, which has the schema of this release or is a file to be
        """
        self.name = name
        self.by_webhook = name.startswith("webhook")
        self.on_postgres = name.endswith("postgres")
        self.folder = folder
        self._emulator = emulator
        self._url = url
        self._settings: dict[str, Any] = {"database_url": url}
        if self.by_webhook:
            emulator.webhook_pace.scale = 0.05  # a second between two tries of an update is shorter here
            address = f"127.0.0.1:{free_port()}"
            self._settings |= {
                "webhook_url": f"http://{address}/hook",
                "webhook_listen": address,
                "webhook_secret": HOOK_SECRET,
            }

    def bot(self, **more: Any) -> Bot:
        """A bot that runs in this way; `more` is for `Bot`."""
        return Bot(self._emulator, self.folder, **self._settings, **more)

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked past the bot. An SQLite file may only be changed at rest."""
        if self.on_postgres:
            plain = make_url(self._url).set(drivername="postgresql")
            connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
            try:
                return [tuple(row) for row in await connection.fetch(statement)]
            finally:
                await connection.close()
        with closing(sqlite3.connect(self._file)) as database, database:
            return database.execute(statement).fetchall()

    async def content(self) -> str:
        """All that is kept: of SQLite the whole file, free pages included; of PostgreSQL every row."""
        if not self.on_postgres:
            return self._file.read_bytes().decode(errors="replace")
        tables = [table.name for table in SQLModel.metadata.sorted_tables]
        return str([await self.rows(f"SELECT * FROM {table}") for table in tables])

    async def settled(self) -> None:
        """Wait until everything that was said is noted as said."""
        while await self.rows("SELECT 1 FROM outbox WHERE state <> 'sent' LIMIT 1"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is another process that notes it

    @property
    def _file(self) -> Path:
        return Path(make_url(self._url).database or "")
