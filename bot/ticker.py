"""The metronome: APScheduler calls, rows decide; a watchdog on monotonic time re-arms it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[None]]
Failed = Callable[[str, Exception], None]

WATCH: Final = 15.0  # seconds between two looks of the watchdog


class Ticker:
    """Calls jobs every so often; a job that is late runs once, one that still runs is not called again."""

    def __init__(self, failed: Failed) -> None:
        """
        failed  is told the name of a job that has raised, and what; the job is called again all the same
        """
        self._failed = failed
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._every: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Call `job` every `seconds`, for the first time at once."""

        async def tick() -> None:
            self._last[name] = asyncio.get_running_loop().time()
            try:
                await job()
            except Exception as error:  # APScheduler would only write it to a log of its own
                self._failed(name, error)

        self._every[name] = seconds
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=seconds,
            id=name,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # the default drops a job that is a second late
        )

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.start()
        try:
            while True:
                await asyncio.sleep(WATCH)
                self._rearm()
        finally:
            self._scheduler.shutdown(wait=False)

    def _rearm(self) -> None:
        """A wall clock that was set back leaves the next call far in the future: call soon."""
        now = asyncio.get_running_loop().time()
        for name, seconds in self._every.items():
            if now - self._last.get(name, now) > 2 * seconds + WATCH:
                self._last[name] = now
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
