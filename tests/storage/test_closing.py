"""Closing a database: what was begun on it ends first, though nobody waits for it any more."""

import asyncio

from sqlalchemy import Connection, insert

from storage.database import Database, Work, open_database
from storage.tables import Alarm, table
from tests.storage.town import NOON, Town


def noted(cause: str) -> Work[None]:
    """Work that adds a row."""

    def work(connection: Connection) -> None:
        connection.execute(insert(table(Alarm)).values(cause=cause, told_at=NOON))

    return work


async def begun_and_left(database: Database, many: int) -> None:
    """So many transactions are begun at once, and whoever began them does not wait."""
    writing = [asyncio.ensure_future(database.write(noted(str(number)))) for number in range(many)]
    await asyncio.sleep(0)
    for one in writing:
        one.cancel()
    await asyncio.wait(writing)


async def test_what_was_begun_is_committed_before_a_database_closes(url: str) -> None:
    database = open_database(url)
    await begun_and_left(database, 20)

    await database.close()

    again = open_database(url)
    assert {row.cause for row in await Town(again).rows(Alarm)} == {str(number) for number in range(20)}
    await again.close()
