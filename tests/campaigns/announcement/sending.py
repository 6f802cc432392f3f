"""One announcement, sent by a real bot that is killed again and again while the Bot API has its faults."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.playground.emulator import Emulator, Fault, VirtualClock
from flows.announcements.announcement import Stage
from storage.announcements.announced import Announcement
from storage.database import Database, open_database
from storage.tables import table
from tests.campaigns.announcement import bugs, checker
from tests.campaigns.announcement.crowd import BEGINS, FIRST, Kind, crowd, prepare
from tests.campaigns.announcement.verdict import Verdict
from tests.campaigns.season import hurry
from tests.processes.bot_process import TOKEN, Bot

PER_SECOND: Final = 120  # messages; a quarter of them are in flight at a time
READY: Final = 20.0
LOOK: Final = 0.005  # seconds between two looks at how many were sent
PATIENCE: Final = 60.0  # seconds without anything sent before the campaign gives up
STILL: Final = 1.5  # seconds in which nothing more must come once it has ended

TROUBLE: Final = (
    Fault("accept_then_drop", "sendMessage", probability=0.01),
    Fault("drop_before_accept", "sendMessage", probability=0.01),
    Fault("accept_then_garbage", "sendMessage", probability=0.005),
    Fault("half_body", "sendMessage", probability=0.005),
    Fault("5xx", "sendMessage", probability=0.01, args={"body": "html"}),
    Fault("5xx", "sendMessage", probability=0.005, args={"body": "json", "status": 500}),
    Fault("429", "sendMessage", probability=0.005, args={"retry_after": 1}),
)
"""One send in twenty goes wrong."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One campaign; the same for the same seed, but for where exactly the kills meet it."""

    seed: int
    people: int
    kill_every: int  # messages; a kill comes as soon as so many more were accepted, however late the last was
    trouble: bool = True
    bug: str | None = None
    most_kills: int = 1000  # some bugs would never come to an end with more


@dataclass(slots=True)
class Campaign:
    """The world of one campaign."""

    plan: Plan
    folder: Path
    killed_after: list[int] = field(default_factory=list)  # so many messages were accepted at each kill
    emulator: Emulator = field(init=False)

    def __post_init__(self) -> None:
        clock = VirtualClock()
        clock.set(BEGINS)
        self.folder.mkdir(parents=True, exist_ok=True)
        ledger = self.folder / "ledger.jsonl"
        self.emulator = Emulator(token=TOKEN, clock=clock, seed=self.plan.seed, ledger_file=ledger)
        self.emulator.limits = None

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / 'together.db'}"

    async def run(self) -> Verdict:
        """Send it, killing the bot on the way; check."""
        began, people = time.monotonic(), crowd(self.plan.people, self.plan.seed)
        await prepare(self.url, people, unguarded=self.plan.bug == bugs.found_again.__name__)
        await self.emulator.start()
        self.emulator.person(FIRST).opens()
        for one in people:
            person = self.emulator.person(one.telegram, language_code=one.language)
            person.chat.standing = "blocked" if one.kind in (Kind.HIDDEN, Kind.BLOCKED) else "active"
        if self.plan.trouble:
            for fault in TROUBLE:
                self.emulator.add_fault(fault)
        try:
            ended = await self._live()
        finally:
            await self.emulator.stop()
        database = open_database(self.url)
        stored = await database.read(checker.read)
        await database.close()
        shares, accepted = checker.shares(people, stored), len(self.emulator.ledger.sends)
        findings = checker.check(
            people, stored, self.emulator.ledger, shares, kills=len(self.killed_after), ended=ended
        )
        return Verdict(
            name=f"{self.plan.people:,} people, seed {self.plan.seed}",
            shares=shares,
            accepted=accepted,
            killed_after=self.killed_after,
            faults=Counter(self.emulator.world.faults.happened),
            findings=findings,
            seconds=time.monotonic() - began,
        )

    async def _live(self) -> bool:
        """Start it, kill it after so many messages, start it again; whether it came to its end."""
        database = open_database(self.url, read_only=True)
        try:
            while True:
                async with self._bot() as bot:
                    await bot.ready(READY)
                    if await self._killed(bot, database):
                        continue
                    ended = await _stage(database) == Stage.SENT
                    self.emulator.clear_faults()
                    await asyncio.sleep(STILL)
                    await bot.stopped()
                    return ended
        finally:
            await database.close()

    def _bot(self) -> Bot:
        bug = self.plan.bug
        hook = f"{bugs.__name__}:{bug}" if bug else f"{hurry.__name__}:hurry"
        return Bot(
            self.emulator,
            self.folder,
            hook=hook,
            database_url=self.url,
            max_per_second=PER_SECOND,
            confirm_above=10**6,
        )

    async def _killed(self, bot: Bot, database: Database) -> bool:
        """Whether it was killed; else the announcement has ended, or nothing more is sent."""
        sends, heard = self.emulator.ledger.sends, 0
        quiet, looked = time.monotonic(), 0
        while time.monotonic() < quiet + PATIENCE:
            if self._is_time_to_kill(len(sends)):
                bot.kill()
                self.killed_after.append(len(sends))
                await bot.ended()
                return True
            if len(sends) > heard:
                quiet, heard = time.monotonic(), len(sends)
            await asyncio.sleep(LOOK)
            looked += 1
            if looked % 20 == 0 and await _stage(database) == Stage.SENT:
                return False
        return False

    def _is_time_to_kill(self, accepted: int) -> bool:
        """Counted from the beginning: what still arrives after a kill is part of the way to the next."""
        every, kills = self.plan.kill_every, len(self.killed_after)
        return kills < self.plan.most_kills and accepted >= every * (kills + 1)


async def _stage(database: Database) -> str:
    """Where the announcement stands."""
    query = table(Announcement).select()
    return str((await database.read(lambda connection: connection.execute(query).one())).stage)
