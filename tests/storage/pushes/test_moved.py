"""What is moved is told from the time that each person knew, and once."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from flows.occasions.occasions import AnswerOccasion, Barrier, Says
from flows.occasions.wishes import NameBarriers
from flows.people.roles import Role, Scope
from flows.planning.planning import Cancel, Move, Planned
from flows.pushes.pushed import State
from storage.database import open_database
from storage.messages.outbox import Lane
from storage.messages.outbox import State as Waits
from storage.pushes import pushing, settling
from storage.pushes.notices import IN_LINE
from storage.pushes.pushed import Push
from storage.pushes.pushing import Portion
from storage.pushes.waiting import reply_key
from storage.tables import Outbox, table
from tests.storage.meetings import LASTS, SATURDAY, at, meets
from tests.storage.plans import says
from tests.storage.pushes.saying import begin_to_say
from tests.storage.town import BOT, CONTEXT, Town

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE = Scope("riverside")
SUNDAY, MONDAY = "2025-03-30 15:00", "2025-03-31 15:00"


@pytest.fixture
async def planned(town: Town) -> Town:
    """A meeting that can be moved."""
    await plans_one(town)
    return town


async def plans_one(town: Town) -> None:
    """Ada coordinates; Ben comes to a meeting on SATURDAY, and Cleo might."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    await meets(town)
    await says(town, BEN)
    await says(town, CLEO, Says.MAYBE)


async def moves(town: Town, starts: str) -> None:
    """A minute later Ada moves it."""
    town.later(minutes=1)
    begins = datetime.fromisoformat(starts)
    assert await town.acts(ADA, Move(RIVERSIDE, 1, begins, begins + LASTS)) == [Planned.DONE]


async def to_be_told(town: Town, kind: str = "moved") -> list[tuple[int, datetime]]:
    """Who is to be told, and of which time before."""
    names = {(await town.person(each)).citizen: each for each in (ADA, BEN, CLEO)}
    due = [row for row in await town.rows(Push) if row.kind == kind and row.state == State.DUE]
    return sorted(
        (names[row.citizen_id], datetime.fromisoformat(json.loads(row.details)["was"])) for row in due
    )


async def is_told(town: Town, telegram: int) -> None:
    """One of them has heard what was to be told."""
    heard = col(Push.citizen_id) == (await town.person(telegram)).citizen
    settled = update(table(Push)).where(heard, col(Push.kind) == "moved").values(state=State.SAID)
    await town.do(lambda connection: connection.execute(settled))


def on(starts: str) -> datetime:
    return datetime.fromisoformat(starts)


async def test_what_is_moved_twice_is_told_once_from_the_time_that_each_knew(planned: Town) -> None:
    await moves(planned, SUNDAY)
    await is_told(planned, CLEO)

    await moves(planned, MONDAY)

    assert await to_be_told(planned) == [(BEN, on(SATURDAY)), (CLEO, on(SUNDAY))]


@pytest.mark.parametrize(
    ("barriers", "asked"),
    [
        ((Barrier.TIME,), True),
        ((Barrier.ACCESS, Barrier.CHILDCARE), True),
        ((), True),
        ((Barrier.ACCESS, Barrier.LANGUAGE), False),
    ],
)
async def test_who_could_not_come_is_asked_last_unless_something_else_was_in_the_way(
    planned: Town, barriers: tuple[Barrier, ...], asked: bool
) -> None:
    await planned.acts(BEN, AnswerOccasion(1, Says.CANNOT), NameBarriers(1, barriers))

    await moves(planned, SUNDAY)

    assert await to_be_told(planned) == [(CLEO, on(SATURDAY))]
    assert await to_be_told(planned, "another_time") == ([(BEN, on(SATURDAY))] if asked else [])
    times = {row.kind: row.at for row in await planned.rows(Push) if row.kind in ("moved", "another_time")}
    assert times == {"moved": planned.now} | ({"another_time": planned.now + 2 * IN_LINE} if asked else {})


async def test_who_said_no_is_not_asked(planned: Town) -> None:
    await says(planned, BEN, Says.NO)

    await moves(planned, SUNDAY)

    assert await to_be_told(planned, "another_time") == []


async def test_who_could_not_come_is_asked_once_and_not_where_it_is_back_at_that_time(planned: Town) -> None:
    await says(planned, BEN, Says.CANNOT)

    await moves(planned, SUNDAY)
    await moves(planned, MONDAY)
    assert await to_be_told(planned, "another_time") == [(BEN, on(SATURDAY))]

    await moves(planned, SATURDAY)
    assert await to_be_told(planned, "another_time") == []


