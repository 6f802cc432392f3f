"""What a process of the bot has to endure while it lives: each is done, counted, and undone again."""

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.playground.emulator import Emulator
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.kills.hands import CANARY
from tests.campaigns.kills.scenario import FOLLOWS, Scenario
from tests.campaigns.kills.stored import Store
from tests.processes import troubles
from tests.processes.bot_process import Bot

DATABASE: Final = ("locked", "full", "read_only", "cut", "stopped", "crashed")
"""Those that befall the database."""

PATIENCE: Final = 5.0  # seconds in which a second instance has seen that it is one
RIVAL: Final = 3  # the exit code of an instance that another one is ahead of
IN_TROUBLE: Final = "the database is in trouble"

_SWITCHES: Final = {"full": troubles.FULL, "read_only": troubles.READ_ONLY}


class Hardships:
    """Does them, one at a time, to the process that lives."""

    def __init__(
        self, emulator: Emulator, store: Store, scenario: Scenario, folder: Path, rival: Callable[[], Bot]
    ) -> None:
        """
        rival  makes another instance of the bot
        """
        self._emulator = emulator
        self._store = store
        self._scenario = scenario
        self._folder = folder
        self._rival = rival
        self.happened: Counter[str] = Counter()
        self.findings: list[Finding] = []

    async def suffer(self, hardship: str, bot: Bot) -> None:
        """Do one of them; it is over when this returns."""
        name, _, number = hardship.partition(" ")
        match name:
            case "full" | "read_only":
                happened = await self._switch(_SWITCHES[name], float(number), bot)
            case "frozen":
                happened = await self._freeze(bot, float(number))
            case "jump":
                happened = await self._jump(float(number))
            case "rival":
                happened = await self._meet_rival(bot)
            case "export":
                happened = await self._export(bot)
            case _:
                happened = await self._store.suffer(name, float(number or 0))
        self.happened[name] += happened

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
        self._scenario.jumps.append((time.monotonic(), seconds))
        self._emulator.clock.advance(seconds)
        await asyncio.sleep(FOLLOWS)
        return True

    async def _meet_rival(self, bot: Bot) -> bool:
        """A second instance on the same database ends by itself, as long as the first one lives."""
        async with self._rival() as rival:
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
            self.findings.append(Finding("F80 exports", "an export that was killed left a file"))
        whole = await bot.command(*command)
        if whole.code == 0:
            text = file.read_text()
            file.unlink()
            if text and CANARY not in text:
                self.findings.append(Finding("F80 exports", "an export lacks what citizens said"))
            ids = {int(digits) for digits in re.findall(r"\d{6,18}", text)}
            if ids & self._scenario.citizens:
                self.findings.append(Finding("I12 discreet", "a Telegram id is in an export"))
        return killed.code == -signal.SIGKILL and whole.code == 0
