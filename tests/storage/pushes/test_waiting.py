"""What waits in the outbox is taken back where it holds no more, and what was said with it is due again."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from flows.occasions.occasions import Says
from flows.pushes.pushed import State
from storage.messages import outbox
from storage.messages.outbox import Lane
from storage.pushes import pushing, settling, waiting
from storage.pushes.pushed import Push
from storage.pushes.waiting import reply_key
from storage.tables import Outbox, table
from tests.storage.meetings import at, cancels, meets, moves, pushes
from tests.storage.plans import says
from tests.storage.town import BOT, CONTEXT, Town

ADA, BEN = 4_000_000_001, 4_000_000_002
FRIDAY = "2025-03-28 15:00"
"""When who comes to meetings on Saturday is asked whether they still do."""

EVENING = timedelta(hours=6)


async def asked(town: Town, *telegrams: int) -> list[str]:
    """Messages wait that ask people about two meetings at once, in two parts each; returns their keys."""
    for id in (1, 2):
        await meets(town, id)
    for telegram in telegrams:
        await town.arrives(telegram)
        for id in (1, 2):
            await says(town, telegram, of=id)
    town.now = at(FRIDAY)
    earlier = update(table(Push)).where(col(Push.at) < town.now)
    await town.do(lambda connection: connection.execute(earlier.values(state=State.SKIPPED)))

    def work(connection: Connection) -> list[pushing.Portion]:
        portions = pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=100)
        for portion in portions:
            settling.settle(connection, portion.decisions, town.now)
        return portions

    keys = []
    for portion in await town.database.write(work):
        assert len(portion.said) == 2
        parts = [f"{reply_key(portion.said[0].id)}:{number}" for number in (0, 1)]
        await town.puts(portion.person, *parts, lane=Lane.REMINDER, lives=EVENING)
        keys += parts
    return keys


async def waits(town: Town) -> list[str]:
    """The keys of the messages that wait."""
    return [row.key for row in await town.rows(Outbox) if row.state == outbox.State.PENDING]


async def leaves(town: Town, key: str) -> None:
    """A message is sent."""
    left = update(table(Outbox)).where(col(Outbox.key) == key).values(state=outbox.State.SENT)
    await town.do(lambda connection: connection.execute(left))


async def asks(town: Town) -> list[str]:
    """The pushes that ask whether somebody still comes."""
    return [line for line in await pushes(town) if "still_coming" in line]


@pytest.mark.parametrize("cancelled", [1, 2])
async def test_what_is_cancelled_goes_and_what_was_to_be_said_with_it_is_due_again(
    town: Town, cancelled: int
) -> None:
    await asked(town, ADA, BEN)

    await cancels(town, cancelled)

    assert await waits(town) == []
    assert await asks(town) == ["03-28 15:00 still_coming 1d due"] * 2


async def test_what_one_person_answers_leaves_the_messages_to_others_waiting(town: Town) -> None:
    *_, first, second = await asked(town, ADA, BEN)
    other = [key for key in await waits(town) if key not in (first, second)]
    [whose] = {row.contact_id for row in await town.rows(Outbox) if row.key == first}
    telegram = ADA if whose == (await town.person(ADA)).contact else BEN

    await says(town, telegram, Says.NO, of=2)

    assert await waits(town) == other
    assert sorted(await asks(town)) == [
        "03-28 15:00 still_coming 1d due",
        "03-28 15:00 still_coming 1d said",
        "03-28 15:00 still_coming 1d said",
    ]


async def test_what_moves_comes_at_its_new_time_and_the_rest_at_once(town: Town) -> None:
    await asked(town, ADA)

    await moves(town, 2, "2025-03-29 18:00")

    assert await waits(town) == []
    assert await asks(town) == ["03-28 15:00 still_coming 1d due", "03-28 18:00 still_coming 1d due"]


async def test_a_message_of_which_a_part_has_left_goes_on(town: Town) -> None:
    first, second = await asked(town, ADA)
    await leaves(town, first)

    await cancels(town, 1)

    assert await waits(town) == [second]
    assert await asks(town) == ["03-28 15:00 still_coming 1d said"] * 2


async def test_an_answer_that_changes_nothing_takes_nothing_back(town: Town) -> None:
    keys = await asked(town, ADA)

    await says(town, ADA, of=1)

    assert await waits(town) == keys


async def test_what_could_not_leave_in_time_is_due_again(town: Town) -> None:
    await asked(town, ADA)
    town.now += EVENING
    assert await town.do(pushing.is_anything_due, town.now) == (False, False, True)

    await town.do(waiting.take_back_late, town.now)

    assert await waits(town) == []
    assert await asks(town) == ["03-28 15:00 still_coming 1d due"] * 2
    assert await town.do(pushing.is_anything_due, town.now) == (True, False, False)


async def test_what_could_not_leave_in_time_behind_its_first_part_is_not_said(town: Town) -> None:
    first, second = await asked(town, ADA)
    await leaves(town, first)
    town.now += EVENING

    await town.do(waiting.take_back_late, town.now)

    (late,) = [row for row in await town.rows(Outbox) if row.key == second]
    assert (late.state, late.reason) == (outbox.State.DEAD, outbox.TOO_LATE)
    assert await asks(town) == ["03-28 15:00 still_coming 1d said"] * 2
    assert await town.do(pushing.is_anything_due, town.now) == (False, False, False)


async def test_what_may_leave_still_is_not_taken_back(town: Town) -> None:
    keys = await asked(town, ADA)
    town.now += EVENING - timedelta(microseconds=1)

    await town.do(waiting.take_back_late, town.now)

    assert await waits(town) == keys
