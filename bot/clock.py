"""The time: the system's, or that of a clock elsewhere which a playground or a test can move."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp

EVERY: Final = 0.5  # seconds between two looks at a clock elsewhere
PATIENCE: Final = aiohttp.ClientTimeout(total=5)


class Clock:
    """Tells the time, aware UTC. Leases and time-outs do not ask it: they use the loop's monotonic time."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC) + self._offset

    async def follow(self, url: str, session: aiohttp.ClientSession) -> None:
        """Keep to the clock at `url`, for ever; while it does not answer, go on from its last answer."""
        while True:
            await self.look(url, session)
            await asyncio.sleep(EVERY)

    async def look(self, url: str, session: aiohttp.ClientSession) -> None:
        """Set this clock by the one at `url`, unless it may be right as it is: an answer takes its time."""
        asked = time.monotonic()
        try:
            async with session.get(url, timeout=PATIENCE) as response:
                told = _moment(await response.json(content_type=None))
        except (
            aiohttp.ClientError,
            OSError,
            TimeoutError,
            ValueError,
            TypeError,
            LookupError,
            OverflowError,
        ):
            return
        took = timedelta(seconds=time.monotonic() - asked)
        if not told <= self.now() <= told + took:
            self._offset = told + took / 2 - datetime.now(UTC)


async def asked(url: str | None) -> datetime:
    """The time now, for a command: by the clock at `url`, where there is one."""
    clock = Clock()
    if url is not None:
        async with aiohttp.ClientSession() as session:
            await clock.look(url, session)
    return clock.now()


def _moment(told: Any) -> datetime:
    """The moment a clock told: `{"now": ...}` or bare, as ISO 8601 or in Unix seconds."""
    value = told["now"] if isinstance(told, dict) else told
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return datetime.fromtimestamp(float(value), UTC)
