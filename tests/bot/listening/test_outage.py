"""Whose press may be lost in an outage is asked again: once, and only who has not been heard since."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from bot.listening.outage import SHORT, Gap, Outage, ask_again
from storage.database import Database
from storage.tables import Conversation, table
from tests.bot.house import BOT, FENCE, House, trouble

ADA, BEN = 1001, 1002
MOMENT = timedelta(seconds=1)


@pytest.fixture
async def house(database: Database) -> House:
    """Ada and Ben have come, and are asked which language they speak."""
    house = House(database)
    for telegram in (ADA, BEN):
        await house.take(house.opens(telegram, "t_riverside"))
    await house.spoken()
    return house


async def asked(house: House, gap: Gap, *, fence: int = FENCE) -> list[str]:
    """Whom a listener asks again: the keys of the messages."""

    def work(connection: Connection) -> int:
        return ask_again(connection, house.context, house.voice, gap, bot=BOT, fence=fence, now=house.now)

    count = await house.database.write(work)
    keys = [row.key for row in await house.rows("outbox") if row.key.startswith(f"o:{fence}:{gap.number}:")]
    assert len(keys) == count
    return keys


async def test_who_was_in_the_middle_is_asked_again_and_who_was_heard_since_is_not(house: House) -> None:
    began = house.now
    house.later(minutes=3)
    await house.take(house.opens(BEN, "t_riverside"))

    assert len(await asked(house, Gap(1, began, began))) == 1


async def test_of_two_listeners_with_the_same_outage_one_asks(house: House) -> None:
    began = house.now
    house.later(minutes=3)

    first = await asked(house, Gap(1, began, began))
    house.later(seconds=1)
    second = await asked(house, Gap(1, began + MOMENT, began + MOMENT), fence=FENCE + 1)

    assert (len(first), len(second)) == (2, 0)


async def test_a_conversation_that_cannot_go_on_keeps_nobody_else_from_being_asked(house: House) -> None:
    """Nor the bot from starting, which asks as it begins."""
    ada = next(row.citizen_id for row in await house.rows("contact") if row.telegram == ADA)
    stack = '[[1,"arrival",["begun","with","too","much"],[],0]]'
    broken = update(table(Conversation)).where(col(Conversation.citizen_id) == ada).values(stack=stack)
    await house.database.write(lambda connection: connection.execute(broken))
    began = house.now
    house.later(minutes=3)

    assert len(await asked(house, Gap(1, began, began))) == 1


async def test_the_next_outage_of_the_same_run_is_another_one(house: House) -> None:
    for number in (1, 2):
        began = house.now
        house.later(minutes=3)
        assert len(await asked(house, Gap(number, began, began))) == 2


class Ear:
    """What an outage asks for."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.gaps: list[Gap] = []
        self.outage = Outage(lambda: house.now, self.ask)

    async def ask(self, gap: Gap) -> None:
        await self.house.database.write(lambda connection: None)
        self.gaps.append(gap)


async def test_an_outage_in_which_telegram_kept_every_press_asks_nobody(house: House) -> None:
    ear = Ear(house)
    await ear.outage.end()
    ear.outage.begin()
    house.now += SHORT
    await ear.outage.end()

    assert ear.gaps == []


async def test_an_outage_lasts_from_the_first_trouble_and_is_over_once(house: House) -> None:
    ear, began = Ear(house), house.now
    ear.outage.begin()
    house.now += SHORT
    ear.outage.begin()
    house.now += MOMENT
    await ear.outage.end()
    await ear.outage.end()

    assert ear.gaps == [Gap(1, began, began)]


async def test_where_nobody_can_be_asked_the_outage_goes_on(house: House) -> None:
    ear, began = Ear(house), house.now
    ear.outage.begin()
    house.now += SHORT + MOMENT
    with trouble():
        await ear.outage.end()
    assert ear.gaps == []

    await ear.outage.end()

    assert [gap.since for gap in ear.gaps] == [began]
