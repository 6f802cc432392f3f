"""Several people on one phone: each goes on where they were, and answers what they were asked."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from bot.chores.announcing import Announcing
from bot.rendering.button import read_opener
from bot.turns.incoming import Incoming, Press
from bot.turns.turns import Carried
from flows.announcements.letter import Deed
from flows.events import Left, Opened
from flows.people.person import Purpose
from storage.database import Database
from storage.messages import outbox
from tests.bot.house import House, data, said
from tests.storage.sent import announce

PHONE: Final = 1
ID: Final = 77
"""An announcement."""


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def choose(house: House, carried: Carried, *choices: str) -> Carried:
    """Press one button after the other."""
    for choice in choices:
        carried = await house.take(house.presses(PHONE, data(carried, choice)))
        await house.spoken()
    return carried


@pytest.fixture
async def shared(house: House) -> House:
    """Amina and Ben share a phone; both have arrived, and Ben is at the first question."""
    await house.arrive(PHONE)
    await adds_ben(house)
    return house


async def adds_ben(house: House) -> None:
    """Who has the phone is called Amina there from now on; Ben arrives beside her."""
    menu = await house.take(house.commands(PHONE, "menu"))
    await choose(house, menu, "profiles", "add")
    await house.take(house.writes(PHONE, "Amina"))
    await house.spoken()
    house.later(minutes=1)
    carried = await house.take(house.writes(PHONE, "Ben"))
    await house.spoken()
    await choose(house, carried, "en", "riverside", "-", "ready", *["yes"] * 5)


async def test_who_is_added_is_greeted_by_name_and_asked_for_their_language(house: House) -> None:
    await house.arrive(PHONE)
    await choose(house, await house.take(house.commands(PHONE, "menu")), "profiles", "add")
    await house.take(house.writes(PHONE, "Amina"))
    await house.spoken()

    carried = await house.take(house.writes(PHONE, "Ben"))

    [(telegram, text)] = said(carried)
    assert telegram == PHONE
    assert "You are now \u2068Ben\u2069." in text
    assert "English" in str(carried.speak[-1].payload["buttons"])
    assert [row.called for row in await house.rows("citizen")] == ["Amina", "Ben"]


async def test_each_says_their_own_and_finds_their_question_again(shared: House) -> None:
    await shared.take(shared.writes(PHONE, "Ben's bench"))
    await shared.spoken()
    menu = await shared.take(shared.commands(PHONE, "menu"))

    carried = await choose(shared, menu, "profiles", "1")

    assert "You are now \u2068Amina\u2069." in said(carried)[-1][1]
    await shared.take(shared.commands(PHONE, "wellbeing"))
    await shared.take(shared.writes(PHONE, "Amina's path"))
    authors = {row.text: row.author for row in await shared.rows("statement")}
    assert len(set(authors.values())) == 2
    assert set(authors) == {"Ben's bench", "Amina's path"}


async def test_a_button_is_answered_by_whom_it_was_shown_to(shared: House) -> None:
    """A message for Ben came while Amina speaks: whoever presses below it is Ben."""
    bens = await shared.take(shared.writes(PHONE, "Ben's bench"))
    await shared.spoken()
    menu = await shared.take(shared.commands(PHONE, "menu"))
    await choose(shared, menu, "profiles", "1")

    carried = await shared.take(shared.presses(PHONE, data(bens, "withdraw")))

    assert "You are now \u2068Ben\u2069." in said(carried)[-1][1]
    assert await shared.statements() == [""]


async def test_an_edited_message_has_new_words_for_who_wrote_it_whoever_speaks(shared: House) -> None:
    idea = shared.writes(PHONE, "Ben's bench")
    await shared.take(idea)
    await shared.spoken()
    menu = await shared.take(shared.commands(PHONE, "menu"))
    await choose(shared, menu, "profiles", "1")
    before = await shared.rows("contact"), await shared.rows("conversation")

    carried = await shared.take(shared.edits(idea, "Ben's two benches"))

    assert await shared.statements() == ["Ben's two benches"]
    [(telegram, text)] = said(carried)
    assert telegram == PHONE
    assert text.startswith("<b>For \u2068Ben\u2069:</b>")
    assert (await shared.rows("contact"), await shared.rows("conversation")) == before  # Amina speaks still


async def test_an_edited_message_that_held_no_words_of_anybody_changes_nothing(shared: House) -> None:
    menu = await shared.take(shared.commands(PHONE, "menu"))
    listed = await choose(shared, menu, "profiles")
    name = shared.writes(PHONE, "what is this?")
    await shared.take(name)
    await shared.spoken()
    await choose(shared, listed, "1")

    assert (await shared.take(shared.edits(name, "what is that?"))).speak == []


async def test_a_button_of_nobody_on_the_phone_changes_nothing(shared: House) -> None:
    before = await shared.rows("contact")

    carried = await shared.take(shared.presses(PHONE, "zz:0:yes"))

    assert carried.speak == []
    assert await shared.rows("contact") == before


async def test_an_update_that_comes_again_hands_the_phone_over_once(shared: House) -> None:
    menu = await shared.take(shared.commands(PHONE, "menu"))
    await shared.spoken()
    listed = await shared.take(shared.presses(PHONE, data(menu, "profiles")))
    press = shared.presses(PHONE, data(listed, "1"))
    await shared.take(press)
    before = await shared.rows("contact")

    await shared.take(press)

    assert await shared.rows("contact") == before


async def test_who_writes_after_a_block_is_reachable_again_with_everybody_on_the_phone(
    shared: House,
) -> None:
    await shared.take(shared.incoming(PHONE, Left(shared.now)))
    assert {row.reach for row in await shared.rows("contact")} == {"blocked"}

    await shared.take(shared.writes(PHONE, "Ben's bench"))

    assert {row.reach for row in await shared.rows("contact")} == {"open"}


async def announced(house: House) -> list[dict[str, Any]]:
    """What everybody here gets of an announcement to Riverside, in the order in which they came."""
    await house.database.write(lambda connection: announce(connection, ID, now=house.now))
    await Announcing(house.means()).tick()
    came = {row.id: row.created_at for row in await house.rows("citizen")}
    since = {row.id: came[row.citizen_id] for row in await house.rows("contact")}
    rows = [row for row in await house.rows("outbox") if row.state == outbox.State.PENDING]
    await house.spoken()
    return [json.loads(row.payload) for row in sorted(rows, key=lambda row: since[row.contact_id])]


def below(house: House, letter: dict[str, Any], deed: Deed) -> Incoming:
    """Whoever holds the phone presses a button below what somebody got."""
    payloads = [read_opener(data) or "" for row in letter["buttons"] for _, data in row]
    (payload,) = [each for each in payloads if each.split("_")[2] == deed]
    event = Opened(house.now, "start", payload)
    return house.incoming(PHONE, event, press=Press("a press", None, None))


async def interested(house: House) -> list[str]:
    """What those are called who have said that they are interested."""
    names = {row.id: row.called for row in await house.rows("citizen")}
    return [names[row.citizen_id] for row in await house.rows("recipient") if row.tapped_at]


async def test_an_announcement_says_for_whom_on_the_phone_it_is(shared: House) -> None:
    amina, ben = await announced(shared)

    assert amina["text"].startswith("<b>For \u2068Amina\u2069:</b>\n\n")
    assert ben["text"].startswith("<b>For \u2068Ben\u2069:</b>\n\n")
    assert "Come and see" in amina["text"]


async def test_its_buttons_are_those_of_whom_it_is_for_whoever_speaks(shared: House) -> None:
    amina, ben = await announced(shared)

    first = await shared.take(below(shared, amina, Deed.INTEREST))
    assert await interested(shared) == ["Amina"]
    assert "You are now \u2068Amina\u2069." in said(first)[0][1]
    assert "Noted" in said(first)[0][1]
    await shared.spoken()

    again = await shared.take(below(shared, amina, Deed.INTEREST))
    assert "You are now" not in said(again)[0][1]

    await shared.take(below(shared, ben, Deed.INTEREST))
    assert sorted(await interested(shared)) == ["Amina", "Ben"]


async def test_who_stops_announcements_by_it_stops_their_own(shared: House) -> None:
    amina, _ = await announced(shared)

    why = await shared.take(below(shared, amina, Deed.WHY))
    await choose(shared, why, "withdraw")

    names = {row.id: row.called for row in await shared.rows("citizen")}
    withdrawn = [row for row in await shared.rows("consent") if row.withdrawn_at]
    assert [(names[row.citizen_id], row.purpose) for row in withdrawn] == [("Amina", Purpose.NEWS)]


async def test_what_came_before_the_phone_was_shared_is_answered_by_who_got_it(house: House) -> None:
    await house.arrive(PHONE)
    (amina,) = await announced(house)
    await adds_ben(house)

    assert "Amina" not in amina["text"]
    carried = await house.take(below(house, amina, Deed.INTEREST))

    assert "You are now \u2068Amina\u2069." in said(carried)[0][1]
    assert await interested(house) == ["Amina"]


async def test_what_one_of_several_got_who_is_forgotten_is_nobodys(shared: House) -> None:
    amina, _ = await announced(shared)
    menu = await shared.take(shared.commands(PHONE, "menu"))
    await choose(shared, menu, "profiles", "remove", "1", "erase")

    carried = await shared.take(below(shared, amina, Deed.INTEREST))

    assert "Noted" not in said(carried)[0][1]
    assert [row.tapped_at for row in await shared.rows("recipient")] == [None]


async def test_who_is_left_alone_on_the_phone_still_has_their_buttons(shared: House) -> None:
    _, ben = await announced(shared)
    menu = await shared.take(shared.commands(PHONE, "menu"))
    await choose(shared, menu, "profiles", "remove", "1", "erase")

    carried = await shared.take(below(shared, ben, Deed.INTEREST))

    assert "Noted" in said(carried)[0][1]
    assert "You are now" not in said(carried)[0][1]


async def test_a_link_that_somebody_types_hands_the_phone_to_nobody(shared: House) -> None:
    amina, _ = await announced(shared)
    pressed = below(shared, amina, Deed.INTEREST)

    carried = await shared.take(replace(pressed, press=None))

    assert "You are now" not in said(carried)[0][1]
    assert await interested(shared) == []
