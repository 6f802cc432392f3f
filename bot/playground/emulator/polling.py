"""getUpdates in real time: waiting, conflicts, and the brakes against hot loops."""

import asyncio
import time

from bot.playground.emulator.errors import ApiError, conflict
from bot.playground.emulator.updates import UpdateQueue

LONGEST_WAIT = 50
MOST_AT_ONCE = 100
SETTLE_SECONDS = 0.0015  # between the first new update and the answer
CONFLICT_PAUSE = 3.0
RIVAL_SECONDS = 0.05  # after which a second poller comes along

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Polling:
    """Only one call waits at a time; a newer one ends it with a conflict."""

    def __init__(self, queue: UpdateQueue) -> None:
        self._queue = queue
        self._waiting: asyncio.Future[ApiError | None] | None = None
        self._last_offset: int | None = None
        self._last_call = 0.0
        self._next_conflict = 0.0
        queue.listeners.append(lambda _: self._wake(None))

    async def get(self, *, offset: int, limit: int, seconds: int, rival: bool = False) -> list[bytes]:
        """Updates from `offset` on, as JSON bytes; everything before it is acknowledged.

        limit    1-100, anything else counts as 100
        seconds  how long to wait for the first update, clamped to 0-50
        rival    a second poller comes along while this one waits

        Raises ApiError if the wait is ended: 409 by another call or a webhook, 401 by a revoked token.
        """
        self._wake(conflict(OTHER_POLLER))
        limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        seconds, limit = self._braked(offset, min(max(seconds, 0), LONGEST_WAIT), limit)
        queue = self._queue
        queue.acknowledge(offset)
        found = queue.batch(limit)
        ends = time.monotonic() + seconds
        while not found and (left := ends - time.monotonic()) > 0:
            await self._wait(left, rival=rival)
            found = queue.batch(limit)
        return found

    def interrupt(self, reason: ApiError) -> None:
        """End the call that waits, if one does, with `reason`."""
        self._wake(reason)

    def _braked(self, offset: int, timeout: int, limit: int) -> tuple[int, int]:
        now = time.monotonic()
        if offset == self._last_offset:
            if timeout < 3 and now < self._last_call + 3:
                timeout = 3
            if now < self._last_call + 0.5:
                limit = 1
        self._last_offset, self._last_call = offset, now
        return timeout, limit

    async def _wait(self, seconds: float, *, rival: bool) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        if rival:
            asyncio.get_running_loop().call_later(
                min(seconds, RIVAL_SECONDS), _end, waiting, conflict(OTHER_POLLER)
            )
        try:
            async with asyncio.timeout(seconds):
                reason = await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None
        if reason is None:
            await asyncio.sleep(SETTLE_SECONDS)
            return
        if reason.code == 409 and reason.description.endswith(OTHER_POLLER):
            await self._pause_between_conflicts()
        raise reason

    async def _pause_between_conflicts(self) -> None:
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE)
        else:
            self._next_conflict = now + CONFLICT_PAUSE

    def _wake(self, reason: ApiError | None) -> None:
        if self._waiting is not None:
            _end(self._waiting, reason)


def _end(waiting: asyncio.Future[ApiError | None], reason: ApiError | None) -> None:
    if not waiting.done():
        waiting.set_result(reason)
