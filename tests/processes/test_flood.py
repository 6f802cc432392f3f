"""One citizen floods the bot while many others talk with it."""

import asyncio
import time

import pytest

from bot.listening.flood import MOST
from bot.playground.emulator import Emulator, Person
from config.texts import Texts
from tests.processes.citizens import arrive_all, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process

CROWD = 60
SECONDS = 3.0
MEMORY = "process_resident_memory_bytes"
NOTICE = Texts.load().plain("fr", "flood.notice")


async def talk(person: Person, until_: float) -> list[float]:
    """Give an idea every second and a half, no faster than a chat may be answered; returns the waits."""
    waits: list[float] = []
    await asyncio.sleep(person.id % CROWD / CROWD)
    while (began := time.monotonic()) < until_:
        await say(person, f"Une idée, la {len(waits)}e")
        waits.append(time.monotonic() - began)
        await asyncio.sleep(1.5)
    return waits


async def flood(person: Person, until_: float) -> int:
    """Write 200 messages a second, what was held up included; returns how many."""
    written, began = 0, time.monotonic()
    while (now := time.monotonic()) < until_:
        while written < 200 * (now - began):
            written += 1
            person.writes(f"Encore {written}")
        await asyncio.sleep(0.05)
    return written


@pytest.mark.parametrize("way", ["polling-sqlite", "webhook-postgres"], indirect=True)
async def test_who_floods_slows_nobody_down_is_told_once_and_can_go_on(emulator: Emulator, way: Way) -> None:
    crowd = [emulator.person(2000 + number, language_code="fr") for number in range(CROWD)]
    flooder = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive_all([flooder, *crowd])
        await bot.stopped()

    async with way.bot(max_per_second=900) as bot:
        await bot.ready()
        before = (await bot.metrics())[MEMORY]
        end = time.monotonic() + SECONDS
        flooding = asyncio.create_task(flood(flooder, end))
        talks = await asyncio.gather(*(talk(person, end) for person in crowd))
        written = await flooding
        await until(lambda: not emulator.pending, "everything is acknowledged", within=20)
        figures = await bot.metrics()
        await bot.stopped()
    async with way.bot() as bot:  # without a pace for each chat: all that is to be said is said at once
        await bot.ready()
        await until(lambda: NOTICE in flooder.said, "the notice is given")
        await flooder.hears(len(flooder.chat.spoken) - flooder.chat.heard)
        onward = await say(flooder, "Un banc au soleil")
        kept = await way.rows("SELECT count(*) FROM statement WHERE text LIKE 'Encore%'")

    waits = sorted(wait for waited in talks for wait in waited)
    assert written > 150 * SECONDS
    assert len(waits) >= CROWD
    assert waits[int(0.95 * len(waits))] < 1.0
    assert kept[0][0] <= MOST
    assert figures['together_updates_total{outcome="flooded"}'] == written - MOST - 1
    assert figures[MEMORY] - before < 50e6
    assert flooder.said.count(NOTICE) == 1
    assert onward != NOTICE
