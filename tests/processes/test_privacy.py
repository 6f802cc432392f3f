"""What never leaves: tokens, ids and words in logs; and words of a person in anything but their rows."""

from pathlib import Path

import pytest

from bot.playground.emulator import Emulator, Fault
from tests.processes import troubles
from tests.processes.bot_process import TOKEN, Bot
from tests.processes.citizens import answer, arrive, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process

AMELIE, ADMIN, BRUNO = 7_700_112_233, 7_700_445_566, 7_700_778_899
NAME, WORDS, CHANGED, PAYLOAD = "Canaryname", "canary-words au soleil", "canary-changed", "canary-payload"
STAYS = "un banc au soleil"


async def test_logs_of_a_whole_session_hold_no_token_no_id_and_no_words(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(AMELIE, first_name=NAME, username="canaryuser", language_code="fr")
    emulator.person(ADMIN).opens()
    async with way.bot(hook="tests.processes.troubles:switches", admins=ADMIN) as bot:
        await bot.ready()
        await say(amelie, f"/start {PAYLOAD}")
        await arrive(amelie)
        written = amelie.writes(WORDS)
        await amelie.hears()
        amelie.edits(written["message_id"], CHANGED)
        await amelie.hears()
        await _everything_that_makes_the_bot_complain(emulator, bot, amelie.id)
        figures = await bot.get("/metrics")
        await bot.stopped()

    secrets = (TOKEN, "TEST", str(AMELIE), str(ADMIN), NAME, "canary", "Traceback")
    assert bot.log_text.count("\n") > 4, "there was something to log"
    assert [secret for secret in secrets if secret in bot.log_text] == []
    assert [secret for secret in secrets if secret in figures[1]] == []


async def _everything_that_makes_the_bot_complain(emulator: Emulator, bot: Bot, citizen: int) -> None:
    amelie = emulator.person(citizen)
    for kind in ("5xx", "half_body", "accept_then_garbage", "429"):
        for method in ("sendMessage", "answerCallbackQuery"):
            emulator.add_fault(Fault(kind, method=method, times=1, args={"retry_after": 1}))
        amelie.writes(WORDS)
        await amelie.hears()
    emulator.clear_faults()
    for kind in ("half_body", "accept_then_garbage"):
        emulator.add_fault(Fault(kind, method="getUpdates", times=1))
        amelie.writes(WORDS)
        await amelie.hears()
    emulator.inject({"message": {"from": {"id": citizen, "first_name": NAME}, "text": WORDS}})
    emulator.inject({"message": {"message_id": WORDS, "chat": {"id": citizen}, "date": NAME}})
    await until(lambda: not emulator.pending, "the odd updates are set aside")
    (bot.folder / troubles.READ_ONLY).touch()
    amelie.writes(WORDS)
    await until(lambda: "database" in bot.log_text, "the database's trouble is logged")
    (bot.folder / troubles.READ_ONLY).unlink()
    await until(lambda: not emulator.pending, "the words are kept")


async def test_before_consent_nothing_that_was_written_is_kept(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(AMELIE, first_name=NAME, username="canaryuser", language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await say(amelie, f"/start {PAYLOAD} {WORDS}")
        await say(amelie, WORDS)
        await answer(amelie, "fr")
        await say(amelie, WORDS)
        await bot.stopped()

    kept = await way.content()
    assert str(AMELIE) not in bot.log_text
    assert "canary" not in kept
    assert NAME not in kept


async def test_nothing_of_what_was_erased_is_in_any_file_or_table_while_the_bot_goes_on(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(AMELIE, first_name=NAME, username="canaryuser", language_code="fr")
    bruno = emulator.person(BRUNO, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(bruno)
        await say(bruno, STAYS)
        await arrive(amelie)
        written = amelie.writes(WORDS)
        await amelie.hears()
        amelie.edits(written["message_id"], CHANGED)
        await amelie.hears()
        await say(amelie, "/ask")
        await say(amelie, f"{WORDS} ?")
        await way.settled()
        bot.kill()
        await bot.ended()
    assert "canary" in await way.content() or any("canary" in text for text in _files(bot.folder))

    async with way.bot() as bot:
        await bot.ready()
        await say(amelie, "/forget")
        await answer(amelie, "erase", "erase")
        await way.settled()
        bot.kill()
        await bot.ended()
    async with way.bot() as bot:
        await bot.ready()
        await until(lambda: not any("canary" in text for text in _files(bot.folder)), "no file has the words")
        kept = await way.content()
        await bot.stopped()

    assert "canary" not in kept
    assert STAYS in await way.content()


def _files(folder: Path) -> list[str]:
    """What stands in every file the bot keeps: its database, what lies beside that, and its log."""
    return [file.read_bytes().decode(errors="replace") for file in folder.rglob("*") if file.is_file()]
