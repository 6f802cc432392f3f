"""One run: a bot started, walked with, measured, stopped, and what it kept compared with what it said."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tests.bench import machine
from tests.bench.api import Api
from tests.bench.contestants import ROOT, Contestant, Way
from tests.bench.crowd import Crowd
from tests.bench.databases import SqliteFiles
from tests.bench.delivery import Delivery
from tests.bench.walk import STEPS

CITIZENS: Final = 100
FIXED: Final = 50.0  # turns a second
START: Final = 60.0  # seconds a bot may take


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is measured."""

    load: Literal["saturation", "fixed"]
    latency: float = 0.0  # seconds, of the Bot API
    known: int = 0  # citizens, before the first one walks
    database: Literal["sqlite", "postgres"] = "sqlite"
    listeners: int = 1

    def __str__(self) -> str:
        load = f"{CITIZENS} citizens" if self.load == "saturation" else f"{FIXED:.0f} turns/s"
        known = f", {self.known:,} known" if self.known else ""
        listeners = f", {self.listeners} listeners" if self.listeners > 1 else ""
        return f"{load}, API {self.latency * 1000:.0f} ms, {self.database}{known}{listeners}"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run takes, in seconds."""

    warm_up: float
    window: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run showed."""

    turns_per_s: float
    p50: float  # ms
    p99: float
    cpu_ms: float  # per turn, of the bot
    calibration: float  # seconds
    bot_cpu: float  # share of its core
    generator_cpu: float
    server_cpu: float  # ms per turn, of the database's server
    rss_mb: float  # of all its processes
    start_s: float
    errors: Counter[str] = field(default_factory=Counter)


class Bot:
    """The processes of a contestant, pinned to one core."""

    def __init__(self, contestant: Contestant, folder: Path, core: int, profile: Path | None = None) -> None:
        self._contestant = contestant
        self._folder = folder
        self._core = core
        self._profile = profile
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, way: Way) -> None:
        """Start one process."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOGETHER_")}
        given = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self._contestant.settings(way)}
        profiled = ["tests.bench.profiled", str(self._profile.absolute())] if self._profile else []
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *profiled, *self._contestant.command],
                cwd=self._folder, env=clean | given, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        os.sched_setaffinity(process.pid, {self._core})
        self._processes.append(process)

    def check(self) -> None:
        """Raise RuntimeError, with its log, where a process has ended."""
        if any(process.poll() is not None for process in self._processes):
            raise RuntimeError(
                f"{self._contestant.name} ended:\n{(self._folder / 'log').read_text()[-4000:]}"
            )

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def cpu_seconds(self) -> float:
        """What all its processes have used."""
        return sum(machine.cpu_seconds(pid) for pid in self.pids)

    def signal(self, number: signal.Signals) -> None:
        """Tell the profiler, if there is one, where the window begins and ends."""
        for process in self._processes if self._profile else []:
            process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM, and SIGKILL where that does not help; returns how many did not end well."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        bad = 0
        for process in self._processes:
            try:
                bad += process.wait(15) not in (0, -signal.SIGTERM)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                bad += 1
        self._processes.clear()
        return bad


async def run(
    contestant: Contestant,
    scenario: Scenario,
    length: Length,
    databases: SqliteFiles,
    folder: Path,
    profile: Path | None = None,
) -> Figures:
    """One contestant in one scenario; raises RuntimeError where it does not even start."""
    core, _ = machine.cores()
    url = await databases.make(contestant, scenario.known)
    before = await contestant.count(url)
    calibration = machine.calibrate(core)
    bot = Bot(contestant, folder, core, profile)
    crowd = Crowd(lambda update, ended: delivery.bring(update, ended))
    api = Api(crowd.heard, latency=scenario.latency)
    began = time.monotonic()
    try:
        root = await api.open()
        ports = [_free_port() for _ in range(scenario.listeners)]
        for port in ports:
            bot.start(Way(root, url, port))
        await _started(bot, api, ports)
        started = time.monotonic() - began
        delivery = Delivery(ports)
        await delivery.open(CITIZENS if scenario.load == "saturation" else int(FIXED))
        figures = await _measure(crowd, scenario, length, bot, databases.server)
        await crowd.finish(10 + 100 * scenario.latency)
        delivery.close()
        resident = sum(machine.resident_mb(pid) for pid in bot.pids)
    finally:
        failed = bot.stop()
        await api.close()
    crowd.errors += _compared(api, crowd, before, await contestant.count(url))
    crowd.errors += Counter({"bad end": failed})
    await databases.give_back(url)
    return Figures(
        **figures,
        calibration=(calibration + machine.calibrate(core)) / 2,
        rss_mb=resident,
        start_s=started,
        errors=crowd.errors,
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def _started(bot: Bot, api: Api, ports: list[int]) -> None:
    """Wait until the bot has told the API where to call it, and listens there."""
    async with asyncio.timeout(START):
        while not api.hooked.is_set() or not all([await _listens(port) for port in ports]):
            bot.check()
            await asyncio.sleep(0.02)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _measure(
    crowd: Crowd, scenario: Scenario, length: Length, bot: Bot, server: int | None
) -> dict[str, float]:
    steady = None
    if scenario.load == "saturation":
        crowd.saturate(CITIZENS)
    else:
        steady = asyncio.create_task(crowd.keep_up(FIXED))
    await asyncio.sleep(length.warm_up)
    bot.signal(signal.SIGUSR1)
    first, used = len(crowd.seen), _used(bot, server)
    await asyncio.sleep(length.window)
    took = [now - before for now, before in zip(_used(bot, server), used, strict=True)]
    bot.signal(signal.SIGUSR2)
    crowd.going = False
    if steady is not None:
        await steady
    seconds, cpu, generator, served = took
    waits = sorted(1000 * wait for _, wait in crowd.seen[first:])
    turns = len(waits)
    return {
        "turns_per_s": turns / seconds,
        "p50": _percentile(waits, 50),
        "p99": _percentile(waits, 99),
        "cpu_ms": 1000 * cpu / max(1, turns),
        "bot_cpu": cpu / seconds,
        "generator_cpu": generator / seconds,
        "server_cpu": 1000 * served / max(1, turns),
    }


def _used(bot: Bot, server: int | None) -> tuple[float, float, float, float]:
    """Monotonic time, and CPU seconds of bot, generator and database server."""
    served = machine.cpu_seconds_of_tree(server) if server is not None else 0.0
    return time.monotonic(), bot.cpu_seconds(), time.process_time(), served


def _percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else 0.0


def _compared(api: Api, crowd: Crowd, before: Mapping[str, int], after: Mapping[str, int]) -> Counter[str]:
    """Where what was kept, and the calls that were made, are not what was said."""
    wrong: Counter[str] = Counter()
    for step in STEPS:
        kept = after[step] - before[step]
        wrong[f"{step} rows"] += abs(kept - crowd.turns[step])
    wrong["messages"] += abs(api.calls["sendmessage"] - crowd.turns.total())
    wrong["answers to presses"] += abs(api.calls["answercallbackquery"] - crowd.presses)
    wrong["other edits"] += sum(count for method, count in api.calls.items() if method.startswith("edit"))
    return +wrong
