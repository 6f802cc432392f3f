"""Posts of activities: one for each date, taken at all dates, given back with or without enough notice."""

from datetime import timedelta

import pytest

from flows.moves import Effect
from flows.occasions.occasions import Answered, One, Standing
from flows.occasions.posts import GiveBack, GiveBackLater, GivenBack, SeekStandIn, TakeAllDates, Tasks
from flows.people.person import BeReachable, StopPushes
from flows.people.roles import EVERYWHERE, Role, Scope
from storage.occasions.planned import Answer
from storage.occasions.posts import REPORTABLE
from storage.pushes.pushed import Push
from tests.storage.activities import CLUB, COOK, HOST, calls, post_of, take
from tests.storage.plans import change, standings
from tests.storage.town import Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)


@pytest.fixture
async def club(town: Town) -> Town:
    """A weekly club of four dates, and three people who could help there."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await calls(town, dates=4)
    return town


async def all_dates(town: Town, telegram: int, post: int, occasion: int = CLUB) -> list[tuple[int, Answered]]:
    """The day of the month and what came of it, of each date that was taken."""
    ((*taken,),) = await town.acts(telegram, TakeAllDates(occasion, post))
    return [(each.starts.day, each.answered) for each in taken]


async def told(town: Town, kind: str) -> set[int]:
    """The citizens who are to be told something."""
    return {row.citizen_id for row in await town.rows(Push) if row.kind == kind}


async def test_taking_all_dates_takes_each_through_its_own_seats(club: Town) -> None:
    await club.acts(BEN, take(COOK, occasion=3))
    await club.acts(ADA, take(COOK))

    assert await all_dates(club, ADA, COOK) == [
        (22, Answered.SEATED),
        (29, Answered.WAITING),
        (5, Answered.SEATED),
    ]


async def test_a_post_is_swapped_for_a_free_one_though_somebody_waits_who_cannot_be_told(club: Town) -> None:
    await club.acts(BEN, take(COOK))
    await club.acts(CLEO, take(COOK))
    await club.acts(CLEO, BeReachable(False))
    await club.acts(BEN, GiveBack(CLUB))
    await club.acts(ADA, take(HOST))

    assert await club.acts(ADA, take(COOK)) == [Answered.SEATED]


async def test_all_dates_from_one_on_are_not_those_before_it(club: Town) -> None:
    assert [day for day, _ in await all_dates(club, ADA, HOST, occasion=3)] == [29, 5]


async def test_taking_all_dates_leaves_what_one_has_already(club: Town) -> None:
    await club.acts(ADA, take(HOST, occasion=2))
    await club.acts(ADA, take(COOK, occasion=3))

    assert [day for day, _ in await all_dates(club, ADA, COOK)] == [15, 5]
    assert await all_dates(club, ADA, COOK) == []


async def test_taking_all_dates_leaves_ones_place_in_line_for_something_else(club: Town) -> None:
    await club.acts(BEN, take(HOST, occasion=2))
    await club.acts(CLEO, take(HOST, occasion=2))
    await club.acts(ADA, take(HOST, occasion=2))

    assert [day for day, _ in await all_dates(club, ADA, COOK)] == [15, 29, 5]
    (waits,) = [row for row in await club.rows(Answer) if row.standing == "waiting"]
    assert waits.post_id == post_of(2, HOST)


async def test_what_is_cancelled_or_not_there_is_not_taken_with_the_others(club: Town) -> None:
    await club.do(change, 2, state="cancelled")

    assert [day for day, _ in await all_dates(club, ADA, COOK)] == [15, 29, 5]
    assert await all_dates(club, ADA, 7) == []
    assert await all_dates(club, ADA, COOK, occasion=99) == []


async def test_all_dates_of_what_takes_place_once_is_that_one(town: Town) -> None:
    await town.arrives(ADA)
    await calls(town)

    assert await all_dates(town, ADA, COOK) == [(15, Answered.SEATED)]


async def test_a_post_that_is_given_back_in_time_is_free_for_others_and_nobody_is_told(club: Town) -> None:
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    await club.acts(ADA, take(COOK))

    assert await club.acts(ADA, GiveBack(CLUB)) == [GivenBack.LEFT]
    assert await club.acts(CLEO, take(COOK)) == [Answered.SEATED]
    assert await told(club, "missing") == set()


async def test_a_post_that_is_given_back_later_than_the_notice_is_asked_about_first(club: Town) -> None:
    await club.acts(ADA, take(COOK))
    club.later(days=4)
    assert await club.acts(ADA, GiveBack(CLUB)) == [GivenBack.LEFT]

    await club.acts(ADA, take(COOK))
    club.later(microseconds=1)
    assert await club.acts(ADA, GiveBack(CLUB)) == [GivenBack.LATE]
    assert set((await standings(club)).values()) == {"seated"}


async def test_who_coordinates_the_place_is_told_when_somebody_is_missing_soon(club: Town) -> None:
    await club.arrives(DORA)
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    await club.appoints(CLEO, Role.TERRITORY, Scope("montbell"))
    await club.appoints(DORA, Role.NETWORK, EVERYWHERE)
    await club.acts(ADA, take(COOK))
    club.later(days=4, hours=1)

    assert await club.acts(ADA, GiveBack(CLUB, late=True)) == [GivenBack.LEFT]

    assert await told(club, "missing") == {(await club.person(BEN)).citizen}


async def test_where_nobody_coordinates_the_place_the_network_is_told(club: Town) -> None:
    await club.appoints(CLEO, Role.NETWORK, EVERYWHERE)
    await club.acts(ADA, take(COOK))
    club.later(days=4, hours=1)
    await club.acts(ADA, GiveBack(CLUB, late=True))

    assert await told(club, "missing") == {(await club.person(CLEO)).citizen}


@pytest.mark.parametrize("deaf", [BeReachable(False), StopPushes()], ids=["blocked", "stopped"])
async def test_where_nobody_who_coordinates_the_place_can_be_told_the_network_is(
    club: Town, deaf: Effect[None]
) -> None:
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    await club.appoints(CLEO, Role.NETWORK, EVERYWHERE)
    await club.acts(BEN, deaf)
    await club.acts(ADA, take(COOK))
    club.later(days=4, hours=1)
    await club.acts(ADA, GiveBack(CLUB, late=True))

    assert await told(club, "missing") == {(await club.person(CLEO)).citizen}


async def test_who_gives_all_dates_back_is_asked_if_the_first_begins_soon(club: Town) -> None:
    await club.acts(ADA, TakeAllDates(CLUB, HOST))
    club.later(days=4, hours=1)

    assert await club.acts(ADA, GiveBack(CLUB, all_dates=True)) == [GivenBack.LATE]
    assert set((await standings(club)).values()) == {"seated"}
    assert await club.acts(ADA, GiveBack(2, all_dates=True)) == [GivenBack.LEFT]
    assert [row.standing for row in await club.rows(Answer)] == ["seated", "none", "none", "none"]


async def test_later_dates_are_given_back_while_the_first_stays_ones_own(club: Town) -> None:
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    await club.acts(ADA, TakeAllDates(CLUB, HOST))
    club.later(days=4, hours=1)

    assert await club.acts(ADA, GiveBackLater(CLUB)) == [True]
    assert [row.standing for row in await club.rows(Answer)] == ["seated", "none", "none", "none"]
    assert await club.acts(ADA, GiveBackLater(CLUB)) == [False]
    assert await told(club, "missing") == set()


async def test_who_coordinates_is_told_of_later_dates_that_begin_soon_as_well(club: Town) -> None:
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    await club.acts(ADA, TakeAllDates(CLUB, HOST))
    await club.do(change, 2, starts_at=club.now + timedelta(days=5, hours=2))
    club.later(days=4, hours=3)

    await club.acts(ADA, GiveBackLater(CLUB))

    assert [row.about for row in await club.rows(Push) if row.kind == "missing"] == [2]


async def test_of_dates_that_are_over_nothing_is_given_back(club: Town) -> None:
    await club.acts(ADA, TakeAllDates(CLUB, HOST))
    club.later(days=13)

    await club.acts(ADA, GiveBackLater(CLUB))

    assert [row.standing for row in await club.rows(Answer)] == ["seated", "seated", "none", "none"]


async def test_who_waits_leaves_the_line_at_any_time(club: Town) -> None:
    await club.acts(BEN, take(COOK))
    await club.acts(ADA, take(COOK))
    club.later(days=4, hours=23)

    assert await club.acts(ADA, GiveBack(CLUB)) == [GivenBack.LEFT]
    assert await told(club, "missing") == set()


async def test_nothing_can_be_given_back_that_one_does_not_have(club: Town) -> None:
    await club.acts(ADA, take(COOK), take(COOK, occasion=2))
    await club.do(change, 2, state="cancelled")

    assert await club.acts(BEN, GiveBack(CLUB), GiveBack(99)) == [GivenBack.GONE, GivenBack.GONE]
    assert await club.acts(ADA, GiveBack(2)) == [GivenBack.CANCELLED]
    club.later(days=5)
    assert await club.acts(ADA, GiveBack(CLUB)) == [GivenBack.OVER]


async def test_a_post_is_swapped_for_a_free_one_and_kept_where_the_other_is_taken(club: Town) -> None:
    await club.acts(BEN, take(COOK))
    await club.acts(ADA, take(HOST))

    assert await club.acts(ADA, take(COOK)) == [Answered.FULL]
    await club.acts(BEN, GiveBack(CLUB))
    assert await club.acts(ADA, take(COOK)) == [Answered.SEATED]
    occasion = (await club.look(ADA, One, CLUB)).occasion
    assert [(post.number, post.taken) for post in occasion.posts] == [(COOK, 1), (HOST, 0)]


async def test_every_date_knows_the_rule_of_its_series(club: Town) -> None:
    assert (await club.look(ADA, One, 3)).occasion.rule == "FREQ=WEEKLY;COUNT=4"


async def test_my_tasks_are_what_i_have_or_wait_for_and_what_i_can_still_report(club: Town) -> None:
    await club.acts(BEN, take(COOK, occasion=2))
    await club.acts(ADA, take(HOST), take(COOK, occasion=2), take(HOST, occasion=3), take(HOST, occasion=4))
    await club.acts(ADA, GiveBack(4), SeekStandIn(3))
    club.later(days=5, hours=2)

    mine = (await club.look(ADA, Tasks)).tasks

    assert [(task.occasion, task.post, task.standing, task.seeks, task.is_over) for task in mine] == [
        (1, HOST, Standing.SEATED, False, True),
        (2, COOK, Standing.WAITING, False, False),
        (3, HOST, Standing.SEATED, True, False),
    ]
    assert [task.occasion for task in (await club.look(BEN, Tasks)).tasks] == [2]


async def test_after_two_weeks_nothing_can_be_reported_any_more(town: Town) -> None:
    await town.arrives(ADA)
    await calls(town)
    await town.acts(ADA, take(COOK))
    town.later(days=5, hours=2)
    town.now += REPORTABLE - timedelta(microseconds=1)
    assert len((await town.look(ADA, Tasks)).tasks) == 1

    town.later(microseconds=1)
    assert (await town.look(ADA, Tasks)).tasks == ()
