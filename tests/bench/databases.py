"""A fresh database for each run, copied from one that was made ready once."""

import shutil
from pathlib import Path

from tests.bench.contestants import Contestant


class SqliteFiles:
    """SQLite databases in files of one folder."""

    server: int | None = None  # process id of the database's server: it has none

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    async def make(self, contestant: Contestant, known: int) -> str:
        """The URL of a database for one run."""
        template = self._folder / f"{contestant.name}-{known}.template"
        if not template.exists():
            await contestant.prepare(f"sqlite+aiosqlite:///{template}", known)
        self._made += 1
        file = self._folder / f"{contestant.name}-{self._made}.db"
        shutil.copyfile(template, file)
        return f"sqlite+aiosqlite:///{file}"

    async def give_back(self, url: str) -> None:
        """Delete a run's database."""
        file = Path(url.partition(":///")[2])
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()
