"""Who floods is told, what they see stays as it is, and what they must be able to say gets through."""

from typing import Any

import pytest

from bot.listening.flood import MOST, Flood
from bot.listening.intake import Intake
from bot.speaking.pacing import CHAT_BURST
from bot.turns.incoming import Press
from flows.events import Left, TooFast
from storage.database import Database
from tests.bot.ears import alarms_of, intake_of
from tests.bot.house import BOT, House
from tests.bot.mouth import Mouth

Json = dict[str, Any]

AMELIE = {"id": 1001, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
CHAT = {"id": 1001, "type": "private", "first_name": "Somebody"}


def message(update_id: int) -> Json:
    """Somebody writes, all in the same second."""
    told = {"message_id": update_id, "date": 1_790_000_000, "chat": CHAT, "from": AMELIE, "text": "A bench"}
    return {"update_id": update_id, "message": told}


def press(update_id: int) -> Json:
    """Somebody presses a button of a message that Telegram still shows."""
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "1:0:yes"}]]}
    shown = {"message_id": 5, "date": 1_790_000_000, "chat": CHAT, "text": "?", "reply_markup": keyboard}
    query = {"id": f"q{update_id}", "from": AMELIE, "chat_instance": "1", "data": "1:0:yes", "message": shown}
    return {"update_id": update_id, "callback_query": query}


def block(update_id: int) -> Json:
    """Somebody blocks the bot."""
    bot = {"id": BOT, "is_bot": True, "first_name": "Together"}
    change = {
        "chat": CHAT,
        "from": AMELIE,
        "date": 1_790_000_000,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
    }
    return {"update_id": update_id, "my_chat_member": change}


@pytest.fixture
def mouth() -> Mouth:
    return Mouth()


@pytest.fixture
async def intake(database: Database, mouth: Mouth) -> Intake:
    """An intake that judges floods."""
    house = House(database)
    return intake_of(house, mouth, alarms_of(house, mouth), Flood())


async def test_of_what_is_too_much_the_first_becomes_a_notice_and_the_rest_nothing(intake: Intake) -> None:
    taken = [await intake.decode(message(number)) for number in range(1, MOST + 1)]
    first, second = await intake.decode(message(100)), await intake.decode(message(101))

    assert None not in taken
    assert first is not None
    assert isinstance(first.event, TooFast)
    assert first.arrived.update_id == 100
    assert second is None


async def test_a_press_too_much_is_answered_and_leaves_its_question_as_it_is(intake: Intake) -> None:
    for number in range(1, MOST + 1):
        await intake.decode(press(number))

    incoming = await intake.decode(press(100))

    assert incoming is not None
    assert isinstance(incoming.event, TooFast)
    assert incoming.press == Press("q100", None, None)


async def test_presses_beyond_that_are_answered_no_faster_than_the_chat_may_hear(database: Database) -> None:
    house, mouth = House(database), Mouth()
    intake = intake_of(house, mouth, alarms_of(house, mouth), Flood(), per_second=30)

    taken = [await intake.decode(press(number)) for number in range(1, 4 * MOST)]
    await intake.finish()

    assert taken[MOST + 1 :] == [None] * (len(taken) - MOST - 1)
    assert 0 < len(mouth.answered) <= 2 * CHAT_BURST
    assert mouth.answered[0] == (f"q{MOST + 2}", None)


async def test_a_press_that_cannot_be_decoded_is_answered(intake: Intake, mouth: Mouth) -> None:
    odd = press(100)
    odd["callback_query"]["message"]["date"] = "yesterday"

    await intake.take([odd])
    await intake.finish()

    assert mouth.answered == [("q100", None)]


async def test_who_floods_and_blocks_the_bot_is_not_written_to(intake: Intake) -> None:
    for number in range(1, 2 * MOST):
        await intake.decode(message(number))

    incoming = await intake.decode(block(100))

    assert incoming is not None
    assert isinstance(incoming.event, Left)


async def test_who_floods_a_group_chat_with_calls_is_not_heard_and_not_told(intake: Intake) -> None:
    group = {"id": -1001, "type": "supergroup", "title": "Panel"}

    def call(update_id: int) -> Json:
        said = {**message(update_id)["message"], "chat": group, "text": "/meetings"}
        return {"update_id": update_id, "message": said}

    taken = [await intake.decode(call(number)) for number in range(1, 3 * MOST)]

    assert None not in taken[:MOST]
    assert set(taken[MOST:]) == {None}


async def test_who_floods_a_group_chat_with_presses_is_not_heard_and_not_told(intake: Intake) -> None:
    def in_chat(update_id: int) -> Json:
        query = press(update_id)["callback_query"]
        query["message"]["chat"] = {"id": -1001, "type": "supergroup", "title": "Panel"}
        return {"update_id": update_id, "callback_query": query}

    taken = [await intake.decode(in_chat(number)) for number in range(1, 3 * MOST)]

    assert None not in taken[:MOST]
    assert set(taken[MOST:]) == {None}
