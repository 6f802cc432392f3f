"""Words of who erases everything arrive nowhere: not by turns that others take, pushes, or in rooms."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.chores.inquiries import Inquiries
from bot.chores.pushing import push_due
from bot.turns.turns import Carried
from flows.people.roles import Role, Scope
from storage.database import Database
from storage.messages import claiming, pauses
from storage.messages.outbox import Claimed
from tests.bot.house import BOT, FENCE, House, data
from tests.bot.turns.test_coordination import appoint, command, press
from tests.storage.inquirers import ROOM, bind_room

ADA, BEN = 1, 2
CANARY = "NIGHTINGALE"


@pytest.fixture
async def house(database: Database) -> House:
    """Ada coordinates Riverside, where Ben lives, who has asked something."""
    house = House(database)
    await house.arrive(ADA, BEN)
    await appoint(house, ADA, Role.TERRITORY, Scope("riverside"))
    await press(house, BEN, await command(house, BEN, "ask"))
    await house.take(house.writes(BEN, f"{CANARY}?"))
    await house.spoken()
    return house


async def sure(house: House) -> Carried:
    """Ben wants everything erased, and is asked for the last time."""
    return await press(house, BEN, await command(house, BEN, "forget"), "erase")


async def forgets(house: House) -> Carried:
    """Ben has everything erased."""
    return await press(house, BEN, await sure(house), "erase")


async def lists(house: House) -> Carried:
    """Ada looks at what is asked."""
    carried = await press(house, ADA, await command(house, ADA, "coordinate"), "inquiries")
    await house.spoken()
    return carried


async def waits(house: House) -> bool:
    """Whether Ben's words wait in a message."""
    return any(CANARY in (row.payload or "") for row in await house.rows("outbox"))


async def claimed(house: House) -> list[Claimed]:
    """What a courier would send now."""

    def claim(connection: Connection) -> list[Claimed]:
        return claiming.claim(connection, limit=9, now=house.now, worker=FENCE)

    return await house.database.write(claim)


async def arrives_nowhere(house: House) -> bool:
    """Whether his words stand in no table, and in nothing that is sent."""
    tables = {name: str(await house.rows(name)) for name in house.tables()}
    sent = [json.dumps(message.payload) for message in await claimed(house)]
    return not any(CANARY in each for each in (*tables.values(), *sent))


async def test_a_push_that_waits_to_leave(house: House) -> None:
    house.later(seconds=1)
    await house.database.write(
        lambda connection: push_due(connection, house.context, house.voice, bot=BOT, now=house.now, most=9)
    )
    assert await waits(house)

    await forgets(house)

    assert await arrives_nowhere(house)


async def test_an_answer_to_who_coordinates_while_telegram_wants_a_pause(house: House) -> None:
    listed = await lists(house)
    contact = next(row.id for row in await house.rows("contact") if row.telegram == ADA)
    hour = timedelta(hours=1)
    await house.database.write(lambda connection: pauses.pause(connection, contact, hour, house.now))
    await house.take(house.presses(ADA, data(listed, "0")))
    assert await waits(house)

    await forgets(house)

    house.later(hours=1)
    assert await arrives_nowhere(house)


async def test_what_is_read_and_erased_in_one_transaction(house: House) -> None:
    listed, last = await lists(house), await sure(house)

    reads = house.presses(ADA, data(listed, "0"))
    carried = await house.take(reads, house.presses(BEN, data(last, "erase")))

    assert CANARY not in str(carried.speak)
    assert [message.telegram for message in carried.speak] == [BEN]
    assert await arrives_nowhere(house)


async def test_a_question_that_waits_to_come_into_a_room(house: House) -> None:
    await house.database.write(lambda connection: bind_room(connection, house.now))
    inquiries = Inquiries(house.means(), None)
    await inquiries.watch()
    assert await waits(house)

    await forgets(house)

    assert await arrives_nowhere(house)
    await inquiries.watch()
    assert ROOM not in [row.contact_id for row in await house.rows("outbox")]
