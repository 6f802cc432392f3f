"""What a digest costs: python -m tests.bench.digest; over 100,000 statements of one territory in one week.

It is measured from its beginning to its last commit, in a process of its own, on both databases, while people
write and are replied to: what it takes, what a reply takes meanwhile, and how much memory the process needs.
The picture is drawn by a process of its own, whose memory stands apart.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, insert, text
from sqlmodel import SQLModel

from bot.chores.digests import Digests
from flows.panels.settings import PanelSettings
from flows.people.territory import Panel, Territories
from storage.database import Database, open_database
from storage.panels.roomed import Room
from storage.tables import Contact, Statement, table
from storage.words.returned import Classification
from tests.bot.house import BOT, House
from tests.flows.places import RIVERSIDE
from tests.storage.server import Server

STATEMENTS: Final = 100_000
PEOPLE: Final = 10_000
AT_ONCE: Final = 20_000  # rows in one transaction
MONDAY: Final = datetime(2026, 5, 4, 6, tzinfo=UTC)  # nine by the clocks in Riga
WEEK: Final = MONDAY - timedelta(days=7)
LANGUAGES: Final = ("lv", "en", "fr", "ru", "el", "ar")
QUESTIONS: Final = ("well-being", "ill-being", "co-responsibility")
CITIZENS: Final = 20
EVERY: Final = 0.05  # seconds between two messages of citizens
MEGABYTE: Final = 1_000_000
OWN: Final = Path("/proc/self")
AS_THE_BOT_BEGINS: Final = """
import runpy
from bot.listening.lean_types import only_read

only_read()
runpy.run_module("tests.bench.digest", run_name="__main__")
"""

PANEL: Final = Panel(
    {"lv": "Upmalas panelis"},
    ("citizens", "associations", "experts"),
    settings=PanelSettings(languages=("lv",)),
)


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.digest", description=__doc__)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    if url := parser.parse_args().url:
        sys.stdout.write(json.dumps(asyncio.run(measured(url))))
        return
    with tempfile.TemporaryDirectory(prefix="digest-") as folder:
        report(f"sqlite+aiosqlite:///{folder}/together.db")
    server = Server()
    server.start()
    try:
        report(server.url("postgres"))
    finally:
        server.remove()


def report(url: str) -> None:
    """A line of figures for one database."""
    asyncio.run(prepared(url))
    arguments = [sys.executable, "-c", AS_THE_BOT_BEGINS, "--url", url]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    sys.stdout.write(
        f"{url.partition('+')[0]}: {STATEMENTS:,} statements of {PEOPLE:,} people: counted in "
        f"{found['counted']:.2f} s, kept in {found['kept']:.2f} s, "
        f"told with its picture in {found['told']:.2f} s; "
        f"memory {found['before']:.0f} MB before, {found['memory']:.0f} MB at its highest, "
        f"{found['drawing']:.0f} MB for the one that draws; {found['replies']} replies meanwhile: median "
        f"{found['median']:.0f} ms, 99th percentile {found['p99']:.0f} ms, worst {found['worst']:.0f} ms\n"
    )


async def prepared(url: str) -> None:
    """A territory in which all that was said."""
    database = open_database(url)
    try:
        await database.upgrade()
        for first in range(0, STATEMENTS, AT_ONCE):
            await database.write(partial(fill, numbers=range(first, first + AT_ONCE)))
        await database.write(bind)
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
    finally:
        await database.close()


def fill(connection: Connection, numbers: range) -> None:
    """Statements with what they are about; their ids lie as far apart as those of statements do."""
    codes = [f"{letter}{number:02}" for letter in "ABCDEFGH" for number in range(8)]
    said, thought = [], []
    for number in numbers:
        id = (number * 0x9E3779B97F4A7C15) % 2**63
        at = WEEK + timedelta(seconds=number * 5)
        code = codes[number * 7 % len(codes)]
        said.append({
            "id": id, "author": f"{number % PEOPLE * 0x9E3779B9:032x}", "territory": "riverside",
            "group_slug": ("youth", "elders", None)[number % 3], "question": QUESTIONS[number // PEOPLE % 3],
            "language": LANGUAGES[number % PEOPLE % 6], "language_probability": 1.0,
            "language_how": "written", "text": f"A place in the shade where one can sit, number {number}",
            "version": 1, "message": number, "component": code, "component_version": "2015",
            "created_at": at,
        })  # fmt: skip
        thought.append({
            "id": id, "statement_id": id, "wording": 1, "opinion": "first", "code": code, "version": "2015",
            "classifier": "somebody", "at": at,
        })  # fmt: skip
    add(connection, Statement, said)
    add(connection, Classification, thought)


def bind(connection: Connection) -> None:
    """A group chat is the panel's room."""
    add(connection, Contact, [{"id": 1, "bot": BOT, "telegram": -100_500, "reach": "open"}])
    room = {"id": 2, "contact_id": 1, "territory": "riverside", "purpose": "panel", "since": WEEK}
    add(connection, Room, [room])


