"""People and the bot talk to each other through the emulator."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground.emulator import Emulator, Fault

Json = dict[str, Any]


class Api:
    """A bot's side of the wire, as bare as it gets."""

    def __init__(self, emulator: Emulator, session: ClientSession) -> None:
        self.emulator = emulator
        self._session = session

    async def __call__(self, method: str, **values: Any) -> Json:
        async with self._session.post(f"{self.emulator.root}/bot42:TEST/{method}", json=values) as response:
            answer: Json = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    emulator = Emulator()
    await emulator.start()
    async with ClientSession() as session:
        yield Api(emulator, session)
    await emulator.stop()


async def test_a_message_arrives_and_is_answered(api: Api) -> None:
    amelie = api.emulator.person(1001, first_name="Amélie", language_code="fr")
    amelie.opens("t_strasbourg")

    [update] = (await api("getUpdates"))["result"]
    await api("sendMessage", chat_id=1001, text="Bonjour Amélie")

    assert update["message"]["text"] == "/start t_strasbourg"
    assert update["message"]["from"]["language_code"] == "fr"
    assert await amelie.hears() == ["Bonjour Amélie"]
    assert [message["from"]["is_bot"] for message in amelie.messages] == [False, True]


async def test_a_pressed_label_brings_its_callback_data(api: Api) -> None:
    amelie = api.emulator.person(1001)
    amelie.opens()
    keyboard = {"inline_keyboard": [[{"text": "Yes, I come", "callback_data": "y"}]]}
    sent = await api("sendMessage", chat_id=1001, text="Do you come?", reply_markup=keyboard)

    query_id = amelie.presses_label("Yes")
    updates = (await api("getUpdates"))["result"]
    await api("answerCallbackQuery", callback_query_id=query_id, text="Noted")

    assert updates[-1]["callback_query"]["data"] == "y"
    assert updates[-1]["callback_query"]["message"]["message_id"] == sent["result"]["message_id"]
    assert amelie.callback_answers == [{"callback_query_id": query_id, "text": "Noted", "show_alert": False}]


async def test_a_label_nobody_offers_names_those_on_offer(api: Api) -> None:
    amelie = api.emulator.person(1001)
    amelie.opens()
    await api("sendMessage", chat_id=1001, text="?", reply_markup={"keyboard": [["Agora", "Work"]]})

    with pytest.raises(LookupError, match="Agora"):
        amelie.presses_label("Home")


async def test_a_lost_response_is_in_the_ledger_as_unanswered(api: Api) -> None:
    amelie = api.emulator.person(1001)
    amelie.opens()
    api.emulator.add_fault(Fault("accept_then_drop", method="sendMessage"))

    with pytest.raises(OSError, match=r"disconnected|reset"):
        await api("sendMessage", chat_id=1001, text="Hello")

    assert [(send.text, send.answered) for send in api.emulator.ledger.sends] == [("Hello", False)]
    assert amelie.said == ["Hello"]


async def test_watchers_see_both_sides(api: Api) -> None:
    events = api.emulator.watch()
    amelie = api.emulator.person(1001)
    amelie.opens()
    await api("sendMessage", chat_id=1001, text="Hello")

    seen = [await asyncio.wait_for(anext(events), 1) for _ in range(2)]

    assert [(event["type"], event["message"]["text"]) for event in seen] == [
        ("message", "/start"),
        ("message", "Hello"),
    ]
