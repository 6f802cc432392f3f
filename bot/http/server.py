"""A small HTTP/1.1 server for calls with a body of known length: what Telegram's webhook sends, and no more.

Whoever is not Telegram is refused by the head of the request; no byte of what follows is read. httptools,
the parser of Node.js, reads heads; nothing here waits for anybody longer than the limits below.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final, cast

import httptools

from bot.http.deadline import Deadline
from bot.logs import log

HEAD: Final = 16 * 1024  # bytes of a request's head at most
WHOLE: Final = 2.5  # seconds in which a request has to come whole
IDLE: Final = 75.0  # seconds that a connection is kept without one


@dataclass(slots=True)
class Head:
    """What a request begins with."""

    method: str = ""
    path: str = ""  # without what may follow a question mark
    headers: dict[bytes, bytes] = field(default_factory=dict)  # names in lower case; of equal ones the first

    @property
    def length(self) -> int | None:
        """Of the body, in bytes; None where the request does not say."""
        told = self.headers.get(b"content-length", b"")
        return int(told) if told.isdigit() else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False  # the connection, after it

    def written(self) -> bytes:
        """As it goes over the wire."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Length: {len(self.body)}",
        ]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.close:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "\r\n"]).encode() + self.body


Refuse = Callable[[Head], Answer | None]
Respond = Callable[[bytes], Awaitable[Answer]]


class HttpServer:
    """Listens on one address."""

    def __init__(self, refuse: Refuse, respond: Respond) -> None:
        """
        refuse   says by its head whether a request is refused; then its connection is closed
        respond  answers the body of one that is not
        """
        self._refuse = refuse
        self._respond = respond
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._refuse, self._respond, self._connections), host, port
        )

    async def close(self) -> None:
        """Take no more connections; those that are being answered close after that, the others at once."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.end()
        answers = [one.answering for one in self._connections if one.answering is not None]
        if answers:
            await asyncio.wait(answers)


class _Connection(asyncio.Protocol):
    """One connection; its requests are answered one after the other."""

    def __init__(self, refuse: Refuse, respond: Respond, everybody: "set[_Connection]") -> None:
        self._refuse = refuse
        self._respond = respond
        self._everybody = everybody
        self._transport: asyncio.Transport
        self._deadline = Deadline(self._too_late)
        self._ending = False
        self.answering: asyncio.Task[None] | None = None
        self._expect()

    def _expect(self) -> None:
        """Be ready for the next request."""
        self._parser = httptools.HttpRequestParser(self)
        self._head = Head()
        self._body: list[bytes] = []
        self._read = 0  # bytes of this request
        self._in_head = True
        self._done = False  # it is refused, or whole

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # of any event loop
        self._everybody.add(self)
        self._deadline.within(WHOLE)

    def connection_lost(self, _error: Exception | None) -> None:
        self._everybody.discard(self)
        self._deadline.end()

    def end(self) -> None:
        """Close as soon as nothing is being answered."""
        self._ending = True
        if self.answering is None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        if self._done:  # what comes after a refusal, or before an answer, is not looked at
            self._ending = True
            return
        begins = self._read == 0
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._close_with(HTTPStatus.BAD_REQUEST)
        if self._in_head and self._read > HEAD:
            self._close_with(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if begins and not self._done:
            self._deadline.within(WHOLE)

    def on_message_begin(self) -> None:
        self._ending |= self._done  # sent before the last was answered: nobody but an attacker does so

    def on_url(self, url: bytes) -> None:
        if not self._done:
            self._head.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._done:
            self._head.headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        if self._done:
            return
        self._in_head = False
        self._head.method = self._parser.get_method().decode("latin-1")
        self._head.path = self._head.path.partition("?")[0]
        refused = self._refuse(self._head)
        if refused is not None:
            self._done = True
            self._send(replace(refused, close=True))

    def on_body(self, body: bytes) -> None:
        if not self._done:
            self._body.append(body)

    def on_message_complete(self) -> None:
        if self._done:
            return
        self._done = True
        self._deadline.off()
        stays = self._parser.should_keep_alive()
        self.answering = asyncio.get_running_loop().create_task(self._answer(b"".join(self._body), stays))

    async def _answer(self, body: bytes, stays: bool) -> None:
        try:
            answer = await self._respond(body)
        except Exception as error:
            log.error("a call could not be answered", exc_info=error)
            answer = Answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        finally:
            self.answering = None
        self._send(answer)
        if not stays or answer.close or self._ending:
            self._transport.close()
        elif not self._transport.is_closing():
            self._expect()
            self._deadline.within(IDLE)

    def _send(self, answer: Answer) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer.written())
            if answer.close:
                self._transport.close()

    def _close_with(self, status: int) -> None:
        if not self._done:
            self._done = True
            self._send(Answer(status, close=True))
        self._transport.close()

    def _too_late(self) -> None:
        if self._read == 0:
            self._transport.close()
        else:
            self._close_with(HTTPStatus.REQUEST_TIMEOUT)
