"""What a tick costs: python -m tests.bench.pushes; a million pushes planned, a hundred of them due.

One tick looks for what is due, decides, writes the messages and settles it. It is measured from its beginning
to its last commit, on both databases; the plan of the query that finds what is due stands below. Beside it
stands what as many reminders cost a bot that keeps a job of APScheduler for each.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from bot.chores.means import Means
from bot.chores.pushing import Pushes
from bot.memory import settle
from bot.rendering.voice import Voice
from config.cadences import our_cadences
from config.languages import our_languages
from config.lead_words import lead_words
from config.occasion_kinds import our_occasion_kinds
from config.texts import Texts
from storage.context import Context, Keyring
from storage.database import Database, open_database
from storage.occasions.planned import Answer, Occasion, OccasionText, Post
from storage.pushes.pushed import Push
from storage.tables import Citizen, Consent, Contact, table
from tests.bench.reminder_jobs import Peer
from tests.flows.places import TERRITORIES
from tests.storage.server import Server

BOT: Final = 42
NOW: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
CITIZENS: Final = 20_000
TICKS: Final = 30
AT_ONCE: Final = 100_000  # rows in one transaction

_WHO: Final = "SELECT citizen_id FROM push WHERE state = 'due' AND at <= '{now}' ORDER BY at LIMIT 100"


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planned", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100)
    asyncio.run(both(parser.parse_args()))


async def both(asked: argparse.Namespace) -> None:
    """A line of figures and a plan for each database, and a line for jobs."""
    medians = {}
    with tempfile.TemporaryDirectory(prefix="pushes-") as folder:
        file = Path(folder) / "together.db"
        medians["SQLite"] = await measured(f"sqlite+aiosqlite:///{file}", asked)
        jobs = await measured_jobs(Path(folder), file, asked)
    server = Server()
    server.start()
    try:
        medians["PostgreSQL"] = await measured(server.url("postgres"), asked)
    finally:
        server.remove()
    ratios = ", ".join(f"{jobs / median:.1f} times as long as on {name}" for name, median in medians.items())
    sys.stdout.write(f"jobs: {ratios}\n")


async def measured(url: str, asked: argparse.Namespace) -> float:
    """The figures of one database; returns the median in milliseconds."""
    database, (context, voice) = open_database(url), loaded()
    try:
        await database.upgrade()
        await database.write(live)
        for first in range(0, asked.planned, AT_ONCE):
            await database.write(partial(plan, first=first, total=asked.planned))
        await database.write(come_to_rest)
        settle()  # as the bot does, once it has begun
        took = [await tick(database, context, voice, number, asked.due) for number in range(TICKS)]
        name, planned = url.partition("+")[0], await explained(database)
    finally:
        await database.close()
    return told(name, took, asked, planned)


async def measured_jobs(folder: Path, file: Path, asked: argparse.Namespace) -> float:
    """The figures of jobs, about the same people and meetings."""
    peer = await Peer.planned(folder, file, asked.planned)
    try:
        took = [
            await peer.tick(number + 1, range(number * asked.due + 1, (number + 1) * asked.due + 1))
            for number in range(TICKS)
        ]
    finally:
        await peer.close()
    return told("APScheduler, a job for each, SQLite", took, asked, "")


def told(name: str, took: list[float], asked: argparse.Namespace, below: str) -> float:
    """Print the figures of ticks; returns the median."""
    median = statistics.median(took)
    sys.stdout.write(
        f"{name}: {asked.due} due, {asked.planned:,} planned: median {median:.1f} ms, "
        f"best {min(took):.1f}, worst {max(took):.1f} of {TICKS} ticks\n{below}"
    )
    return median


def loaded() -> tuple[Context, Voice]:
    """What is loaded once for all ticks."""
    languages = our_languages()
    texts = Texts.load()
    context = Context(
        keys=Keyring(b"a key for the bench"),
        territories=TERRITORIES,
        own_names={code: languages[code].name for code in texts.languages},
        conjunctions={},
        lead_words=partial(lead_words, texts),
        wording=texts.wording,
        cadences=our_cadences(),
        occasion_kinds=our_occasion_kinds(),
    )
    return context, Voice(texts, TERRITORIES)


async def tick(database: Database, context: Context, voice: Voice, number: int, due: int) -> float:
    """Milliseconds of one tick in which so much is due, to as many people."""
    await database.write(lambda connection: fall_due(connection, number, due))
    pushes = Pushes(Means(database, context, voice, BOT, per_second=due, now=lambda: NOW, alarm=print))
    began = perf_counter()
    await pushes.tick()
    took = (perf_counter() - began) * 1000
    await database.write(lambda connection: must_be_said(connection, due))
    return took


def come_to_rest(connection: Connection) -> None:
    """Have a server count and write what was planned, as it does by itself, and not beside the ticks.

    SQLite never knows how many rows there are.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def live(connection: Connection) -> None:
    """Citizens who have agreed to reminders, and meetings for them."""
    everybody = range(1, CITIZENS + 1)
    add(connection, Citizen, [
        {"id": n, "language": ("en", "fr", "lv")[n % 3], "language_chosen": True, "territory": "riverside",
         "arrived_at": NOW, "created_at": NOW, "seen_at": NOW} for n in everybody
    ])  # fmt: skip
    add(connection, Contact, [
        {"id": n, "bot": BOT, "telegram": n, "citizen_id": n, "reach": "open"} for n in everybody
    ])  # fmt: skip
    add(connection, Consent, [
        {"id": n, "citizen_id": n, "purpose": "reminders", "text_key": "", "text_hash": "", "language": "en",
         "update_id": n, "given_at": NOW} for n in everybody
    ])  # fmt: skip
    meetings, starts_at = range(1, TICKS + 1), NOW + timedelta(days=1)
    add(connection, Occasion, [
        {"id": n, "sort": "meeting", "kind": "assembly", "state": "planned", "starts": "2026-05-05T15:00",
         "ends": "2026-05-05T17:00", "zone": "Europe/Riga", "starts_at": starts_at, "most_party": 9,
         "ends_at": starts_at + timedelta(hours=2), "sequence": 0, "planner": "bench", "created_at": NOW,
         "changed_at": NOW} for n in meetings
    ])  # fmt: skip
    add(connection, Post, [{"id": n, "occasion_id": n, "number": 1} for n in meetings])
    add(connection, OccasionText, [
        {"occasion_id": n, "language": language, "title": f"Meeting {n}", "place": "Town hall"}
        for n in meetings for language in ("en", "lv")
    ])  # fmt: skip


