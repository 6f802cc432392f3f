"""What is done regularly fails by itself: admins hear of it, unless the database is only in trouble."""

import asyncio
from contextlib import suppress

from sqlalchemy import text

from bot.alarms import CAUSES, Alarms
from bot.chores import Chores
from storage.database import Database
from tests.bot.house import FENCE, TEXTS, House, trouble
from tests.bot.mouth import Mouth
from tests.bot.office import until

ADMIN = 7


async def told(house: House, *, within: float) -> list[str]:
    """What the admin is told first, within so many seconds, while each chore is done."""
    mouth = Mouth()
    alarms = Alarms(mouth.speaker, house.database, [ADMIN], lambda: house.now)
    chores = Chores(
        house.means(),
        mouth.speaker,
        TEXTS,
        alarms,
        fence=FENCE,
        webhook=False,
        errands=None,
        translator=None,
    )
    working = asyncio.create_task(chores.run())
    with suppress(AssertionError):
        await until(lambda: mouth.sent, within=within)
    working.cancel()
    await asyncio.wait({working})
    return mouth.texts(ADMIN)


async def test_a_chore_that_fails_by_a_mistake_is_told_of(database: Database) -> None:
    house = House(database)
    await database.write(lambda connection: connection.execute(text("DROP TABLE knock")))

    assert await told(house, within=60) == [CAUSES["chores_fail"]]


async def test_a_database_in_trouble_is_no_mistake_of_a_chore(database: Database) -> None:
    house = House(database)

    with trouble():
        assert await told(house, within=1) == []


async def test_where_all_is_well_nothing_is_told(database: Database) -> None:
    assert await told(House(database), within=1) == []
