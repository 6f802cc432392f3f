"""The bot as a child process: started, watched, started again when it dies, ended in time."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FIRST_PAUSE = 1.0  # seconds before a dead bot is started again; doubles with each death
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # seconds of life after which a death counts as the first one again
ENDS_WITHIN = 6.0  # seconds a bot has to end by itself; then it is killed
LINES_SHOWN = 12
TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True)
class State:
    """How the bot's process is."""

    state: Literal["starting", "running", "restarting", "failed", "stopping"]
    seconds: int = 0  # until the next try
    lines: list[str] = field(default_factory=list)  # the last ones of its log, when it failed

    def as_json(self) -> dict[str, Any]:
        return {"state": self.state, "seconds": self.seconds, "lines": self.lines}


class Child:
    """One command that is to be running from `start` to `stop`.

    env     all of its environment; it runs in the log's folder
    ready   returns when the command has come up; a command that ends before has failed
    tell    hears each new state
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        *,
        ready: Callable[[], Awaitable[object]],
        tell: Callable[[State], None],
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._command = command
        self._env = env
        self._log = log
        self._ready = ready
        self._tell = tell
        self._first_pause = first_pause
        self._keeper: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self.state = State("starting")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    def start(self) -> None:
        self._keeper = asyncio.get_running_loop().create_task(self._keep_running())

    async def stop(self) -> None:
        """End the command, kindly and then by force; returns when it is gone."""
        if self._keeper is None:
            return
        self._become(State("stopping"))
        self._keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeper
        self._keeper = None
        await self._end()

    async def _keep_running(self) -> None:
        pause = self._first_pause
        while True:
            began = time.monotonic()
            was_ready = await self._run_once()
            if time.monotonic() - began > HEALTHY_AFTER:
                pause = self._first_pause
            lines = [] if was_ready else self.last_lines()
            self._become(State("restarting" if was_ready else "failed", max(1, round(pause)), lines))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_once(self) -> bool:
        """Run the command until it ends; True if it had become ready."""
        self._become(State("starting"))
        with self._log.open("wb") as log:
            try:
                # A session of its own: Ctrl-C reaches us, and we end the bot in order.
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    env=self._env,
                    cwd=self._log.parent,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                log.write(str(error).encode())
                return False
        awaiting = asyncio.get_running_loop().create_task(self._await_readiness())
        try:
            await self._process.wait()
        finally:
            awaiting.cancel()
        return self.state.state == "running"

    async def _await_readiness(self) -> None:
        await self._ready()
        self._become(State("running"))

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), ENDS_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()

    def last_lines(self) -> list[str]:
        """The end of the command's log."""
        try:
            tail = self._log.read_bytes()[-TAIL_BYTES:]
        except OSError:
            return []
        return tail.decode(errors="replace").splitlines()[-LINES_SHOWN:]

    def _become(self, state: State) -> None:
        self.state = state
        self._tell(state)
