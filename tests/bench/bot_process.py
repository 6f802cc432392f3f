"""The processes of one contestant, pinned to one core."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import machine
from tests.bench.contestants import ROOT, Contestant, Way


class BotProcess:
    """From `start` to `stop`; one process, or one for each role."""

    def __init__(
        self, contestant: Contestant, folder: Path, *, core: int | None, under: Sequence[str] = ()
    ) -> None:
        """
        folder  where it runs, and writes its log
        core    the only one it may use; None: any
        under   a profiler: the module that runs the bot's, and its arguments
        """
        self._contestant = contestant
        self._folder = folder
        self._core = core
        self._under = under
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, way: Way) -> None:
        """Start one process."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOGETHER_")}
        role = ("--role", way.role) if way.role else ()
        given = {"PYTHONPATH": str(ROOT), **self._contestant.settings(way)}
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *self._under, *self._contestant.command, *role],
                cwd=self._folder, env=clean | given, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if self._core is not None:
            os.sched_setaffinity(process.pid, {self._core})
        self._processes.append(process)

    async def listens(self, port: int) -> bool:
        """Whether somebody listens there. Raises RuntimeError, with its log, where a process has ended."""
        if any(process.poll() is not None for process in self._processes):
            raise RuntimeError(
                f"{self._contestant.name} ended:\n{(self._folder / 'log').read_text()[-4000:]}"
            )
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    def cpu_seconds(self) -> float:
        """What they have used."""
        return sum(machine.cpu_seconds(process.pid) for process in self._processes)

    def resident_mb(self) -> float:
        """Their memory; what they share counts for each."""
        return sum(machine.resident_mb(process.pid) for process in self._processes)

    def signal(self, number: signal.Signals) -> None:
        """Tell the profiler, if there is one, where the window begins and ends."""
        for process in self._processes if self._under else []:
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
