"""getUpdates: offsets, expiry, waiting and conflicts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.playground.emulator import Emulator, VirtualClock, polling
from bot.playground.emulator.updates import MOST_WAITING

Call = Callable[..., Awaitable[dict[str, Any]]]


def ids(envelope: dict[str, Any]) -> list[int]:
    return [update["update_id"] for update in envelope["result"]]


async def test_updates_stay_until_an_offset_passes_them(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    for number in range(3):
        amelie.writes(f"number {number}")

    first = ids(await call("getUpdates"))
    after = ids(await call("getUpdates", offset=first[1]))
    records = [emulator.ledger.updates[update_id] for update_id in first]

    assert after == first[1:]
    assert [record.acknowledged_at is not None for record in records] == [True, False, False]
    assert all(record.first_delivered_at is not None for record in records)
    assert emulator.pending == 2


async def test_ids_count_up_by_one_from_a_random_number(emulator: Emulator, call: Call) -> None:
    for number in range(3):
        emulator.person(1001).writes(f"number {number}")
    first = ids(await call("getUpdates"))

    assert first == [first[0], first[0] + 1, first[0] + 2]
    assert first[0] > 1
    assert Emulator(seed=1).world.queue.next_id == first[0]
    assert Emulator(seed=2).world.queue.next_id != first[0]


async def test_the_limit_is_kept_and_nonsense_means_100(emulator: Emulator, call: Call) -> None:
    for number in range(120):
        emulator.person(1001).writes(f"number {number}")

    assert len(ids(await call("getUpdates", limit=7))) == 7
    await asyncio.sleep(0.51)
    assert len(ids(await call("getUpdates", limit=0))) == 100
    await asyncio.sleep(0.51)
    assert len(ids(await call("getUpdates", limit=101))) == 100


@pytest.mark.parametrize("offset", [2_000_000_000, 1])
async def test_an_offset_far_off_counts_as_none(emulator: Emulator, call: Call, offset: int) -> None:
    emulator.person(1001).writes("Still here")

    assert len(ids(await call("getUpdates", offset=offset))) == 1
    assert emulator.pending == 1


async def test_an_offset_just_ahead_acknowledges_everything(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).writes("Read already")

    assert ids(await call("getUpdates", offset=emulator.world.queue.next_id + 10)) == []
    assert emulator.pending == 0


async def test_a_negative_offset_keeps_only_the_last(emulator: Emulator, call: Call) -> None:
    for number in range(5):
        emulator.person(1001).writes(f"number {number}")

    last = (await call("getUpdates", offset=-2))["result"]

    assert [update["message"]["text"] for update in last] == ["number 3", "number 4"]
    assert emulator.pending == 2


def test_a_press_lives_150_seconds_and_a_message_a_day() -> None:
    emulator = Emulator()
    amelie = emulator.person(1001)
    amelie.opens()
    amelie.presses(1, "y")

    pending = []
    for seconds in (149, 2, 86_240, 20):
        emulator.clock.advance(seconds)
        pending.append(emulator.pending)

    assert pending == [2, 1, 1, 0]
    assert [record.expired for record in emulator.ledger.updates.values()] == [True, True]


async def test_what_has_expired_does_not_come(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    amelie.presses(1, "y")
    amelie.writes("Later")
    emulator.clock.advance(151)

    assert ["message" in update for update in (await call("getUpdates"))["result"]] == [True, True]


async def test_allowed_updates_stick_until_they_are_named_again(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    await call("getUpdates", allowed_updates=["callback_query"])
    amelie.opens()
    await call("getUpdates", timeout=0, offset=1)
    amelie.presses(1, "only presses")
    kept = (await call("getUpdates", offset=2, allowed_updates=[]))["result"]
    amelie.writes("and now texts")
    later = (await call("getUpdates", offset=3))["result"]

    assert ["callback_query" in update for update in kept] == [True]
    assert ["callback_query" in update for update in later] == [True, False]


async def test_what_is_queued_already_is_not_filtered(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).writes("Early")

    assert len(ids(await call("getUpdates", allowed_updates=["callback_query"]))) == 1


async def test_member_changes_come_only_if_asked_for(emulator: Emulator) -> None:
    queue = emulator.world.queue

    assert not queue.allows("chat_member")
    assert queue.allows("my_chat_member")


async def test_a_waiting_call_ends_with_the_first_update(emulator: Emulator, call: Call) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    emulator.person(1001).writes("Finally")

    envelope = await asyncio.wait_for(waiting, 1)

    assert envelope["result"][0]["message"]["text"] == "Finally"


async def test_a_newer_call_ends_the_one_that_waits(emulator: Emulator, call: Call) -> None:
    older = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(call("getUpdates", timeout=30, offset=5))

    refused = await asyncio.wait_for(older, 1)
    emulator.person(1001).writes("To the newer one")
    served = await asyncio.wait_for(newer, 1)

    assert refused == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    assert len(served["result"]) == 1


async def test_conflicts_in_a_row_are_slowed_down(
    emulator: Emulator, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 1.5)
    began = time.monotonic()
    calls = []
    for offset in (1, 2, 3):
        calls.append(asyncio.create_task(call("getUpdates", timeout=30, offset=offset)))
        await asyncio.sleep(0.02)

    ended = [(await refused, time.monotonic() - began) for refused in calls[:2]]
    emulator.person(1001).writes("To the last one")
    served = await calls[2]

    assert [envelope["error_code"] for envelope, _ in ended] == [409, 409]
    assert ended[0][1] < 1.0 < 1.5 <= ended[1][1]
    assert len(served["result"]) == 1


async def test_two_calls_that_find_something_both_get_it(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).writes("For both")

    first, second = await asyncio.gather(call("getUpdates"), call("getUpdates", offset=1))

    assert ids(first) == ids(second) != []


async def test_the_same_offset_again_within_half_a_second_brings_one_update(
    emulator: Emulator, call: Call
) -> None:
    for number in range(5):
        emulator.person(1001).writes(f"number {number}")

    assert [len(ids(await call("getUpdates"))) for _ in range(2)] == [5, 1]


async def test_the_same_offset_again_within_three_seconds_waits_three(call: Call) -> None:
    await call("getUpdates", offset=-1)
    began = time.monotonic()
    await call("getUpdates", offset=-1)

    assert 2.9 < time.monotonic() - began < 4


async def test_an_injected_update_comes_as_it_is(emulator: Emulator, call: Call) -> None:
    update_id = emulator.inject({"message": {"no": "chat"}})
    emulator.inject({"message": {"text": "\ud83d"}}, update_id=77)

    [malformed, odd] = (await call("getUpdates"))["result"]
    await asyncio.sleep(0.51)
    assert update_id is not None
    rest = (await call("getUpdates", offset=update_id + 1))["result"]

    assert malformed == {"update_id": update_id, "message": {"no": "chat"}}
    assert odd == {"update_id": 77, "message": {"text": "\ud83d"}}
    assert rest == []


def test_a_full_queue_drops_what_comes_in_silence() -> None:
    emulator = Emulator(clock=VirtualClock())
    queue = emulator.world.queue
    queue.pending = MOST_WAITING

    assert emulator.inject({"message": {}}) is None


def test_an_update_too_large_is_dropped_in_silence() -> None:
    emulator = Emulator()

    assert emulator.inject({"message": {"text": "x" * (512 << 10)}}) is None
    assert emulator.pending == 0
