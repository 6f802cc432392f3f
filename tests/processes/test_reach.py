"""People who block, unblock or delete their account, and groups that get a new id."""

import json

import pytest

from bot.playground.emulator import Emulator, Fault
from bot.playground.emulator.ledger import Refusal
from tests.processes.citizens import ARRIVED, arrive, say, until
from tests.processes.ways import Way

pytestmark = pytest.mark.process

OLD = -5
GREETING = """
    INSERT INTO outbox
        (key, contact_id, lane, must, payload, state, unsure, not_before, not_after, created_at)
    SELECT
        'g:1', 77, 3, TRUE, '{"text":"Hello group","buttons":[]}', 'pending', 0,
        not_before, not_after, created_at
    FROM outbox LIMIT 1
"""
WAITS_AGAIN = """
    UPDATE outbox SET state = 'pending', ended_at = NULL, payload = '{"text":"Too late","buttons":[]}'
    WHERE id = (SELECT max(id) FROM outbox)
"""


def unsaid(emulator: Emulator) -> list[Refusal]:
    """Messages that were refused; traces of pressed buttons are left out rather than tried again."""
    return [refusal for refusal in emulator.ledger.refusals if refusal.method == "sendMessage"]


async def test_who_blocks_is_sent_nothing_until_they_come_back(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        emulator.add_fault(Fault("delay", method="sendMessage", times=1, args={"seconds": 0.3}))
        amelie.writes("Un banc au soleil")
        amelie.blocks()
        await until(lambda: unsaid(emulator), "a message is refused")
        said = len(amelie.said)
        amelie.unblocks()
        kept = await say(amelie, "Encore un banc")
        await bot.stopped()

    assert said == ARRIVED
    assert "2 idées" in kept
    assert len(unsaid(emulator)) == 1
    assert await way.rows("SELECT reach FROM contact") == [("open",)]


async def test_who_deletes_their_account_is_not_tried_again(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        amelie.writes("Un banc au soleil")
        amelie.deactivates()
        await until(lambda: unsaid(emulator), "a message is refused")
        await until(lambda: not emulator.pending, "the words are acknowledged")
        await bot.stopped()

    assert len(unsaid(emulator)) == 1
    assert await way.rows("SELECT reach FROM contact") == [("deleted",)]
    assert await way.rows("SELECT count(*) FROM outbox WHERE state = 'dead' AND payload IS NULL") == [(1,)]


@pytest.mark.parametrize("told_first", [True, False])
async def test_a_group_is_followed_to_its_new_id(emulator: Emulator, way: Way, told_first: bool) -> None:
    group = emulator.group(OLD, kind="group", members=[emulator.person(1001)])
    async with way.bot() as bot:
        await bot.ready()
        await say(emulator.person(1001, language_code="fr"), "/start t_mulhouse")
        await bot.stopped()
    await way.rows(f"INSERT INTO contact (id, bot, telegram, reach) VALUES (77, 42, {OLD}, 'open')")
    await way.rows(GREETING)

    group.migrates()
    if not told_first:
        emulator.world.queue.drop_all()
    async with way.bot() as bot:
        await bot.ready()
        await until(lambda: group.said, "the group is greeted")
        await until(lambda: not emulator.pending, "everything is acknowledged")
        await bot.stopped()

    assert group.id != OLD
    assert group.said == ["Hello group"]
    assert [send.chat_id for send in emulator.ledger.sends][-1] == group.id
    assert await way.rows("SELECT telegram FROM contact WHERE id = 77") == [(group.id,)]


async def test_nothing_is_said_in_groups(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, language_code="fr")
    group = emulator.group(-1009, members=[amelie])
    async with way.bot() as bot:
        await bot.ready()
        await say(amelie, "/start t_mulhouse")
        group.member_writes(amelie, "/start@together_bot t_mulhouse")
        group.member_writes(amelie, "/mydata@together_bot")
        await until(lambda: not emulator.pending, "everything is acknowledged")
        await bot.stopped()

    assert group.said == []
    assert len(emulator.ledger.sends) == 1


async def test_whom_another_bot_account_knows_is_left_alone_and_new_to_this_one(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(amelie)
        await bot.stopped()
    await way.rows(WAITS_AGAIN)

    emulator.restore_token("43:ANOTHER")
    emulator.world.bot["id"] = 43
    async with way.bot(bot_token="43:ANOTHER") as bot:
        await bot.ready()
        await arrive(amelie)
        await bot.stopped()
        told = [json.loads(line) for line in bot.log_text.splitlines() if "another bot account" in line]

    assert len(amelie.said) == 2 * ARRIVED
    assert [line["people"] for line in told] == [1]
    assert sorted(await way.rows("SELECT reach FROM contact")) == [("elsewhere",), ("open",)]