async def test_who_comes_no_more_since_it_was_moved_is_asked_when_it_is_moved_back(planned: Town) -> None:
    await moves(planned, SUNDAY)
    planned.later(minutes=1)
    await says(planned, BEN, Says.CANNOT)

    await moves(planned, SATURDAY)

    assert await to_be_told(planned, "another_time") == [(BEN, on(SUNDAY))]


async def test_who_sleeps_between_two_moves_hears_of_one(planned: Town) -> None:
    planned.now = at("2025-03-28 22:00")
    await moves(planned, SUNDAY)
    await moves(planned, "2025-03-29 07:00")

    assert await to_be_told(planned) == [(BEN, on(SATURDAY)), (CLEO, on(SATURDAY))]
    assert {row.at for row in await planned.rows(Push) if row.kind == "moved"} == {planned.now}


async def leaving(town: Town) -> list[str]:
    """What is due is put in the outbox, from which nothing leaves; returns the keys of what waits."""

    def work(connection: Connection) -> list[Portion]:
        portions = pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=100)
        for portion in portions:
            settling.settle(connection, portion.decisions, town.now)
        return portions

    for portion in await town.database.write(work):
        await town.puts(portion.person, f"{reply_key(portion.said[0].id)}:0", lane=Lane.NOTICE)
    return [row.key for row in await town.rows(Outbox) if row.state == Waits.PENDING]


async def test_what_has_not_left_when_it_is_moved_again_is_told_once_from_the_time_that_each_knew(
    planned: Town,
) -> None:
    await moves(planned, SUNDAY)
    assert len(await leaving(planned)) == 2

    await moves(planned, MONDAY)

    assert [row for row in await planned.rows(Outbox) if row.state == Waits.PENDING] == []
    assert await to_be_told(planned) == [(BEN, on(SATURDAY)), (CLEO, on(SATURDAY))]


async def test_what_is_moved_back_while_people_are_being_told_is_told_to_them(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    town, planner = Town(database), Town(other)
    await plans_one(town)
    await moves(town, SUNDAY)
    planner.now = town.now
    saying = await begin_to_say(town, database)
    await moves(planner, SATURDAY)
    await saying
    told = await to_be_told(town)
    await other.close()
    await database.close()

    assert told == [(BEN, on(SUNDAY)), (CLEO, on(SUNDAY))]


async def test_of_what_has_not_left_when_it_is_cancelled_nobody_is_told(planned: Town) -> None:
    await moves(planned, SUNDAY)
    await leaving(planned)

    assert await planned.acts(ADA, Cancel(RIVERSIDE, 1)) == [Planned.DONE]

    assert len(await leaving(planned)) == 2
    states = {(row.kind, row.state, row.reason) for row in await planned.rows(Push)}
    assert states >= {("moved", "skipped", "gone"), ("cancelled", "said", None)}


async def test_who_has_answered_between_two_moves_knew_the_time_between(planned: Town) -> None:
    await moves(planned, SUNDAY)
    planned.later(minutes=1)
    await says(planned, BEN)

    await moves(planned, MONDAY)

    assert await to_be_told(planned) == [(BEN, on(SUNDAY)), (CLEO, on(SATURDAY))]


async def test_what_is_back_at_the_time_that_people_know_is_told_to_nobody_but_who_heard_of_another(
    planned: Town,
) -> None:
    await moves(planned, SUNDAY)
    await is_told(planned, CLEO)

    await moves(planned, SATURDAY)

    assert await to_be_told(planned) == [(CLEO, on(SUNDAY))]


async def test_what_lasts_longer_now_is_told_although_it_begins_as_before(planned: Town) -> None:
    await moves(planned, SUNDAY)
    planned.later(minutes=1)
    begins = on(SATURDAY)

    assert await planned.acts(ADA, Move(RIVERSIDE, 1, begins, begins + 2 * LASTS)) == [Planned.DONE]

    assert await to_be_told(planned) == [(BEN, on(SATURDAY)), (CLEO, on(SATURDAY))]


async def test_a_move_that_an_earlier_release_has_planned_is_told_from_its_time(planned: Town) -> None:
    await moves(planned, SUNDAY)
    earlier = update(table(Push)).where(col(Push.kind) == "moved")
    details = json.dumps({"was": "2025-03-28T15:00:00"})
    await planned.do(lambda connection: connection.execute(earlier.values(details=details)))

    await moves(planned, MONDAY)

    assert {was for _, was in await to_be_told(planned)} == {on("2025-03-28 15:00")}
