"""A real bot process for tests: its own pid, real signals, its log in a file.

    async with Bot(emulator, folder, max_per_second=2000) as bot:
        await bot.ready()                  # /readyz answers 200; if it ends instead, fails with its log
        ...
        bot.kill()                         # SIGKILL; bot.terminate() is SIGTERM
        assert await bot.ended() < 0       # waits; bot.exit_code from then on

A new `Bot` over the same folder is a restart: database, key and log file are kept there. Keywords are
settings: `admins="7"` is TOGETHER_ADMINS. A start is forked from a process that has imported everything
(0.1 s); with cold=True it is `python -m bot`, imports and all (about 5 s).
"""

import asyncio
import atexit
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.playground.emulator import Emulator

ROOT = Path(__file__).parents[2]
TOKEN = "42:TEST"
SECRET = "a secret for tests"
PORTS = range(20_000, 32_000)
"""Below those that the system gives to connections: one of them may be taken before a bot listens there."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Bot:
    """One process of the bot, from `async with` to its end; whatever still runs there is killed."""

    def __init__(
        self,
        server: Emulator | str,
        folder: Path,
        *,
        role: str = "all",
        cold: bool = False,
        kill_at: str | None = None,
        hook: str | None = None,
        **settings: Any,
    ) -> None:
        """
        server    the emulator, whose clock the bot follows, or the root of another Bot API
        folder    where it runs and keeps everything
        role      what `--role` says
        kill_at   "point:n": SIGKILL when it is at that point of storage/faultpoints.py for the nth time
        hook      "module:function", called in the process; returns what hears every fault point
        settings  without prefix, in lower case; None takes one away that this class would set
        """
        if cold and (kill_at or hook):
            raise ValueError("a cold start is the command as it is: no kill_at, no hook")
        self.folder = folder
        self.log_file = folder / "bot.log"
        self.database = folder / "together.db"
        self.exit_code: int | None = None  # negative: the signal that ended it
        self.pid = 0
        self.started_at = 0.0  # monotonic
        self.port = free_port()
        self._run = ["run", "--role", role]
        self._cold, self._kill_at, self._hook = cold, kill_at, hook
        self._log_from = 0
        self._ended: asyncio.Task[int] | None = None
        given = {
            "bot_token": TOKEN,
            "database_url": f"sqlite+aiosqlite:///{self.database}",
            "secret_key": SECRET,
            "health_listen": f"127.0.0.1:{self.port}",
            "max_per_second": 2000,
            **_of(server),
            **settings,
        }
        self.environment = {
            f"TOGETHER_{name.upper()}": str(value) for name, value in given.items() if value is not None
        }

    async def __aenter__(self) -> "Bot":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log_from = self.log_file.stat().st_size if self.log_file.exists() else 0
        self.started_at = time.monotonic()
        self.pid, ending = await (
            self._begin_cold() if self._cold else self._begin_forked(self._run, self.log_file)
        )

        async def ended() -> int:
            self.exit_code = await ending
            return self.exit_code

        self._ended = asyncio.create_task(ended())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()
        await self.ended()

    async def ready(self, within: float = 15.0) -> "Bot":
        """Wait until it is ready. Raises AssertionError, with its log, if it ends or takes longer."""
        by = time.monotonic() + within
        while (await self.get("/readyz"))[0] != 200:
            assert self.exit_code is None, f"the bot ended with {self.exit_code}:\n{self.log_text}"
            assert time.monotonic() < by, f"not ready within {within} s:\n{self.log_text}"
            await asyncio.sleep(0.02)
        return self

    async def ended(self, within: float = 15.0) -> int:
        """Wait for its end; returns the exit code."""
        assert self._ended is not None
        return await asyncio.wait_for(asyncio.shield(self._ended), within)

    async def stopped(self, within: float = 15.0) -> int:
        """SIGTERM, then wait for its end; returns the exit code."""
        self.terminate()
        return await self.ended(within)

    def kill(self) -> None:
        """SIGKILL, at once; `ended` waits for it to be gone."""
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM: the bot ends by itself, in order."""
        self._signal(signal.SIGTERM)

    def freeze(self) -> None:
        """SIGSTOP: it does nothing any more until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on, as if no time had passed."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._ended is not None and not self._ended.done():
            with suppress(ProcessLookupError):  # it has ended, and nobody has told yet
                os.kill(self.pid, number)

    @property
    def log_text(self) -> str:
        """What it has logged since this start."""
        written = self.log_file.read_bytes() if self.log_file.exists() else b""
        return written[self._log_from :].decode(errors="replace")

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text of /healthz, /readyz or /metrics; (0, "") while nobody listens."""
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"http://127.0.0.1:{self.port}{path}") as reply,
            ):
                return reply.status, await reply.text()
        except aiohttp.ClientError:
            return 0, ""

    async def metrics(self) -> dict[str, float]:
        """Every figure of /metrics, by name with labels."""
        lines = (await self.get("/metrics"))[1].splitlines()
        pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    async def command(self, *command: str, kill_at: str | None = None, **settings: Any) -> Done:
        """Run `together COMMAND` beside it, with the same settings; `settings` change some.

        kill_at  the same as for the bot, but for this process
        """
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            environment = self.environment | {f"TOGETHER_{n.upper()}": str(v) for n, v in settings.items()}
            _, ending = await self._begin_forked([*command], err, out, environment, kill_at)
            return Done(await ending, out.read_text(), err.read_text())

    async def _begin_forked(
        self,
        command: list[str],
        log: Path,
        out: Path | None = None,
        environment: Mapping[str, str] | None = None,
        kill_at: str | None = None,
    ) -> tuple[int, Coroutine[Any, Any, int]]:
        order = {
            "command": command,
            "folder": str(self.folder),
            "log": str(log),
            "out": str(out or log),
            "environment": environment or self.environment,
            "kill_at": self._kill_at if out is None else kill_at,
            "hook": self._hook if out is None else None,
        }
        reader, writer = await asyncio.open_unix_connection(_launcher())
        writer.write(json.dumps(order).encode() + b"\n")
        pid = int(json.loads(await reader.readline())["pid"])

        async def ending() -> int:
            told = await reader.readline()
            writer.close()
            return int(json.loads(told)["exit"])

        return pid, ending()

    async def _begin_cold(self) -> tuple[int, Coroutine[Any, Any, int]]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOGETHER_")}
        with self.log_file.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *self._run,
                cwd=self.folder, env=clean | self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

        return process.pid, process.wait()


