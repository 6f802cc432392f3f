"""Whoever plans something is told, once, that it is full, and where few have answered three days before.

Once more only where there are more seats, or it is moved far off.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from flows.occasions.occasions import AnswerOccasion, Says
from flows.people.roles import Role, Scope
from flows.planning.planning import AddPost, CountSeats, Move, Planned, Seats
from flows.pushes.pushed import Reason, State, Topic
from storage.occasions.planned import Occasion, Post
from storage.planning import occupancy
from storage.pushes import pushing, settling
from storage.pushes.pushed import Push
from tests.storage.plans import add, call_meeting, says
from tests.storage.town import BOT, CONTEXT, Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)
RIVERSIDE = Scope("riverside")


@pytest.fixture
async def planned(town: Town) -> Town:
    """Ada coordinates; Ben and Cleo take part."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    return town


async def told(town: Town) -> list[tuple[int, str]]:
    """What planners are told after a look, and who: about which meeting, and what."""
    await town.do(occupancy.watch, CONTEXT, town.now)
    ada = (await town.person(ADA)).citizen
    pushes = [push for push in await town.rows(Push) if push.kind in ("full", "few")]
    assert {push.citizen_id for push in pushes} <= {ada}
    return sorted((push.about, push.kind) for push in pushes)


async def test_what_becomes_full_is_told_once(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=2)
    await says(planned, BEN)
    assert await told(planned) == []

    await says(planned, CLEO)
    assert await told(planned) == [(1, "full")]

    planned.later(hours=1)
    await says(planned, CLEO, Says.NO)
    await says(planned, CLEO)
    assert await told(planned) == [(1, "full")]


async def becomes(town: Town) -> list[tuple[str, State, Reason | None]]:
    """What becomes of what planners are told, once it is due."""

    def work(connection: Connection) -> None:
        for portion in pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=100):
            settling.settle(connection, portion.decisions, town.now)

    await town.do(work)
    kinds = ("full", "few", "missing")
    rows = sorted(await town.rows(Push), key=lambda push: push.id)
    return [(push.kind, push.state, push.reason) for push in rows if push.kind in kinds]


async def test_what_is_full_no_more_when_it_is_due_is_not_said_and_what_is_full_again_is(
    planned: Town,
) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=1)
    await says(planned, BEN)
    await told(planned)
    await says(planned, BEN, Says.NO)

    freed = ("full", State.SKIPPED, Reason.ANSWERED)
    assert await becomes(planned) == [freed]
    assert await told(planned) == [(1, "full")]

    planned.later(hours=1)
    await says(planned, CLEO)
    for _ in range(2):
        assert await told(planned) == [(1, "full"), (1, "full")]
    assert await becomes(planned) == [freed, ("full", State.SAID, None)]


async def test_few_answers_are_told_only_while_they_are_few(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=7)
    planned.later(days=8)
    await told(planned)
    for telegram in (ADA, BEN, CLEO):
        await says(planned, telegram)

    assert await becomes(planned) == [("few", State.SKIPPED, Reason.ANSWERED)]


async def test_what_is_full_or_has_few_answers_is_said_while_it_is_so(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=1)
    await says(planned, BEN)
    await planned.do(call_meeting, 2, now=planned.now, begins=timedelta(days=10), seats=7)
    planned.later(days=8)
    await told(planned)

    assert await becomes(planned) == [("full", State.SAID, None), ("few", State.SAID, None)]


async def test_who_may_plan_no_more_is_not_told(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=1)
    await says(planned, BEN)
    await told(planned)
    await planned.dismisses(ADA)
    await planned.appoints(ADA, Role.PANEL, RIVERSIDE)
    await planned.appoints(ADA, Role.TERRITORY, Scope("montbell"))

    assert await becomes(planned) == [("full", State.SKIPPED, Reason.GONE)]


async def test_what_has_more_seats_and_is_full_again_is_told_again(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=1)
    await says(planned, BEN)
    assert await told(planned) == [(1, "full")]

    planned.later(hours=1)
    (came,) = await planned.acts(ADA, CountSeats(RIVERSIDE, 1, 1, 2))
    assert came == Seats(Planned.DONE)
    assert await told(planned) == [(1, "full")]

    await says(planned, CLEO)
    assert await told(planned) == [(1, "full"), (1, "full")]


async def test_what_has_fewer_seats_or_as_many_is_not_told_again(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=2)
    await says(planned, BEN)
    await says(planned, CLEO)
    assert await told(planned) == [(1, "full")]

    await says(planned, CLEO, Says.NO)
    for seats in (2, 1):
        planned.later(hours=1)
        await planned.acts(ADA, CountSeats(RIVERSIDE, 1, 1, seats))
        assert await told(planned) == [(1, "full")]


