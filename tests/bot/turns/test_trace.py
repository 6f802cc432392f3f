"""A pressed button leaves a trace: of a question's buttons only the chosen one stays."""

from dataclasses import replace

import pytest

from bot.speaking.pacing import CHAT_BURST, Pace
from bot.turns.group import Answer, Trace
from bot.turns.incoming import Incoming, Press
from flows.events import Pressed
from storage.database import Database
from tests.bot.house import House, data


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def pressed(house: House, shown: Press) -> Incoming:
    """A stranger chooses a language; Telegram shows the press like that."""
    carried = await house.take(house.opens(1, "t_riverside"))
    return replace(house.presses(1, data(carried, "en")), press=shown)


async def test_the_button_of_an_answer_is_traced_where_telegram_says_which_it_was(house: House) -> None:
    carried = await house.take(await pressed(house, Press("p", 7, "English")))

    assert carried.answers == [Answer("p", trace=Trace(1, 7, "English"))]


async def test_a_stale_button_leaves_no_trace(house: House) -> None:
    press = await pressed(house, Press("p", 7, "English"))
    assert isinstance(press.event, Pressed)

    carried = await house.take(replace(press, event=replace(press.event, step=press.event.step + 1)))

    assert [(answer.trace, answer.text is not None) for answer in carried.answers] == [(None, True)]


async def test_a_button_telegram_does_not_show_leaves_no_trace(house: House) -> None:
    carried = await house.take(await pressed(house, Press("p", None, None)))

    assert carried.answers == [Answer("p")]


def test_a_trace_never_takes_the_place_of_the_next_reply() -> None:
    pace = Pace(30, lambda: 100.0)
    spared = 0
    while pace.spare(1):
        spared += 1

    assert spared == CHAT_BURST - 1
    assert pace.wait_chat(1) == 0
