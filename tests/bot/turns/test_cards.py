"""Cards through whole turns: what stands in the group chat, its link, and what nobody may call for."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.rendering.voice import Voice
from bot.turns.incoming import Incoming, Removal
from bot.turns.turns import Carried
from config.texts import Texts
from flows.links import link_to
from flows.occasions.cards import End
from flows.occasions.occasions import Post, State
from flows.occasions.sheet import Tongue
from flows.people.roles import Role, Scope
from storage.database import Database
from storage.messages.inbox import Arrived
from storage.occasions.called_cards import Call
from storage.occasions.cards import EVERY
from tests.bot.house import TEXTS, House, data
from tests.bot.turns.test_coordination import appoint
from tests.flows.occasions.test_cards import CARD
from tests.flows.occasions.test_cards import PARK as MEETING
from tests.flows.places import TERRITORIES
from tests.storage.plans import call_meeting

ADA, BEN = 1, 2
CHAT = -100_200
PARK = 700


@pytest.fixture
async def house(database: Database) -> House:
    """Somebody who may plan in Riverside, somebody who may not, and a meeting there."""
    house = House(database)
    await house.arrive(ADA, BEN)
    await appoint(house, ADA, Role.TERRITORY, Scope("riverside"))
    titles = {"lv": "Parks & <soli>"}
    await database.write(lambda c: call_meeting(c, PARK, now=house.now, seats=2, titles=titles, most_party=1))
    return house


def called(caller: int, *, number: int = 9000) -> Incoming:
    """Somebody gives the command in the group chat."""
    return Incoming(Arrived(number, number), "message", chat=Call(CHAT, caller, "", ""))


async def in_chat(house: House) -> list[dict[str, Any]]:
    """What waits to be said in group chats."""
    rows = await house.rows("outbox")
    return [json.loads(row.payload) for row in rows if row.payload and row.key.startswith("card:")]


async def refresh(house: House) -> None:
    """Some time later, cards are looked at."""
    house.later(seconds=EVERY.total_seconds())
    await house.cards.refresh(house.database, lambda: house.now, house.alarmed.append)


async def test_a_card_stands_in_the_chat_with_a_link_and_no_other_button(house: House) -> None:
    carried = await house.take(called(ADA))

    [payload] = await in_chat(house)
    assert carried.waiting
    assert carried.speak == []
    assert "<b>\u2068Parks &amp; &lt;soli&gt;\u2069</b>" in payload["text"]
    assert "Nāks: 0" in payload["text"]
    assert "Brīvas vietas: 2 no 2" in payload["text"]
    assert payload["buttons"] == []
    assert payload["links"] == [["Atbildēt", f"https://t.me/house_bot?start={link_to('m', PARK)}"]]
    assert "edit" not in payload


async def test_a_card_of_what_is_by_other_clocks_says_by_those_of_its_readers_when_it_is(
    house: House,
) -> None:
    paris = {"zone": "Europe/Paris", "starts": "2026-05-05T14:00", "ends": "2026-05-05T16:00"}
    begins = timedelta(days=1)
    await house.database.write(
        lambda c: call_meeting(c, 701, now=house.now, begins=begins, territory=None, **paris)
    )

    await house.take(called(ADA))

    of_the_network, here = [payload["text"].splitlines() for payload in await in_chat(house)]
    assert "14:00" in of_the_network[1]
    assert of_the_network[2].startswith("Pēc šejienes laika (")
    assert of_the_network[2].endswith("15:00")
    assert not any("šejienes" in line for line in here)


async def test_an_answer_edits_the_card(house: House) -> None:
    await house.take(called(ADA))
    await spoken_as(house, 5)

    await answer(house, BEN, "yes")
    await refresh(house)

    [payload] = await in_chat(house)
    assert payload["edit"] == 5
    assert "Nāks: 1" in payload["text"]
    assert "Brīvas vietas: 1 no 2" in payload["text"]


async def spoken_as(house: House, message: int) -> None:
    """Whatever was to be said has been, as the message of that number."""
    outbox = house.rows_of("outbox")
    sent = outbox.update().values(state="sent", payload=None, message=message, ended_at=house.now)
    await house.database.write(lambda connection: connection.execute(sent))


async def answer(house: House, telegram: int, choice: str) -> Carried:
    """Follow the link of the card and answer."""
    carried = await house.take(house.opens(telegram, link_to("m", PARK)))
    return await house.take(house.presses(telegram, data(carried, choice)))


async def test_the_last_word_has_no_button(house: House) -> None:
    await house.take(called(ADA))
    await spoken_as(house, 5)

    house.later(days=5)
    await refresh(house)

    [payload] = await in_chat(house)
    assert payload["edit"] == 5
    assert "links" not in payload
    assert "Nāks" not in payload["text"]


async def test_the_same_call_twice_is_carried_out_once(house: House) -> None:
    await house.take(called(ADA))
    await house.take(called(ADA))

    assert len(await in_chat(house)) == 1


async def test_where_nothing_is_planned_it_is_said_once_a_minute(house: House) -> None:
    house.later(days=9)
    for number in range(3):
        await house.take(called(ADA, number=9000 + number))

    [payload] = await in_chat(house)
    assert payload["text"] == "Pašlaik šeit visiem nekas nav ieplānots."


@pytest.mark.parametrize("caller", [BEN, 3])
async def test_others_are_not_heard(house: House, caller: int) -> None:
    before = [len(await house.rows(name)) for name in house.tables() if name != "inbox"]

    carried = await house.take(*(called(caller, number=9000 + n) for n in range(60)))

    assert not carried.waiting
    assert [len(await house.rows(name)) for name in house.tables() if name != "inbox"] == before


async def test_calls_and_words_of_one_person_go_together(house: House) -> None:
    carried = await house.take(called(ADA), house.commands(ADA, "help"))

    assert len(carried.speak) == 1
    assert len(await in_chat(house)) == 1


async def test_where_the_bot_is_removed_its_cards_end(house: House) -> None:
    await house.take(called(ADA))

    await house.take(Incoming(Arrived(9100, 1), "my_chat_member", chat=Removal(CHAT)))

    [card] = await house.rows("card")
    assert card.ended_at == house.now
    assert await in_chat(house) == []


async def test_who_called_is_not_kept_with_the_card(house: House) -> None:
    await house.take(called(ADA))

    [ada] = [row for row in await house.rows("contact") if row.telegram == ADA]
    [card] = await house.rows("card")
    assert not {ada.id, ada.citizen_id, ADA} & set(card)


async def spoil(house: House) -> None:
    """Let the card of the park fail from now on."""
    occasion = house.rows_of("occasion")
    broken = occasion.update().where(occasion.c.id == PARK).values(starts="never")
    await house.database.write(lambda connection: connection.execute(broken))


async def test_a_card_that_fails_keeps_no_other_waiting(house: House) -> None:
    await house.database.write(lambda c: call_meeting(c, 701, now=house.now, titles={"lv": "Otrs"}))
    await house.take(called(ADA))
    await spoken_as(house, 5)
    await spoil(house)

    house.later(days=5)
    await refresh(house)

    [payload] = await in_chat(house)
    assert "Otrs" in payload["text"]
    assert house.alarmed == ["chores_fail"]


async def test_a_card_that_fails_is_tried_again_later_and_later(house: House) -> None:
    await house.take(called(ADA))
    await spoken_as(house, 5)
    await spoil(house)
    house.later(days=5)

    with capture_logs() as told:
        for _ in range(1800):
            house.later(seconds=2)
            await house.cards.refresh(house.database, lambda: house.now, house.alarmed.append)

    assert 5 < len(told) < 10
    assert len(house.alarmed) == len(told)


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("end", [None, *End])
def test_every_language_has_the_words_of_cards(language: str, end: End | None) -> None:
    missing: list[str] = []
    voice = Voice(Texts.load(on_missing=lambda _language, key: missing.append(key)), TERRITORIES)
    tongue = Tongue(language, (), {})
    occasion = replace(
        MEETING,
        state=State.CANCELLED if end is End.CANCELLED else State.PLANNED,
        has_begun=end is End.BEGUN,
        posts=(Post(1, 1, 4, 4, 3),),
    )
    card = replace(CARD, occasion=occasion, replaced=end is End.REPLACED)

    voice.card(card, tongue, "https://t.me/house_bot")
    voice.no_card(tongue)

    assert missing == []
