"""What is done regularly fails by itself: admins hear of it, unless the database is only in trouble."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.chores.chores import LOOK, Chores
from bot.speaking.alarms import CAUSES, Alarms
from bot.speaking.speaker import About
from storage.database import Database
from tests.bot.house import FENCE, TEXTS, House, trouble
from tests.bot.mouth import Mouth
from tests.bot.office import until

ADMIN = 7


class Called(Mouth):
    """Telegram calls a webhook, and tells how that went."""

    def __init__(self, waiting: int, failed_at: datetime | None) -> None:
        super().__init__()
        error = None if failed_at is None else "Connection refused"
        self._about = About("t_bot", "https://together.example/hook", waiting, error, failed_at, False)

    async def about(self) -> About:
        return self._about


async def told(house: House, *, within: float, called: Called | None = None) -> list[str]:
    """What the admin is told first, within so many seconds, while each chore is done."""
    mouth = called or Mouth()
    alarms = Alarms(mouth.speaker, house.database, [ADMIN], lambda: house.now)
    chores = Chores(
        house.means(),
        mouth.speaker,
        TEXTS,
        alarms,
        fence=FENCE,
        webhook=called is not None,
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


async def test_a_webhook_that_fails_while_updates_wait_is_told_of(database: Database) -> None:
    house = House(database)
    called = Called(3, house.now - timedelta(seconds=LOOK))

    assert await told(house, within=60, called=called) == [CAUSES["webhook_fails"]]


@pytest.mark.parametrize(("waiting", "ago"), [(0, 1.0), (3, 2 * LOOK), (3, 86_400.0), (3, None)])
async def test_a_webhook_that_failed_long_ago_or_holds_nothing_up_is_not(
    database: Database, waiting: int, ago: float | None
) -> None:
    """Telegram tells its last error for ever, and during a burst updates wait without one."""
    house = House(database)
    called = Called(waiting, None if ago is None else house.now - timedelta(seconds=ago))

    assert await told(house, within=1, called=called) == []


async def test_where_all_is_well_nothing_is_told(database: Database) -> None:
    assert await told(House(database), within=1) == []
