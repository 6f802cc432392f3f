"""Where an action stood since when: as people could see it, by the days of its territory."""

from datetime import date
from typing import Any, Final

import pytest

from flows.actions.actions import Progress, Section, Station, Stations
from flows.actions.pilots import DraftAction, PublishAction, SetProgress, WriteAction
from flows.moves import Effect
from flows.people.roles import Role, Scope
from tests.storage.town import Town

ADA, BEN, CLEO = range(4_000_000_001, 4_000_000_004)
RIVERSIDE = Scope("riverside")
FIRST, SECOND, FIFTH = date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 14)


async def does(town: Town, effect: Effect[Any]) -> Any:
    return (await town.acts(ADA, effect))[0]


async def sets(town: Town, action: int, *progresses: Progress) -> None:
    for progress in progresses:
        await does(town, SetProgress(RIVERSIDE, action, progress))
        town.later(seconds=1)


@pytest.fixture
async def action(town: Town) -> int:
    """A published idea of Riverside, where Ada coordinates and Ben lives; Cleo lives elsewhere."""
    for telegram in (ADA, BEN):
        await town.arrives(telegram)
    await town.arrives(CLEO, territory="montbell", group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    id: int = await does(town, DraftAction(RIVERSIDE))
    await does(town, WriteAction(RIVERSIDE, id, Section.TITLE, "en", "A garden"))
    await does(town, PublishAction(RIVERSIDE, id))
    town.later(seconds=1)
    return id


async def seen(town: Town, action: int, telegram: int = BEN) -> list[Station]:
    found: Stations = await town.look(telegram, Stations, action)
    return list(found.stations)


IDEA: Final = Station(Progress.IDEA, FIRST)


async def test_each_station_has_its_day_the_newest_first(town: Town, action: int) -> None:
    town.later(days=1)
    await sets(town, action, Progress.DECIDED)
    town.later(days=3)
    await sets(town, action, Progress.RUNNING)

    running, decided = Station(Progress.RUNNING, FIFTH), Station(Progress.DECIDED, SECOND)
    assert await seen(town, action) == [running, decided, IDEA]


async def test_the_day_is_that_of_the_territory(town: Town, action: int) -> None:
    town.later(hours=10, minutes=30)  # half past midnight in Riga

    await sets(town, action, Progress.RUNNING)

    assert await seen(town, action) == [Station(Progress.RUNNING, SECOND), IDEA]


async def test_of_several_on_one_day_the_last_is_told(town: Town, action: int) -> None:
    town.later(days=1)

    await sets(town, action, Progress.PAUSED, Progress.DECIDED)

    assert await seen(town, action) == [Station(Progress.DECIDED, SECOND), IDEA]


async def test_what_was_set_back_on_the_same_day_is_not_told(town: Town, action: int) -> None:
    town.later(days=1)

    await sets(town, action, Progress.DONE, Progress.IDEA)

    assert await seen(town, action) == [IDEA]


async def test_of_what_was_before_anybody_saw_it_the_last_is_told(town: Town, action: int) -> None:
    draft: int = await does(town, DraftAction(RIVERSIDE))
    await does(town, WriteAction(RIVERSIDE, draft, Section.TITLE, "en", "A path"))
    town.later(days=1)
    await sets(town, draft, Progress.RUNNING)
    town.later(days=3)

    assert await seen(town, draft, ADA) == [Station(Progress.RUNNING, SECOND)]
    await does(town, PublishAction(RIVERSIDE, draft))
    assert await seen(town, draft) == [Station(Progress.RUNNING, SECOND)]


async def test_who_does_not_see_an_action_does_not_see_where_it_stood(town: Town, action: int) -> None:
    assert await seen(town, action, CLEO) == []
