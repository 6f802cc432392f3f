"""What comes to a webhook in which order: lanes, several listeners, faults."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.playground.emulator import Emulator, Fault
from bot.playground.emulator.lanes import lane_of
from tests.playground.emulator.listener import Listener, settled, unless, until

Call = Callable[..., Awaitable[dict[str, Any]]]


# ---- lanes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("message", {"chat": {"id": 1}}), ("edited_message", {"chat": {"id": 1}}), True),
        (("message", {"chat": {"id": 1}}), ("message", {"chat": {"id": 2}}), False),
        (("message", {"chat": {"id": 1}}), ("callback_query", {"from": {"id": 1}}), False),
        (("message", {"chat": {"id": 1}}), ("my_chat_member", {"chat": {"id": 1}}), False),
        (("callback_query", {"from": {"id": 1}}), ("inline_query", {"from": {"id": 1}}), False),
        (("chat_member", {"from": {"id": 1}}), ("chat_join_request", {"from": {"id": 1}}), True),
        (("poll", {"id": "9"}), ("poll_answer", {"poll_id": "9"}), True),
        (("inline_query", {"from": {"id": 1}}), ("chosen_inline_result", {"from": {"id": 1}}), False),
    ],
)
def test_a_lane_is_a_chat_a_person_or_a_poll(one: Any, other: Any, same: bool) -> None:
    assert lane_of(*one) is not None
    assert (lane_of(*one) == lane_of(*other)) == same


@pytest.mark.parametrize(("kind", "payload"), [("thing_of_tomorrow", {}), ("message", {}), ("message", None)])
def test_what_belongs_nowhere_travels_alone(kind: str, payload: Any) -> None:
    assert lane_of(kind, payload) is None


async def test_within_a_lane_one_request_at_a_time_and_in_order(emulator: Emulator, hook: Listener) -> None:
    under_way, most = 0, 0

    async def slowly(request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.005)
        under_way -= 1
        return web.Response()

    hook.answer = slowly
    for number in range(10):
        emulator.person(1001).writes(str(number))
    await settled(emulator)

    assert hook.texts == [str(number) for number in range(10)]
    assert most == 1


async def test_lanes_travel_side_by_side_up_to_max_connections(
    emulator: Emulator, call: Call, listener: Listener
) -> None:
    await call("setWebhook", url=listener.url, max_connections=3)
    opened = asyncio.Event()

    async def held(request: web.Request) -> web.StreamResponse:
        await opened.wait()
        return web.Response()

    listener.answer = held
    for user_id in range(1, 6):
        emulator.person(user_id).writes("Hello")
    await listener.gets(3)
    await asyncio.sleep(0.05)
    before = len(listener.requests)
    opened.set()
    await settled(emulator)

    assert (before, len(listener.requests)) == (3, 5)


async def test_what_fails_blocks_its_own_lane_only(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 1000
    hook.answer = unless("poison")
    amelie = emulator.person(1001)
    amelie.writes("poison")
    amelie.writes("behind it")
    amelie.presses(1, "press")
    emulator.person(1002).writes("neighbour")
    await hook.gets(4)
    await until(lambda: emulator.pending == 2)

    assert sorted(hook.texts) == ["neighbour", "poison", "poison", "press"]


async def test_an_unreadable_update_blocks_nobody(emulator: Emulator, hook: Listener) -> None:
    emulator.webhook_pace.scale = 1000
    hook.answer = unless("None")
    emulator.inject({"message": {"no": "chat"}})
    emulator.inject({"message": {"no": "chat either", "text": "fine"}})
    await until(lambda: emulator.pending == 1)

    assert "fine" in hook.texts


# ---- several listeners behind one address


@pytest.fixture
async def pair(emulator: Emulator, hook: Listener) -> AsyncIterator[tuple[Listener, Listener]]:
    other = Listener()
    await other.start()
    emulator.webhook_spread([hook.url, other.url])
    yield hook, other
    await other.stop()


async def test_requests_go_to_the_listeners_in_turn(
    emulator: Emulator, pair: tuple[Listener, Listener]
) -> None:
    for number in range(4):
        emulator.person(1001).writes(str(number))
    await settled(emulator)

    assert [listener.texts for listener in pair] == [["0", "2"], ["1", "3"]]


async def test_a_retry_goes_to_the_next_listener(emulator: Emulator, pair: tuple[Listener, Listener]) -> None:
    await pair[0].stop()
    emulator.person(1001).writes("Hello")
    await settled(emulator)

    assert [listener.texts for listener in pair] == [[], ["Hello"]]


async def test_without_a_spread_the_webhook_is_the_address_again(
    emulator: Emulator, pair: tuple[Listener, Listener]
) -> None:
    emulator.webhook_spread([])
    for number in range(2):
        emulator.person(1001).writes(str(number))
    await settled(emulator)

    assert [listener.texts for listener in pair] == [["0", "1"], []]


# ---- faults


async def test_a_duplicate_comes_again_before_the_next_of_its_lane(
    emulator: Emulator, hook: Listener
) -> None:
    emulator.add_fault(Fault("duplicate_update", times=1))
    for text in ("twice", "once"):
        emulator.person(1001).writes(text)
    await settled(emulator)

    assert hook.texts == ["twice", "twice", "once"]
    assert hook.updates[0] == hook.updates[1]


@pytest.mark.parametrize(
    ("fault", "order"),
    [
        (Fault("reorder_across_queues", times=1, args={"seconds": 5}), ["press", "first", "second"]),
        (Fault("reorder_within_queue", times=1, args={"seconds": 5}), ["second", "press", "first"]),
        (Fault("expire_callbacks"), ["first", "second"]),
        (Fault("unknown_update_type", times=1), ["None", "press", "first", "second"]),
        (Fault("missing_required_field", times=1), ["first", "press", "first", "second"]),
    ],
)
async def test_faults_strike_on_the_way_to_a_webhook_too(
    emulator: Emulator, call: Call, listener: Listener, fault: Fault, order: list[str]
) -> None:
    await call("setWebhook", url=listener.url, max_connections=1)
    emulator.add_fault(fault)
    amelie = emulator.person(1001)
    amelie.writes("first")
    amelie.writes("second")
    amelie.presses(1, "press")
    await settled(emulator)

    assert listener.texts == order
