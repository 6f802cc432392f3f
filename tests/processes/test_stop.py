"""Stopping: in order, in time, with nothing lost; and what a lost token keeps back."""

import asyncio
import json
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.playground.emulator import Emulator, Fault
from tests.processes import troubles
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVED, arrive, arrive_all, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process


async def test_a_bot_stopped_under_load_ends_in_time_and_loses_nothing(emulator: Emulator, way: Way) -> None:
    people = [emulator.person(1000 + n, language_code="fr") for n in range(40)]
    async with way.bot() as bot:
        await bot.ready()
        await arrive_all(people)
        for round_ in range(3):
            for person in people:
                person.writes(f"Une idée {round_} de {person.id}")
        await asyncio.sleep(0.05)
        began = time.monotonic()
        code = await bot.stopped()
        took = time.monotonic() - began
        left = emulator.pending

    async with way.bot() as bot:
        await bot.ready()
        await until(
            lambda: all(len(person.said) == ARRIVED + 3 for person in people), "everybody is answered"
        )
        done = await bot.command("export", "statements", "--format", "jsonl")
        await bot.stopped()

    kept = Counter(json.loads(line)["text"] for line in done.out.splitlines())
    assert code == 0
    assert took < 3
    assert left, "the bot was stopped before its work was done"
    assert kept == Counter(f"Une idée {round_} de {person.id}" for person in people for round_ in range(3))
    assert len(emulator.ledger.sends) == (ARRIVED + 3) * len(people)


async def test_a_bot_whose_database_is_in_trouble_can_be_stopped_and_loses_nothing(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot(hook="tests.processes.troubles:switches") as bot:
        await bot.ready()
        await arrive(amelie)
        await way.settled()
        (way.folder / troubles.READ_ONLY).touch()
        amelie.writes("Un banc au soleil")
        await until(lambda: "in trouble" in bot.log_text, "the trouble is logged")
        code = await bot.stopped(within=10)
        (way.folder / troubles.READ_ONLY).unlink()

    async with way.bot() as bot:
        await bot.ready()
        await until(lambda: any("1 idée" in said for said in amelie.said), "the words are kept")

    assert code == 0


async def test_a_send_that_hangs_keeps_no_bot_from_ending_and_is_made_once_more(
    emulator: Emulator, folder: Path
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("delay", method="sendMessage", times=1, args={"seconds": 60}))
        amelie.writes("Un banc au soleil")
        await until(lambda: not emulator.pending, "the words are kept")
        code = await bot.stopped(within=10)

    async with Bot(emulator, folder) as bot:
        await bot.ready()
        [kept] = await amelie.hears()

    assert code == 0
    assert "1 idée" in kept


async def test_a_stopped_bot_has_noted_all_that_it_said_and_keeps_no_word_of_it(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await bot.stopped()

    noted = await way.rows("SELECT state, payload, count(*) FROM outbox GROUP BY state, payload")
    assert noted == [("sent", None, ARRIVED)]


async def test_a_token_revoked_at_work_ends_the_bot_and_what_waits_is_said_with_the_new_one(
    emulator: Emulator, way: Way
) -> None:
    people = [emulator.person(1000 + n, language_code="fr") for n in range(5)]
    async with way.bot() as bot:
        await bot.ready()
        await arrive_all(people)
        emulator.add_fault(Fault("revoke_token", method="sendMessage", times=1))
        for person in people:
            person.writes("Un banc au soleil")
        code = await bot.ended()
        lines = [line for line in bot.log_text.splitlines() if not line.startswith("{")]

    emulator.restore_token("42:NEWER")
    async with way.bot(bot_token="42:NEWER") as bot:
        await bot.ready()
        await until(
            lambda: all(len(person.said) == ARRIVED + 1 for person in people), "everybody is answered"
        )
        await people[0].hears()
        kept = await say(people[0], "Encore une idée")

    assert code == 1
    assert len(lines) == 1
    assert "TOGETHER_BOT_TOKEN" in lines[0]
    assert "2 idées" in kept
