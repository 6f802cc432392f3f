"""People and the bot talk to each other through the emulator."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.playground.emulator import Emulator

Call = Callable[..., Awaitable[dict[str, Any]]]
YES = {"inline_keyboard": [[{"text": "Yes, I come", "callback_data": "y"}]]}


async def test_a_deep_link_arrives_and_is_answered(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001, first_name="Amélie", language_code="fr")
    amelie.opens("t_strasbourg")

    [update] = (await call("getUpdates"))["result"]
    await call("sendMessage", chat_id=1001, text="Bonjour Amélie")

    assert update["message"]["text"] == "/start t_strasbourg"
    assert update["message"]["from"] == {
        "id": 1001,
        "is_bot": False,
        "first_name": "Amélie",
        "language_code": "fr",
    }
    assert await amelie.hears() == ["Bonjour Amélie"]
    assert [message["from"]["is_bot"] for message in amelie.messages] == [False, True]


async def test_a_pressed_label_brings_its_callback_data(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    sent = await call("sendMessage", chat_id=1001, text="Do you come?", reply_markup=YES)

    query_id = amelie.presses_label("Yes")
    query = (await call("getUpdates"))["result"][-1]["callback_query"]
    await call("answerCallbackQuery", callback_query_id=query_id, text="Noted")

    assert amelie.buttons == [("Yes, I come", "y")]
    assert (query["id"], query["data"]) == (query_id, "y")
    assert query["message"]["message_id"] == sent["result"]["message_id"]
    assert amelie.callback_answers == [{"callback_query_id": query_id, "text": "Noted", "show_alert": False}]


async def test_a_press_can_be_forged(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    amelie.presses(999, "give me everything")

    query = (await call("getUpdates"))["result"][-1]["callback_query"]

    assert query["data"] == "give me everything"
    assert (query["message"]["message_id"], query["message"]["date"]) == (999, 0)


async def test_a_label_nobody_offers_names_those_on_offer(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    await call("sendMessage", chat_id=1001, text="?", reply_markup={"keyboard": [["Agora", "Work"]]})

    with pytest.raises(LookupError, match="Agora"):
        amelie.presses_label("Home")


async def test_a_reply_button_writes_its_label_and_a_one_time_keyboard_goes(
    emulator: Emulator, call: Call
) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    keyboard = {"keyboard": [["Agora", "Work"]], "one_time_keyboard": True}
    await call("sendMessage", chat_id=1001, text="Where?", reply_markup=keyboard)
    shown = amelie.reply_keyboard

    amelie.presses_label("Agora")

    assert shown == [["Agora", "Work"]]
    assert (await call("getUpdates"))["result"][-1]["message"]["text"] == "Agora"
    assert amelie.reply_keyboard is None


async def test_a_removed_keyboard_is_gone(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    await call("sendMessage", chat_id=1001, text="Where?", reply_markup={"keyboard": [["Agora"]]})
    await call("sendMessage", chat_id=1001, text="Fine", reply_markup={"remove_keyboard": True})

    assert amelie.reply_keyboard is None


async def test_an_edit_of_the_bot_is_heard_and_replaces_the_text(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    sent = (await call("sendMessage", chat_id=1001, text="1 of 3", reply_markup=YES))["result"]

    edited = await call("editMessageText", chat_id=1001, message_id=sent["message_id"], text="2 of 3")

    assert await amelie.hears(2) == ["1 of 3", "2 of 3"]
    assert amelie.said == ["2 of 3"]
    assert "reply_markup" not in edited["result"]
    assert [edit.text for edit in emulator.ledger.edits] == ["2 of 3"]


async def test_an_edit_of_a_person_is_an_update_with_the_new_text(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    message = amelie.writes("The park #trees")
    amelie.edits(message["message_id"], "The garden")

    kinds = [(sorted(update)[0], update) for update in (await call("getUpdates"))["result"]]

    assert [kind for kind, _ in kinds] == ["message", "message", "edited_message"]
    assert kinds[-1][1]["edited_message"]["text"] == "The garden"
    assert "entities" not in kinds[-1][1]["edited_message"]
    assert kinds[-1][1]["edited_message"]["message_id"] == message["message_id"]
    assert kinds[1][1]["message"]["text"] == "The park #trees"


async def test_whoever_hears_too_little_is_told_what_came(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    await call("sendMessage", chat_id=1001, text="Only this")

    with pytest.raises(TimeoutError, match="Only this"):
        await amelie.hears(2, timeout=0.05)


@pytest.mark.parametrize(
    "kind",
    [
        "voice",
        "photo",
        "sticker",
        "location",
        "venue",
        "contact",
        "video",
        "document",
        "audio",
        "video_note",
        "poll",
        "dice",
    ],
)
async def test_people_send_more_than_text(emulator: Emulator, call: Call, kind: str) -> None:
    emulator.person(1001).sends(kind)

    [update] = (await call("getUpdates"))["result"]

    assert kind in update["message"]
    assert "text" not in update["message"]


async def test_an_album_is_several_messages_of_one_group(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).sends_album(3)

    updates = (await call("getUpdates"))["result"]

    assert len({update["message"]["message_id"] for update in updates}) == 3
    assert len({update["message"]["media_group_id"] for update in updates}) == 1


async def test_a_forward_says_that_it_is_one(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).forwards("Somebody said this")

    [update] = (await call("getUpdates"))["result"]

    assert update["message"]["forward_origin"]["type"] == "hidden_user"


def test_a_text_too_long_for_one_message_is_split_by_the_client() -> None:
    amelie = Emulator().person(1001)

    amelie.writes("ab" * 3000)

    assert [len(message["text"]) for message in amelie.messages] == [4096, 1904]


def test_nobody_sends_an_empty_message() -> None:
    with pytest.raises(ValueError, match="without text"):
        Emulator().person(1001).writes(" \n\u202e ")


async def test_blocking_is_told_and_shuts_the_door(emulator: Emulator, call: Call) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    amelie.blocks()
    refused = await call("sendMessage", chat_id=1001, text="Hello?")
    amelie.unblocks()
    accepted = await call("sendMessage", chat_id=1001, text="Welcome back")

    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in (await call("getUpdates"))["result"]
        if "my_chat_member" in update
    ]

    assert statuses == ["kicked", "member"]
    assert refused["description"] == "Forbidden: bot was blocked by the user"
    assert accepted["ok"]
    with pytest.raises(RuntimeError, match="deactivated"):
        amelie.deactivates() or amelie.writes("I am gone")


async def test_watchers_see_everything_and_each_sees_all_of_it(emulator: Emulator, call: Call) -> None:
    first, second = emulator.watch(), emulator.watch()
    amelie = emulator.person(1001)
    amelie.opens()
    await call("sendChatAction", chat_id=1001, action="typing")
    sent = (await call("sendMessage", chat_id=1001, text="Hello", reply_markup={"keyboard": [["Hi"]]}))[
        "result"
    ]
    await call("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    emulator.clock.advance(60)

    async def seen(events: Any) -> list[tuple[str, int]]:
        found = [await asyncio.wait_for(anext(events), 1) for _ in range(6)]
        return [(event["type"], event["chat_id"]) for event in found]

    expected = [
        ("message", 1001),
        ("action", 1001),
        ("message", 1001),
        ("keyboard", 1001),
        ("delete", 1001),
        ("clock", 0),
    ]
    assert await seen(first) == expected
    assert await seen(second) == expected


async def test_watching_ends_when_the_emulator_stops() -> None:
    emulator = Emulator()
    await emulator.start()
    events = emulator.watch()

    await emulator.stop()

    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_the_clock_is_told_and_moved_over_http(emulator: Emulator, http: Any) -> None:
    async with http.post("/emulator/clock", json={"advance": 3600}) as response:
        moved = await response.json()
    async with http.get("/emulator/clock") as response:
        told = await response.json()
    async with http.post("/emulator/clock", json={"backwards": True}) as response:
        refused = response.status

    assert 3599 < moved["unix"] - (emulator.clock.now() - emulator.clock.offset) <= 3601
    assert told["now"].endswith("+00:00")
    assert told["unix"] >= moved["unix"]
    assert refused == 400


async def test_dates_follow_the_virtual_clock(emulator: Emulator, call: Call) -> None:
    emulator.clock.set(1_900_000_000)
    amelie = emulator.person(1001)

    theirs = amelie.writes("When are we?")
    ours = (await call("sendMessage", chat_id=1001, text="In 2030"))["result"]

    assert 0 <= theirs["date"] - 1_900_000_000 <= 2
    assert 0 <= ours["date"] - 1_900_000_000 <= 2
    assert 0 <= emulator.ledger.sends[0].at - 1_900_000_000 <= 2
