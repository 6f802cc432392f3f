"""A question for a person through whole turns and pushes: hostile words stay words, in one place."""

import json
from html import unescape
from typing import Any

import pytest

from bot.chores.pushing import push_due
from bot.playground.emulator.detect import detected
from bot.rendering.button import read_button
from bot.rendering.render import MOST_CHARACTERS, without_tags
from bot.rendering.voice import Voice
from flows.inquiries.inquiries import SHOWN, Line, State, written
from flows.inquiries.room import Posted, board
from flows.panels.rooms import Board
from flows.people.roles import Role, Scope
from storage.database import Database
from storage.panels.rooms import Readers
from tests.bot.house import BOT, TEXTS, House, said
from tests.bot.turns.test_coordination import appoint, command, press
from tests.flows.places import TERRITORIES

VOICE = Voice(TEXTS, TERRITORIES)
ADA, BEN = 1, 2
HOSTILE = (
    "</b><a href='tg://user?id=1'>CANARY</a> {lines} %s \u202egnp.exe &lt;b&gt; <script>",
    "/stop CANARY @admin #tag t.me/+x a.b@evil.example",
    "*CANARY* _x_ `y` [z](http://evil.example)",
    "\u2066CANARY" + "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301" * 20,
    "CANARY " + "\N{GRINNING FACE}" * 4000,
)


@pytest.fixture
async def house(database: Database) -> House:
    """Ada coordinates Riverside, where Ben lives."""
    house = House(database)
    await house.arrive(ADA, BEN)
    await appoint(house, ADA, Role.TERRITORY, Scope("riverside"))
    return house


async def pushed(house: House) -> list[tuple[int, dict[str, Any]]]:
    """What is said now without having been asked for: to whom, and the message."""
    house.later(seconds=1)
    await house.spoken()
    await house.database.write(
        lambda connection: push_due(connection, house.context, house.voice, bot=BOT, now=house.now, most=100)
    )
    contacts = {row.id: row.telegram for row in await house.rows("contact")}
    waiting = [row for row in await house.rows("outbox") if row.state == "pending"]
    await house.spoken()
    return [(contacts[row.contact_id], json.loads(row.payload)) for row in waiting]


def button(payload: dict[str, Any], choice: str) -> str:
    """The data of a button below a message."""
    buttons = [data for row in payload["buttons"] for _, data in row]
    return next(data for data in buttons if read_button(data)[2] == choice)


async def asks(house: House, text: str) -> None:
    """Ben asks."""
    await command(house, BEN, "ask")
    await house.take(house.writes(BEN, text))


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_a_citizen_writes_reaches_the_coordinator_as_words(house: House, text: str) -> None:
    await asks(house, text)

    messages = [payload for telegram, payload in await pushed(house) if telegram == ADA]

    shown = "".join(payload["text"] for payload in messages)
    assert "CANARY" in shown
    assert "<a " not in shown
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert all(len(without_tags(payload["text"])) <= MOST_CHARACTERS for payload in messages)
    assert unescape(shown).count("CANARY") == text.count("CANARY")
    assert detected(without_tags(shown), []) == []


async def test_both_write_to_each_other_and_their_words_stand_in_no_log(house: House) -> None:
    await asks(house, "CANARY of Ben")
    [(_, told)] = await pushed(house)
    carried = await house.take(house.presses(ADA, button(told, "see")))
    carried = await press(house, ADA, carried, "take", "answer")
    await house.take(house.writes(ADA, "CANARY of Ada"))

    [(reader, answer)] = await pushed(house)

    assert reader == BEN
    assert "CANARY of Ada" in answer["text"]
    assert "Person 1" in answer["text"]
    carried = await house.take(house.presses(BEN, button(answer, "write")))
    assert "CANARY of Ben" in said(carried)[0][1]
    await house.take(house.writes(BEN, "CANARY again"))
    [(reader, more)] = await pushed(house)
    assert (reader, "CANARY again" in more["text"]) == (ADA, True)
    await house.spoken()
    kept = {name: str(await house.rows(name)) for name in house.tables()}
    assert [name for name in kept if "CANARY" in kept[name]] == ["inquiry_message"]
    assert [name for name in kept if "Person 1" in kept[name]] == ["appointment", "inquiry_message"]


