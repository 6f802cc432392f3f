"""Bringing updates to one webhook: in order within a lane, lanes side by side, again if it fails.

Rules follow WebhookActor of the Bot API server (https://github.com/tdlib/telegram-bot-api). No HTTP here.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.lanes import Lane
from bot.playground.emulator.updates import Queued, UpdateQueue

LONGEST_PAUSE = 60  # seconds; drawn anew each time from so much to twice as much
LONGEST_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 3600  # of nothing but 410, after which the webhook is removed


@dataclass(slots=True)
class Pace:
    """The real time a webhook takes.

    timeout  real seconds in which it must answer
    scale    real seconds for each second between two tries of an update
    """

    timeout: float = 60.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request."""

    trouble: str = ""  # why it failed, in the server's words; "": the update is acknowledged
    status: int = 0  # HTTP; 0: no answer came
    retry_after: int = 0  # seconds the webhook asks for; 0: it asks for nothing


@dataclass(slots=True)
class Ladder:
    """The pauses between the tries of one update."""

    failures: int = 0
    step: int = 1

    def pause(self, retry_after: int, random: Random) -> int:
        """Seconds until the next try: what was asked for, else none at first, then 2, 4, 8 ..."""
        seconds = min(max(retry_after, 0), LONGEST_RETRY_AFTER)
        if not seconds and self.failures:
            self.step = min(2 * self.step, random.randint(LONGEST_PAUSE, 2 * LONGEST_PAUSE))
            seconds = self.step
        self.failures += 1
        return seconds


@dataclass(slots=True, eq=False)
class _Line:
    """What waits in one lane. Only its head travels, so it is ready, on its way or resting."""

    lane: Lane
    items: deque[Queued] = field(default_factory=deque)
    ladder: Ladder = field(default_factory=Ladder)
    rest: asyncio.TimerHandle | None = None  # until the next try of the head


class Delivery:
    """Empties the queue into `post`, with so many requests at a time, until it is closed."""

    def __init__(
        self,
        queue: UpdateQueue,
        clock: VirtualClock,
        random: Random,
        pace: Pace,
        *,
        post: Callable[[bytes], Awaitable[Answer]],
        removed: Callable[[], None],
        connections: int,
    ) -> None:
        """
        post     sends one update, as JSON
        removed  runs when the webhook has told for long enough that it is gone
        """
        self._queue = queue
        self._clock = clock
        self._random = random
        self._pace = pace
        self._post = post
        self._removed = removed
        self._lines: dict[Lane, _Line] = {}
        self._ready: asyncio.Queue[_Line] = asyncio.Queue()
        self._gone_since: float | None = None  # virtual unix seconds
        self._loop = asyncio.get_running_loop()
        for item in queue.waiting():
            self.take(item)
        self._workers = [self._loop.create_task(self._work()) for _ in range(connections)]

    def take(self, item: Queued) -> None:
        """Bring one more update, after those of its lane."""
        line = self._lines.get(item.lane)
        if line is None:
            line = self._lines[item.lane] = _Line(item.lane)
            self._ready.put_nowait(line)
        line.items.append(item)

    def pass_over_expired(self) -> None:
        """Go on in lanes that rest for an update which has expired meanwhile."""
        for line in list(self._lines.values()):
            if line.rest is not None and line.items[0].gone:
                self._advance(line)

    def close(self) -> None:
        """Break off what is on its way; whatever has not been acknowledged stays in the queue."""
        for worker in self._workers:
            worker.cancel()
        for line in self._lines.values():
            if line.rest is not None:
                line.rest.cancel()

    async def ended(self) -> None:
        """Wait until everything is broken off. Raises what went wrong inside."""
        for result in await asyncio.gather(*self._workers, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _work(self) -> None:
        while True:
            line = await self._ready.get()
            item = line.items[0]
            if item.gone:
                self._advance(line)
                continue
            self._queue.delivered(item)
            answer = await self._bring(item)
            if answer.trouble:
                self._failed(line, item, answer)
            elif item.repeats:
                item.repeats = False  # as if the answer had been lost
                self._ready.put_nowait(line)
            else:
                self._queue.settle(item, acknowledged=True)
                self._advance(line)
            self._watch_for_gone(answer.status)

    async def _bring(self, item: Queued) -> Answer:
        if not item.hangs_up:
            return await self._post(item.body)
        seconds, item.hangs_up = item.hangs_up, 0.0
        try:
            async with asyncio.timeout(seconds):
                return await self._post(item.body)
        except TimeoutError:
            return Answer("Connection closed")

    def _failed(self, line: _Line, item: Queued, answer: Answer) -> None:
        pause = line.ladder.pause(answer.retry_after, self._random)
        if self._clock.now() + pause > item.expires_at:
            self._queue.settle(item, acknowledged=False)
            self._advance(line)
        elif pause:
            line.rest = self._loop.call_later(pause * self._pace.scale, self._rested, line)
        else:
            self._ready.put_nowait(line)

    def _rested(self, line: _Line) -> None:
        line.rest = None
        self._ready.put_nowait(line)

    def _advance(self, line: _Line) -> None:
        if line.rest is not None:
            line.rest.cancel()
            line.rest = None
        line.items.popleft()
        if line.items:
            line.ladder = Ladder()
            self._ready.put_nowait(line)
        else:
            del self._lines[line.lane]

    def _watch_for_gone(self, status: int) -> None:
        if status == 410:
            now = self._clock.now()
            if self._gone_since is None:
                self._gone_since = now
            elif now > self._gone_since + GONE_SECONDS:
                self._removed()
        elif status:
            self._gone_since = None
