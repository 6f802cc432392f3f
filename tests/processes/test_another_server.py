"""The bot against another Bot API server, which knows four methods and says 404 to all else."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.processes.bot_process import TOKEN, Bot
from tests.processes.citizens import until

pytestmark = pytest.mark.process

ID = 42
SOMEBODY = {"id": 1001, "is_bot": False, "first_name": "Somebody", "language_code": "fr"}
CHAT = {"id": 1001, "type": "private", "first_name": "Somebody"}


class SmallServer:
    """Only what the documentation says of getMe, getUpdates, sendMessage and answerCallbackQuery."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answered: list[str] = []
        self.unknown: set[str] = set()
        self.updates: list[dict[str, Any]] = []
        self.root = ""

    async def open(self) -> web.AppRunner:
        """Listen."""
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._method)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def writes(self, text: str) -> None:
        """Somebody writes."""
        message = {
            "message_id": 1 + len(self.updates),
            "date": 1_790_000_000,
            "chat": CHAT,
            "from": SOMEBODY,
            "text": text,
        }
        self.updates.append({"update_id": 500 + len(self.updates), "message": message})

    def presses(self, data: str) -> None:
        """Somebody presses a button."""
        query = {"id": f"q{len(self.updates)}", "from": SOMEBODY, "chat_instance": "1", "data": data}
        self.updates.append({"update_id": 500 + len(self.updates), "callback_query": query})

    async def _method(self, request: web.Request) -> web.Response:
        form = await request.post()
        match request.match_info["method"]:
            case "getMe":
                result: Any = {"id": ID, "is_bot": True, "first_name": "Together", "username": "t_bot"}
            case "getUpdates":
                result = await self._news(int(str(form["offset"])), int(str(form["timeout"])))
            case "sendMessage":
                self.sent.append(dict(form))
                message_id = 1000 + len(self.sent)
                result = {"message_id": message_id, "date": 1_790_000_000, "chat": CHAT, "text": "..."}
            case "answerCallbackQuery":
                self.answered.append(str(form["callback_query_id"]))
                result = True
            case method:
                self.unknown.add(method)
                refusal = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
                return web.json_response(refusal, status=404)
        return web.json_response({"ok": True, "result": result})

    async def _news(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        for _ in range(seconds * 100):
            if news := [update for update in self.updates if update["update_id"] >= offset]:
                return news
            await asyncio.sleep(0.01)
        return []


@pytest.fixture
async def server() -> AsyncIterator[SmallServer]:
    server = SmallServer()
    runner = await server.open()
    yield server
    await runner.cleanup()


async def test_the_bot_works_with_a_server_that_knows_four_methods(server: SmallServer, folder: Path) -> None:
    async with Bot(server.root, folder) as bot:
        await bot.ready()
        server.writes("/start t_mulhouse")
        await until(lambda: len(server.sent) == 1, "somebody is greeted")
        keyboard = json.loads(server.sent[0]["reply_markup"])["inline_keyboard"]
        server.presses(keyboard[0][0]["callback_data"])
        await until(lambda: len(server.sent) == 2, "the next question is asked")
        await until(lambda: server.answered, "the press is answered")
        code = await bot.stopped()

    assert server.sent[0]["chat_id"] == "1001"
    assert server.sent[0]["parse_mode"] == "HTML"
    assert "Mulhouse" in server.sent[1]["text"]
    assert server.answered == ["q1"]
    assert server.unknown, "the bot tried to introduce itself, and went on without"
    assert code == 0
