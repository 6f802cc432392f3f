"""A method in a webhook's answer, and changes while updates are on their way."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.playground.emulator import Emulator
from tests.playground.emulator.listener import Listener, always, dawdles, settled

Call = Callable[..., Awaitable[dict[str, Any]]]


# ---- a method in the answer


def replies(
    body: dict[str, Any] | None = None,
    form: str = "",
    content_type: str = "application/x-www-form-urlencoded",
    status: int = 200,
) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        if body is not None:
            return web.json_response(body, status=status)
        return web.Response(text=form, content_type=content_type, status=status)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        replies({"method": "sendMessage", "chat_id": 1001, "text": "Welcome"}),
        replies({"method": "SENDMESSAGE", "chat_id": 1001, "text": "Welcome"}),
        replies(form="method=sendMessage&chat_id=1001&text=Welcome"),
    ],
)
async def test_a_method_in_the_answer_is_carried_out(emulator: Emulator, hook: Listener, answer: Any) -> None:
    hook.answer = answer
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert emulator.person(1001).said == ["Welcome"]
    assert [(send.method, send.answered) for send in emulator.ledger.sends] == [("sendMessage", False)]


async def test_nobody_hears_that_a_method_in_the_answer_was_refused(
    emulator: Emulator, hook: Listener
) -> None:
    hook.answer = replies({"method": "sendMessage", "chat_id": 404, "text": "Welcome"})
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert len(hook.requests) == 1
    assert [refusal.description for refusal in emulator.ledger.refusals] == ["Bad Request: chat not found"]


@pytest.mark.parametrize(
    "answer",
    [
        replies({"method": "getChat", "chat_id": 404}),
        replies({"method": "getUpdates"}),
        replies({"method": "deleteWebhook"}),
        replies({"method": "setWebhook", "url": "http://127.0.0.1:1/"}),
        replies({"method": "noSuchMethod"}),
        replies({"no": "method"}),
        replies(form="method=%ff"),
        replies(form="method=sendMessage&chat_id=404", content_type="text/plain"),
    ],
)
async def test_what_cannot_stand_in_an_answer_is_ignored(
    emulator: Emulator, hook: Listener, answer: Any
) -> None:
    hook.answer = answer
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert emulator.world.postman.webhook.url == hook.url
    assert emulator.ledger.refusals == []


async def test_a_method_in_a_failure_is_not_carried_out(emulator: Emulator, hook: Listener) -> None:
    hook.answer = replies({"method": "sendMessage", "chat_id": 1001, "text": "Welcome"}, status=500)
    emulator.person(1001).writes("Hello")
    await hook.gets(2)

    assert emulator.person(1001).said == []


# ---- changes while updates are on their way


async def test_what_waited_to_be_polled_is_delivered(
    emulator: Emulator, call: Call, listener: Listener
) -> None:
    emulator.person(1001).writes("Early")
    await call("setWebhook", url=listener.url)
    await settled(emulator)

    assert listener.texts == ["Early"]


async def test_what_is_on_its_way_comes_to_the_new_address(
    emulator: Emulator, call: Call, hook: Listener
) -> None:
    other = Listener()
    await other.start()
    hook.answer = dawdles
    emulator.person(1001).writes("Hello")
    await hook.gets(1)
    emulator.clock.advance(1)
    await call("setWebhook", url=other.url)
    await settled(emulator)
    await other.stop()

    assert hook.updates == other.updates
    assert len(other.updates) == 1


async def test_what_is_on_its_way_when_the_webhook_goes_can_be_polled(
    emulator: Emulator, call: Call, hook: Listener
) -> None:
    hook.answer = dawdles
    emulator.person(1001).writes("Hello")
    await hook.gets(1)
    await call("deleteWebhook")
    emulator.person(1002).writes("Later")
    await asyncio.sleep(0.05)
    polled = (await call("getUpdates"))["result"]

    assert [update["message"]["text"] for update in polled] == ["Hello", "Later"]
    assert hook.texts == ["Hello"]


async def test_a_stopped_emulator_goes_on_where_it_was(emulator: Emulator, hook: Listener) -> None:
    hook.answer = dawdles
    emulator.person(1001).writes("Hello")
    await hook.gets(1)
    await emulator.stop()
    hook.answer = None
    await emulator.start()
    await settled(emulator)

    assert hook.texts == ["Hello", "Hello"]


async def test_a_loaded_world_delivers_what_it_finds(
    emulator: Emulator, hook: Listener, tmp_path: Path
) -> None:
    hook.answer = always(500)
    emulator.webhook_pace.scale = 1000
    emulator.person(1001).writes("Hello")
    await hook.gets(2)
    emulator.save(tmp_path / "world.json")
    hook.answer = None
    emulator.load(tmp_path / "world.json")
    await settled(emulator)

    assert hook.texts == ["Hello"] * 3
