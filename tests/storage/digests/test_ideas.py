"""Actions that wait for a panel's decision come up in digests in turn, however many there are."""

from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, insert, update

from flows.actions.actions import Progress
from flows.digests.digest import Digest
from flows.panels.settings import Rhythm
from flows.times.periods import Period, period_of
from storage.actions.piloted import Action
from storage.tables import table
from tests.storage.digests.test_digests import MONDAY, WEEK, told
from tests.storage.heard import hears
from tests.storage.town import Town

AFTER: Final = period_of(Rhythm.WEEKLY, WEEK.end)
LATER: Final = period_of(Rhythm.WEEKLY, AFTER.end)


def wait(connection: Connection) -> None:
    """Six actions are published, one after the other, and nobody decides about them."""
    for id in range(1, 7):
        row = {"id": id, "territory": "riverside", "status": "idea", "planner": "somebody"}
        at = MONDAY + timedelta(hours=id)
        connection.execute(insert(table(Action)), {**row, "created_at": MONDAY, "published_at": at})


@pytest.fixture(autouse=True)
async def waiting(town: Town) -> None:
    await town.do(wait)


async def of(town: Town, period: Period, *, news: bool = True) -> Digest:
    """The digest of a week, told on the Monday after it."""
    if news:
        await hears(town, [1], at=town.now - timedelta(days=1))
    digest = await told(town, period)
    town.later(days=7)
    return digest


def shown(digest: Digest) -> list[int]:
    return [idea.action for idea in digest.ideas]


async def test_each_has_its_turn_the_oldest_first_although_nobody_decides(town: Town) -> None:
    assert shown(await of(town, WEEK)) == [1, 2, 3, 4]
    assert shown(await of(town, AFTER)) == [5, 6, 1, 2]
    assert shown(await of(town, LATER)) == [3, 4, 5, 6]


async def test_how_many_others_wait_is_told(town: Town) -> None:
    assert (await of(town, WEEK)).more_ideas == 2


async def test_what_is_decided_leaves_its_place_to_others(town: Town) -> None:
    await of(town, WEEK)
    decided = table(Action).c.id.in_((1, 5))
    change = update(table(Action)).where(decided).values(status=Progress.DECIDED)
    await town.do(lambda connection: connection.execute(change))

    digest = await of(town, AFTER)

    assert (sorted(shown(digest)), digest.more_ideas) == ([2, 3, 4, 6], 0)


async def test_a_week_without_news_which_no_room_is_told_of_is_nobodys_turn(town: Town) -> None:
    await of(town, WEEK, news=False)

    assert shown(await of(town, AFTER)) == [1, 2, 3, 4]
