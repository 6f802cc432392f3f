"""Many pushes due at once: how fast they leave, how long a reply takes meanwhile: python -m tests.bench.drain

A real bot at Telegram's limits (the emulator has them, too), with so many people to whom a reminder is due at
one moment, while others go on talking with it.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from bot.playground.emulator import Emulator, Person
from storage.database import open_database
from storage.occasions.planned import Answer, Occasion, OccasionText, Post
from storage.pushes.pushed import Habit, Push
from storage.tables import Citizen, Consent, Contact
from tests.bench.pushes import add
from tests.processes.bot_process import Bot
from tests.processes.citizens import arrive
from tests.storage.server import Server

BOT: Final = 42
RATE: Final = 30.0  # messages a second, the default of TOGETHER_MAX_PER_SECOND
TALKERS: Final = 5
EVERY: Final = 2.0  # seconds between two messages of one of them
FIRST: Final = 5_000_000_000


def main() -> None:
    """Measure one database or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    asyncio.run(both(asked.due, [asked.only] if asked.only else ["sqlite", "postgresql"]))


async def both(due: int, databases: list[str]) -> None:
    """A line of figures for each database."""
    with tempfile.TemporaryDirectory(prefix="drain-") as folder:
        if "sqlite" in databases:
            await drained("sqlite", f"sqlite+aiosqlite:///{folder}/together.db", Path(folder), due)
        if "postgresql" in databases:
            server = Server()
            server.start()
            try:
                await drained("postgresql", server.url("postgres"), Path(folder), due)
            finally:
                server.remove()


async def drained(name: str, url: str, folder: Path, due: int) -> None:
    """The figures of one database."""
    database = open_database(url)
    await database.upgrade()
    await database.close()
    emulator = Emulator()
    await emulator.start()
    try:
        for number in range(due):
            emulator.person(FIRST + number).chat.standing = "active"
        talkers = [emulator.person(1001 + number, language_code="en") for number in range(TALKERS)]
        async with Bot(emulator, folder, database_url=url, max_per_second=int(RATE)) as bot:
            await bot.ready()
            for talker in talkers:
                await arrive(talker, choices=("en", "-", "ready", "yes", "yes", "yes", "yes", "yes"))
            now = datetime.fromtimestamp(emulator.clock.now(), UTC) + timedelta(minutes=10)
            await bot.stopped()
        database = open_database(url)
        await database.write(lambda connection: fall_due(connection, due, now))
        await database.close()
        async with Bot(emulator, folder, database_url=url, max_per_second=int(RATE)) as bot:
            await bot.ready()
            emulator.clock.advance(timedelta(minutes=10).total_seconds())
            talking = [asyncio.create_task(talks(talker)) for talker in talkers]
            await until_said(emulator, due)
            for task in talking:
                task.cancel()
            took = [reply for task in talking for reply in await ended(task)]
            await bot.stopped()
    finally:
        await emulator.stop()
    report(name, emulator, due, took)


def fall_due(connection: Connection, due: int, now: datetime) -> None:
    """One meeting tomorrow, and so many people to be asked whether they still come."""
    starts = now + timedelta(days=1)
    people = range(1, due + 1)
    add(connection, Occasion, [
        {"id": 1, "sort": "meeting", "kind": "assembly", "state": "planned", "zone": "UTC",
         "starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts:%Y-%m-%dT%H:%M}", "starts_at": starts,
         "ends_at": starts, "most_party": 9, "sequence": 0, "planner": "bench", "created_at": now,
         "changed_at": now}
    ])  # fmt: skip
    add(connection, Post, [{"id": 1, "occasion_id": 1, "number": 1}])
    add(connection, OccasionText, [{"occasion_id": 1, "language": "en", "title": "Park", "place": "Hall"}])
    add(connection, Citizen, [
        {"id": n, "language": "en", "language_chosen": True, "territory": "mulhouse", "arrived_at": now,
         "created_at": now, "seen_at": now} for n in people
    ])  # fmt: skip
    add(connection, Contact, [
        {"id": n, "bot": BOT, "telegram": FIRST + n - 1, "citizen_id": n, "reach": "open"} for n in people
    ])  # fmt: skip
    add(connection, Consent, [
        {"id": n, "citizen_id": n, "purpose": "reminders", "text_key": "", "text_hash": "", "language": "en",
         "update_id": n, "given_at": now} for n in people
    ])  # fmt: skip
    add(connection, Answer, [
        {"occasion_id": 1, "citizen_id": n, "post_id": 1, "says": "yes", "standing": "seated", "party": 1,
         "barriers": "", "needs": "", "answered_at": now} for n in people
    ])  # fmt: skip
    habits = {"quiet": "", "topics_off": ""}  # whatever hour it is here and now
    add(connection, Habit, [{"citizen_id": n, **habits} for n in people])
    add(connection, Push, [
        {"citizen_id": n, "topic": "meeting", "about": 1, "kind": "still_coming", "lead": "1d", "edition": 0,
         "cadence": "1", "at": now, "not_after": starts, "state": "due", "planned_at": now} for n in people
    ])  # fmt: skip


async def talks(person: Person) -> list[float]:
    """Write every so often; returns how long each reply took, in seconds."""
    took: list[float] = []
    try:
        while True:
            began = time.monotonic()
            person.writes("/help")
            await person.hears(1, timeout=30)
            took.append(time.monotonic() - began)
            await asyncio.sleep(EVERY)
    except asyncio.CancelledError:
        return took


async def ended(task: "asyncio.Task[list[float]]") -> list[float]:
    return await task


def reminders(emulator: Emulator) -> list[Any]:
    """What was said to those to whom it was due."""
    return [send for send in emulator.ledger.sends if send.chat_id >= FIRST]


async def until_said(emulator: Emulator, due: int) -> None:
    """Wait until everything was said, or nothing more comes for a while."""
    said, quiet = 0, 0
    while said < due and quiet < 30:
        await asyncio.sleep(1)
        now = len(reminders(emulator))
        said, quiet = now, quiet + 1 if now == said else 0


def report(name: str, emulator: Emulator, due: int, took: list[float]) -> None:
    """A line of figures."""
    said = reminders(emulator)
    length = said[-1].real - said[0].real
    others = sum(said[0].real <= send.real <= said[-1].real for send in emulator.ledger.sends) - len(said)
    refused = [refusal for refusal in emulator.ledger.refusals if refusal.status == 429]
    rate = (len(said) - 1 + others) / length
    people = len({send.chat_id for send in said})
    median, p99 = statistics.median(took) * 1000, statistics.quantiles(took, n=100)[98] * 1000
    sys.stdout.write(
        f"{name}: {len(said)} of {due} said, to {people} people, in {length:.0f} s: {rate:.2f} a second, "
        f"replies included, {rate / RATE:.1%} of what is allowed; {len(refused)} refused for haste; "
        f"{len(took)} replies, median {median:.0f} ms, p99 {p99:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
