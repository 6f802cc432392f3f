"""The citizens of the kill campaign: which question they take for the one that follows what they did."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from random import Random

import aiohttp
import pytest

from bot.playground.emulator import Emulator, Person
from flows.people.language import ALL
from tests.campaigns.kills.hands import LANGUAGES as SPOKEN
from tests.campaigns.kills.hands import Hands
from tests.campaigns.kills.scenario import Scenario

CITIZEN = 7
LANGUAGES = (*SPOKEN, ALL)


class Chat:
    """A bot by hand, and the citizen it talks with."""

    def __init__(self, emulator: Emulator, http: aiohttp.ClientSession, person: Person) -> None:
        self.hands = Hands(emulator.world, person, Scenario(), Random(7))
        self._url = f"{emulator.root}/bot{emulator.world.token}/sendMessage"
        self._http = http

    async def asks(self, talk: str, step: int, choices: Iterable[str]) -> int:
        """Ask a question; returns the id of the message."""
        row = [{"text": choice, "callback_data": f"{talk}:{step}:{choice}"} for choice in choices]
        message = {"chat_id": CITIZEN, "text": "words", "reply_markup": {"inline_keyboard": [row]}}
        async with self._http.post(self._url, json=message) as answer:
            id: int = (await answer.json())["result"]["message_id"]
            return id


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    emulator = Emulator()
    emulator.limits = None
    await emulator.start()
    person = emulator.person(CITIZEN)
    person.opens()
    async with aiohttp.ClientSession() as http:
        yield Chat(emulator, http, person)
    await emulator.stop()


async def test_a_late_answer_to_a_nudge_is_not_what_follows_a_press(chat: Chat) -> None:
    await chat.asks("ideas", 2, ("next", "back"))
    first = await chat.hands.screen(lambda now: True)
    pressed = asyncio.create_task(chat.hands.presses(first, "next"))
    await chat.asks("language", 0, LANGUAGES)
    await asyncio.sleep(0.05)
    second = await chat.asks("ideas", 3, ("next", "back"))

    assert (await pressed).message == second


async def test_who_was_nudged_while_arriving_comes_back_to_the_choice_of_a_newcomer(chat: Chat) -> None:
    await chat.asks("language", 0, LANGUAGES)
    nudged = await chat.hands.screen(lambda now: True)
    pressed = asyncio.create_task(chat.hands.presses(nudged, "el"))
    await asyncio.sleep(0.05)
    arriving = await chat.asks("arrival", 0, LANGUAGES)

    assert (await pressed).message == arriving
