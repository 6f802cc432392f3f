"""The browsers that watch: each hears everything, in order, from the moment it began to listen."""

import asyncio
from typing import Any

Json = dict[str, Any]

BACKLOG = 5000  # events a browser may lag behind; then it is hung up on and begins anew with a snapshot


class Onlookers:
    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Json | None]] = set()

    def join(self) -> asyncio.Queue[Json | None]:
        """Events from now on; None ends them."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Json | None]) -> None:
        self._queues.discard(queue)

    def tell(self, event: Json) -> None:
        for queue in list(self._queues):
            if queue.qsize() < BACKLOG:
                queue.put_nowait(event)
            else:
                self._hang_up(queue)

    def close(self) -> None:
        for queue in list(self._queues):
            self._hang_up(queue)

    def _hang_up(self, queue: asyncio.Queue[Json | None]) -> None:
        self.leave(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
