"""An update is carried out once; one that cannot be is set aside without its words."""

from storage.messages import inbox
from storage.messages.inbox import Arrived
from storage.tables import Inbox, Quarantine
from tests.storage.town import BOT, NOON, Town


async def test_an_update_is_new_once(town: Town) -> None:
    first = await town.do(inbox.take, BOT, [Arrived(1, 10), Arrived(2, 20)], NOON)
    second = await town.do(inbox.take, BOT, [Arrived(2, 20), Arrived(3, 30)], NOON)

    assert first == {Arrived(1, 10), Arrived(2, 20)}
    assert second == {Arrived(3, 30)}


async def test_the_same_number_with_other_content_is_another_update(town: Town) -> None:
    await town.do(inbox.take, BOT, [Arrived(1, 10)], NOON)

    assert await town.do(inbox.take, BOT, [Arrived(1, 11)], NOON) == {Arrived(1, 11)}
    assert len(await town.rows(Inbox)) == 2


async def test_another_bot_counts_for_itself(town: Town) -> None:
    await town.do(inbox.take, BOT, [Arrived(1, 10)], NOON)

    assert await town.do(inbox.take, BOT + 1, [Arrived(1, 10)], NOON) == {Arrived(1, 10)}


async def test_a_group_of_any_size_is_taken_with_one_answer(town: Town) -> None:
    group = [Arrived(number, 2**62 + number) for number in range(2500)]

    assert await town.do(inbox.take, BOT, group, NOON) == set(group)
    assert await town.do(inbox.take, BOT, group, NOON) == set()


async def test_an_update_set_aside_leaves_its_kind_and_the_kind_of_error(town: Town) -> None:
    await town.do(inbox.quarantine, BOT, 5, kind="message", reason="KeyError", attempts=5, now=NOON)

    row = await town.row(Quarantine)

    assert (row.bot, row.update_id, row.kind, row.reason, row.attempts, row.at) == (
        BOT,
        5,
        "message",
        "KeyError",
        5,
        NOON,
    )
    assert set(Quarantine.model_fields) == {"id", "bot", "update_id", "kind", "reason", "attempts", "at"}