LONG = " ".join(f"<{number}>&" for number in range(600))[:MOST_CHARACTERS]  # longer in HTML


async def test_long_words_reach_either_side_whole_in_several_messages(house: House) -> None:
    await asks(house, LONG)
    asked = [payload for telegram, payload in await pushed(house) if telegram == ADA]
    carried = await house.take(house.presses(ADA, button(asked[-1], "see")))
    await press(house, ADA, carried, "take", "answer")
    await house.take(house.writes(ADA, LONG))

    answered = [payload for telegram, payload in await pushed(house) if telegram == BEN]

    for messages in (asked, answered):
        texts = [without_tags(payload["text"]) for payload in messages]
        assert len(texts) > 1
        assert LONG in "".join(texts)
        assert max(map(len, texts)) <= MOST_CHARACTERS


async def test_whoever_takes_it_reads_every_message_that_waited(house: House) -> None:
    await asks(house, "Part 0")
    for number in range(1, SHOWN + 3):
        await house.take(house.writes(BEN, f"Part {number}"))
    [(_, told)] = await pushed(house)
    carried = await house.take(house.presses(ADA, button(told, "see")))
    await press(house, ADA, carried, "take")

    [(reader, handed)] = await pushed(house)

    assert reader == ADA
    assert all(f"Part {number}" in handed["text"] for number in range(SHOWN + 3))


@pytest.mark.parametrize("translation", [None, "\N{GRINNING FACE}" * 4096, LONG])
@pytest.mark.parametrize("text", [LONG, "@x" * 2048, "\N{GRINNING FACE}" * 4096])
def test_of_long_words_a_room_gets_the_beginning_in_one_message_and_a_word_that_there_is_more(
    text: str, translation: str | None
) -> None:
    line = Line(True, "", text, "English", translation, translation is None)
    posted = board(Posted(1, State.WAITING, is_late=True, lines=(line,) * SHOWN))
    more = Board("inquiry.line.more", ())

    for language in TEXTS.languages:
        readers = Readers((language,))
        shown = VOICE.board(posted, readers)
        assert len(without_tags(shown.text)) <= MOST_CHARACTERS
        assert VOICE.board(more, readers).text in shown.text
        assert "\N{HORIZONTAL ELLIPSIS}" in shown.text


def test_what_a_room_has_place_for_stands_there_whole() -> None:
    lines = (
        Line(True, "", "Where?", "English", "Kur?", False),
        Line(True, "", "Hello?", "English", None, True),
    )

    posted = board(Posted(1, State.WAITING, lines=lines))

    assert "There is more" not in VOICE.board(posted, Readers(("en",))).text
    assert posted.args["lines"] == written(lines, by_asker="inquiry.line.asker", by_person="")


async def test_a_coordinator_sees_nothing_that_leads_to_who_asked(house: House) -> None:
    await asks(house, "Where?")

    [(_, told)] = await pushed(house)

    citizen = next(row for row in await house.rows("inquiry")).citizen_id
    assert str(citizen) not in json.dumps(told)
    assert "Person 2" not in told["text"]


async def test_words_written_after_an_answer_was_sent_go_to_nobody(house: House) -> None:
    """Whoever attends to several inquiries must press a button for each: no words reach the wrong person."""
    await asks(house, "Where?")
    [(_, told)] = await pushed(house)
    carried = await house.take(house.presses(ADA, button(told, "see")))
    await press(house, ADA, carried, "take", "answer")
    await house.take(house.writes(ADA, "Here"))

    await house.take(house.writes(ADA, "What a day"))

    assert [row.text for row in await house.rows("inquiry_message")] == ["Where?", "Here"]
