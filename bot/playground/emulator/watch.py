"""Telling onlookers, such as the playground's page, what happens in the chats."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

Event = dict[str, Any]


class Watchers:
    """Every watcher gets every event from the moment it begins to watch."""

    def __init__(self) -> None:
        self._queues: list[asyncio.Queue[Event | None]] = []

    def tell(self, kind: str, chat_id: int, **details: Any) -> None:
        if self._queues:
            event = {"type": kind, "chat_id": chat_id, **details}
            for queue in self._queues:
                queue.put_nowait(event)

    def watch(self) -> AsyncIterator[Event]:
        """Events from now on, until the watcher leaves or the emulator stops."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.append(queue)
        return self._events(queue)

    def close(self) -> None:
        for queue in self._queues:
            queue.put_nowait(None)

    async def _events(self, queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._queues.remove(queue)
