"""The server of the webhook: one whole request after the other, strangers refused by their head."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.http import server as http_server
from bot.http.server import Answer, Head, HttpServer

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House:
    """Answers bodies with themselves; refuses every path but /hook."""

    def __init__(self) -> None:
        self.server = HttpServer(self.refuse, self.respond)
        self.heads: list[Head] = []
        self.bodies: list[bytes] = []
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()

    def refuse(self, head: Head) -> Answer | None:
        self.heads.append(head)
        return None if head.path == "/hook" else Answer(404)

    async def respond(self, body: bytes) -> Answer:
        self.bodies.append(body)
        self.asked.set()
        await self.open.wait()
        if body == b"trouble":
            raise LookupError(body)
        return Answer(200, body, {"Content-Type": "text/plain"})


@asynccontextmanager
async def connected(house: House, port: int) -> AsyncIterator[Connection]:
    await house.server.open("127.0.0.1", port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    await house.server.close()


def request(body: bytes, path: str = "/hook", *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer(connection: Connection) -> tuple[int, bytes]:
    head = await connection[0].readuntil(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    return int(head.split()[1]), await connection[0].readexactly(length)


async def test_requests_follow_each_other_on_one_connection(unused_tcp_port: int) -> None:
    house = House()
    async with connected(house, unused_tcp_port) as connection:
        connection[1].write(request(b"one", "/hook?x=1", "X-Y: z", "x-y: other"))
        first = await answer(connection)
        connection[1].write(request(b"two"))
        second = await answer(connection)

    assert (first, second) == ((200, b"one"), (200, b"two"))
    assert (house.heads[0].method, house.heads[0].path) == ("POST", "/hook")
    assert house.heads[0].headers[b"x-y"] == b"z"
    assert house.heads[0].length == 3


async def test_who_is_refused_is_told_before_their_body_comes_and_cut_off(unused_tcp_port: int) -> None:
    house = House()
    async with connected(house, unused_tcp_port) as connection:
        connection[1].write(request(b"x" * 100, "/else")[:-100])
        status, _ = await answer(connection)
        rest = await connection[0].read()

    assert (status, rest, house.bodies) == (404, b"", [])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"SSH-2.0\r\n\r\n", 400),
        (b"POST /hook HTTP/1.1\r\n" + b"X-Y: z\r\n" * 5000, 431),
        (request(b"whole")[:-2], 408),
        (b"POST /ho", 408),
    ],
)
async def test_what_is_no_whole_request_in_time_ends_the_connection(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, sent: bytes, status: int
) -> None:
    monkeypatch.setattr(http_server, "WHOLE", 0.1)
    house = House()
    async with connected(house, unused_tcp_port) as connection:
        connection[1].write(sent)
        told = await answer(connection)

    assert told[0] == status
    assert house.bodies == []


async def test_an_answer_that_cannot_be_given_is_an_error_and_the_next_is_given(unused_tcp_port: int) -> None:
    house = House()
    async with connected(house, unused_tcp_port) as connection:
        connection[1].write(request(b"trouble"))
        trouble = await answer(connection)
        connection[1].write(request(b"fine"))
        fine = await answer(connection)

    assert (trouble[0], fine) == (500, (200, b"fine"))


async def test_closing_waits_for_what_is_being_answered_and_for_nothing_else(unused_tcp_port: int) -> None:
    house = House()
    async with connected(house, unused_tcp_port) as connection:
        idle, unused = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        house.open.clear()
        connection[1].write(request(b"slow"))
        await house.asked.wait()
        closing = asyncio.create_task(house.server.close())
        ended = await idle.read()
        unused.close()
        house.open.set()
        told = await answer(connection)
        await closing

    assert (ended, told) == (b"", (200, b"slow"))
