"""Nobody comes to a deadline: there are no seats and no door, and who is reminded says when it is done."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.occasions.afterwards import SayWasThere
from flows.occasions.check_in import CheckIn, Entrance
from flows.occasions.occasions import Answered, One, Says
from flows.people.roles import Role, Scope
from flows.planning.responses import Attendance, Responses
from flows.pushes.pushed import Notice
from storage.occasions.attendance import door_payload
from storage.occasions.planned import Answer
from storage.planning import occupancy
from storage.pushes.pushed import Push
from tests.storage.plans import call_meeting, says
from tests.storage.town import CONTEXT, KEYS, Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)
RIVERSIDE = Scope("riverside")
AT_ONCE = timedelta(0)
SKIPPED = datetime(2025, 3, 30, 1, tzinfo=UTC)
"""When the clocks of Riga go forward, from 3 to 4 o'clock."""


@pytest.fixture
async def deadline(town: Town) -> Town:
    """A deadline in ten days, which was once planned with a single seat; Ada coordinates."""
    for telegram in (ADA, BEN, CLEO, DORA):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    begins = timedelta(days=10)
    await town.do(call_meeting, 1, now=town.now, begins=begins, lasts=AT_ONCE, kind="deadline", seats=1)
    return town


async def reminders(town: Town) -> list[tuple[str, str]]:
    """What is to be said, by kind and lead."""
    return sorted((row.kind, row.lead) for row in await town.rows(Push))


async def test_there_are_no_seats_to_wait_for_and_nothing_becomes_full(deadline: Town) -> None:
    for telegram in (BEN, CLEO, DORA):
        assert await says(deadline, telegram) is Answered.SEATED

    await deadline.do(occupancy.watch, CONTEXT, deadline.now)

    assert {kind for kind, _ in await reminders(deadline)} == {"reminder"}


@pytest.mark.parametrize("answer", [Says.DONE, Says.NO])
async def test_one_is_reminded_before_it_until_it_is_done_or_for_others_and_never_after(
    deadline: Town, answer: Says
) -> None:
    await says(deadline, BEN)
    assert await reminders(deadline) == [("reminder", "1d"), ("reminder", "2h"), ("reminder", "7d")]

    await says(deadline, BEN, answer)

    assert await reminders(deadline) == []


async def test_who_asks_for_it_on_the_last_day_is_reminded_all_the_same(deadline: Town) -> None:
    deadline.later(days=9, hours=4)

    await says(deadline, BEN)

    assert await reminders(deadline) == [("reminder", "2h")]


async def test_a_meeting_is_never_done(town: Town) -> None:
    await town.arrives(ADA)
    await town.do(call_meeting, 1, now=town.now)

    assert await says(town, ADA, Says.DONE) is Answered.GONE
    assert await town.rows(Answer) == []


async def test_it_has_no_door_and_nobody_was_there(deadline: Town) -> None:
    await says(deadline, BEN)
    deadline.later(days=9, hours=23)

    (checked,) = await deadline.acts(BEN, CheckIn(door_payload(KEYS, 1).removeprefix("c_")))

    assert checked.what is Entrance.UNKNOWN
    assert not (await deadline.look(BEN, One, 1)).occasion.door_is_open
    deadline.later(days=1)
    assert await deadline.acts(BEN, SayWasThere(1, was_there=True)) == [False]


async def test_those_who_prepare_it_see_for_how_many_it_is_done(deadline: Town) -> None:
    await says(deadline, BEN)
    await says(deadline, CLEO, Says.DONE)
    await says(deadline, DORA, Says.DONE)

    (line,) = (await deadline.look(ADA, Responses, RIVERSIDE)).lines
    there = await deadline.look(ADA, Attendance, RIVERSIDE, 1)

    assert (line.people, line.is_deadline, there.is_deadline) == (2, True, True)
    assert there.says == {Says.YES: 1, Says.DONE: 2}


@pytest.fixture
async def at_night(town: Town) -> Town:
    """A meeting with one seat, wholly in the hour that the clocks leave out; Ada has it, and coordinates."""
    for telegram in (ADA, BEN):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    walls = {"starts": "2025-03-30T03:00", "ends": "2025-03-30T03:45"}
    moments = {"starts_at": SKIPPED, "ends_at": SKIPPED}
    await town.do(call_meeting, 1, now=town.now, seats=1, **walls, **moments)
    await says(town, ADA)
    return town


async def test_what_lies_in_an_hour_that_the_clocks_leave_out_has_seats_all_the_same(at_night: Town) -> None:
    assert await says(at_night, BEN) is Answered.WAITING

    await at_night.do(occupancy.watch, CONTEXT, at_night.now)

    assert (Notice.FULL, "") in await reminders(at_night)
    (line,) = (await at_night.look(ADA, Responses, RIVERSIDE)).lines
    there = await at_night.look(ADA, Attendance, RIVERSIDE, 1)
    assert (line.people, line.is_deadline, there.is_deadline) == (1, False, False)


async def test_what_lies_in_an_hour_that_the_clocks_leave_out_has_a_door(at_night: Town) -> None:
    at_night.now = SKIPPED - timedelta(minutes=5)

    (checked,) = await at_night.acts(ADA, CheckIn(door_payload(KEYS, 1).removeprefix("c_")))

    assert checked.what is Entrance.WELCOME
    assert (await at_night.look(BEN, One, 1)).occasion.door_is_open
    at_night.later(minutes=10)
    assert await at_night.acts(ADA, SayWasThere(1, was_there=True)) == [True]
