"""Tells a supervisor how the bot is: alive, ready, and its figures."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Ready = Callable[[], Awaitable[tuple[bool, str]]]
"""Whether the bot is ready, and in a word how it stands, or what is missing."""


class Health:
    """Serves `/healthz`, `/readyz` and `/metrics`, and what else is given to it."""

    def __init__(self, ready: Ready, more: Iterable[web.RouteDef] = ()) -> None:
        self._ready = ready
        self._more = tuple(more)
        self._runner: web.AppRunner | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_routes(self._more)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        ready, how = await self._ready()
        return web.Response(status=200 if ready else 503, text=f"{how}\n")

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
