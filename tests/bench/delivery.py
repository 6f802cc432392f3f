"""Brings updates to the bot's webhook, over connections kept alive, as many as there are calls at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tests.bench.wire import Reader

SECRET: Final = "a-secret-of-the-bench"
PATH: Final = "/hook"
BROKEN: Final = 0
"""The status of a call that was cut off."""

Ended = Callable[[int], None]
"""Told the status a call was answered with."""


class Delivery:
    """The way to one bot, which may listen at several ports; they are called in turn."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = deque(ports)
        self._idle: dict[int, deque[_Connection]] = {port: deque() for port in ports}
        self._head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: %d\r\n\r\n"
        ).encode()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, most: int) -> None:
        """Connect `most` times to each port, so that no citizen waits for a connection."""
        for port in self._ports:
            for _ in range(most):
                self._idle[port].append(await self._connect(port))

    def close(self) -> None:
        """Close the connections that are idle."""
        for connections in self._idle.values():
            while connections:
                connections.popleft().close()

    def bring(self, update: bytes, ended: Ended) -> None:
        """Call the bot with one update."""
        port = self._ports[0]
        self._ports.rotate(-1)
        request = self._head % len(update) + update
        while self._idle[port]:
            connection = self._idle[port].popleft()
            if connection.open:
                return connection.call(request, ended)
        task = asyncio.get_running_loop().create_task(self._bring_anew(port, request, ended))
        self._tasks.add(task)
        return task.add_done_callback(self._tasks.discard)

    async def _bring_anew(self, port: int, request: bytes, ended: Ended) -> None:
        try:
            connection = await self._connect(port)
        except OSError:
            return ended(BROKEN)
        return connection.call(request, ended)

    async def _connect(self, port: int) -> "_Connection":
        make = partial(_Connection, self._idle[port].append)
        return (await asyncio.get_running_loop().create_connection(make, "127.0.0.1", port))[1]


class _Connection(asyncio.Protocol):
    """One connection to the bot, with at most one call at a time."""

    def __init__(self, idle: Callable[["_Connection"], None]) -> None:
        self._idle = idle
        self._reader = Reader()
        self._ended: Ended | None = None
        self.open = True

    def call(self, request: bytes, ended: Ended) -> None:
        self._ended = ended
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, _ in self._reader.feed(data):
            self._end(int(head[9:12]))
            self._idle(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self.open = False
        self._end(BROKEN)

    def _end(self, status: int) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(status)
