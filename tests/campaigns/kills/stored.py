"""What a stranger finds in the database: plain queries, without any code of the bot."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.playground.emulator import Emulator

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What was committed."""

    tables: Mapping[str, Sequence[Row]]
    broken: tuple[str, ...]  # what is wrong with its pages, its references and what must be unique

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """The rows of a table by one of its columns."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            found[row[column]].append(row)
        return found


@dataclass(frozen=True)
class Glance:
    """The little that is looked at after each death."""

    fences: frozenset[int]  # of every run that has begun
    committed: frozenset[int]  # ids of updates, of those asked for
    sending: Mapping[int, int]  # fence -> messages that this run is said to be sending
    pauses: Mapping[int, tuple[float, float]]  # Telegram id (0: the whole bot) -> Unix seconds: asked, until
    broken: tuple[str, ...]


class Store(ABC):
    """A database of one campaign."""

    url: str

    @abstractmethod
    async def open(self) -> None:
        """Make it; it has no tables yet."""

    @abstractmethod
    async def close(self) -> None:
        """Leave nothing running."""

    @abstractmethod
    def at_rest(self) -> AbstractAsyncContextManager["Queries"]:
        """Look into it while no bot runs; nothing is changed."""

    @abstractmethod
    async def waiting(self, now: float) -> int:
        """How many messages wait to be spoken, or are due by then; may be asked while the bot runs.

        now  Unix seconds
        """

    @abstractmethod
    async def suffer(self, trouble: str, seconds: float) -> bool:
        """Let something happen to it, and mend it again; returns whether it really happened."""

    @property
    @abstractmethod
    def log(self) -> str:
        """What the database wrote down itself."""

    async def everything(self) -> Stored:
        """All that is in it, at the end."""
        async with self.at_rest() as queries:
            names = await queries.tables()
            tables = {name: await queries.rows(f'SELECT * FROM "{name}"') for name in names}
            return Stored(tables, (*await queries.broken(), *await queries.dangling()))

    async def glance(self, updates: Collection[int]) -> Glance:
        """After a death: is it sound, who was here, and which of those updates are in it?"""
        async with self.at_rest() as queries:
            if "inbox" not in await queries.tables():
                return Glance(frozenset(), frozenset(), {}, {}, ())  # killed before the schema was there
            asked = ", ".join(map(str, updates)) or "NULL"
            fences = await queries.rows("SELECT fence FROM instance")
            inbox = await queries.rows(f"SELECT update_id FROM inbox WHERE update_id IN ({asked})")
            sending = await queries.rows(
                "SELECT worker, count(*) AS count FROM outbox WHERE state = 'sending' GROUP BY worker"
            )
            pauses = await queries.rows(
                "SELECT coalesce(telegram, 0) AS telegram, asked_at, until "
                "FROM pause LEFT JOIN contact ON contact.id = contact_id"
            )
            return Glance(
                frozenset(row["fence"] for row in fences),
                frozenset(row["update_id"] for row in inbox),
                {row["worker"]: row["count"] for row in sending},
                {row["telegram"]: (unix(row["asked_at"]), unix(row["until"])) for row in pauses},
                await queries.broken(),
            )


class Queries(ABC):
    """A connection for looking."""

    @abstractmethod
    async def rows(self, query: str) -> list[Row]:
        """What a query returns."""

    @abstractmethod
    async def tables(self) -> list[str]:
        """The names of all tables."""

    @abstractmethod
    async def broken(self) -> tuple[str, ...]:
        """What the database finds wrong with itself."""

    @abstractmethod
    async def dangling(self) -> tuple[str, ...]:
        """References to nothing."""


def waiting(now: float) -> str:
    """The query for that."""
    moment = datetime.fromtimestamp(now, UTC).isoformat(" ")  # as a database keeps it, and for SQLite as text
    return (
        "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
        f" + (SELECT count(*) FROM push WHERE state = 'due' AND at <= '{moment}')"
    )


async def all_is_said(emulator: Emulator, store: Store, within: float) -> None:
    """Wait until nothing waits any more, for `within` seconds at the most."""
    by = time.monotonic() + within
    is_waiting = True
    while is_waiting and time.monotonic() < by:
        await asyncio.sleep(0.05)
        is_waiting = emulator.pending > 0 or await store.waiting(emulator.clock.now()) > 0


def unix(moment: str | datetime) -> float:
    """A moment of a database in Unix seconds; SQLite keeps it as text, without its zone."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return moment.timestamp()
