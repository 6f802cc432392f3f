"""Those who coordinate hear once that a room cannot be written to, and again when it is shut another time."""

from collections.abc import Sequence

import pytest

from flows.panels.binding import BindRoom
from flows.panels.rooms import Purpose
from flows.people.roles import Role, Scope
from storage.messages import chats
from storage.panels import shut
from storage.people import people
from storage.pushes.pushed import Push
from tests.storage.chats import CHAT, presses
from tests.storage.town import BOT, CONTEXT, Town

CLAIRE, MONA = 4_000_000_001, 4_000_000_002


@pytest.fixture
async def village(town: Town) -> Town:
    """Claire coordinates Riverside, whose panel has a room; Mona coordinates another place."""
    for telegram, slug in ((CLAIRE, "riverside"), (MONA, "montbell")):
        await town.arrives(telegram)
        await town.appoints(telegram, Role.TERRITORY, Scope(slug))
    await presses(town, CLAIRE, BindRoom(Scope("riverside"), Purpose.PANEL))
    return town


async def told(town: Town) -> Sequence[int]:
    """Who was told so far, by Telegram id."""
    if await town.database.read(lambda connection: shut.is_anything_new(connection, town.now)):
        await town.do(shut.watch, CONTEXT, town.now)
    found = await town.do(lambda connection: people.find(connection, BOT, (CLAIRE, MONA)))
    names = {person.citizen: telegram for telegram, person in found.items()}
    return [names[row.citizen_id] for row in await town.rows(Push) if row.kind == "shut"]


async def may_write(town: Town, *, may: bool) -> None:
    await town.do(lambda connection: chats.may_write(connection, BOT, CHAT, may=may))


async def test_it_is_told_once_however_often_it_is_tried_and_again_after_it_was_open(village: Town) -> None:
    assert await told(village) == []

    await may_write(village, may=False)
    assert await told(village) == [CLAIRE]
    await may_write(village, may=True)  # as by a press there
    assert await told(village) == [CLAIRE]
    await may_write(village, may=False)
    assert await told(village) == [CLAIRE]

    await may_write(village, may=True)
    village.later(hours=2)
    assert await told(village) == []
    await may_write(village, may=False)
    assert await told(village) == [CLAIRE]


async def test_what_is_open_again_before_it_was_told_is_not_told(village: Town) -> None:
    await may_write(village, may=False)
    await told(village)
    [push] = [row for row in await village.rows(Push) if row.kind == "shut"]

    held = await village.do(shut.what_holds, [push.citizen_id], [push.about])
    await may_write(village, may=True)

    assert held[push.about, push.citizen_id].kinds == {"shut"}
    assert await village.do(shut.what_holds, [push.citizen_id], [push.about]) == {}
