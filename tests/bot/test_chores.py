"""What is done regularly fails by itself: admins hear of it, unless the database is only in trouble."""

import asyncio
from contextlib import suppress

from sqlalchemy import text

from bot.alarms import CAUSES, Alarms
from bot.announcing import Announcing
from bot.chores import Chores
from bot.digests import Digests
from bot.inquiries import Inquiries
from bot.pushing import Pushes
from storage.database import Database
from tests.bot.house import BOT, FENCE, TEXTS, House, trouble
from tests.bot.mouth import Mouth
from tests.bot.office import until

ADMIN = 7


async def told(house: House, *, within: float) -> list[str]:
    """What the admin is told first, within so many seconds, while each chore is done."""
    mouth = Mouth()
    database, context, voice, now = house.database, house.context, house.voice, lambda: house.now
    alarms = Alarms(mouth.speaker, database, [ADMIN], now)

    async def let_out() -> None:
        """No figures."""

    chores = Chores(
        database,
        mouth.speaker,
        TEXTS,
        alarms,
        fence=FENCE,
        now=now,
        webhook=False,
        errands=None,
        pushes=Pushes(database, context, voice, bot=BOT, per_second=30, now=now),
        cards=house.cards,
        announcing=Announcing(database, context, voice, bot=BOT, per_second=30, now=now),
        inquiries=Inquiries(database, context, voice, None, now=now),
        let_out=let_out,
        digests=Digests(database, context, voice, now=now),
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