def add(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Rows of one table."""
    connection.execute(insert(table(model)), rows)


@dataclass(slots=True)
class Watched:
    """A database that takes the time of what is done aside, and of the longest transaction."""

    inner: Database
    aside: float = 0.0
    longest: float = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def read_aside(self, work: Any) -> Any:
        began = perf_counter()
        try:
            return await self.inner.read_aside(work)
        finally:
            self.aside = perf_counter() - began

    async def write(self, work: Any) -> Any:
        began = perf_counter()
        try:
            return await self.inner.write(work)
        finally:
            self.longest = max(self.longest, perf_counter() - began)


async def measured(url: str) -> dict[str, float]:
    """The figures of one digest, in this process."""
    database = open_database(url)
    try:
        house = House(database)
        house.now = MONDAY
        people = range(1, CITIZENS + 1)
        await house.arrive(*people)
        watched = Watched(database)
        context = replace(house.context, territories=Territories((replace(RIVERSIDE, panel=PANEL),)))
        digests = Digests(house.means(database=watched, context=context))
        before, replies = _highest(OWN), Replies(house)
        writing = asyncio.create_task(replies.go_on())
        drawing = Drawing()
        watching = asyncio.create_task(drawing.watch())
        await asyncio.sleep(1)
        replies.took.clear()
        began = perf_counter()
        await digests.tick()
        told = perf_counter() - began
        took = sorted(replies.took)
        writing.cancel()
        watching.cancel()
        if not [row for row in await house.rows("outbox") if row.key.startswith("digest:")]:
            raise RuntimeError("no digest was told")
    finally:
        await database.close()
    return {
        "counted": watched.aside,
        "kept": watched.longest,
        "told": told,
        "before": before,
        "memory": _highest(OWN),
        "drawing": drawing.highest,
        "replies": len(took),
        "median": 1000 * statistics.median(took),
        "p99": 1000 * took[int(len(took) * 0.99)],
        "worst": 1000 * took[-1],
    }


@dataclass(slots=True)
class Drawing:
    """The memory of the processes that draw, in units of 10^6 bytes."""

    highest: float = 0.0

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(0.01)

    def look(self) -> None:
        """Once."""
        for children in Path("/proc/self/task").glob("*/children"):
            for child in children.read_text().split():
                process = Path("/proc", child)
                if _draws(process):
                    self.highest = max(self.highest, _highest(process))


def _draws(process: Path) -> bool:
    """Whether it has become one that draws, and has not ended."""
    try:
        return b"bot.drawing" in (process / "cmdline").read_bytes()
    except OSError:
        return False


def _highest(process: Path) -> float:
    """The most a process has held, in units of 10^6 bytes, by the mark the system keeps; 0: it has ended.

    What `getrusage` tells begins with what the parent of a process held when it made it.
    """
    try:
        mark = (process / "status").read_text().partition("VmHWM:")[2].split()
    except OSError:
        return 0.0
    return int(mark[0]) * 1024 / MEGABYTE if mark else 0.0


@dataclass(slots=True)
class Replies:
    """Citizens who write one after the other, each at their time, however long the one before waits."""

    house: House
    took: list[float] = field(default_factory=list)  # seconds from what somebody writes to its reply's commit
    _numbers: Iterator[int] = field(default_factory=count)

    async def go_on(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._one())
                await asyncio.sleep(EVERY)

    async def _one(self) -> None:
        telegram = next(self._numbers) % CITIZENS + 1
        began = perf_counter()
        await self.house.take(self.house.commands(telegram, "menu"))
        self.took.append(perf_counter() - began)


if __name__ == "__main__":
    main()
