"""Who seeks a stand-in and who coordinates are told, once, that nobody has taken the post over."""

from collections.abc import Mapping

import pytest

from flows.actions.gifts import Give, Giving
from flows.moves import Effect
from flows.occasions.posts import GiveBack, KeepPost, RefuseToStandIn, SeekStandIn, StandIn
from flows.people.person import StopPushes
from flows.people.roles import Role, Scope
from flows.pushes.pushed import Notice
from storage.occasions import unrelieved
from storage.pushes.pushed import Push
from storage.pushes.pushing import claim
from tests.storage.activities import CLUB, COOK, HOST, call_activity, take
from tests.storage.meetings import at, moves
from tests.storage.town import BOT, CONTEXT, Town, words

ADA, BEN, CLEO, EVA = range(4_000_000_001, 4_000_000_005)
PEOPLE: Mapping[int, str] = {ADA: "Ada", BEN: "Ben", CLEO: "Cleo", EVA: "Eva"}


async def seeks(town: Town, starts: str = "2025-03-14 18:00", when: str = "2025-03-12 12:00") -> None:
    """Ada cooks and seeks a stand-in; Ben and Cleo are asked, and Eva coordinates."""
    for telegram in PEOPLE:
        await town.arrives(telegram)
    await town.appoints(EVA, Role.TERRITORY, Scope("riverside"))
    for telegram in (BEN, CLEO):
        await town.acts(telegram, Give(Giving.SKILL, words("I can cook")))
    await town.do(call_activity, CLUB, now=town.now, begins=at(starts) - town.now)
    await town.acts(ADA, take(COOK))
    town.now = at(when)
    await town.acts(ADA, SeekStandIn(CLUB))


async def planned(town: Town) -> list[str]:
    """Who is to be told so far, and what."""
    kinds = (Notice.UNRELIEVED, Notice.MISSING)
    names = {(await town.person(telegram)).citizen: name for telegram, name in PEOPLE.items()}
    rows = [row for row in await town.rows(Push) if row.kind in kinds]
    return sorted(f"{names[row.citizen_id]} {row.kind}" for row in rows)


async def told(town: Town, when: str) -> list[str]:
    """The same after a look at that time, by the clocks in Riga."""
    town.now = at(when)
    await town.do(unrelieved.watch, CONTEXT, town.now)
    return await planned(town)


