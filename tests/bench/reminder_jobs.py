"""The same reminders as another bot would plan them: one job of APScheduler for each, kept in its own table.

It is what the package offers for reminders that survive a restart. A job looks whether its person still
comes and in which language they read, and writes the text; it puts nothing in an outbox, so a crash loses it.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from aiosqlite import Connection, connect
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

AT_ONCE: Final = 100_000  # rows in one transaction
TEXTS: Final = {
    "en": "{title} begins tomorrow. Will you come?",
    "fr": "{title} commence demain. Viendrez-vous ?",
    "lv": "{title} sākas rīt. Vai nāksiet?",
}
_WHO: Final = (
    "SELECT citizen.language, occasion_text.title FROM answer JOIN citizen ON citizen.id = answer.citizen_id"
    " JOIN occasion_text ON occasion_text.occasion_id = answer.occasion_id"
    " WHERE answer.citizen_id = ? AND answer.occasion_id = ? AND answer.says = 'yes'"
)


class Peer:
    """Jobs planned in a database of their own, about people in that of the bot."""

    _one: "Peer"  # jobs are stored by the name of a function: it has to find its bot somewhere

    def __init__(self, folder: Path, people: Connection) -> None:
        self._people = people
        self._store = SQLAlchemyJobStore(f"sqlite:///{folder}/jobs.db")
        self._scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": self._store})
        self._said: list[str] = []
        self._everything_said = asyncio.Event()
        self._due = 0
        Peer._one = self

    @classmethod
    async def planned(cls, folder: Path, database: Path, total: int) -> "Peer":
        """So many reminders to come within a year."""
        peer = cls(folder, await connect(database))
        peer._scheduler.start(paused=True)
        job = peer._scheduler.add_job(
            remind, "date", run_date=datetime.now(UTC) + timedelta(days=1), args=(1, 1)
        )
        with peer._store.engine.begin() as connection:
            [like] = connection.execute(peer._store.jobs_t.select()).mappings()
        for rows in _alike(dict(like), total):
            with peer._store.engine.begin() as connection:
                connection.execute(peer._store.jobs_t.insert(), rows)
        job.remove()
        return peer

    async def tick(self, meeting: int, people: range) -> float:
        """Milliseconds until those people are reminded of a meeting, and nothing is due any more."""
        self._said, self._due = [], len(people)
        self._everything_said.clear()
        now = datetime.now(UTC)
        for citizen in people:
            self._scheduler.add_job(
                remind, "date", run_date=now, args=(citizen, meeting), misfire_grace_time=None
            )
        began = perf_counter()
        self._scheduler.resume()
        await self._everything_said.wait()
        took = (perf_counter() - began) * 1000
        self._scheduler.pause()
        return took

    async def remind(self, citizen: int, meeting: int) -> None:
        """What a job does."""
        async with self._people.execute(_WHO, (citizen, meeting)) as found:
            row = await found.fetchone()
        if row is not None:
            self._said.append(TEXTS[row[0]].format(title=row[1]))
        if len(self._said) == self._due:
            self._everything_said.set()

    async def close(self) -> None:
        """Leave nothing running."""
        self._scheduler.shutdown(wait=False)
        await self._people.close()


async def remind(citizen: int, meeting: int) -> None:
    """The function that jobs name."""
    await Peer._one.remind(citizen, meeting)


def _alike(like: dict[str, Any], total: int) -> Iterator[list[dict[str, Any]]]:
    """Rows of jobs that are like one, but for their name and time: nobody reads more of them in time."""
    for first in range(0, total, AT_ONCE):
        yield [
            {**like, "id": f"job-{number}", "next_run_time": like["next_run_time"] + 30 * number}
            for number in range(first, min(first + AT_ONCE, total))
        ]