async def test_what_has_one_task_more_is_told_again_when_all_are_taken(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=1)
    await says(planned, BEN)
    assert await told(planned) == [(1, "full")]

    planned.later(hours=1)
    (number,) = await planned.acts(ADA, AddPost(RIVERSIDE, 1, "en", "Cook"))
    await planned.acts(ADA, CountSeats(RIVERSIDE, 1, number, 1))
    assert await told(planned) == [(1, "full")]

    cook = next(post.id for post in await planned.rows(Post) if post.number == number)
    await planned.acts(CLEO, AnswerOccasion(1, Says.YES, cook))
    assert await told(planned) == [(1, "full"), (1, "full")]


async def test_what_is_told_of_seats_is_a_topic_of_its_own(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=20), seats=1)
    await says(planned, BEN)
    await told(planned)

    assert {push.topic for push in await planned.rows(Push) if push.kind == "full"} == {Topic.PLANNING}


async def test_what_has_a_seat_left_somewhere_or_any_number_is_not_full(planned: Town) -> None:
    def work(connection: Connection) -> None:
        for id, other in ((1, 1), (2, None)):
            call_meeting(connection, id, now=planned.now, begins=timedelta(days=20), seats=1)
            add(connection, Post, id=1000 + id, occasion_id=id, number=2, seats=other)
        call_meeting(connection, 3, now=planned.now, begins=timedelta(days=20))

    await planned.do(work)
    for id in (1, 2):
        await planned.acts(BEN, AnswerOccasion(id, Says.YES, 10 * id))

    assert await told(planned) == []


async def test_few_answers_are_told_three_days_before_and_not_earlier(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=7)
    await says(planned, BEN)
    await says(planned, CLEO)
    planned.later(days=6, hours=23)
    assert await told(planned) == []

    planned.later(hours=1)
    assert await told(planned) == []  # 3 people are invited, and 2 of them have answered

    assert (await planned.row(Occasion)).weighed_at == planned.now


async def test_where_nobody_answers_it_is_told_once(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=7)
    planned.later(days=8)

    assert await told(planned) == [(1, "few")]
    planned.later(hours=1)
    assert await told(planned) == [(1, "few")]


async def test_what_is_moved_far_off_is_looked_at_again_and_what_is_moved_a_little_is_not(
    planned: Town,
) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=10), seats=7)
    planned.later(days=8)
    assert await told(planned) == [(1, "few")]

    async def moves(**by: int) -> None:
        row = await planned.row(Occasion)
        starts, ends = (datetime.fromisoformat(wall) + timedelta(**by) for wall in (row.starts, row.ends))
        assert await planned.acts(ADA, Move(RIVERSIDE, 1, starts, ends)) == [Planned.DONE]

    planned.later(hours=1)
    await moves(hours=3)
    assert await told(planned) == [(1, "few")]

    await moves(days=7)
    assert await told(planned) == [(1, "few")]
    planned.later(days=7)
    assert await told(planned) == [(1, "few"), (1, "few")]


async def test_where_anybody_can_come_and_of_a_deadline_few_answers_tell_nothing(planned: Town) -> None:
    def work(connection: Connection) -> None:
        now, begins = planned.now, timedelta(days=10)
        call_meeting(connection, 1, now=now, begins=begins)
        call_meeting(connection, 2, now=now, begins=begins, seats=7)
        add(connection, Post, id=1002, occasion_id=2, number=2, seats=None)
        call_meeting(connection, 3, now=now, begins=begins, seats=7, lasts=timedelta(0))

    await planned.do(work)
    planned.later(days=8)

    assert await told(planned) == []


async def test_what_was_planned_shortly_before_is_not_said_to_have_few_answers(planned: Town) -> None:
    await planned.do(call_meeting, 1, now=planned.now, begins=timedelta(days=3, hours=12), seats=7)
    planned.later(hours=13)

    assert await told(planned) == []


async def test_only_those_count_for_whom_it_is(planned: Town) -> None:
    await planned.arrives(DORA, group="elders")
    await planned.appoints(DORA, Role.PANEL, Scope("riverside"))

    def work(connection: Connection) -> None:
        now, begins = planned.now, timedelta(days=10)
        call_meeting(connection, 1, now=now, begins=begins, seats=7, group_slug="elders")
        call_meeting(connection, 2, now=now, begins=begins, seats=7, role="panel")
        call_meeting(connection, 3, now=now, begins=begins, seats=7)

    await planned.do(work)
    for id in (1, 2, 3):
        await says(planned, DORA, Says.NO, of=id)
    planned.later(days=8)

    assert await told(planned) == [(3, "few")]


async def test_of_what_is_a_draft_cancelled_or_over_nothing_is_told(planned: Town) -> None:
    for id, state in ((1, "draft"), (2, "cancelled"), (3, "planned")):
        await planned.do(call_meeting, id, now=planned.now, begins=timedelta(days=10), state=state, seats=7)
    planned.later(days=11)

    assert await told(planned) == []