async def hears(town: Town) -> list[str]:
    """What is said of it at this moment."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now, most=100)
    kinds = (Notice.UNRELIEVED, Notice.MISSING)
    return sorted(item.kind for portion in portions for item in portion.said if item.kind in kinds)


BOTH = ["Ada unrelieved", "Eva missing"]


async def test_three_hours_before_it_begins_who_seeks_and_who_coordinates_are_told_once(town: Town) -> None:
    await seeks(town)

    assert await told(town, "2025-03-14 14:59") == []
    assert await told(town, "2025-03-14 15:00") == BOTH
    assert await told(town, "2025-03-14 15:05") == BOTH
    assert await hears(town) == ["missing", "unrelieved"]


async def test_as_soon_as_all_who_were_asked_have_refused_both_are_told(town: Town) -> None:
    await seeks(town)

    await town.acts(BEN, RefuseToStandIn(CLUB))
    assert await planned(town) == []
    await town.acts(CLEO, RefuseToStandIn(CLUB))

    assert await planned(town) == BOTH
    assert await hears(town) == ["missing", "unrelieved"]
    assert await told(town, "2025-03-14 15:00") == BOTH


async def test_of_what_begins_early_they_are_told_before_their_quiet_hours(town: Town) -> None:
    await seeks(town, starts="2025-03-14 09:30")

    assert await told(town, "2025-03-13 20:29") == []
    assert await told(town, "2025-03-13 20:30") == BOTH


async def test_who_seeks_shortly_before_is_told_when_half_of_the_time_is_over(town: Town) -> None:
    await seeks(town, when="2025-03-14 16:00")

    assert await told(town, "2025-03-14 16:59") == []
    assert await told(town, "2025-03-14 17:00") == BOTH


async def test_who_seeks_in_the_evening_before_is_told_in_the_morning(town: Town) -> None:
    await seeks(town, starts="2025-03-14 09:30", when="2025-03-13 22:00")

    assert await told(town, "2025-03-14 07:59") == []
    assert await told(town, "2025-03-14 08:00") == BOTH


async def test_where_the_night_leaves_no_moment_nobody_is_woken(town: Town) -> None:
    await seeks(town, starts="2025-03-14 07:30", when="2025-03-13 22:00")

    assert await told(town, "2025-03-14 07:29") == []


@pytest.mark.parametrize(
    ("telegram", "deed"),
    [(ADA, KeepPost(CLUB)), (ADA, GiveBack(CLUB)), (BEN, StandIn(CLUB, COOK))],
    ids=["kept", "given back", "taken over"],
)
async def test_where_nobody_is_sought_any_more_nobody_is_told(
    town: Town, telegram: int, deed: Effect[object]
) -> None:
    await seeks(town)
    await town.acts(telegram, deed)

    assert await told(town, "2025-03-14 15:00") == []


@pytest.mark.parametrize(
    ("telegram", "deed"),
    [(ADA, KeepPost(CLUB)), (BEN, StandIn(CLUB, COOK))],
    ids=["kept", "taken over"],
)
async def test_nobody_is_told_what_is_not_so_any_more(
    town: Town, telegram: int, deed: Effect[object]
) -> None:
    await seeks(town)
    await told(town, "2025-03-14 15:00")

    await town.acts(telegram, deed)

    assert await hears(town) == []


async def test_who_coordinates_is_told_while_another_place_at_that_post_is_empty(town: Town) -> None:
    await seeks(town)
    await town.acts(CLEO, take(HOST), SeekStandIn(CLUB))
    await town.acts(ADA, GiveBack(CLUB), take(HOST), SeekStandIn(CLUB))
    await told(town, "2025-03-14 15:00")

    await town.acts(BEN, StandIn(CLUB, HOST))

    assert await hears(town) == ["missing", "unrelieved"]


async def test_who_has_stopped_everything_is_not_told(town: Town) -> None:
    await seeks(town)
    await told(town, "2025-03-14 15:00")
    await town.acts(ADA, StopPushes())

    assert await hears(town) == ["missing"]


async def test_who_seeks_anew_is_told_anew(town: Town) -> None:
    await seeks(town)
    for telegram in (BEN, CLEO):
        await town.acts(telegram, RefuseToStandIn(CLUB))
    await town.acts(ADA, KeepPost(CLUB))
    assert await planned(town) == BOTH[:1]
    town.later(hours=1)
    await town.acts(ADA, SeekStandIn(CLUB))  # nobody is left to be asked: who coordinates hears it at once

    assert await planned(town) == BOTH
    assert await told(town, "2025-03-14 15:00") == ["Ada unrelieved", *BOTH]


async def test_of_another_time_they_are_told_anew(town: Town) -> None:
    await seeks(town)
    await told(town, "2025-03-14 15:00")
    await moves(town, CLUB, "2025-03-15 18:00")

    assert await told(town, "2025-03-15 14:59") == BOTH
    assert await told(town, "2025-03-15 15:00") == [*BOTH[:1], *BOTH, *BOTH[1:]]


async def test_of_several_posts_who_coordinates_is_told_in_one_message(town: Town) -> None:
    await seeks(town)
    await town.acts(CLEO, take(HOST))
    await town.acts(CLEO, SeekStandIn(CLUB))

    assert await told(town, "2025-03-14 15:00") == ["Ada unrelieved", "Cleo unrelieved", "Eva missing"]
    assert [row.details for row in await town.rows(Push) if row.kind == Notice.MISSING] == [None]


async def test_from_its_beginning_and_of_what_is_cancelled_nothing_is_told(town: Town) -> None:
    await seeks(town)

    assert await told(town, "2025-03-14 18:00") == []
