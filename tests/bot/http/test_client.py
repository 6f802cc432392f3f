"""The client of the Bot API knows whether a request can have arrived, and keeps its connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest

from bot.http.client import Broken, HttpClient, NotSent

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers each request in its own way; counts connections, keeps what it was asked."""

    def __init__(self, *answers: bytes | None, then_close: bool = False) -> None:
        self._answers = list(answers)
        self._then_close = then_close
        self.connections = 0
        self.asked: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                answer = self._answers.pop(0)
                if answer is None:
                    continue
                writer.write(answer)
                await writer.drain()
                if self._then_close:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[HttpClient]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    server.url = f"http://{host}:{port}/bot42:TEST/sendMessage?x=1"
    client = HttpClient(most=2)
    try:
        yield client
    finally:
        client.close()
        listening.close()
        await asyncio.sleep(0.01)


async def ask(client: HttpClient, server: Server, *, within: float = 5.0) -> tuple[int, bytes]:
    return await client.request("POST", server.url, {"Content-Type": "x/y"}, b"a=b", within=within)


async def test_requests_share_a_connection_and_say_where_they_go() -> None:
    server = Server(OK, OK)
    async with serving(server) as client:
        answers = [await ask(client, server), await ask(client, server)]

    host = server.url.split("/")[2]
    assert answers == [(200, b"{}")] * 2
    assert server.connections == 1
    assert (
        server.asked[0]
        == (
            f"POST /bot42:TEST/sendMessage?x=1 HTTP/1.1\r\nHost: {host}\r\n"
            "Content-Type: x/y\r\nContent-Length: 3\r\n\r\na=b"
        ).encode()
    )


async def test_no_more_requests_than_allowed_are_under_way() -> None:
    server = Server(*[OK] * 20)
    async with serving(server) as client:
        await asyncio.gather(*(ask(client, server) for _ in range(20)))

    assert len(server.asked) == 20
    assert server.connections <= 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
    ],
    ids=["chunked", "said to close", "as long as the connection", "HTTP/1.0"],
)
async def test_every_way_to_end_an_answer_is_understood(answer: bytes) -> None:
    server = Server(answer, answer, then_close=True)
    async with serving(server) as client:
        first = await ask(client, server)
        await asyncio.sleep(0.05)  # or the next request may still meet the connection that ends
        answers = [first, await ask(client, server)]

    assert answers == [(200, b"{}")] * 2
    assert server.connections == 2


async def test_a_connection_the_server_let_go_is_not_used_again() -> None:
    server = Server(OK, OK, then_close=True)
    async with serving(server) as client:
        first = await ask(client, server)
        await asyncio.sleep(0.05)
        second = await ask(client, server)

    assert first == second == (200, b"{}")


async def test_where_nobody_listens_nothing_was_sent() -> None:
    server = Server()
    async with serving(server):
        pass
    client = HttpClient(most=1)

    with pytest.raises(NotSent):
        await ask(client, server)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", b"HTTP/1.1 200", b"SSH-2.0\r\n\r\n"],
    ids=["nothing", "half a body", "half a line", "no HTTP"],
)
async def test_a_request_that_left_and_got_no_answer_is_broken_not_unsent(answer: bytes) -> None:
    server = Server(answer, then_close=True)
    async with serving(server) as client:
        with pytest.raises(Broken):
            await ask(client, server)


async def test_an_answer_that_does_not_come_in_time_leaves_the_next_request_alone() -> None:
    server = Server(None, OK)
    async with serving(server) as client:
        with pytest.raises(TimeoutError):
            await ask(client, server, within=0.05)
        second = await ask(client, server)

    assert second == (200, b"{}")
    assert server.connections == 2


async def test_whoever_gives_up_waiting_takes_no_answer_from_the_next() -> None:
    server = Server(None, OK)
    async with serving(server) as client:
        first = asyncio.create_task(ask(client, server))
        await asyncio.sleep(0.05)
        first.cancel()
        second = await ask(client, server)

    assert second == (200, b"{}")


async def test_closing_ends_what_waits() -> None:
    server = Server(None)
    async with serving(server) as client:
        waiting = asyncio.create_task(ask(client, server))
        await asyncio.sleep(0.05)
        client.close()
        with pytest.raises(Broken):
            await waiting
