"""How many people an announcement would reach: never so that two looks together tell of a few."""

from datetime import timedelta
from typing import Final

import pytest

from flows.announcements.announcement import Aim, By, Reached
from flows.people.person import SpeakLanguage
from flows.people.roles import Role, Scope
from tests.storage import sent
from tests.storage.town import Town

RIVERSIDE: Final = Scope("riverside")
BOSS: Final = 100


@pytest.fixture
async def crowded(town: Town) -> Town:
    """Thirteen people take part in Riverside, one of them reads French; one of the others coordinates."""
    for telegram in range(1, 13):
        await town.arrives(telegram)
    await town.arrives(BOSS)
    await town.appoints(BOSS, Role.TERRITORY, RIVERSIDE)
    await town.acts(1, SpeakLanguage("fr"))
    for id, aims in ((5, ()), (6, (Aim(By.LANGUAGE, "fr", out=True),))):
        await town.do(sent.announce, id, now=town.now, text={"en": "Come"}, aims=aims)
    return town


async def reached(town: Town, id: int) -> Reached:
    """What the coordinator is told of an announcement."""
    found: Reached = await town.look(BOSS, Reached, RIVERSIDE, id)
    return found


async def test_how_many_read_a_rare_language_is_not_told_by_leaving_them_out(crowded: Town) -> None:
    assert (await reached(crowded, 5)).all == 13

    assert (await reached(crowded, 6)).all is None


async def test_who_looks_first_at_the_others_is_not_told_of_all(crowded: Town) -> None:
    assert (await reached(crowded, 6)).all == 12

    assert (await reached(crowded, 5)).all is None


async def test_who_has_just_arrived_is_not_told_by_looking_again(crowded: Town) -> None:
    before = await reached(crowded, 5)
    crowded.now += timedelta(days=1)
    await crowded.arrives(50)

    assert (await reached(crowded, 5)).all == before.all == 13

    for telegram in range(51, 61):
        await crowded.arrives(telegram)
    assert (await reached(crowded, 5)).all == 24
