"""Pushes that are just being said: claimed and settled, in a transaction that is not committed yet."""

import asyncio

from sqlalchemy import Connection, text

from storage.database import Database
from storage.pushes import pushing, settling
from tests.storage.town import BOT, CONTEXT, Town


async def begin_to_say(town: Town, database: Database) -> asyncio.Task[None]:
    """Returns once all that is due is settled there; what it returns ends with the commit, soon after."""
    claimed = asyncio.Event()

    def say(connection: Connection) -> None:
        for portion in pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=100):
            settling.settle(connection, portion.decisions, town.now)
        claimed.set()
        connection.execute(text("SELECT pg_sleep(0.5)"))

    saying = asyncio.create_task(database.write(say))
    await claimed.wait()
    return saying
