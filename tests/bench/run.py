"""One run: a bot started, walked with, measured, stopped, and what it kept compared with what it said."""

import asyncio
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tests.bench import machine
from tests.bench.api import Api
from tests.bench.bot_process import BotProcess
from tests.bench.contestants import Contestant, Way
from tests.bench.crowd import Crowd
from tests.bench.databases import Databases, LockWatch
from tests.bench.delivery import PATH, Delivery
from tests.bench.walk import STEPS

START: Final = 60.0  # seconds a bot may take
DRAIN: Final = 20.0  # seconds that the turns under way have after the window

_FORGED: Final = (
    f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Telegram-Bot-Api-Secret-Token: wrong\r\n"
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
).encode()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is measured."""

    load: Literal["saturation", "fixed"] = "saturation"
    latency: float = 0.0  # seconds, of the Bot API
    known: int = 0  # citizens, before the first one walks
    database: Literal["sqlite", "postgres"] = "sqlite"
    listeners: int = 0  # processes that share the work, beside one that pushes; 0: one does all
    citizens: int = 100  # at a time, at saturation
    per_second: float = 50.0  # turns that begin, at a fixed load

    def __str__(self) -> str:
        load = f"{self.citizens} citizens" if self.load == "saturation" else f"{self.per_second:.0f} turns/s"
        database = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[self.database]
        listeners = f", listeners: {self.listeners}" if self.listeners else ""
        return f"{load}, {database}, API {self.latency * 1000:.0f} ms, {self.known:,} known{listeners}"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run takes, in seconds."""

    warm_up: float
    window: float


@dataclass(slots=True)
class Figures:
    """What one run showed."""

    turns: int = 0  # in the window
    per_s: float = 0.0
    p50: float = 0.0  # ms
    p99: float = 0.0
    cpu: float = 0.0  # ms per turn, of the bot
    calibration: float = 0.0  # ms
    bot_share: float = 0.0  # of its core
    others: float = 0.0  # cores' worth of CPU that strangers took of the two
    generator_share: float = 0.0
    server: float = 0.0  # ms of CPU per turn, of the database's server
    locks: float = 0.0  # share of the time that sessions waited for another's lock
    rss: float = 0.0  # MB
    start: float = 0.0  # seconds
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def cost(self) -> float:
        """CPU per turn in calibration loops; what remains comparable when the machine's speed changes."""
        return 1000 * self.cpu / self.calibration


async def run(
    contestant: Contestant,
    scenario: Scenario,
    length: Length,
    databases: Databases,
    folder: Path,
    *,
    cores: tuple[int, int] | None,
    under: Sequence[str] = (),
) -> Figures:
    """One contestant in one scenario. Raises RuntimeError where it does not even start.

    cores  the bot's, and the one of this process; None: any
    under  a profiler to run the bot under, see BotProcess
    """
    core = cores[0] if cores else None
    figures = Figures(calibration=machine.calibrate(core))
    url = await databases.make(contestant, scenario.known)
    before = await contestant.count(url)
    bot = BotProcess(contestant, folder, core=core, under=under)
    crowd = Crowd(lambda update, ended: delivery.bring(update, ended))
    api = Api(crowd.heard, latency=scenario.latency)
    try:
        ports = await _started(bot, api, url, scenario.listeners, figures)
        delivery = Delivery(ports)
        await delivery.open(scenario.citizens)
        async with _watched(url, figures):
            await _measure(crowd, scenario, length, Meter(bot, databases.server, cores or ()), figures)
        await crowd.finish(DRAIN)
        delivery.close()
        figures.rss = bot.resident_mb()
    finally:
        figures.errors["bad end"] += bot.stop()
        await api.close()
    figures.errors += crowd.errors + differences(api.calls, crowd, before, await contestant.count(url))
    await databases.give_back(url)
    figures.calibration = (figures.calibration + machine.calibrate(core)) / 2
    return figures


