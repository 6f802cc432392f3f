"""A small HTTP/1.1 client for one server: kept connections, one request at a time on each.

It does what sending messages needs and nothing else, at a fifth of what a general client costs; httptools,
the parser of Node.js, reads the answers. What matters here is to know whether a request can have arrived.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, cast
from urllib.parse import urlsplit

import httptools

from bot.http.deadline import Deadline
from storage.faultpoints import reached

CONNECT: Final = 10.0  # seconds
IDLE: Final = 15.0  # seconds; servers keep idle connections longer, so few are lost under a request
LARGEST: Final = 64 * 1024**2  # bytes of an answer


class NotSent(Exception):
    """Nobody was there to take the request."""


class Broken(Exception):
    """The connection ended, or said something else than HTTP; the request may have arrived."""


class HttpClient:
    """Connections to the server of one root address."""

    def __init__(self, *, most: int) -> None:
        """
        most  requests at a time; others wait
        """
        self._places = asyncio.Semaphore(most)
        self._idle: dict[tuple[str, int, bool], list[_Connection]] = {}
        self._open: set[_Connection] = set()

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, within: float
    ) -> tuple[int, bytes]:
        """Send one request; returns the status and the body.

        within  seconds for the answer, from when the request was sent

        Raises NotSent, Broken, or TimeoutError where no whole answer came in time.
        """
        server, head = _opened(method, url)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        data = f"{head}{lines}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
        async with self._places:
            connection = self._kept(server) or await self._connected(server)
            try:
                return await connection.ask(data, within)
            finally:
                if connection.free:
                    connection.idle_since = asyncio.get_running_loop().time()
                    self._idle.setdefault(server, []).append(connection)
                else:
                    connection.close()

    def close(self) -> None:
        """Close every connection; what waits for an answer is told that it broke."""
        for connection in list(self._open):
            connection.close()
        self._idle.clear()

    def _kept(self, server: tuple[str, int, bool]) -> "_Connection | None":
        idle, since = self._idle.get(server, []), asyncio.get_running_loop().time() - IDLE
        while idle:
            connection = idle.pop()
            if connection.free and connection.idle_since > since:
                return connection
            connection.close()
        return None

    async def _connected(self, server: tuple[str, int, bool]) -> "_Connection":
        host, port, secure = server
        try:
            async with asyncio.timeout(CONNECT):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: _Connection(self._open), host, port, ssl=_trusted() if secure else None
                )
        except (OSError, TimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        return connection


class _Connection(asyncio.Protocol):
    """One connection; it is free for a request when nothing is asked and nothing went wrong."""

    def __init__(self, all_open: "set[_Connection]") -> None:
        self._all_open = all_open
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._size = 0
        self._until_end = True  # no header says where the body ends: it does with the connection
        self._begun = False
        self._deadline = Deadline(lambda: self._fail(TimeoutError()))
        self.idle_since = 0.0

    @property
    def free(self) -> bool:
        return self._transport is not None and self._answer is None and not self._transport.is_closing()

    async def ask(self, data: bytes, within: float) -> tuple[int, bytes]:
        """Send a request, wait for its answer; whoever gives up waiting ends the connection."""
        if self._transport is None or self._transport.is_closing():
            raise NotSent("closed")
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._deadline.within(within)
        self._transport.write(data)
        reached("request_sent")
        try:
            return await answer
        finally:
            self._deadline.off()
            if not answer.done() or answer.cancelled() or answer.exception() is not None:
                self.close()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # of any event loop
        self._all_open.add(self)

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            return self.close()  # nothing was asked
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(Broken("no HTTP"))
        return None

    def connection_lost(self, _error: Exception | None) -> None:
        self._all_open.discard(self)
        self._deadline.end()
        if self._answer is None:
            return
        if _error is None and self._begun and self._until_end:
            self.on_message_complete()
        else:
            self._fail(Broken("the connection ended"))

    def on_message_begin(self) -> None:
        self._body, self._size, self._until_end, self._begun = [], 0, True, False

    def on_header(self, name: bytes, _value: bytes) -> None:
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._until_end = False

    def on_headers_complete(self) -> None:
        self._begun = True

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > LARGEST:
            self._fail(Broken("too large"))
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer, self._answer = self._answer, None
        if not self._parser.should_keep_alive():
            self.close()
        if answer is not None and not answer.done():
            answer.set_result((self._parser.get_status_code(), b"".join(self._body)))


@lru_cache(maxsize=64)  # the same few methods of the Bot API
def _opened(method: str, url: str) -> tuple[tuple[str, int, bool], str]:
    """Where a request goes, and its first lines."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    server = (parts.hostname or "", parts.port or (443 if secure else 80), secure)
    return server, f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
