"""One citizen's whole way, with a bot that is restarted in between."""

import csv
import io
import json

import pytest

from bot.playground.emulator import Emulator
from tests.processes.citizens import answer, arrive, press, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process


async def test_a_citizen_speaks_changes_withdraws_and_is_given_back(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, first_name="Amélie", language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        first_question = await arrive(amelie, "t_mulhouse", ("fr", "parents", *["ready"], *["yes"] * 5))
        bench = amelie.writes("Un banc au soleil")
        await amelie.hears()
        await say(amelie, "Du bruit la nuit")
        await answer(amelie, "withdraw")
        await say(amelie, "Connaître mes voisins")
        amelie.edits(bench["message_id"], "Deux bancs au soleil")
        await amelie.hears()
        done = await bot.command("export", "statements", "--territory", "mulhouse", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert "Question 1" in first_question
    assert {row["text"] for row in rows} == {"Deux bancs au soleil", "Connaître mes voisins"}
    assert {(row["territory"], row["group"], row["question"]) for row in rows} == {
        ("mulhouse", "parents", "well-being")
    }
    assert done.code == 0


async def test_a_restart_interrupts_no_conversation(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await say(amelie, "Un banc au soleil")
        await answer(amelie, "next")
        assert await bot.stopped() == 0

    async with way.bot() as bot:
        await bot.ready()
        second = await say(amelie, "Le bruit la nuit")
        emulator.clock.advance(3 * 86_400)
        amelie.opens()
        [welcome] = await amelie.hears()
        await answer(amelie, "next")
        third = await say(amelie, "Je peux aider à planter")
        done = await bot.command("export", "statements", "--format", "jsonl")

    asked = [json.loads(line)["question"] for line in done.out.splitlines()]
    assert "1 idée" in second
    assert "Question 2" in welcome or "Mal-être" in welcome
    assert "1 idée" in third
    assert sorted(asked) == ["co-responsibility", "ill-being", "well-being"]


async def test_a_press_lost_in_an_outage_is_asked_for_again_once(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        amelie.opens("t_mulhouse")
        await amelie.hears()
        await answer(amelie, "fr")
        assert await bot.stopped() == 0
    press(amelie, "-")
    emulator.clock.advance(200)

    async with way.bot() as bot:
        await bot.ready()
        [asked] = await amelie.hears()
        assert await bot.stopped() == 0
    async with way.bot():
        onward = await answer(amelie, "-")
        said = len(amelie.said)

    assert amelie.said[1].split("\n")[-1] in asked
    assert "Telegram" in onward
    assert said == 4


async def test_a_language_chosen_is_spoken_from_then_on_and_after_a_restart(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await say(amelie, "/language")
        changed = await answer(amelie, "languages", "el")
        assert await bot.stopped() == 0

    async with way.bot() as bot:
        await bot.ready()
        again = await say(amelie, "Ένα παγκάκι στον ήλιο")

    assert any("\u0370" <= letter <= "\u03ff" for letter in changed)
    assert "Ευχαριστώ" in again


async def test_everything_about_a_citizen_can_be_erased(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await say(amelie, "Un banc au soleil")
        await say(amelie, "/forget")
        await answer(amelie, "erase", "erase")
        done = await bot.command("export", "statements", "--format", "jsonl")
        amelie.opens()
        [welcome] = await amelie.hears()
        assert await bot.stopped() == 0

    assert done.out == ""
    assert "Together" in welcome
    assert "banc" not in await way.content()


async def test_a_press_is_answered_and_an_old_button_says_so_and_changes_nothing(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        amelie.opens("t_mulhouse")
        await amelie.hears()
        old, french = amelie.last["message_id"], amelie.buttons[0][1]
        await answer(amelie, "fr", "-")
        said = len(amelie.said)

        amelie.presses(old, french)
        await until(lambda: len(amelie.callback_answers) == 3, "the old button is answered")

    live, _, stale = amelie.callback_answers
    assert not live.get("text")
    assert stale["text"]
    assert len(amelie.said) == said


async def test_what_is_no_words_is_answered_with_a_hint_and_an_album_once(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        for kind in ("voice", "photo", "sticker", "location", "contact", "document", "poll", "dice"):
            amelie.sends(kind)
            await amelie.hears()
        amelie.forwards("Quelqu'un d'autre l'a dit")
        await amelie.hears()
        said = len(amelie.said)
        amelie.sends_album(4)
        await amelie.hears()
        kept = await say(amelie, "Un banc au soleil")
        done = await bot.command("export", "statements", "--format", "jsonl")

    assert len(amelie.said) == said + 2
    assert "1 idée" in kept
    assert [json.loads(line)["text"] for line in done.out.splitlines()] == ["Un banc au soleil"]


async def test_a_forged_button_changes_nothing(emulator: Emulator, way: Way) -> None:
    amelie, samir = emulator.person(1001, language_code="fr"), emulator.person(1002, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        samir.opens("t_mulhouse")
        await samir.hears()
        of_amelie = amelie.buttons[0][1]
        forged = [of_amelie, "", "::", "0:0:yes", "zz:zz:zz:zz", "1e3:0:yes", "\u0661:\u0661:yes", "x" * 64]

        for data in forged:
            samir.presses(samir.last["message_id"], data)
        await until(lambda: len(samir.callback_answers) == len(forged), "every press is answered")
        press(samir, "fr")
        [going_on] = await samir.hears()

    assert all(told["text"] for told in samir.callback_answers[: len(forged)])
    assert len(samir.said) == 2
    assert "Mulhouse" in going_on
    assert "error" not in bot.log_text
