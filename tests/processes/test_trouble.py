"""Trouble with the database and with the Bot API: nothing is acknowledged before it is kept, nothing lost."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.playground.emulator import Emulator, Fault, Person
from tests.processes import troubles
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVED, ARRIVING, arrive, arrive_all, press, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process

ODD: tuple[dict[str, Any], ...] = (
    {"message": "words"}, {"message": {"chat": 5}}, {"message": 0}, {"edited_message": []}, {"poll": 5}, {},
)  # fmt: skip
STUMBLING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("5xx", {"body": "html"}),
    ("5xx", {"body": "json", "status": 500}),
    ("4xx", {"status": 401}),
    ("accept_then_oddity", {}),
    ("drop_before_accept", {}),
    ("half_body", {}),
    ("accept_then_garbage", {}),
)
SWITCHES = "tests.processes.troubles:switches"


async def test_a_database_that_cannot_be_written_loses_nothing_and_is_told_once(
    emulator: Emulator, way: Way
) -> None:
    admin = emulator.person(7, language_code="en")
    admin.opens()
    people = [emulator.person(1000 + n, language_code="fr") for n in range(8)]
    async with way.bot(hook=SWITCHES, admins="7") as bot:
        await bot.ready()
        await arrive_all(people)
        await admin.hears()
        await until(lambda: not emulator.pending, "everything is acknowledged")
        (way.folder / troubles.FULL).touch()
        for person in people:
            person.writes("Un banc au soleil. " * 200)
        [alarm] = await admin.hears()
        (way.folder / troubles.READ_ONLY).touch()
        (way.folder / troubles.FULL).unlink()
        await asyncio.sleep(1.2)  # so that it is tried again
        unready, pending = await bot.get("/readyz"), emulator.pending
        unanswered = sum(len(person.said) == ARRIVED for person in people)  # something may fit on a full disk
        (way.folder / troubles.READ_ONLY).unlink()
        for person in people:
            await person.hears()
        await bot.ready()
        done = await bot.command("export", "statements", "--format", "jsonl")

    assert "database" in alarm
    assert len(admin.said) == 2
    assert unready[0] == 503
    assert pending == unanswered > 0
    assert len(done.out.splitlines()) == 8
    assert [len(person.said) for person in people] == [ARRIVED + 1] * 8
    assert "banc" not in bot.log_text


async def test_a_message_that_was_sent_while_the_disk_filled_up_is_not_sent_again(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot(hook=SWITCHES) as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("delay", method="sendMessage", times=1, args={"seconds": 0.3}))
        amelie.writes("Un banc au soleil")
        await until(lambda: emulator.pending == 0, "the words are kept and acknowledged")
        (way.folder / troubles.READ_ONLY).touch()
        await amelie.hears()
        await asyncio.sleep(0.5)
        (way.folder / troubles.READ_ONLY).unlink()
        again = await say(amelie, "Encore un banc")

    assert "2 idées" in again
    assert len(amelie.said) == ARRIVED + 2


async def test_a_bot_api_that_goes_away_and_comes_back_finds_every_word_said_once(
    emulator: Emulator, way: Way
) -> None:
    people = [emulator.person(1000 + n, language_code="fr") for n in range(10)]
    port = int(emulator.root.rpartition(":")[2])
    async with way.bot() as bot:
        await bot.ready()
        await arrive_all(people)
        await emulator.stop()
        for person in people:
            person.writes("Un banc au soleil")
        await asyncio.sleep(0.2)
        await emulator.start(port=port)
        for person in people:
            await person.hears()
        await bot.ready()

    assert [len(person.said) for person in people] == [ARRIVED + 1] * 10


async def test_a_pause_telegram_asks_for_is_kept_over_a_restart(emulator: Emulator, way: Way) -> None:
    amelie, samir = emulator.person(1001, language_code="fr"), emulator.person(1002, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive_all([amelie, samir])
        emulator.add_fault(Fault("429", method="sendMessage", chat=1001, times=1, args={"retry_after": 90}))
        amelie.writes("Un banc au soleil")
        await until(lambda: emulator.ledger.refusals, "Telegram asks for a pause")
        await asyncio.sleep(0.1)
        bot.kill()

    refused = emulator.ledger.refusals[0].at
    async with way.bot() as bot:
        await bot.ready()
        other = await say(samir, "Un banc au soleil")
        waiting = len(amelie.said)
        emulator.clock.advance(91)
        await amelie.hears()

    [said] = [send for send in emulator.ledger.sends if send.chat_id == 1001][ARRIVED:]
    assert "1 idée" in other
    assert waiting == ARRIVED
    assert said.at - refused >= 90


async def test_an_answer_that_was_lost_costs_exactly_one_repeat(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("accept_then_drop", method="sendMessage", times=1))
        amelie.writes("Un banc au soleil")
        await amelie.hears(2)
        kept = await say(amelie, "Encore un banc")

    assert amelie.said[ARRIVED] == amelie.said[ARRIVED + 1]
    assert len(amelie.said) == ARRIVED + 3
    assert "2 idées" in kept


async def test_whatever_the_bot_api_stumbles_over_every_word_arrives(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        for number, (kind, details) in enumerate(STUMBLING, start=1):
            for method in ("sendMessage", "answerCallbackQuery"):
                emulator.add_fault(Fault(kind, method=method, nth=2 * number, args=details))
        question = await _patiently(amelie)
        done = await say(amelie, "Un banc au soleil")

    assert "Question 1" in question
    assert "1 idée" in done
    assert "<html>" not in bot.log_text
    assert "Traceback" not in bot.log_text


@pytest.mark.parametrize(("kind", "details"), STUMBLING)
async def test_whatever_a_poll_is_answered_with_the_next_one_brings_the_words(
    emulator: Emulator, folder: Path, kind: str, details: dict[str, object]
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        emulator.add_fault(Fault(kind, method="getUpdates", times=1, args=details))
        question = await arrive(amelie)

    assert "Question 1" in question
    assert "<html>" not in bot.log_text
    assert "Traceback" not in bot.log_text


async def _patiently(person: Person) -> str:
    """Arrive as somebody who looks at what is new, whether it came once or twice."""
    person.opens("t_mulhouse")
    for number, choice in enumerate(ARRIVING, start=1):
        await until(_different(person, number), f"{number} different messages")
        press(person, choice)
    await until(_different(person, len(ARRIVING) + 1), "the first question")
    await asyncio.sleep(0.5)
    person.chat.heard = len(person.chat.spoken)
    return person.said[-1]


def _different(person: Person, number: int) -> Callable[[], bool]:
    return lambda: len(set(person.said)) == number


async def test_what_is_no_update_of_ours_passes_by(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot(admins="7") as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("unknown_update_type", times=1))
        emulator.add_fault(Fault("missing_required_field", method="message", times=1))
        first = await say(amelie, "Un banc au soleil")
        emulator.clear_faults()
        for odd in ODD:
            emulator.inject(odd)
        second = await say(amelie, "Encore un banc")
        await until(lambda: not emulator.pending, "everything is acknowledged")
        figures = await bot.metrics()

    assert "1 idée" in first
    assert "2 idées" in second
    assert figures['together_updates_total{outcome="quarantined"}'] >= 2
    assert json.loads(bot.log_text.splitlines()[-1])["level"] in ("info", "warning", "error")


async def test_half_characters_and_nuls_are_kept_as_what_can_be_kept(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("lone_surrogate", method="message", times=1))
        await say(amelie, "Un banc au soleil")
        emulator.clear_faults()
        emulator.add_fault(Fault("nul", method="message", times=1))
        await say(amelie, "Encore un banc")
        done = await bot.command("export", "statements", "--format", "jsonl")

    texts = [json.loads(line)["text"] for line in done.out.splitlines()]
    assert len(texts) == 2
    assert any("\ufffd" in text for text in texts)
    assert not any("\x00" in text for text in texts)
