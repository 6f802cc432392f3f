"""Injected trouble: every verb does what it says, and the same again for the same seed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web

from bot.playground.emulator import Emulator, Fault
from bot.playground.emulator.faults import ON_REQUESTS, ON_UPDATES
from tests.playground.emulator.listener import Listener, settled

Call = Callable[..., Awaitable[dict[str, Any]]]
SEND = {"chat_id": 1, "text": "Hello"}


@pytest.fixture
def chat(emulator: Emulator) -> Emulator:
    emulator.person(1).opens()
    emulator.person(2).opens()
    emulator.world.queue.drop_all()
    return emulator


def test_an_unknown_fault_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="accept_then_drop"):
        Fault("gremlins")


# ---- which requests are struck


async def struck(emulator: Emulator, call: Call, count: int = 20, **values: Any) -> list[bool]:
    return [not (await call("sendMessage", **{**SEND, **values}))["ok"] for _ in range(count)]


async def test_a_fault_may_strike_the_nth_call_only(chat: Emulator, call: Call) -> None:
    chat.limits = None
    chat.add_fault(Fault("429", method="sendMessage", nth=3))

    assert await struck(chat, call, 5) == [False, False, True, False, False]


async def test_a_fault_may_strike_so_many_times(chat: Emulator, call: Call) -> None:
    chat.limits = None
    chat.add_fault(Fault("429", times=2))

    assert await struck(chat, call, 4) == [True, True, False, False]


async def test_a_fault_may_strike_one_chat_or_method(chat: Emulator, call: Call) -> None:
    chat.limits = None
    chat.add_fault(Fault("429", method="sendMessage", chat=2))

    assert await struck(chat, call, 1) == [False]
    assert await struck(chat, call, 1, chat_id=2) == [True]
    assert (await call("sendChatAction", chat_id=2, action="typing"))["ok"]


async def test_chance_is_the_same_for_the_same_seed(chat: Emulator, call: Call) -> None:
    chat.limits = None

    async def run(seed: int) -> list[bool]:
        chat.clear_faults()
        chat.add_fault(Fault("429", probability=0.5, seed=seed))
        return await struck(chat, call)

    assert await run(1) == await run(1) != await run(2)
    assert 0 < sum(await run(1)) < 20


# ---- faults on requests


async def test_delay_answers_later(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("delay", args={"seconds": 0.1}))
    began = time.monotonic()

    assert (await call("sendMessage", **SEND))["ok"]
    assert time.monotonic() - began >= 0.1


async def test_429_names_its_seconds_and_accepts_nothing(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("429", args={"retry_after": 35}))

    refused = await call("sendMessage", **SEND)

    assert refused["description"] == "Too Many Requests: retry after 35"
    assert refused["parameters"] == {"retry_after": 35}
    assert chat.ledger.sends == []


@pytest.mark.parametrize(("body", "kind"), [("html", "text/html"), ("json", "application/json")])
async def test_5xx_comes_as_html_or_json(chat: Emulator, http: ClientSession, body: str, kind: str) -> None:
    chat.add_fault(Fault("5xx", args={"status": 503, "body": body}))

    async with http.post("/bot42:TEST/sendMessage", json=SEND) as response:
        assert (response.status, response.content_type) == (503, kind)
    assert chat.ledger.sends == []


@pytest.mark.parametrize(("kind", "status"), [("4xx", 403), ("5xx", 502)])
async def test_somebody_on_the_way_answers_in_their_own_words(
    chat: Emulator, http: ClientSession, kind: str, status: int
) -> None:
    chat.add_fault(Fault(kind, args={"body": '{"error":"no"}'}))

    async with http.post("/bot42:TEST/sendMessage", json=SEND) as response:
        assert (response.status, await response.json()) == (status, {"error": "no"})
    assert chat.ledger.sends == []


async def test_an_oddity_is_a_200_with_json_of_another_shape(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("accept_then_oddity"))

    assert await call("sendMessage", **SEND) == {"ok": True, "result": True}
    assert [send.answered for send in chat.ledger.sends] == [False]


@pytest.mark.parametrize(("kind", "accepted"), [("drop_before_accept", 0), ("accept_then_drop", 1)])
async def test_a_dropped_connection_tells_nothing(
    chat: Emulator, call: Call, kind: str, accepted: int
) -> None:
    chat.add_fault(Fault(kind))

    with pytest.raises(ClientError):
        await call("sendMessage", **SEND)

    assert [send.answered for send in chat.ledger.sends] == [False] * accepted
    assert chat.person(1).said == ["Hello"] * accepted


async def test_garbage_is_a_200_that_is_not_json(chat: Emulator, http: ClientSession) -> None:
    chat.add_fault(Fault("accept_then_garbage"))

    async with http.post("/bot42:TEST/sendMessage", json=SEND) as response:
        with pytest.raises(ValueError, match="Unterminated"):
            await response.json()

    assert response.status == 200
    assert [send.answered for send in chat.ledger.sends] == [False]


async def test_half_a_body_ends_in_the_middle(chat: Emulator, http: ClientSession) -> None:
    chat.add_fault(Fault("half_body"))

    with pytest.raises(ClientError):
        async with http.post("/bot42:TEST/sendMessage", json=SEND) as response:
            await response.read()

    assert response.status == 200
    assert [send.answered for send in chat.ledger.sends] == [False]


async def test_a_revoked_token_stays_revoked_until_another_is_given(
    chat: Emulator, call: Call, http: ClientSession
) -> None:
    chat.add_fault(Fault("revoke_token", nth=2))
    assert (await call("getMe"))["ok"]

    refused = [await call("getMe"), await call("sendMessage", **SEND)]
    chat.restore_token("42:NEW")
    async with http.get("/bot42:NEW/getMe") as response:
        assert response.status == 200

    assert refused == [{"ok": False, "error_code": 401, "description": "Unauthorized"}] * 2
    assert (await call("getMe"))["error_code"] == 401


async def test_a_revoked_token_ends_the_call_that_waits(chat: Emulator, call: Call) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)

    chat.revoke_token()

    assert (await asyncio.wait_for(waiting, 1))["error_code"] == 401


async def test_a_second_poller_interrupts_a_call_that_waits(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("second_poller", method="getUpdates", times=1))

    interrupted = await call("getUpdates", timeout=10, offset=1)
    chat.person(1).writes("Hello")
    served = await call("getUpdates", timeout=10, offset=2)

    assert interrupted["error_code"] == 409
    assert len(served["result"]) == 1


# ---- faults on updates


async def received(call: Call) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = (await call("getUpdates"))["result"]
    return updates


async def test_a_duplicate_comes_again_even_when_acknowledged(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("duplicate_update", times=1))
    chat.person(1).writes("Twice")

    [update] = await received(call)
    again = (await call("getUpdates", offset=update["update_id"] + 1))["result"]
    thrice = (await call("getUpdates", offset=update["update_id"] + 2))["result"]

    assert (again, thrice) == ([update], [])


async def test_a_duplicate_never_comes_before_what_still_waits(chat: Emulator, call: Call) -> None:
    amelie = chat.person(1)
    amelie.writes("First")
    chat.add_fault(Fault("duplicate_update", times=1))
    amelie.writes("Twice")

    both = await received(call)
    one = (await call("getUpdates", limit=1))["result"]

    assert one == both[:1]


async def test_across_queues_a_press_overtakes_a_text(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("reorder_across_queues", method="message", times=1, args={"seconds": 5}))
    amelie = chat.person(1)
    amelie.writes("first")
    amelie.writes("second")
    amelie.presses(1, "third")

    updates = await received(call)

    assert [update.get("message", {}).get("text", "press") for update in updates] == [
        "press",
        "first",
        "second",
    ]
    assert [update["update_id"] for update in updates] == sorted(update["update_id"] for update in updates)


async def test_across_the_queues_of_one_chat_nobody_else_overtakes(chat: Emulator, call: Call) -> None:
    args = {"seconds": 5, "same_chat": True}
    chat.add_fault(Fault("reorder_across_queues", method="message", chat=1, args=args))
    chat.person(1).writes("overtaken")
    chat.clear_faults()
    chat.person(1).writes("behind it")
    chat.person(2).writes("neighbour")
    before = chat.pending
    chat.person(1).presses(1, "press")

    updates = await received(call)

    texts = [update.get("message", {}).get("text", "press") for update in updates]
    assert before == 1
    assert texts == ["neighbour", "press", "overtaken", "behind it"]


async def test_within_a_queue_a_text_overtakes_a_text(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("reorder_within_queue", times=1, args={"seconds": 5}))
    for text in ("first", "second", "third"):
        chat.person(1).writes(text)

    assert [update["message"]["text"] for update in await received(call)] == ["second", "first", "third"]


async def test_what_nothing_overtakes_comes_a_little_later(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("reorder_across_queues", args={"seconds": 0.05}))
    chat.person(1).writes("alone")

    before = chat.pending
    await asyncio.sleep(0.1)

    assert (before, chat.pending) == (0, 1)


async def test_a_lost_press_never_comes_and_is_recorded_as_expired(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("expire_callbacks"))
    chat.person(1).presses(1, "y")
    chat.person(1).writes("Hello")

    updates = await received(call)

    assert ["message" in update for update in updates] == [True]
    assert [(r.kind, r.expired) for r in chat.ledger.updates.values() if r.kind == "callback_query"] == [
        ("callback_query", True)
    ]


async def test_ids_may_have_gaps(chat: Emulator, call: Call) -> None:
    chat.person(1).writes("before")
    chat.add_fault(Fault("skip_update_ids", args={"count": 100}))
    chat.person(1).writes("after")

    before, after = await received(call)

    assert after["update_id"] - before["update_id"] == 101


async def test_ids_may_start_anew_once_nothing_waits(chat: Emulator, call: Call) -> None:
    chat.person(1).writes("before")
    chat.add_fault(Fault("random_update_id_restart", times=1))
    chat.person(1).writes("still in line")
    before, still = await received(call)
    await call("getUpdates", offset=still["update_id"] + 1)
    chat.person(1).writes("elsewhere")

    elsewhere = (await call("getUpdates", offset=still["update_id"] + 1, limit=50))["result"]

    assert still["update_id"] == before["update_id"] + 1
    assert [update["message"]["text"] for update in elsewhere] == ["elsewhere"]
    assert abs(elsewhere[0]["update_id"] - still["update_id"]) > 100_000


async def test_an_unknown_type_comes_before_the_update(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("unknown_update_type"))
    chat.person(1).writes("Hello")

    strange, known = await received(call)

    assert "thing_of_tomorrow" in strange
    assert known["message"]["text"] == "Hello"


@pytest.mark.parametrize(("kind", "missing"), [("message", "chat"), ("callback_query", "from")])
async def test_a_maimed_copy_comes_before_the_update(
    chat: Emulator, call: Call, kind: str, missing: str
) -> None:
    chat.add_fault(Fault("missing_required_field", method=kind))
    chat.person(1).writes("Hello")
    chat.person(1).presses(1, "y")

    maimed, whole = [update[kind] for update in await received(call) if kind in update]

    assert {**maimed, missing: whole[missing]} == whole
    assert missing not in maimed


@pytest.mark.parametrize(("kind", "spoil"), [("lone_surrogate", "\ud83d"), ("nul", "\x00")])
async def test_a_text_is_spoiled_and_shown_so(chat: Emulator, call: Call, kind: str, spoil: str) -> None:
    chat.add_fault(Fault(kind))
    chat.person(1).writes("Hello")

    [update] = await received(call)

    assert update["message"]["text"].replace(spoil, "") == "Hello"
    assert spoil in update["message"]["text"]
    assert chat.person(1).messages[-1]["text"] == update["message"]["text"]


async def test_a_call_that_is_broken_off_comes_again(chat: Emulator, hook: Listener) -> None:
    async def slowly(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.2 if len(hook.requests) == 1 else 0)
        return web.Response()

    hook.answer = slowly
    chat.add_fault(Fault("hang_up", times=1, args={"seconds": 0.02}))
    chat.person(1).writes("Hello")
    await settled(chat)

    *_, record = chat.ledger.updates.values()
    assert hook.texts == ["Hello", "Hello"]
    assert (record.deliveries, record.acknowledged_at is not None) == (2, True)


# ---- what has happened


async def test_what_really_struck_is_counted(chat: Emulator, call: Call) -> None:
    chat.limits = None
    chat.add_fault(Fault("429", method="sendMessage", times=2))
    chat.add_fault(Fault("accept_then_garbage", method="sendMessage", chat=3))
    chat.add_fault(Fault("reorder_across_queues", args={"seconds": 0}))
    await struck(chat, call, 3)
    await struck(chat, call, 1, chat_id=3)
    chat.person(1).writes("overtaken by nobody")
    await asyncio.sleep(0.01)
    chat.clear_faults()

    assert chat.world.faults.happened == {"429": 2}


async def test_of_two_faults_on_one_request_only_one_strikes(chat: Emulator, call: Call) -> None:
    chat.add_fault(Fault("half_body"))
    chat.add_fault(Fault("429"))

    assert not (await call("sendMessage", **SEND))["ok"]
    assert chat.world.faults.happened == {"429": 1}


def test_every_verb_is_tried_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")

    assert [kind for kind in ON_REQUESTS | ON_UPDATES if f'"{kind}"' not in source] == []
