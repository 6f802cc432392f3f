"""Pages of an SQLite file break under the running bot: it says so, and a backup brings everything back.

Its own small campaign: what was acknowledged after the backup is lost with the file, which no checker of
promises may forgive elsewhere.
"""

import asyncio
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.emulator import Emulator
from tests.campaigns.kills.citizens import Crowd, Habits
from tests.campaigns.kills.deliveries import Twice
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.kills.hardships import IN_TROUBLE
from tests.campaigns.kills.hooks import FORGETFUL
from tests.campaigns.kills.scenario import Deed
from tests.campaigns.kills.seats import TOKEN, seats
from tests.campaigns.kills.stored import all_is_said
from tests.campaigns.kills.stored_sqlite import SqliteStore
from tests.campaigns.kills.verdict import Verdict
from tests.campaigns.kills.worlds import POLLING_SQLITE

NAME: Final = "broken-pages"
BEFORE: Final = 200  # updates before the backup, and half as many after it
PAGE: Final = 4096  # bytes
FRAME: Final = 24  # bytes before each page in a WAL, after 32 at its beginning
NOTICED: Final = 3.0  # seconds in which somebody is told
STAYERS: Final = Habits(erasing=0.0, blocking=0.0)


class BrokenPages:
    """One run of it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._folder = folder
        self._random = Random(seed)
        self._emulator = Emulator(token=TOKEN, seed=seed)
        self._emulator.limits = None
        self._crowd = Crowd(self._emulator, 12, str(seed), STAYERS)
        self._store = SqliteStore(folder / "together.db")
        [self._seat] = seats(POLLING_SQLITE, self._emulator, folder, self._store.url, 2000)
        self._findings: list[Finding] = []

    async def run(self) -> Verdict:
        """Break, notice, refuse, restore, go on."""
        began = time.monotonic()
        await self._store.open()
        await self._emulator.start()
        try:
            self._crowd.begin()
            kept = await self._lives_and_breaks()
            await self._is_refused()
            await self._is_restored(kept)
        finally:
            await self._crowd.end()
            await self._emulator.stop()
        counts = Counter({"updates": len(self._emulator.ledger.updates)})
        nothing: Counter[str] = Counter()
        hardships = Counter({"broken": 1})
        twice = Twice(0, 0, 0, 0, 0)
        seconds = time.monotonic() - began
        return Verdict(NAME, nothing, 0, 0.0, hardships, nothing, counts, twice, self._findings, seconds)

    async def _lives_and_breaks(self) -> list[Deed]:
        """Returns what was acknowledged before the backup was made."""
        async with self._seat.bot(hook=FORGETFUL) as bot:
            await bot.ready(20)
            await self._crowd.has_done(BEFORE, 60)
            kept = self._acknowledged()
            done = await bot.command("backup", "--output", str(self._folder / "backup.db"))
            assert done.code == 0, done.err
            await self._crowd.has_done(BEFORE + BEFORE // 2, 60)
            await asyncio.to_thread(self._break_pages)
            broken = self._emulator.clock.now()
            await asyncio.sleep(NOTICED)
            ready, _ = await bot.get("/readyz")
            await self._crowd.end()
            if IN_TROUBLE not in bot.log_text or ready != 503:
                self._find("broken pages", "nobody is told that pages are broken")
            for deed in self._acknowledged(delivered_since=broken):
                self._find("I3 committed", f"{deed} was acknowledged, to be kept on broken pages")
            bot.terminate()
            await bot.ended(10)
        return kept

    async def _is_refused(self) -> None:
        """Nothing starts on broken pages, and nothing is made anew in their place."""
        size = self._store.file.stat().st_size
        async with self._seat.bot(hook=FORGETFUL) as bot:
            code = await bot.ended(20)
            told = bot.log_text
        if code != 1 or "restore a backup" not in told:
            self._find("broken pages", f"a start on broken pages ended with {code}: {told[-300:]}")
        if self._store.file.stat().st_size < size:
            self._find("broken pages", "the broken file was replaced")

    async def _is_restored(self, kept: list[Deed]) -> None:
        """What was acknowledged before the backup is there, what was not since is carried out."""
        done = await self._seat.bot().command("restore", str(self._folder / "backup.db"))
        if done.code != 0:
            self._find("restored", f"the backup could not be restored: {done.err}")
            return
        async with self._seat.bot() as bot:
            await bot.ready(20)
            await all_is_said(self._emulator, self._store, 30)
            await bot.stopped()
        stored = await self._store.everything()
        inbox = stored.by("inbox", "update_id")
        for deed in kept:
            if self._crowd.scenario.update(deed) not in inbox:
                self._find("restored", f"{deed} was acknowledged before the backup, and is lost")
        if self._emulator.pending:
            self._find("restored", f"{self._emulator.pending} updates are not carried out afterwards")
        for problem in stored.broken:
            self._find("I15 sound", problem)

    def _acknowledged(self, delivered_since: float = 0.0) -> list[Deed]:
        """A batch under way when the pages break may have been committed just before."""
        records = self._emulator.ledger.updates
        known = ((deed, records[update]) for deed, update in self._crowd.scenario.updates.items())
        return [
            deed
            for deed, record in known
            if record.acknowledged_at is not None and (record.first_delivered_at or 0.0) >= delivered_since
        ]

    def _break_pages(self) -> None:
        """Every page but the first, in the file and in its WAL, holds noise from now on."""
        file = self._store.file
        wal = file.with_name(f"{file.name}-wal")
        self._overwrite(file, range(PAGE, file.stat().st_size, PAGE))
        self._overwrite(wal, range(32 + FRAME, wal.stat().st_size, FRAME + PAGE))

    def _overwrite(self, file: Path, places: range) -> None:
        with file.open("r+b") as stream:
            for place in places:
                stream.seek(place)
                stream.write(self._random.randbytes(PAGE))

    def _find(self, invariant: str, what: str) -> None:
        self._findings.append(Finding(invariant, what))
