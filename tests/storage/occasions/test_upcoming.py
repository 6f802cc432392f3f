"""What is still to come is found however much is planned: in lists, date by date, by own answers."""

from datetime import timedelta
from typing import Final

import pytest

from flows.occasions.occasions import Dates, Listed, OfAction, OwnAnswers, Says, Sort, Upcoming
from flows.people.roles import Role, Scope
from tests.storage.plans import call_meeting, call_often, change, says
from tests.storage.town import Town

ADA, BEN = 4_000_000_001, 4_000_000_002

CLUBS: Final = (100, 200, 300, 400)
"""The first dates of four clubs that meet every week."""

WEEKS: Final = 60
FAR: Final = timedelta(weeks=WEEKS + 2)
"""After the last date of all of them."""

SPRING_FAIR: Final = 7


async def plans_clubs(town: Town, **columns: object) -> None:
    """Four clubs with several hundred dates together, and a meeting that comes after all of them."""
    for first in CLUBS:
        await town.do(call_often, first, now=town.now, dates=WEEKS, **columns)
    await town.do(call_meeting, SPRING_FAIR, now=town.now, begins=FAR)


@pytest.fixture
async def busy(town: Town) -> Town:
    await town.arrives(ADA)
    await plans_clubs(town)
    return town


def ids(found: tuple[Listed, ...]) -> list[int]:
    return [one.id for one in found]


async def test_however_many_dates_are_planned_a_list_names_each_series_once_and_what_comes_after(
    busy: Town,
) -> None:
    found = (await busy.look(ADA, Upcoming, Sort.MEETING)).occasions

    assert ids(found) == [*CLUBS, SPRING_FAIR]
    assert [one.comes_again for one in found] == [True, True, True, True, False]


async def test_of_a_series_the_next_date_is_the_first_that_is_neither_over_nor_cancelled(busy: Town) -> None:
    await busy.do(change, CLUBS[0], state="cancelled")
    busy.later(weeks=2)
    await busy.do(change, CLUBS[1] + 2, state="cancelled")

    found = (await busy.look(ADA, Upcoming, Sort.MEETING)).occasions

    assert sorted(ids(found)) == [SPRING_FAIR, CLUBS[0] + 2, CLUBS[1] + 3, CLUBS[2] + 2, CLUBS[3] + 2]


async def test_a_series_whose_other_dates_are_over_does_not_come_again(busy: Town) -> None:
    busy.later(weeks=WEEKS - 1)

    found = (await busy.look(ADA, Upcoming, Sort.MEETING)).occasions

    assert ids(found) == [*(first + WEEKS - 1 for first in CLUBS), SPRING_FAIR]
    assert not any(one.comes_again for one in found)


async def test_what_is_of_the_other_sort_or_for_others_hides_nothing(town: Town) -> None:
    await town.arrives(ADA)
    for first, columns in (
        (1000, {"sort": "activity", "kind": "activity"}),
        (2000, {"role": Role.FACILITATOR}),
        (3000, {"theme": "mobility"}),
        (4000, {"group_slug": "elders"}),
    ):
        await town.do(
            call_often,
            first,
            now=town.now,
            dates=210,
            every=timedelta(hours=3),
            is_series=False,
            **columns,
        )
    await town.do(call_meeting, SPRING_FAIR, now=town.now, begins=FAR)

    assert ids((await town.look(ADA, Upcoming, Sort.MEETING)).occasions) == [SPRING_FAIR]
    assert len((await town.look(ADA, Upcoming, Sort.ACTIVITY)).occasions) == 200


async def test_an_answer_to_what_is_far_ahead_stands_among_ones_own(busy: Town) -> None:
    last = CLUBS[3] + WEEKS - 1
    await says(busy, ADA, of=SPRING_FAIR)
    await says(busy, ADA, Says.MAYBE, of=last)

    assert ids((await busy.look(ADA, OwnAnswers, Sort.MEETING)).occasions) == [last, SPRING_FAIR]
    assert ids((await busy.look(ADA, OwnAnswers, Sort.ACTIVITY)).occasions) == []


async def test_a_date_that_somebody_has_answered_to_stays_theirs_where_the_series_is_for_others(
    busy: Town,
) -> None:
    await says(busy, ADA, of=CLUBS[0] + 5)
    for id in range(CLUBS[0], CLUBS[0] + WEEKS):
        await busy.do(change, id, territory="montbell")

    found = (await busy.look(ADA, Upcoming, Sort.MEETING)).occasions

    assert ids(found) == [*CLUBS[1:], CLUBS[0] + 5, SPRING_FAIR]
    assert [one.comes_again for one in found if one.id == CLUBS[0] + 5] == [False]


async def test_what_belongs_to_an_action_is_found_behind_all_that_does_not(busy: Town) -> None:
    await busy.do(change, SPRING_FAIR, action=9)

    assert ids((await busy.look(ADA, OfAction, 9)).occasions) == [SPRING_FAIR]


async def test_all_dates_of_a_series_are_named_though_there_are_hundreds(busy: Town) -> None:
    daily = await busy.do(call_often, 1000, now=busy.now, dates=300, every=timedelta(days=1))

    assert ids((await busy.look(ADA, Dates, 1000)).occasions) == [*daily]
    assert ids((await busy.look(ADA, Dates, SPRING_FAIR)).occasions) == []


async def test_a_date_that_is_over_or_cancelled_leads_to_those_to_come(busy: Town) -> None:
    first = CLUBS[0]
    busy.later(weeks=1)
    await busy.do(change, first + 1, state="cancelled")

    for seen_from in (first, first + 1):
        found = (await busy.look(ADA, Dates, seen_from)).occasions
        assert ids(found) == [*range(first + 2, first + WEEKS)]


async def test_dates_are_found_by_who_plans_them_too_and_by_nobody_else(busy: Town) -> None:
    await busy.arrives(BEN, territory="montbell", group=None)
    for id in range(CLUBS[0], CLUBS[0] + WEEKS):
        await busy.do(change, id, group_slug="elders")

    assert (await busy.look(ADA, Dates, CLUBS[0])).occasions == ()
    assert (await busy.look(BEN, Dates, CLUBS[0])).occasions == ()

    await busy.appoints(ADA, Role.TERRITORY, Scope("riverside"))

    assert len((await busy.look(ADA, Dates, CLUBS[0])).occasions) == WEEKS
