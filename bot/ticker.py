"""The metronome: APScheduler calls, rows decide; a watchdog re-arms it when a clock has jumped."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[None]]
Failed = Callable[[str, Exception], None]

WATCH: Final = 1.0  # seconds between two looks of the watchdog


class Ticker:
    """Calls jobs every so often; a job that is late runs once, one that still runs is not called again."""

    def __init__(self, now: Callable[[], datetime], failed: Failed) -> None:
        """
        now     the clock; when it has jumped by more than a job's `seconds`, the job is called soon
        failed  is told the name of a job that has raised, and what; the job is called again all the same
        """
        self._now = now
        self._failed = failed
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._every: dict[str, float] = {}
        self._last: dict[str, tuple[float, datetime]] = {}  # in monotonic time, and by the clock

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Call `job` every `seconds`, for the first time at once."""

        async def tick() -> None:
            self._last[name] = asyncio.get_running_loop().time(), self._now()
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
        """Call soon what is overdue: the clock was moved, the machine slept, or its clock was set back.

        The last leaves the next call far in the future.
        """
        here = asyncio.get_running_loop().time(), self._now()
        for name, seconds in self._every.items():
            last, told = self._last.get(name, here)
            passed, by_clock = here[0] - last, (here[1] - told).total_seconds()
            if passed > 2 * seconds + WATCH or abs(by_clock) > seconds + WATCH:
                self._last[name] = here
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
