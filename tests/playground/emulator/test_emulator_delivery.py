"""How an update comes to a webhook: one request, trouble, retries, expiry."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest
from aiohttp import web

from bot.playground.emulator import Emulator
from bot.playground.emulator.delivery import Ladder
from tests.playground.emulator.listener import Listener, always, dawdles, first, settled, unless, until

Call = Callable[..., Awaitable[dict[str, Any]]]

HOUR = 3600


# ---- one request


async def test_an_update_is_one_post_of_json(emulator: Emulator, hook: Listener) -> None:
    amelie = emulator.person(1001)
    message = amelie.writes("Hello")
    await settled(emulator)

    [request] = hook.requests
    [update_id] = emulator.ledger.updates
    assert request.update == {"update_id": update_id, "message": message}
    assert request.path == "/hook"
    assert request.headers["Content-Type"] == "application/json"
    assert "X-Telegram-Bot-Api-Secret-Token" not in request.headers


async def test_the_secret_comes_in_its_header(emulator: Emulator, call: Call, listener: Listener) -> None:
    await call("setWebhook", url=listener.url, secret_token="Az09_-")
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert listener.requests[0].headers["X-Telegram-Bot-Api-Secret-Token"] == "Az09_-"


async def test_connections_are_kept_alive(emulator: Emulator, hook: Listener) -> None:
    for number in range(5):
        emulator.person(1001).writes(f"number {number}")
    await settled(emulator)

    assert len({request.connection for request in hook.requests}) == 1


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_every_2xx_acknowledges(emulator: Emulator, hook: Listener, status: int) -> None:
    hook.answer = always(status)
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    [record] = emulator.ledger.updates.values()
    assert record.first_delivered_at is not None
    assert record.acknowledged_at is not None
    assert record.acknowledged_real is not None
    assert (len(hook.requests), record.expired) == (1, False)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_every_other_status_brings_it_again(emulator: Emulator, hook: Listener, status: int) -> None:
    hook.answer = first(status)
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert hook.texts == ["Hello", "Hello"]
    assert hook.updates[0] == hook.updates[1]


# ---- trouble and what is told about it


async def closes(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def stops_half_way(request: web.Request) -> web.StreamResponse:
    half = web.StreamResponse(headers={"Content-Length": "100"})
    await half.prepare(request)
    await half.write(b"half")
    return await closes(request)


async def talks_nonsense(request: web.Request) -> web.StreamResponse:
    assert isinstance(request.transport, asyncio.Transport)
    request.transport.write(b"HELO\r\n\r\n")
    return await closes(request)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (always(500), "Wrong response from the webhook: 500 Internal Server Error"),
        (always(302), "Wrong response from the webhook: 302 Found"),
        (closes, "Connection closed"),
        (stops_half_way, "Connection closed"),
        (talks_nonsense, "Wrong response from the webhook"),
    ],
)
async def test_the_last_trouble_is_told(
    emulator: Emulator, call: Call, hook: Listener, answer: Any, message: str
) -> None:
    hook.answer = answer
    emulator.person(1001).writes("Hello")
    await hook.gets(2)
    info = (await call("getWebhookInfo"))["result"]

    assert info["last_error_message"] == message
    assert abs(info["last_error_date"] - emulator.clock.now()) < 5
    assert info["pending_update_count"] == 1


async def test_an_answer_that_takes_too_long_is_none(emulator: Emulator, call: Call, hook: Listener) -> None:
    emulator.webhook_pace.timeout = 0.1
    hook.answer = dawdles
    emulator.person(1001).writes("Hello")
    await hook.gets(2)
    info = (await call("getWebhookInfo"))["result"]

    assert (info["last_error_message"], info["pending_update_count"]) == ("Read timeout expired", 1)


async def test_nobody_there_is_told_too_and_forgotten_with_another_address(
    emulator: Emulator, call: Call, listener: Listener
) -> None:
    await listener.stop()
    await call("setWebhook", url=listener.url)
    emulator.person(1001).writes("Hello")
    await until(lambda: emulator.world.postman.webhook.last_error_date > 0)
    before = (await call("getWebhookInfo"))["result"]
    await call("deleteWebhook")
    after = (await call("getWebhookInfo"))["result"]

    assert before["last_error_message"] == "Connection refused"
    assert "last_error_message" not in after


# ---- the pauses between tries


def test_the_first_retry_comes_at_once_then_the_pauses_double() -> None:
    ladder, random = Ladder(), Random(1)

    assert [ladder.pause(0, random) for _ in range(6)] == [0, 2, 4, 8, 16, 32]


def test_the_longest_pauses_are_drawn_between_one_and_two_minutes() -> None:
    def late(seed: int) -> list[int]:
        ladder, random = Ladder(failures=1, step=60), Random(seed)
        return [ladder.pause(0, random) for _ in range(50)]

    assert 60 <= min(late(1)) < max(late(1)) <= 120
    assert late(1) == late(1) != late(2)


@pytest.mark.parametrize(("asked", "pause"), [(1, 1), (3600, 3600), (3601, 3600), (-1, 0), (0, 0)])
def test_a_webhook_may_ask_for_a_pause_of_up_to_an_hour(asked: int, pause: int) -> None:
    assert Ladder().pause(asked, Random(1)) == pause


def test_a_pause_that_was_asked_for_is_no_step_of_the_ladder() -> None:
    ladder, random = Ladder(), Random(1)

    assert [ladder.pause(asked, random) for asked in (7, 0, 7, 0)] == [7, 2, 7, 4]


async def test_tries_wait_for_their_pauses(emulator: Emulator, hook: Listener) -> None:
    hook.answer = first(500, 500, 500)
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    times = [request.at for request in hook.requests]
    assert times[2] - times[1] >= 0.02
    assert times[3] - times[2] >= 0.04


async def test_the_first_retry_does_not_wait(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 1000
    hook.answer = first(500)
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert len(hook.requests) == 2


async def test_each_update_begins_the_pauses_anew(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 1000
    hook.answer = first(500, 200, 500)
    for text in ("first", "second"):
        emulator.person(1001).writes(text)
    await settled(emulator)

    assert hook.texts == ["first", "first", "second", "second"]


async def test_retry_after_is_honoured(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 0.001
    hook.answer = always(503, {"Retry-After": "100"})
    emulator.person(1001).writes("Hello")
    await hook.gets(2)

    assert hook.requests[1].at - hook.requests[0].at >= 0.1


# ---- expiry


async def test_what_would_expire_before_its_next_try_is_dropped(emulator: Emulator, hook: Listener) -> None:
    hook.answer = always(503, {"Retry-After": "151"})
    emulator.person(1001).presses(1, "late")
    await settled(emulator)

    [record] = emulator.ledger.updates.values()
    assert (record.expired, record.acknowledged_at) == (True, None)
    assert hook.texts == ["late"]


async def test_a_lane_goes_on_when_what_blocked_it_expires(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 1000
    hook.answer = unless("late")
    amelie = emulator.person(1001)
    amelie.presses(1, "late")
    await hook.gets(2)
    emulator.clock.advance(100)
    amelie.presses(1, "behind it")
    emulator.clock.advance(51)
    await settled(emulator)

    assert hook.texts == ["late", "late", "behind it"]
    assert [record.expired for record in emulator.ledger.updates.values()] == [True, False]


# ---- gone


async def test_23_hours_of_410_remove_the_webhook(emulator: Emulator, call: Call, hook: Listener) -> None:
    hook.answer = always(410)
    emulator.person(1001).writes("Hello")
    await hook.gets(2)
    emulator.clock.advance(23 * HOUR + 1)
    await until(lambda: emulator.world.postman.webhook.url == "")

    assert len((await call("getUpdates"))["result"]) == 1
    assert (await call("getWebhookInfo"))["result"]["url"] == ""


async def test_any_other_answer_between_begins_the_23_hours_anew(
    emulator: Emulator, call: Call, hook: Listener
) -> None:
    emulator.webhook_pace.scale = 0.001
    hook.answer = unless("gone", 410)
    emulator.person(1).writes("gone")
    await hook.gets(2)
    emulator.clock.advance(22 * HOUR)
    emulator.person(2).writes("still there")
    await until(lambda: "still there" in hook.texts)
    emulator.clock.advance(1.8 * HOUR)
    await hook.gets(len(hook.requests) + 2)

    assert (await call("getWebhookInfo"))["result"]["url"] == hook.url
