"""A program that asks for what is served, and the server that answers it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from bot.serving.health import Health


async def fine() -> tuple[bool, str]:
    """The bot is ready."""
    return True, "ready"


@asynccontextmanager
async def asking(routes: Sequence[web.RouteDef], port: int) -> AsyncIterator[ClientSession]:
    """A session with a server that has these routes, beside those of health."""
    health = Health(fine, routes)
    await health.open("127.0.0.1", port)
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await health.close()
