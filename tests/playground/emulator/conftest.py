"""An emulator that listens, and the barest possible bot to call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground.emulator import Emulator
from tests.playground.emulator.listener import Listener


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    emulator = Emulator()
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def http(emulator: Emulator) -> AsyncIterator[ClientSession]:
    async with ClientSession(f"{emulator.root}/") as session:
        yield session


@pytest.fixture
def call(http: ClientSession) -> Callable[..., Awaitable[dict[str, Any]]]:
    """`await call("sendMessage", chat_id=1, text="x")` gives the envelope."""

    async def call(method: str, **values: Any) -> dict[str, Any]:
        async with http.post(f"/bot42:TEST/{method}", json=values) as response:
            envelope: dict[str, Any] = await response.json()
            assert response.status == envelope.get("error_code", 200)
            return envelope

    return call


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    await listener.start()
    yield listener
    await listener.stop()


@pytest.fixture
async def hook(
    emulator: Emulator, call: Callable[..., Awaitable[dict[str, Any]]], listener: Listener
) -> Listener:
    """The listener, with the webhook set to it; pauses between tries are a hundred times shorter."""
    emulator.webhook_pace.scale = 0.01
    assert (await call("setWebhook", url=listener.url))["ok"]
    return listener