def plan(connection: Connection, first: int, total: int) -> None:
    """Pushes for the next year, some fifty to each person."""
    rows = (
        push(n % CITIZENS + 1, 1000 + n // CITIZENS, "reminder", NOW + timedelta(minutes=10 + n // 2))
        for n in range(first, min(first + AT_ONCE, total))
    )
    add(connection, Push, list(rows))


def fall_due(connection: Connection, number: int, due: int) -> None:
    """So many people come to one meeting, and are to be asked whether they still do."""
    people = [(number * due + n) % CITIZENS + 1 for n in range(due)]
    meeting = number + 1
    add(connection, Answer, [
        {"occasion_id": meeting, "citizen_id": n, "post_id": meeting, "says": "yes", "standing": "seated",
         "party": 1, "barriers": "", "needs": "", "answered_at": NOW} for n in people
    ])  # fmt: skip
    add(connection, Push, [push(n, meeting, "still_coming", NOW) for n in people])


def push(citizen: int, about: int, kind: str, at: datetime) -> dict[str, Any]:
    """One push."""
    return {
        "citizen_id": citizen, "topic": "meeting", "about": about, "kind": kind, "lead": "1d", "edition": 0,
        "cadence": "1", "at": at, "not_after": at + timedelta(hours=20), "state": "due", "planned_at": NOW,
    }  # fmt: skip


def add(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    """Rows of one table."""
    connection.execute(insert(table(model)), rows)


def must_be_said(connection: Connection, due: int) -> None:
    """Everything that was due is in the outbox; it goes, so that the next tick has room."""
    waiting = connection.execute(text("DELETE FROM outbox WHERE state = 'pending'")).rowcount
    if waiting != due:
        raise RuntimeError(f"{waiting} of {due} pushes were said")


async def explained(database: Database) -> str:
    """How the database finds what is due."""

    def work(connection: Connection) -> str:
        explain = (
            "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS)"
        )
        now = NOW.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOW
        rows = connection.execute(text(f"{explain} {_WHO.format(now=now)}"))
        return "".join(f"    {row[-1]}\n" for row in rows)

    return await database.read(work)


if __name__ == "__main__":
    main()