async def _started(bot: BotProcess, api: Api, url: str, listeners: int, figures: Figures) -> list[int]:
    """Start the bot and wait until it has told the API where to call it, and listens there."""
    began, root = time.monotonic(), await api.open()
    ports = [_free_port() for _ in range(max(1, listeners))]
    for port in ports:
        bot.start(Way(root, url, port, "listen" if listeners else None))
    pushing = [_free_port()] if listeners else []
    for port in pushing:
        bot.start(Way(root, url, port, "push"))
    async with asyncio.timeout(START):
        while not all([await bot.listens(port) for port in (*ports, *pushing)]):  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.02)
        await api.hooked.wait()
    figures.start = time.monotonic() - began
    for port in ports:
        figures.errors["forged call not refused"] += not await _refuses(port)
    return ports


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def _refuses(port: int) -> bool:
    """Whether a call with a wrong secret is refused."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_FORGED)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status in (401, 403)


@asynccontextmanager
async def _watched(url: str, figures: Figures) -> AsyncIterator[None]:
    """Note how much sessions wait for locks meanwhile, where there are any."""
    if url.startswith("sqlite"):
        yield
        return
    watch = LockWatch(url)
    task = asyncio.create_task(watch.watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    figures.locks = watch.share


async def _measure(
    crowd: Crowd, scenario: Scenario, length: Length, meter: "Meter", figures: Figures
) -> None:
    steady = None
    if scenario.load == "saturation":
        crowd.saturate(scenario.citizens)
    else:
        steady = asyncio.create_task(crowd.keep_up(scenario.per_second))
    async with asyncio.timeout(START):
        while not crowd.seen:  # noqa: ASYNC110  it listens before it may speak, where several share the pace
            await asyncio.sleep(0.02)
    await asyncio.sleep(length.warm_up)
    first, used = len(crowd.seen), meter.begin()
    await asyncio.sleep(length.window)
    took = [now - before for now, before in zip(meter.end(), used, strict=True)]
    waits = sorted(1000 * wait for wait in crowd.seen[first:])
    crowd.going = False
    if steady is not None:
        await steady
    seconds, cpu, busy, generator, served = took
    figures.turns = len(waits)
    figures.per_s = len(waits) / seconds
    figures.p50, figures.p99 = _percentile(waits, 50), _percentile(waits, 99)
    figures.cpu, figures.server = (1000 * each / max(1, len(waits)) for each in (cpu, served))
    figures.bot_share, figures.generator_share = cpu / seconds, generator / seconds
    figures.others = max(0.0, busy - cpu - generator - served) / seconds


class Meter:
    """What is used meanwhile."""

    def __init__(self, bot: BotProcess, server: int | None, cores: Sequence[int]) -> None:
        self._bot = bot
        self._server = server
        self._cores = cores

    def begin(self) -> tuple[float, ...]:
        """At the beginning of the window: monotonic time; CPU of bot, both cores, generator, server."""
        self._bot.signal(signal.SIGUSR1)
        return self._used()

    def end(self) -> tuple[float, ...]:
        """The same at its end."""
        used = self._used()
        self._bot.signal(signal.SIGUSR2)
        return used

    def _used(self) -> tuple[float, ...]:
        busy = machine.busy_seconds(*self._cores)
        served = 0.0 if self._server is None else machine.cpu_seconds_of_tree(self._server)
        return time.monotonic(), self._bot.cpu_seconds(), busy, time.process_time(), served


def _percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else 0.0


def differences(
    calls: Counter[str], crowd: Crowd, before: Mapping[str, int], after: Mapping[str, int]
) -> Counter[str]:
    """Where rows kept or calls made are not as many as replies were heard.

    calls   by method of the Bot API
    before  rows by step of the walk when the bot started; `after` when it had ended
    """
    wrong = Counter({f"{step} rows": abs(after[step] - before[step] - crowd.turns[step]) for step in STEPS})
    wrong["messages"] = abs(calls["sendmessage"] - crowd.turns.total())
    wrong["answers to presses"] = abs(calls["answercallbackquery"] - crowd.presses)
    wrong["edits"] = sum(count for method, count in calls.items() if method.startswith("edit"))
    return +wrong
