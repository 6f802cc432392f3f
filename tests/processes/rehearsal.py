"""What the bots of the tests ask their databases, asked once before any of them is forked.

Whatever SQLAlchemy compiles for it is there when a bot asks the same: a sixth of what a short life costs.
Nothing else is left of it: the databases were in memory or in a folder that is gone.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import _lru_cache_wrapper as _Caching
from pathlib import Path
from typing import Any, Final

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from bot.chores.announcing import Announcing
from bot.chores.digests import Digests
from bot.chores.inquiries import Inquiries
from bot.chores.pushing import Pushes
from bot.serving.latest import let_out
from bot.speaking.landing import record
from bot.speaking.outcomes import Delivered
from storage import instance
from storage.database import Database, open_database
from storage.instance import Role
from storage.messages import backlog, outbox
from storage.messages.claiming import claim
from storage.people.retention import sweep
from tests.bot.house import House
from tests.flows.transcript import cases, replay
from tests.storage.compiled import compile_for, compile_once

CITIZEN: Final = 1001
OURS: Final = ("bot", "config", "flows", "storage")


def rehearse() -> None:
    """Play the first case of each conversation, and one life of a bot."""
    compile_once()
    filled = {id(cache) for cache in _caches() if cache.cache_info().currsize}
    for case in {case.parent: case for case in reversed(cases())}.values():
        replay(case.read_text(encoding="utf-8"))
    asyncio.run(_live())
    compile_for(PGDialect_asyncpg())
    for cache in _caches():
        if id(cache) not in filled:  # a hook may change what goes into it: see tests/campaigns/*/bugs.py
            cache.cache_clear()


def _caches() -> Iterator[Any]:
    """The functions of the bot that keep what they have returned."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS:
            yield from (each for each in vars(module).values() if isinstance(each, _Caching))


async def _live() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{Path(folder) / 'together.db'}")
        await database.prepare()
        house = House(database)
        await house.arrive(CITIZEN)
        await house.take(house.writes(CITIZEN, "A bench in the shade"), room=0)
        for role in Role:
            await _work(database, role, house.now)
        await _keep_house(house)
        await database.close()


async def _work(database: Database, role: Role, now: datetime) -> None:
    """A run begins, speaks, and ends."""
    run = await database.write(lambda connection: instance.begin(connection, role, now))
    await database.write(lambda connection: outbox.settle_left_behind(connection, run.fence, now))
    await database.write(lambda connection: instance.renew(connection, run, now))
    said = await database.write(
        lambda connection: claim(connection, limit=4, now=now, worker=run.fence, role=role)
    )
    landed = [(message, Delivered(number)) for number, message in enumerate(said)]
    await database.write(
        lambda connection: record(connection, landed, whole=False, worker=run.fence, now=now)
    )
    await database.write(lambda connection: instance.give_up_silent(connection, run.fence))
    await database.write(lambda connection: instance.end(connection, run.fence))


async def _keep_house(house: House) -> None:
    """All that `bot/chores/chores.py` does again and again."""
    database, means, now = house.database, house.means(), house.now
    pushes, announcing, inquiries = Pushes(means), Announcing(means), Inquiries(means, None)
    for chore in (
        pushes.tick,
        pushes.watch,
        pushes.nudge,
        pushes.refresh,
        announcing.tick,
        announcing.look,
        inquiries.translate,
        inquiries.watch,
        Digests(means).tick,
    ):
        await chore()
    await house.cards.refresh(database, means.now, means.alarm)
    await let_out(database, house.context, now)
    await database.write(lambda connection: sweep(connection, now))
    await database.read(backlog.counts)
