"""A meeting with two seats and three citizens: who leaves passes the seat on, and all are told the truth."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.playground.emulator import Emulator, Person
from flows.links import link_to
from storage.context import Keyring
from storage.database import open_database
from storage.occasions.attendance import door_payload
from tests.processes.bot_process import SECRET, Bot
from tests.processes.citizens import ARRIVING, answer, arrive, say
from tests.processes.ways import Way
from tests.storage.plans import call_meeting

pytestmark = pytest.mark.process

PARK = 700
NOON = datetime(2027, 3, 3, 11, tzinfo=UTC).timestamp()
"""By day, when nobody's quiet hours are on: an offer is told at once."""


async def plan(bot: Bot, emulator: Emulator) -> None:
    """Write a meeting into the database of a bot that is at rest."""

    now, titles = datetime.fromtimestamp(emulator.clock.now(), UTC), {"fr": "Le parc"}

    def work(connection: Connection) -> None:
        call_meeting(connection, PARK, now=now, seats=2, titles=titles, territory="mulhouse", most_party=1)

    database = open_database(bot.environment["TOGETHER_DATABASE_URL"])
    await database.write(work)
    await database.close()


async def opens(person: Person) -> str:
    """Follow the link to the meeting."""
    person.opens(link_to("m", PARK))
    return (await person.hears())[0]


async def comes(person: Person) -> str:
    """Say that one comes, and needs nothing; returns what is said of the seat."""
    await opens(person)
    told = await answer(person, "yes")
    await answer(person, "done")
    return told


async def test_two_seats_and_three_citizens(emulator: Emulator, way: Way) -> None:
    amelie, bruno, chloe = (emulator.person(1001 + n, language_code="fr") for n in range(3))
    emulator.clock.set(NOON)
    async with way.bot() as bot:
        await bot.ready()
        for person in (amelie, bruno, chloe):
            await arrive(person)
        await bot.stopped()
    await plan(bot, emulator)
    async with way.bot() as bot:
        await bot.ready()
        listed = await say(amelie, "/meetings")
        seated = [await comes(amelie), await comes(bruno)]
        waits = await comes(chloe)
        await opens(amelie)
        asked = await answer(amelie, "no")
        left = await answer(amelie, "leave")
        [offered] = await chloe.hears()
        taken = await answer(chloe, "take")
        seen = await opens(chloe)
        full = await opens(amelie)
        code = await bot.stopped()

    assert "Le parc" in listed
    assert "places libres\N{NO-BREAK SPACE}: 2" in listed
    assert all("Votre place est réservée" in told for told in seated)
    assert "Votre rang\N{NO-BREAK SPACE}: 1" in waits
    assert "D’autres attendent une place" in asked
    assert "libre pour d’autres" in left
    assert "Une place s’est libérée pour vous" in offered
    assert "nous comptons sur vous" in taken
    assert "vous venez" in seen
    assert "0 sur 2" in full
    assert code == 0
    standings = await way.rows("SELECT says, standing FROM answer ORDER BY says, standing")
    assert standings == [("no", "none"), ("yes", "seated"), ("yes", "seated")]


async def test_the_door_lets_in_a_newcomer_who_is_asked_afterwards_how_it_was(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    emulator.clock.set(NOON)
    async with way.bot() as bot:
        await bot.ready()
        await bot.stopped()
    await plan(bot, emulator)
    emulator.clock.advance(timedelta(days=5, hours=-1).total_seconds())
    async with way.bot() as bot:
        await bot.ready()
        amelie.opens(door_payload(Keyring(SECRET.encode()), PARK))
        await amelie.hears()
        welcome = await answer(amelie, *ARRIVING)
        emulator.clock.advance(timedelta(hours=4).total_seconds())
        [asked] = await amelie.hears()
        await answer(amelie, "how", "2")
        await say(amelie, "Le thé")
        thanks = await answer(amelie, "skip")
        seen = await opens(amelie)
        await bot.stopped()

    assert "Bienvenue" in welcome
    assert "Le parc" in asked
    assert "Vous y étiez" in seen
    assert "sans votre nom" in thanks
    assert await way.rows("SELECT value FROM evaluation") == [(2,)]
    assert await way.rows("SELECT text FROM remark") == [("Le thé",)]
    assert "Le thé" not in bot.log_text
