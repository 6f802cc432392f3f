"""What a process of the bot has to endure while it lives: each is done, counted, and undone again."""

import asyncio
import itertools
import re
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.playground.emulator import Emulator
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.kills.hands import CANARY
from tests.campaigns.kills.hooks import UNANSWERED
from tests.campaigns.kills.scenario import FOLLOWS, Scenario
from tests.campaigns.kills.seats import Seat
from tests.campaigns.kills.stored import Store
from tests.processes import troubles
from tests.processes.bot_process import Bot

DATABASE: Final = ("locked", "full", "read_only", "cut", "unanswered", "stopped", "crashed", "broken")
"""Those that befall the database."""

AWAY: Final = "away"  # what happens to a bot only after it has died
MISSED: Final = 1.0  # seconds in which citizens notice that it is away
PATIENCE: Final = 5.0  # seconds in which a second instance has seen that it is one
RIVAL: Final = 3  # the exit code of an instance that another one is ahead of
IN_TROUBLE: Final = "the database is in trouble"

_SWITCHES: Final = {"full": troubles.FULL, "read_only": troubles.READ_ONLY, "unanswered": UNANSWERED}


class Hardships:
    """Does them, one at a time, to the process that lives."""

    def __init__(
        self, emulator: Emulator, store: Store, scenario: Scenario, folder: Path, seat: Seat
    ) -> None:
        """
        seat  of the first process, which a rival would like to have
        """
        self._emulator = emulator
        self._store = store
        self._scenario = scenario
        self._folder = folder
        self._seat = seat
        self.happened: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.calm = asyncio.Lock()  # while it is held, nothing befalls the database
        self.outages: list[tuple[float, float]] = []
        """Monotonic moments between which the database was away, or a process frozen."""

    async def pass_time(self, hardships: Sequence[str]) -> None:
        """Let time pass between the death of a process that endured these and the next start."""
        for hardship in hardships:
            name, _, number = hardship.partition(" ")
            if name == AWAY:
                self._turn_clock(float(number))
                await asyncio.sleep(MISSED)
                self.happened[name] += 1

    async def suffer(self, hardship: str, bot: Bot) -> None:
        """Do one of them; it is over when this returns."""
        name, _, number = hardship.partition(" ")
        began = time.monotonic()
        match name:
            case "full" | "read_only" | "unanswered":
                happened = await self._switch(_SWITCHES[name], float(number), bot)
            case "frozen":
                happened = await self._freeze(bot, float(number))
            case "jump":
                happened = await self._jump(float(number))
            case "rival":
                happened = await self._meet_rival(bot, float(number or 0))
            case "export":
                async with self.calm:
                    happened = await self._export(bot)
            case _:
                async with self.calm:
                    happened = await self._store.suffer(name, float(number or 0))
        self.happened[name] += happened
        if name in (*DATABASE, "frozen"):
            self.outages.append((began, time.monotonic()))

    def revoke_token(self) -> None:
        """Let Telegram know the bot no more, until the token is restored."""
        self._emulator.revoke_token()

    def turn_clock_to_its_latest(self) -> None:
        """Turn every clock to where it was at the most."""
        jumps = [seconds for _, seconds in self._scenario.jumps]
        back = max(0.0, *itertools.accumulate(jumps)) - sum(jumps) if jumps else 0.0
        if back:
            self._turn_clock(back)

    def _turn_clock(self, seconds: float) -> None:
        self._scenario.jumps.append((time.monotonic(), seconds))
        self._emulator.clock.advance(seconds)

    async def _switch(self, switch: str, seconds: float, bot: Bot) -> bool:
        """It happened where the bot noticed."""
        before = bot.log_text.count(IN_TROUBLE)
        (self._folder / switch).touch()
        try:
            await asyncio.sleep(seconds)
        finally:
            (self._folder / switch).unlink()
        return bot.log_text.count(IN_TROUBLE) > before

    async def _freeze(self, bot: Bot, seconds: float) -> bool:
        bot.freeze()
        await asyncio.sleep(seconds)
        bot.thaw()
        return bot.exit_code is None

    async def _jump(self, seconds: float) -> bool:
        self._turn_clock(seconds)
        await asyncio.sleep(FOLLOWS)
        return True

    async def _meet_rival(self, bot: Bot, cut_off: float) -> bool:
        """A second instance on the same database ends by itself, as long as the first one lives.

        cut_off  seconds before which the first one's connections were cut, and with them its lock; 0: never
        """
        if cut_off:
            await self.suffer("cut", bot)
            await asyncio.sleep(cut_off)
        async with self.calm, replace(self._seat, role="all").bot() as rival:
            try:
                code = await rival.ended(PATIENCE)
            except TimeoutError:
                code = None
        if bot.exit_code is None and code != RIVAL:
            how = "goes on" if code is None else f"ends with {code}"
            self.findings.append(Finding("I9 fenced", f"a second instance {how}, beside one that lives"))
        return bot.exit_code is None

    async def _export(self, bot: Bot) -> bool:
        """Killed before its file is there, an export leaves none; the next one is whole."""
        file = self._folder / "export.jsonl"
        command = ("export", "statements", "--output", str(file))
        killed = await bot.command(*command, kill_at="export_written")
        if file.exists():
            self.findings.append(Finding("exports", "an export that was killed left a file"))
        whole = await bot.command(*command)
        if whole.code == 0:
            text = file.read_text()
            file.unlink()
            if text and CANARY not in text:
                self.findings.append(Finding("exports", "an export lacks what citizens said"))
            ids = {int(digits) for digits in re.findall(r"\d{6,18}", text)}
            if ids & self._scenario.citizens:
                self.findings.append(Finding("I12 discreet", "a Telegram id is in an export"))
        return killed.code == -signal.SIGKILL and whole.code == 0
