"""Pushes of a real bot by a clock that is moved: at their local hour, once, beside the open question."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import Connection

from bot.chores.chores import PUSHES
from bot.clock import EVERY
from bot.playground.emulator import Emulator, Person
from flows.links import link_to
from flows.times.local_time import moment
from storage.database import open_database
from tests.processes.bot_process import Bot
from tests.processes.citizens import answer, arrive, until
from tests.processes.ways import Way
from tests.storage.plans import call_meeting

pytestmark = pytest.mark.process

PARK: Final = 700
PARIS: Final = "Europe/Paris"
SUNDAY: Final = datetime.fromisoformat("2026-10-25T15:00")  # in the night before it the clocks go back


def clocks(emulator: Emulator, day: int, hour: int, minute: int = 0) -> None:
    """Move the clock until those in Paris read so, in October."""
    emulator.clock.set(moment(SUNDAY.replace(day=day, hour=hour, minute=minute), PARIS).timestamp())


async def passes() -> None:
    """Time in which the bot has looked at its clock and at what is due."""
    await asyncio.sleep(2 * EVERY + 1.5 * PUSHES)


async def plan(bot: Bot, emulator: Emulator) -> None:
    """Write a meeting into the database of a bot that is at rest."""
    now = moment(SUNDAY, PARIS)

    def work(connection: Connection) -> None:
        call_meeting(
            connection,
            PARK,
            now=now,
            begins=timedelta(),
            titles={"fr": "Le parc"},
            territory="mulhouse",
            most_party=1,
            zone=PARIS,
            starts="2026-10-25T15:00",
            ends="2026-10-25T17:00",
        )

    database = open_database(bot.environment["TOGETHER_DATABASE_URL"])
    await database.write(work)
    await database.close()


def heard(person: Person, words: str) -> int:
    """How often somebody was told something with these words in it."""
    return sum(words in message.get("text", "") for message in person.messages)


async def is_told(person: Person, words: str) -> None:
    """Something with these words comes, once, however often the bot looks."""
    before = heard(person, words)
    await until(lambda: heard(person, words) > before, words)
    await passes()
    assert heard(person, words) == before + 1


@pytest.mark.parametrize("way", ["polling-sqlite", "webhook-postgres"], indirect=True)
async def test_reminders_come_once_at_their_hour_beside_the_open_question(
    emulator: Emulator, way: Way
) -> None:
    clocks(emulator, 23, 15)
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await bot.stopped()
    await plan(bot, emulator)
    async with way.bot() as bot:
        await bot.ready()
        amelie.opens(link_to("m", PARK))
        await amelie.hears()
        await answer(amelie, "yes", "done")
        clocks(emulator, 24, 15)
        await is_told(amelie, "Venez-vous toujours")
        await until(lambda: heard(amelie, "Vous étiez en train") == 1, "a nudge, soon after the clock jumped")
        await says(amelie, "Un jardin partagé", 1)
        press_under(amelie, "Venez-vous toujours", "yes")
        await until(lambda: heard(amelie, "À bientôt"), "the answer to a reminder")
        await says(amelie, "Un banc au soleil", 2)

        said = len(amelie.messages)
        for day, hour in ((25, 2), (25, 12)):
            clocks(emulator, day, hour, 59)
            await passes()
        assert len(amelie.messages) == said
        clocks(emulator, 25, 13)
        await is_told(amelie, "Bientôt")
        clocks(emulator, 25, 18)
        await is_told(amelie, "Y étiez-vous")
        code = await bot.stopped()

    assert code == 0
    settled = await way.rows("SELECT kind, state FROM push WHERE state <> 'due' ORDER BY at")
    kinds = ("still_coming", "nudge", "reminder", "afterwards")
    assert settled == [(kind, "said") for kind in kinds]
    assert await way.rows("SELECT count(*) FROM statement") == [(2,)]


async def says(person: Person, words: str, number: int) -> None:
    """Write an idea, which is kept, whatever else was said meanwhile."""
    person.writes(words)
    await until(lambda: heard(person, "c’est gardé") == number, f"idea {number} is kept")


def press_under(person: Person, words: str, choice: str) -> None:
    """Press a button under the message with these words in it."""
    (message,) = [each for each in person.messages if words in each.get("text", "")]
    data = next(
        button["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
        if button["callback_data"].endswith(f":{choice}")
    )
    person.presses(message["message_id"], data)
