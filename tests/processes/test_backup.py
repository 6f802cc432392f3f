"""Yesterday's backup, today's updates: nothing is claimed that is gone, nobody is back who was erased."""

import asyncio
import json
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.playground.emulator import Emulator, Person
from storage.database import open_database
from storage.tables import Contact
from tests.processes.bot_process import Bot, Done
from tests.processes.citizens import ARRIVED, answer, arrive, arrive_all, say, until
from tests.storage.keeper import find_programs
from tests.storage.server import Server

pytestmark = pytest.mark.process

AMELIE, BEN, CHLOE = 7_700_000_001, 7_700_000_002, 7_700_000_003
TWENTY_HOURS = 20 * 3600


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where a bot keeps everything: a file, or a database on a server of our own."""
    folder.mkdir()
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'together.db'}"
        return
    find_programs(monkeypatch)
    server = Server()
    server.start()
    yield server.url("postgres")
    server.remove()


async def together(bot: Bot, *command: str) -> Done:
    """Run a command with the bot's settings; for PostgreSQL in a process that finds its programs."""
    if "postgresql" not in bot.environment["TOGETHER_DATABASE_URL"]:
        return await bot.command(*command)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command,
        cwd=bot.folder, env=os.environ | bot.environment, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


async def ids(url: str) -> set[int]:
    """The Telegram ids in a database."""
    database = open_database(url)
    found = await database.read(
        lambda connection: set(connection.execute(select(col(Contact.telegram))).scalars())
    )
    await database.close()
    return found


def content(folder: Path) -> dict[str, bytes]:
    """All that lies in a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def exported(bot: Bot) -> list[str]:
    """The words of every statement."""
    done = await bot.command("export", "statements", "--format", "jsonl")
    assert done.code == 0, done.err
    return [json.loads(line)["text"] for line in done.out.splitlines()]


async def test_yesterdays_backup_and_todays_updates(emulator: Emulator, folder: Path, url: str) -> None:
    assert (await together(Bot(emulator, folder, database_url=url), "db", "upgrade")).code == 0
    amelie = emulator.person(AMELIE, language_code="fr")
    ben = emulator.person(BEN, language_code="fr")
    chloe = emulator.person(CHLOE, language_code="fr")
    async with Bot(emulator, folder, database_url=url) as bot:
        await bot.ready()
        await arrive(amelie)
        await arrive(ben)
        await say(amelie, "Dit hier.")
        await say(ben, "Ben, hier.")
        made = await together(bot, "backup", "--output", "yesterday.backup")
        emulator.clock.advance(TWENTY_HOURS)
        lost = amelie.writes("Perdu aujourd'hui.")
        await amelie.hears()
        await arrive(chloe)
        await say(ben, "/forget")
        await answer(ben, "erase", "erase")
        await bot.stopped()
    heard = len(amelie.said), len(chloe.said)
    amelie.writes("Encore en attente.")
    amelie.edits(lost["message_id"], "Perdu et corrigé.")
    chloe.writes("Chloé attend aussi.")

    restored = await together(bot, "restore", "yesterday.backup")
    after_restore = await ids(url)
    async with Bot(emulator, folder, database_url=url) as bot:
        await bot.ready()
        await until(lambda: len(chloe.said) > heard[1] and not emulator.pending, "what waited is carried out")
        words = await exported(bot)
        await until(lambda: len(amelie.said) > heard[0] + 1, "Amélie is answered")
        greeting = await say(ben, "Bonjour")
        await bot.stopped()

    assert (made.code, restored.code) == (0, 0), made.err + restored.err
    assert told(restored.out, "Everything until") == told(made.out, "Everything until")
    figures = told(made.out, "  ").split(", ")
    assert "statement 2" in figures
    assert [each for each in figures if each.endswith(" 0")] == []
    assert "NOT in it" in restored.out
    assert "Erased again: 1 people." in restored.out
    assert after_restore == {AMELIE}
    assert sorted(words) == ["Dit hier.", "Encore en attente."]  # those of one day come in no order
    since = "\n".join(amelie.said[heard[0] :])
    assert "2 idées" in since, "what is lost is not counted"
    assert "Perdu" not in since
    assert "Dans quelle langue" in chloe.said[-1], "who arrived since is a stranger again"
    assert "Dans quelle langue" in greeting, "who was erased still is"


def told(out: str, begins: str) -> str:
    """The line of what a command said that begins so."""
    [line] = [line for line in out.splitlines() if line.startswith(begins)]
    return line


async def test_a_restore_while_the_bot_runs_is_refused_with_code_3(emulator: Emulator, folder: Path) -> None:
    amelie = emulator.person(AMELIE, language_code="fr")
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await bot.command("backup", "--output", "early.backup")
        await arrive(amelie)
        refused = await bot.command("restore", "early.backup")
        await say(amelie, "Toujours là.")
        words = await exported(bot)

    assert refused.code == 3
    assert "another instance works with" in refused.err
    assert words == ["Toujours là."]


async def test_a_backup_taken_under_load_is_whole_and_disturbs_nobody(
    emulator: Emulator, folder: Path
) -> None:
    people = [emulator.person(8000 + n, language_code="fr") for n in range(10)]
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await arrive_all(people)

        async def talk(person: Person) -> None:
            for number in range(12):
                await say(person, f"Idée {number} de {person.id}")

        talking = asyncio.gather(*(talk(person) for person in people))
        made = [await bot.command("backup", "--output", f"{number}.backup") for number in range(4)]
        await talking
        kept = len(await exported(bot))
        metrics = await bot.metrics()

    assert [done.code for done in made] == [0] * 4
    assert kept == 120
    assert 'together_alarms_total{cause="database"}' not in metrics
    for number in range(4):
        with closing(sqlite3.connect(folder / f"{number}.backup")) as backup:
            inbox = backup.execute("SELECT count(*) FROM inbox").fetchone()[0]
            said = backup.execute("SELECT count(*) FROM statement").fetchone()[0]
            assert said == inbox - ARRIVED * len(people), "each statement with the update it came in"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("restore", "none.backup"), "there is no file none.backup"),
        (("restore", "bot.log"), "file is not a database"),
        (("restore", "good.backup", "--erasures", "none"), "list of erasures none cannot be read"),
        (("restore", "good.backup", "--erasures", "good.backup"), "is no list of erasures"),
        (("backup", "--output", "good.backup"), "is there already"),
        (("backup", "--output", "together.db", "--force"), "own files"),
        (("backup", "--output", "nowhere/backup"), "cannot write nowhere/backup"),
    ],
)
async def test_what_cannot_be_done_is_told_in_one_line_and_changes_nothing(
    emulator: Emulator, folder: Path, command: tuple[str, ...], expected: str
) -> None:
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await bot.stopped()
    await bot.command("backup", "--output", "good.backup")
    before = content(folder)

    done = await bot.command(*command)

    [line] = done.err.splitlines()
    assert done.code == 1
    assert expected in line
    assert content(folder) == before


async def test_without_the_secret_key_nothing_is_restored_and_none_is_made(
    emulator: Emulator, folder: Path
) -> None:
    bot = Bot(emulator, folder, secret_key=None)
    async with bot:
        await bot.ready()
        await bot.command("backup", "--output", "good.backup")
        await bot.stopped()
    key = folder / "together.db.key"
    key.rename(folder / "elsewhere")

    done = await bot.command("restore", "good.backup")
    missing = not key.exists()
    (folder / "elsewhere").rename(key)
    found = await bot.command("restore", "good.backup")

    assert (done.code, found.code) == (1, 0)
    assert "together.db.key" in done.err
    assert missing
