"""A database on a PostgreSQL server of its own, which a campaign may cut off, stop and kill."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]

from tests.campaigns.kills.stored import Queries, Row, Store, waiting
from tests.storage.server import Server

AGAIN: Final = 0.02  # seconds between two cuts
NAME: Final = "campaign"

CUT: Final = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'together %'
"""
REFERENCES: Final = """
    SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
        (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS column,
        (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) AS key
    FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) = 1
"""
UNIQUE: Final = """
    SELECT indrelid::regclass::text AS table, (
        SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
        WHERE attrelid = indrelid AND attnum = ANY (indkey)
    ) AS columns
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE indisunique AND indpred IS NULL AND relnamespace = 'public'::regnamespace
"""


class PostgresStore(Store):
    """A server and its one database."""

    def __init__(self) -> None:
        self._server = Server()
        self.url = self._server.url(NAME)

    async def open(self) -> None:
        await asyncio.to_thread(self._server.start)
        connection = await self._connected("postgres")
        await connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
        await connection.close()

    async def close(self) -> None:
        await asyncio.to_thread(self._server.remove)

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[Queries]:
        connection = await self._connected()
        try:
            await connection.execute("SET enable_indexscan = off; SET enable_indexonlyscan = off")
            yield _Queries(connection)
        finally:
            await connection.close()

    async def waiting(self, now: float) -> int:
        connection = await self._connected()
        try:
            return int(await connection.fetchval(waiting(now)))
        finally:
            await connection.close()

    async def change(self, statement: str) -> None:
        """Change the schema, for a seeded bug."""
        connection = await self._connected()
        await connection.execute(statement)
        await connection.close()

    async def suffer(self, trouble: str, seconds: float) -> bool:
        match trouble:
            case "cut":
                return await self._cut(seconds) > 0
            case "stopped":
                await asyncio.to_thread(self._server.stop)
            case "crashed":
                await asyncio.to_thread(self._server.kill)
            case "locked":
                await self._lock(seconds)
                return True
            case _:
                raise ValueError(f"a PostgreSQL server does not suffer '{trouble}'")
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._server.start)
        return True

    async def _cut(self, seconds: float) -> int:
        """Cut every connection of the bot, again and again, now and then in a COMMIT; returns how many."""
        count, ends = 0, time.monotonic() + seconds
        connection = await self._connected()
        try:
            while True:
                count += int(await connection.fetchval(CUT))
                if time.monotonic() > ends:
                    break
                await asyncio.sleep(AGAIN)
        finally:
            await connection.close()
        return count

    async def _lock(self, seconds: float) -> None:
        connection = await self._connected()
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
                await asyncio.sleep(seconds)
        finally:
            await connection.close()

    @property
    def log(self) -> str:
        return (self._server.folder / "log").read_text(errors="replace")

    async def _connected(self, name: str = NAME) -> Any:
        plain = self._server.url(name).replace("+asyncpg", "")
        return await asyncpg.connect(plain)


class _Queries(Queries):
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, query: str) -> list[Row]:
        return [dict(row) for row in await self._connection.fetch(query)]

    async def tables(self) -> list[str]:
        return [
            row["tablename"]
            for row in await self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]

    async def broken(self) -> tuple[str, ...]:
        """What must be unique, looked at without its indexes; reading checks the pages' sums."""
        problems = []
        for unique in await self.rows(UNIQUE):
            table, columns = unique["table"], unique["columns"]
            twice = f"SELECT {columns} FROM {table} GROUP BY {columns} HAVING count(*) > 1"
            if await self.rows(twice):
                problems.append(f"{columns} of {table} must be unique and is not")
        return tuple(problems)

    async def dangling(self) -> tuple[str, ...]:
        problems = []
        for reference in await self.rows(REFERENCES):
            child, column = reference["child"], reference["column"]
            orphans = await self.rows(
                f"SELECT 1 FROM {child} WHERE {column} IS NOT NULL AND NOT EXISTS "
                f"(SELECT 1 FROM {reference['parent']} AS parent WHERE parent.{reference['key']} = {column})"
            )
            if orphans:
                problems.append(f"{len(orphans)} rows of {child} refer to nothing")
        return tuple(problems)
