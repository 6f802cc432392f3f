"""A siege: forged calls of the webhook, first while nobody talks with the bot, then while a crowd does."""

import asyncio
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.playground.emulator import Emulator, Person
from tests.campaigns.hostile.caller import Answered, place
from tests.campaigns.hostile.calls import Call, calls
from tests.campaigns.hostile.database import differences, everything
from tests.processes.bot_process import Bot
from tests.processes.citizens import answer, arrive_all, say, until
from tests.processes.ways import Way

CALLS: Final = 1000
CROWD: Final = range(6_600_000_001, 6_600_000_021)

_AT_ONCE: Final = 8  # calls that send as fast as they can


@dataclass(slots=True)
class Siege:
    """What came of it."""

    seed: str
    answered: list[Answered] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)  # in the database, while nobody but forgers called
    waits: list[float] = field(default_factory=list)  # seconds, of the crowd
    memory: list[int] = field(default_factory=list)  # bytes: before, and the most there was
    open_files: list[int] = field(default_factory=list)  # before, and after forgers had been alone
    kept: str = ""  # all that is in the database in the end
    log: str = ""
    exit_code: int | None = None
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """The siege in numbers."""
        waits = sorted(self.waits)
        return {
            "seed": self.seed,
            "forged calls": len(self.answered),
            "statuses": dict(Counter(str(one.status) for one in self.answered)),
            "seconds": round(self.seconds, 1),
            "crowd": len(CROWD),
            "crowd's answers": len(waits),
            "p50": round(waits[len(waits) // 2], 3),
            "p95": round(waits[int(0.95 * len(waits))], 3),
            "most": round(waits[-1], 3),
            "memory growth MB at most": round((self.memory[1] - self.memory[0]) / 1e6, 1),
        }


async def siege(seed: str, folder: Path) -> Siege:
    """Run all of it. Raises AssertionError where somebody of the crowd gets no answer."""
    emulator = Emulator()
    emulator.limits = None
    await emulator.start()
    began = time.monotonic()
    way = Way("webhook-sqlite", emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
    crowd = [emulator.person(id, language_code="fr") for id in CROWD]
    forged = calls(Random(f"{seed}/calls"), CALLS)
    try:
        async with way.bot() as bot:
            await bot.ready()
            await arrive_all(crowd)
            await until(lambda: not emulator.pending, "everything is acknowledged")
            await way.settled()
            came = Siege(seed, memory=[_memory(bot, "VmRSS")], open_files=[_open_files(bot)])
            before = everything(bot.database)
            await _call(came, bot, forged[: CALLS // 2])
            came.changes = differences(before, everything(bot.database))
            await asyncio.sleep(0.5)  # so that the bot sees that forgers have hung up
            came.open_files.append(_open_files(bot))
            await _call_beside_a_crowd(came, bot, forged[CALLS // 2 :], crowd)
            came.memory.append(_memory(bot, "VmHWM"))
            came.exit_code = await bot.stopped()
            came.log, came.kept = bot.log_text, await way.content()
    finally:
        await emulator.stop()
    came.seconds = time.monotonic() - began
    return came


async def _call(came: Siege, bot: Bot, forged: list[Call]) -> None:
    host, _, port = bot.environment["TOGETHER_WEBHOOK_LISTEN"].partition(":")
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(call: Call) -> Answered:
        if call.hangs or call.pause:
            return await place(call, host, int(port))
        async with gate:
            return await place(call, host, int(port))

    came.answered += await asyncio.gather(*map(one, forged))


async def _call_beside_a_crowd(came: Siege, bot: Bot, forged: list[Call], crowd: list[Person]) -> None:
    calling = asyncio.create_task(_call(came, bot, forged))
    came.waits = [
        wait for waits in await asyncio.gather(*(_talk(one, calling) for one in crowd)) for wait in waits
    ]
    await calling


async def _talk(person: Person, calling: asyncio.Task[None]) -> list[float]:
    """Give an idea and take it back, until the calls are made; returns the waits."""
    waits: list[float] = []
    while not calling.done():
        for turn in (say(person, "Une idée honnête"), answer(person, "withdraw")):
            began = time.monotonic()
            await turn
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.2)
    return waits


def _memory(bot: Bot, name: str) -> int:
    status = Path(f"/proc/{bot.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith(name)]
    return int(line.split()[1]) * 1024


def _open_files(bot: Bot) -> int:
    return len(os.listdir(f"/proc/{bot.pid}/fd"))  # noqa: PTH208  # nothing but their number
