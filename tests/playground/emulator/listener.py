"""A bot's end of a webhook: keeps what comes and answers as it is told."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.playground.emulator import Emulator

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Delivered:
    """One request."""

    update: Json
    path: str
    headers: dict[str, str]
    connection: Any  # the address it came from
    at: float  # monotonic seconds


@dataclass
class Listener:
    """Listens on a port of its own; answers 200 unless `answer` says otherwise."""

    requests: list[Delivered] = field(default_factory=list)
    answer: Answer | None = None
    url: str = ""
    _runner: web.AppRunner | None = None

    @property
    def updates(self) -> list[Json]:
        return [request.update for request in self.requests]

    @property
    def texts(self) -> list[str]:
        """What was written, and the data of what was pressed."""
        return [_words(update) for update in self.updates]

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def gets(self, count: int) -> None:
        """Wait until so many requests have come in all. Raises TimeoutError, telling what came."""
        try:
            await until(lambda: len(self.requests) >= count)
        except TimeoutError:
            raise TimeoutError(f"waited for {count} requests and got {self.texts}") from None

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        body = await request.read()
        update = json.loads(body) if body else {}
        peer = request.transport.get_extra_info("peername")
        self.requests.append(Delivered(update, request.path, dict(request.headers), peer, time.monotonic()))
        return web.Response() if self.answer is None else await self.answer(request)


def _words(update: Json) -> str:
    if "callback_query" in update:
        return str(update["callback_query"].get("data"))
    return str(update.get("message", {}).get("text"))


async def until(happened: Callable[[], bool]) -> None:
    """Wait until it has happened. Raises TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while True:
            if happened():
                return
            await asyncio.sleep(0.002)


async def settled(emulator: Emulator) -> None:
    """Wait until no update is waiting any more."""
    await until(lambda: emulator.pending == 0)


async def dawdles(request: web.Request) -> web.StreamResponse:
    """Answer after half a second."""
    await asyncio.sleep(0.5)
    return web.Response()


def always(status: int, headers: dict[str, str] | None = None) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return answer


def first(*statuses: int) -> Answer:
    """These statuses in turn, then 200."""
    left = list(statuses)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=left.pop(0) if left else 200)

    return answer


def unless(text: str, status: int = 500) -> Answer:
    """Fail for that text alone."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status if _words(await request.json()) == text else 200)

    return answer
