"""Which theme of the network a pilot action belongs to, if any."""

from typing import Any

import pytest

from flows.actions.actions import OneAction, Section
from flows.actions.pilots import CopyAction, DraftAction, OnePilot, PublishAction, SetTheme, WriteAction
from flows.moves import Effect
from flows.people.roles import Role, Scope
from storage.actions import pilot_lists
from storage.pushes.pushed import Push
from tests.storage.town import Town

ADA, BEN = 4_000_000_001, 4_000_000_002
RIVERSIDE = Scope("riverside")


async def does(town: Town, effect: Effect[Any]) -> Any:
    return (await town.acts(ADA, effect))[0]


@pytest.fixture
async def action(town: Town) -> int:
    """A published action of Riverside, which Ada coordinates and where Ben lives."""
    for telegram in (ADA, BEN):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    id: int = await does(town, DraftAction(RIVERSIDE))
    await does(town, WriteAction(RIVERSIDE, id, Section.TITLE, "en", "A garden"))
    await does(town, PublishAction(RIVERSIDE, id))
    return id


async def theme(town: Town, action: int) -> str | None:
    """What Ben sees."""
    found: OneAction = await town.look(BEN, OneAction, action)
    assert found.action is not None
    return found.action.theme


async def test_an_action_belongs_to_no_theme_until_somebody_says_so(town: Town, action: int) -> None:
    assert await theme(town, action) is None

    assert await does(town, SetTheme(RIVERSIDE, action, "resources"))

    assert await theme(town, action) == "resources"
    assert await town.rows(Push) == []


async def test_a_theme_can_be_taken_away(town: Town, action: int) -> None:
    await does(town, SetTheme(RIVERSIDE, action, "resources"))

    assert await does(town, SetTheme(RIVERSIDE, action, None))

    assert await theme(town, action) is None


async def test_what_is_no_theme_is_refused(town: Town, action: int) -> None:
    assert not await does(town, SetTheme(RIVERSIDE, action, "gardening"))

    assert await theme(town, action) is None


async def test_a_copy_and_a_file_have_the_theme(town: Town, action: int) -> None:
    await does(town, SetTheme(RIVERSIDE, action, "resources"))

    copied = await does(town, CopyAction(RIVERSIDE, action))

    assert (await town.look(ADA, OnePilot, RIVERSIDE, copied)).pilot.action.theme == "resources"
    (line,) = await town.do(pilot_lists.actions, "riverside")
    assert line["theme"] == "resources"