def _of(server: Emulator | str) -> dict[str, str]:
    if isinstance(server, str):
        return {"api_url": server}
    return {"api_url": server.root, "clock_url": server.clock_url}


def free_port() -> int:
    """A port on which nobody listens, given to nobody here before, nor just now to tests beside these."""
    while True:
        port = next(_ports())
        name = socket.socket(socket.AF_UNIX)
        with socket.socket() as listener, suppress(OSError):
            name.bind(f"\0together-port-{port}")  # no file is left behind
            listener.bind(("127.0.0.1", port))
            _NAMES.append(name.detach())
            if len(_NAMES) > GIVEN:
                os.close(_NAMES.popleft())
            return port
        name.close()


GIVEN: Final = 200
"""Ports given last that other tests see to be taken."""

_NAMES: Final = deque[int]()
"""Open files, which end with this process."""


@cache
def _ports() -> Iterator[int]:
    """The ports of this process of pytest, shuffled, as another run of the tests may go on beside it."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports = [*PORTS[number::processes]]
    random.shuffle(ports)
    return itertools.cycle(ports)


@cache
def _launcher() -> str:
    """The address of this test run's launcher, which ends with it."""
    folder = tempfile.TemporaryDirectory()
    address = f"{folder.name}/launcher"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.launcher", address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def end() -> None:
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the launcher could not start"
    return address
