"""The bot called by webhook: secret first, commit before 200, and nothing lost while it is away."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground.emulator import Emulator
from tests.processes import troubles
from tests.processes.bot_process import Bot
from tests.processes.citizens import arrive, say, until

pytestmark = pytest.mark.process

SECRET = "a-secret-of-Telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"

Called = Callable[..., Bot]


@pytest.fixture
def called(emulator: Emulator, folder: Path) -> Called:
    """Makes bots that are called at one address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"

    def make(**more: Any) -> Bot:
        hook: dict[str, Any] = {
            "webhook_url": f"http://{address}/hook",
            "webhook_listen": address,
            "webhook_secret": SECRET,
        }
        return Bot(emulator, folder, **hook, **more)

    return make


async def test_a_citizen_is_heard_by_webhook_and_after_a_restart(emulator: Emulator, called: Called) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with called() as bot:
        await bot.ready()
        await arrive(amelie)
        first = await say(amelie, "Un banc au soleil")
        assert await bot.stopped() == 0
    amelie.writes("Encore un banc")

    async with called() as bot:
        await bot.ready()
        [second] = await amelie.hears()
        await until(lambda: not emulator.pending, "everything is acknowledged")

    assert "1 idée" in first
    assert "2 idées" in second
    assert len(amelie.said) == 10


async def test_whoever_does_not_know_the_secret_is_refused_and_changes_nothing(
    emulator: Emulator, called: Called
) -> None:
    forged = {"update_id": 7, "message": {"message_id": 1, "date": 0, "text": "/start"}}
    async with called() as bot, aiohttp.ClientSession() as http:
        await bot.ready()
        url = bot.environment["TOGETHER_WEBHOOK_URL"]
        statuses = []
        for headers in ({}, {HEADER: "wrong"}, {HEADER: "é"}, {HEADER: SECRET, "Content-Encoding": "gzip"}):
            async with http.post(url, json=forged, headers=headers) as reply:
                statuses.append(reply.status)
        async with http.get(url, headers={HEADER: SECRET}) as reply:
            statuses.append(reply.status)
        async with http.post(f"{url}/else", json=forged, headers={HEADER: SECRET}) as reply:
            statuses.append(reply.status)
        async with http.post(url, data=b"[" * 5000, headers={HEADER: SECRET}) as reply:
            statuses.append(reply.status)

    assert statuses == [401, 401, 401, 415, 405, 404, 400]
    assert emulator.ledger.sends == []
    assert "Traceback" not in bot.log_text


async def test_a_call_is_not_acknowledged_while_its_update_cannot_be_kept(
    emulator: Emulator, called: Called, folder: Path
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with called(hook="tests.processes.troubles:switches") as bot:
        await bot.ready()
        await arrive(amelie)
        await until(lambda: not emulator.pending, "everything is acknowledged")
        (folder / troubles.READ_ONLY).touch()
        amelie.writes("Un banc au soleil")
        await until(lambda: "in trouble" in bot.log_text or '"database"' in bot.log_text, "trouble is told")
        pending = emulator.pending
        (folder / troubles.READ_ONLY).unlink()
        await until(lambda: any("1 idée" in said for said in amelie.said), "the words are kept", within=20)

    assert pending == 1
