"""Rooms through whole turns: what stands in the group chat, and what a press changes there, for whom."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from bot.speaking.landing import record
from bot.speaking.outcomes import Moved, Muted
from bot.turns.incoming import Incoming, Press, Removal, Rights
from bot.turns.turns import Carried
from flows.events import PressedInChat
from flows.moves import Choice, Key
from flows.panels.rooms import Board, Button
from flows.people.roles import EVERYWHERE, Role, Scope
from storage.database import Database
from storage.messages.claiming import claim
from storage.messages.inbox import Arrived
from storage.panels.rooms import Joined, Readers, Summons
from storage.unit import Chat
from tests.bot.house import FENCE, TEXTS, House
from tests.bot.turns.test_coordination import appoint, press

CLAIRE, NETTA, ADA, STRANGER = 1, 2, 3, 9
CHAT = -100_200
QUESTION = 5
"""The message in the chat in which it is asked what the chat is for."""


@pytest.fixture
async def house(database: Database) -> House:
    """Somebody who coordinates Riverside, somebody of the network, and a citizen."""
    house = House(database)
    await house.arrive(CLAIRE, NETTA, ADA)
    await appoint(house, CLAIRE, Role.TERRITORY, Scope("riverside"))
    await appoint(house, NETTA, Role.NETWORK, EVERYWHERE)
    return house


def brought(by: int, *, number: int = 9000) -> Incoming:
    """Somebody brings the bot into the group chat."""
    return Incoming(Arrived(number, number), "my_chat_member", chat=Joined(CHAT, by, "fr"))


def pressed(house: House, telegram: int, choice: str, *, handler: str = "room", topic: int = 0) -> Incoming:
    """Somebody presses a button of the question in the group chat; topic 0: there is none."""
    event = PressedInChat(house.now, handler, 0, choice)
    press = Press(f"press of {telegram}", QUESTION, "Button", Chat(CHAT, topic or None, QUESTION))
    return house.incoming(telegram, event, language="fr", press=press)


async def in_chat(house: House) -> list[dict[str, Any]]:
    """What waits to be said in group chats."""
    rows: Sequence[Any] = await house.rows("outbox")
    return [json.loads(row.payload) for row in rows if row.payload and row.key.startswith("room:")]


def notices(carried: Carried) -> list[str | None]:
    """What stands on the pressed buttons."""
    return [answer.text for answer in carried.answers]


async def test_the_bot_introduces_itself_and_asks_what_the_chat_is_for(house: House) -> None:
    carried = await house.take(brought(STRANGER))

    [payload] = await in_chat(house)
    assert carried.waiting
    assert carried.speak == []
    assert payload["text"].startswith("Bonjour, je suis Together.")
    assert payload["buttons"] == [
        [["Panel local", "~room:0:panel"]],
        [["Ceux qui coordonnent", "~room:0:coordinators"]],
        [["Seulement les rencontres", "~room:0:cards"]],
    ]


async def test_of_who_brings_it_nothing_is_kept(house: House) -> None:
    before = await kept(house)

    await house.take(brought(STRANGER))

    assert await kept(house) == {**before, "contact": before["contact"] + 1, "outbox": before["outbox"] + 1}
    assert STRANGER not in {row.telegram for row in await house.rows("contact")}


async def kept(house: House) -> dict[str, int]:
    """How many rows each table has that is not about updates alone."""
    return {name: len(await house.rows(name)) for name in house.tables() if name != "inbox"}


async def test_a_press_binds_the_chat_and_the_question_becomes_its_confirmation(house: House) -> None:
    await house.take(brought(CLAIRE))

    carried = await house.take(pressed(house, CLAIRE, "panel", topic=42))

    [_, payload] = await in_chat(house)
    [room] = await house.rows("room")
    assert (room.territory, room.purpose, room.topic) == ("riverside", "panel", 42)
    assert payload["edit"] == QUESTION
    assert "Upmala" in payload["text"]  # in the panel's language, not in that of who pressed
    assert payload["buttons"] == []
    assert carried.waiting
    assert notices(carried) == [None]


async def test_with_several_territories_it_is_asked_which_one(house: House) -> None:
    await house.take(pressed(house, NETTA, "coordinators"))

    [payload] = await in_chat(house)
    assert payload["edit"] == QUESTION
    assert [data for [[_, data]] in payload["buttons"]] == ["~room:0:c_riverside", "~room:0:c_montbell"]
    assert await house.rows("room") == []


@pytest.mark.parametrize("telegram", [ADA, STRANGER])
async def test_whoever_may_not_is_told_kindly_and_nothing_changes(house: House, telegram: int) -> None:
    await house.take(brought(CLAIRE))
    before = await kept(house)

    carried = await house.take(pressed(house, telegram, "panel"))

    [notice] = notices(carried)
    assert notice is not None
    assert len(notice) <= 200
    assert await kept(house) == before
    assert carried.speak == []


async def test_a_press_in_a_group_chat_leaves_the_persons_own_conversation_as_it_is(house: House) -> None:
    before = await house.rows("conversation")
    contact = [row for row in await house.rows("contact") if row.telegram == CLAIRE]

    carried = await house.take(pressed(house, CLAIRE, "panel"), house.writes(ADA, "A bench"))

    assert [row for row in await house.rows("conversation") if row.citizen_id == contact[0].citizen_id] == [
        row for row in before if row.citizen_id == contact[0].citizen_id
    ]
    assert [message.telegram for message in carried.speak] == [ADA]
    assert [answer.trace for answer in carried.answers] == [None]


async def test_what_no_handler_knows_is_outdated(house: House) -> None:
    carried = await house.take(pressed(house, CLAIRE, "panel", handler=""))

    assert notices(carried) == [TEXTS.plain("en", "notice.outdated")]
    assert await in_chat(house) == []


async def test_the_same_press_that_comes_again_is_answered_and_not_carried_out(house: House) -> None:
    press = pressed(house, CLAIRE, "panel")
    await house.take(press)
    before = await kept(house)

    again = await house.take(press)

    assert len(again.answers) == 1
    assert await kept(house) == before


async def test_of_many_presses_one_rewriting_waits(house: House) -> None:
    for choice in ("panel", "coordinators", "panel", "cards"):
        await house.take(pressed(house, CLAIRE, choice))

    waiting = [row for row in await house.rows("outbox") if row.key.startswith("room:") and row.payload]
    assert len(waiting) == 1
    assert "/meetings" in json.loads(waiting[0].payload)["text"]


async def test_a_command_asks_again_in_its_topic_once_a_minute(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    for number in range(3):
        call = Summons(CHAT, 42, CLAIRE, "fr", "house_bot")
        await house.take(Incoming(Arrived(9000 + number, 1), "message", chat=call))

    [_, payload] = await in_chat(house)
    assert payload["topic"] == 42
    assert "Upmala" in payload["text"]
    assert "edit" not in payload


@pytest.mark.parametrize("by", [ADA, STRANGER])
async def test_nobody_else_is_heard(house: House, by: int) -> None:
    before = await kept(house)

    carried = await house.take(Incoming(Arrived(9000, 1), "message", chat=Summons(CHAT, None, by, "fr", "")))

    assert not carried.waiting
    assert await kept(house) == before


async def test_where_the_bot_is_removed_its_room_ends_and_nothing_waits(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))

    await house.take(Incoming(Arrived(9100, 1), "my_chat_member", chat=Removal(CHAT)))

    [room] = await house.rows("room")
    assert room.until == house.now
    assert await in_chat(house) == []


async def test_a_group_that_moves_takes_its_room_along(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))

    await house.take(Incoming(Arrived(9100, 1), "message", moved=(CHAT, CHAT - 7)))
    await house.take(Incoming(Arrived(9101, 1), "my_chat_member", chat=Joined(CHAT - 7, CLAIRE, "fr")))

    [room] = await house.rows("room")
    assert room.until is None
    assert await in_chat(house) == []


async def test_a_group_that_moves_after_its_new_chat_was_joined_is_not_asked_there(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    await house.take(Incoming(Arrived(9100, 1), "my_chat_member", chat=Joined(CHAT - 7, CLAIRE, "fr")))

    await house.take(Incoming(Arrived(9101, 1), "message", moved=(CHAT, CHAT - 7)))

    [room] = await house.rows("room")
    [there] = [row.id for row in await house.rows("contact") if row.telegram == CHAT - 7]
    assert (room.until, room.contact_id) == (None, there)
    assert await in_chat(house) == []


async def test_an_edit_that_is_refused_because_its_group_moved_is_lost_and_the_room_follows(
    house: House,
) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    claiming = partial(claim, limit=5, now=house.now, worker=FENCE)
    claimed = await house.database.write(claiming)

    landed = [(message, Moved(CHAT - 7)) for message in claimed]
    noting = partial(record, landed=landed, whole=False, worker=FENCE, now=house.now)
    await house.database.write(noting)

    [edit] = [row for row in await house.rows("outbox") if row.key.startswith("room:")]
    [room] = await house.rows("room")
    assert (edit.state, edit.reason) == ("dead", "lost")
    assert {row.id: row.telegram for row in await house.rows("contact")}[room.contact_id] == CHAT - 7


async def test_where_the_bot_may_not_write_its_words_wait_until_it_may(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    claiming = partial(claim, limit=5, now=house.now, worker=FENCE)
    landed = [(message, Muted()) for message in await house.database.write(claiming)]
    await house.database.write(partial(record, landed=landed, whole=False, worker=FENCE, now=house.now))
    while_muted = await house.database.write(claiming)

    carried = await house.take(
        Incoming(Arrived(9100, 1), "my_chat_member", chat=Rights(CHAT, may_write=True))
    )
    after = await house.database.write(claiming)
    muted = await house.take(Incoming(Arrived(9101, 1), "my_chat_member", chat=Rights(CHAT, may_write=False)))

    [room] = await house.rows("room")
    assert while_muted == []
    assert [message.key for message in after] == [message.key for message, _ in landed]
    assert (carried.waiting, muted.waiting) == (True, False)
    assert room.until is None
    assert {row.reach for row in await house.rows("contact") if row.telegram == CHAT} == {"mute"}


async def test_a_board_is_said_in_each_language_of_the_room_and_its_buttons_too(house: House) -> None:
    button = Button("room", 0, Choice("panel", Key("room.use.panel")))

    rendered = house.voice.board(Board("room.hello", (button,)), Readers(("fr", "lv")))

    french, latvian = rendered.text.index("Bonjour"), rendered.text.index("Sveiki")
    assert french < latvian
    assert rendered.buttons == ((("Panel local / Vietējais panelis", "~room:0:panel"),),)


@pytest.mark.parametrize(("languages", "mark"), [(("fr", "ar"), "\u2067"), (("ar", "fr"), "\u2066")])
async def test_lines_in_the_other_direction_are_set_apart(
    house: House, languages: tuple[str, ...], mark: str
) -> None:
    rendered = house.voice.board(Board("room.bound.cards", ()), Readers(languages))

    first, second = rendered.text.split("\n\n")
    assert (second[0], second[-1]) == (mark, "\u2069")
    assert first[0] != mark


async def test_a_board_leaves_out_languages_that_telegram_has_no_room_for(house: House) -> None:
    words = "x" * 3000

    rendered = house.voice.board(Board("room.what_for", (), now=words), Readers(("fr", "lv")))

    assert rendered.text.count(words) == 1
    assert "Seule une personne" in rendered.text


async def test_a_room_that_is_ended_at_the_desk_is_told_so_in_its_topic_and_languages(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel", topic=42))
    await house.spoken()
    desk = await house.take(house.commands(CLAIRE, "coordinate"))

    carried = await press(house, CLAIRE, desk, "rooms", "chats", "0", "unbind")

    [payload] = await in_chat(house)
    assert carried.waiting
    assert payload["topic"] == 42
    assert payload["text"].startswith(TEXTS.plain("lv", "room.bound.cards"))
    assert payload["buttons"] == []


async def test_a_room_that_is_ended_in_its_chat_hears_of_it_once(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    await house.spoken()

    await house.take(pressed(house, CLAIRE, "cards"))

    [payload] = await in_chat(house)
    assert payload["edit"] == QUESTION


async def test_in_a_chat_that_is_shut_nothing_is_said_of_the_end(house: House) -> None:
    await house.take(pressed(house, CLAIRE, "panel"))
    await house.spoken()
    contacts = house.rows_of("contact")
    shut = contacts.update().where(contacts.c.telegram == CHAT).values(reach="gone")
    await house.database.write(lambda connection: connection.execute(shut))
    desk = await house.take(house.commands(CLAIRE, "coordinate"))

    await press(house, CLAIRE, desk, "rooms", "chats", "0", "unbind")

    assert await in_chat(house) == []
