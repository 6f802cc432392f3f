"""Several people on one phone: each goes on where they were, and answers what they were asked."""

import pytest

from bot.turns import Carried
from flows.events import Left
from storage.database import Database
from tests.bot.house import House, data, said

PHONE = 1


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
    menu = await house.take(house.commands(PHONE, "menu"))
    await choose(house, menu, "profiles", "add")
    await house.take(house.writes(PHONE, "Amina"))
    await house.spoken()
    house.later(minutes=1)
    carried = await house.take(house.writes(PHONE, "Ben"))
    await house.spoken()
    await choose(house, carried, "en", "riverside", "-", "ready", *["yes"] * 5)
    return house


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
