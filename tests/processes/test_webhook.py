"""The bot called by webhook by somebody who is not Telegram."""

from pathlib import Path

import aiohttp
import pytest

from bot.playground.emulator import Emulator
from tests.processes.ways import HOOK_SECRET, Way

pytestmark = pytest.mark.process

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hook(emulator: Emulator, folder: Path) -> Way:
    """A bot that is called, on SQLite."""
    return Way("webhook-sqlite", emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")


async def test_whoever_does_not_know_the_secret_is_refused_and_changes_nothing(
    emulator: Emulator, hook: Way
) -> None:
    forged = {"update_id": 7, "message": {"message_id": 1, "date": 0, "text": "/start"}}
    async with hook.bot() as bot, aiohttp.ClientSession() as http:
        await bot.ready()
        url = bot.environment["TOGETHER_WEBHOOK_URL"]
        statuses = []
        for headers in (
            {},
            {HEADER: "wrong"},
            {HEADER: "é"},
            {HEADER: HOOK_SECRET, "Content-Encoding": "gzip"},
        ):
            async with http.post(url, json=forged, headers=headers) as reply:
                statuses.append(reply.status)
        async with http.get(url, headers={HEADER: HOOK_SECRET}) as reply:
            statuses.append(reply.status)
        async with http.post(f"{url}/else", json=forged, headers={HEADER: HOOK_SECRET}) as reply:
            statuses.append(reply.status)

    assert statuses == [401, 401, 401, 415, 405, 404]
    assert emulator.ledger.sends == []
    assert "Traceback" not in bot.log_text
