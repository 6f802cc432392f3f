"""A group chat becomes a room: asked when the bot comes, bound by who may, followed, left."""

from typing import Any

import pytest

from bot.playground.emulator import Emulator, Group, Person
from tests.processes.citizens import arrive, say, until
from tests.processes.test_cards import coordinates
from tests.processes.ways import Way

pytestmark = pytest.mark.process

PANEL = "Panel local"
CALL = "/panel@together_bot"


def buttons(group: Group) -> list[str]:
    """The labels below the newest message of the bot."""
    message = [message for message in group.messages if message["from"]["is_bot"]][-1]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def presses(person: Person, label: str, group: Group) -> str | None:
    """Somebody presses a button in the group chat; the notice that they see, once the bot has answered."""
    query = person.presses_label(label, group.id)
    await until(lambda: query in [one["callback_query_id"] for one in person.callback_answers], "an answer")
    notice: str | None = person.callback_answers[-1].get("text")
    return notice


async def test_a_group_chat_becomes_a_room(emulator: Emulator, folder: Any) -> None:
    dora, ada, stranger = (emulator.person(1000 + n, language_code="fr") for n in range(3))
    group = emulator.group(-500, "Le panel", kind="group", members=[dora, ada, stranger])
    way = Way("polling-sqlite", emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
    async with way.bot() as bot:
        await bot.ready()
        for person in (dora, ada):
            await arrive(person)
        await coordinates(bot, dora)
        group.adds_bot()
        await until(lambda: group.said, "the bot introduces itself")
        hello, offered = group.said[-1], buttons(group)
        refused = [await presses(person, PANEL, group) for person in (ada, stranger)]
        question = [message for message in group.messages if message["from"]["is_bot"]][-1]["message_id"]
        dora.presses(question, "~room:0:c_mulhouse", group.id)  # stands on no button there
        await presses(dora, PANEL, group)
        await until(lambda: "Mulhouse" in group.said[-1], "the question has become a confirmation")
        group.migrates()
        group.member_writes(ada, CALL)
        group.member_writes(dora, CALL)
        await until(
            lambda: group.messages[-1]["from"]["is_bot"], "the new chat is asked, and knows what it is"
        )
        again = group.said[-1]
        group.removes_bot()
        await say(ada, "/help")
        metrics = await bot.metrics()
        await bot.stopped()

    assert hello.startswith("Bonjour, je suis Together.")
    assert offered == [PANEL, "Ceux qui coordonnent", "Seulement les rencontres"]
    assert all(refused)
    assert len(group.said) == 1
    assert again.startswith("Salon du panel local")
    assert await way.rows("SELECT purpose, territory FROM room WHERE until IS NULL") == []
    assert await way.rows("SELECT purpose, territory FROM room") == [("panel", "mulhouse")]
    assert await way.rows("SELECT count(*) FROM contact WHERE telegram = 1002") == [(0,)]
    assert not [name for name, value in metrics.items() if "alarms" in name and value]
    assert "error" not in bot.log_text


async def test_a_forums_topic_is_where_the_room_is(emulator: Emulator, folder: Any) -> None:
    dora = emulator.person(1000, language_code="fr")
    group = emulator.group(-100_500, "Le panel", members=[dora])
    topic = group.opens_topic("Nouvelles")
    way = Way("polling-sqlite", emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(dora)
        await coordinates(bot, dora)
        group.member_writes(dora, CALL, topic=topic)
        await until(lambda: group.said, "it is asked in the topic")
        await presses(dora, PANEL, group)
        await until(lambda: "Mulhouse" in group.said[-1], "the question has become a confirmation")
        await bot.stopped()

    assert group.messages[-1]["message_thread_id"] == topic
    assert await way.rows("SELECT topic FROM room WHERE until IS NULL") == [(topic,)]
