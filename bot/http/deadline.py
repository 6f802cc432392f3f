"""A moment after which it is too late; putting it off again and again costs next to nothing."""

import asyncio
from collections.abc import Callable
from math import inf


class Deadline:
    """Calls back once its moment has passed. Its timer is made anew only where it would go off too late."""

    def __init__(self, too_late: Callable[[], None]) -> None:
        self._too_late = too_late
        self._at = inf  # loop time
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> None:
        """It is too late in so many seconds."""
        loop = asyncio.get_running_loop()
        self._at = loop.time() + seconds
        if self._timer is None or self._timer.when() > self._at:
            self.end()
            self._timer = loop.call_at(self._at, self._look)

    def off(self) -> None:
        """It is never too late, until said otherwise."""
        self._at = inf

    def end(self) -> None:
        """Let go of the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._at <= loop.time():
            self._at = inf
            self._too_late()
        elif self._at < inf:
            self._timer = loop.call_at(self._at, self._look)
