"""A card in a group chat lives: called for by a coordinator, edited as citizens answer, over at the end."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.emulator import Emulator, Group, Person
from storage.occasions.cards import EVERY
from tests.processes.bot_process import Bot
from tests.processes.citizens import answer, arrive, say, until
from tests.processes.test_meetings import comes, plan
from tests.processes.ways import Way

pytestmark = pytest.mark.process

CALL = "/meetings@together_bot"
SOON = EVERY.total_seconds() + 1


async def coordinates(bot: Bot, person: Person) -> None:
    """Somebody who has arrived follows an invitation and coordinates Mulhouse."""
    done = await bot.command("invite", "--role", "territory", "--territory", "mulhouse")
    person.opens(done.out.splitlines()[0].partition("?start=")[2])
    await person.hears()
    await answer(person, "take")
    await say(person, "Dora")


def links(group: Group) -> list[list[dict[str, Any]]]:
    """The buttons of each message of the bot, as they are now."""
    return [
        [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
        for message in group.messages
        if message["from"]["is_bot"]
    ]


async def edited(emulator: Emulator, group: Group, what: str) -> None:
    """Time passes until the card says so."""
    emulator.clock.advance(SOON)
    await until(lambda: what in group.said[-1], f"the card says {what!r}, not {group.said[-1:]}")


async def test_a_card_lives_in_a_group_chat(emulator: Emulator, way: Way) -> None:
    dora, *citizens = (emulator.person(1000 + n, language_code="fr") for n in range(4))
    group = emulator.group(-100_500, "Le quartier", members=[dora, *citizens])
    async with way.bot() as bot:
        await bot.ready()
        for person in (dora, *citizens):
            await arrive(person)
        await coordinates(bot, dora)
        await bot.stopped()
    await plan(bot, emulator)
    async with way.bot() as bot:
        await bot.ready()
        for _ in range(20):
            group.member_writes(citizens[0], CALL)
        group.member_writes(dora, CALL)
        await until(lambda: group.said, "the card stands in the chat")
        first, [button] = group.said[0], links(group)[0]
        citizens[0].opens(button["url"].partition("?start=")[2])
        [asked] = await citizens[0].hears()
        for person in citizens:
            await comes(person)
        await edited(emulator, group, "Viennent\N{NO-BREAK SPACE}: 2")
        full = group.said[-1]
        emulator.clock.advance(timedelta(days=5).total_seconds())
        await until(lambda: "commencé" in group.said[-1], "the card says that it has begun")
        emulator.clock.advance(timedelta(hours=2).total_seconds())
        await until(lambda: "terminé" in group.said[-1], "the card says that it is over")
        code = await bot.stopped()

    assert "Le parc" in first
    assert "Viennent\N{NO-BREAK SPACE}: 0" in first
    assert "Places libres\N{NO-BREAK SPACE}: 2 sur 2" in first
    assert set(button) == {"text", "url"}
    assert "Le parc" in asked
    assert "Attendent une place\N{NO-BREAK SPACE}: 1" in full
    assert len(group.said) == 1
    assert links(group) == [[]]
    edits = [edit.at for edit in emulator.ledger.edits if edit.chat_id == group.id]
    assert 3 <= len(edits) <= 4
    assert all(later - sooner >= EVERY.total_seconds() for sooner, later in itertools.pairwise(edits))
    assert code == 0
    assert await way.rows("SELECT count(*) FROM card WHERE ended_at IS NULL") == [(0,)]
    assert "1000" not in str(await way.rows("SELECT * FROM card"))


async def test_a_card_goes_along_with_its_group_and_one_that_was_deleted_ends_without_an_alarm(
    emulator: Emulator, folder: Any
) -> None:
    dora, ada, ben = (emulator.person(1000 + n, language_code="fr") for n in range(3))
    group = emulator.group(-500, "Le quartier", kind="group", members=[dora, ada, ben])
    way = Way("polling-sqlite", emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
    async with way.bot() as bot:
        await bot.ready()
        for person in (dora, ada, ben):
            await arrive(person)
        await coordinates(bot, dora)
        await bot.stopped()
    await plan(bot, emulator)
    async with way.bot() as bot:
        await bot.ready()
        group.member_writes(dora, CALL)
        await until(lambda: group.said, "the card stands in the chat")
        group.migrates()  # messages have other numbers in the new chat
        await until(lambda: group.said, "the card stands in the new chat")
        await comes(ada)
        await edited(emulator, group, "Viennent\N{NO-BREAK SPACE}: 1")
        shown = [message["message_id"] for message in group.messages if message["from"]["is_bot"]]
        del group.chat.messages[shown[-1]]
        await comes(ben)
        emulator.clock.advance(SOON)
        await until(lambda: [one for one in emulator.ledger.refusals if "edit" in one.description], "lost")
        group.removes_bot()
        await say(ada, "/help")
        metrics = await bot.metrics()
        await bot.stopped()

    assert len(shown) == 1
    assert group.said == []
    assert await way.rows("SELECT count(*) FROM card WHERE ended_at IS NULL") == [(0,)]
    assert await way.rows("SELECT reach FROM contact WHERE telegram < 0") == [("gone",)]
    assert not [name for name, value in metrics.items() if "alarms" in name and value]
    assert "error" not in bot.log_text
