"""Who works with a PostgreSQL database: one alone, or several of whom one leads; and sessions that die."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import NoReturn

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from storage import instance, locks
from storage.errors import AlreadyRunning, LeadLost, Unavailable
from storage.locks import SessionHold
from storage.postgres import Postgres
from storage.sqlite import Sqlite
from tests.storage.places import PostgresPlace


class Instances:
    """Instances of one database, each with connections of its own."""

    def __init__(self, url: str, place: PostgresPlace, held: AsyncExitStack) -> None:
        self._url = url
        self._place = place
        self._held = held

    async def begins(self, *, shared: bool) -> SessionHold:
        """Another one."""
        database = Postgres(self._url)
        self._held.push_async_callback(database.close)
        return await self._held.enter_async_context(database.hold(shared=shared))

    async def cut(self) -> None:
        """Every session ends at the server's end."""
        await self._place.run(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1",
            make_url(self._url).database,
        )
        await asyncio.sleep(0.05)


@pytest.fixture
async def instances(
    postgres_url: str, postgres_place: PostgresPlace, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Instances]:
    monkeypatch.setattr(locks, "PATIENCE", "200ms")
    async with AsyncExitStack() as held:
        yield Instances(postgres_url, postgres_place, held)


def session(connection: Connection) -> int:
    """The server's process behind a connection."""
    found: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return found


async def test_any_number_may_share_and_nobody_beside_them_has_it_alone(instances: Instances) -> None:
    first, second = await instances.begins(shared=True), await instances.begins(shared=True)

    with pytest.raises(AlreadyRunning, match="stop it first"):
        await instances.begins(shared=False)

    await first.let_go()
    await second.let_go()
    await instances.begins(shared=False)
    with pytest.raises(AlreadyRunning, match="stop it first"):
        await instances.begins(shared=True)


async def test_one_of_them_leads_and_the_next_does_at_the_moment_it_lets_go(instances: Instances) -> None:
    leader, heir = await instances.begins(shared=True), await instances.begins(shared=True)
    assert await leader.lead()
    assert not await heir.lead()

    waiting = asyncio.create_task(heir.lead())
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await leader.let_go()

    assert await waiting
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
async def test_a_session_that_was_cut_is_noticed_and_the_right_taken_again(
    instances: Instances, shared: bool
) -> None:
    held = await instances.begins(shared=shared)
    before = await held.do(session)
    await instances.cut()

    noticed = not held.intact
    after = await held.do(session)

    assert noticed
    assert held.intact
    assert before != after
    with pytest.raises(AlreadyRunning):
        await instances.begins(shared=not shared)


async def test_who_lost_it_to_another_is_told(instances: Instances) -> None:
    alone = await instances.begins(shared=False)
    await instances.cut()
    await instances.begins(shared=True)

    with pytest.raises(AlreadyRunning):
        await alone.do(session)


async def test_who_led_leads_again_unless_somebody_else_does(instances: Instances) -> None:
    first, second = await instances.begins(shared=True), await instances.begins(shared=True)
    await first.lead()
    await instances.cut()
    await first.do(session)
    assert not await second.lead()

    await instances.cut()
    assert await second.lead()

    with pytest.raises(LeadLost):
        await first.do(session)
    await first.do(session)  # it still shares


async def test_who_led_leads_again_after_a_server_that_was_away(
    instances: Instances, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, other = await instances.begins(shared=True), await instances.begins(shared=True)
    await leader.lead()
    await instances.cut()

    def away() -> NoReturn:
        raise OSError("away")

    with monkeypatch.context() as trouble:
        trouble.setattr(leader, "_engine", SimpleNamespace(connect=away))
        for _ in range(2):
            with pytest.raises(Unavailable, match="away"):
                await leader.do(session)

    await leader.do(session)
    assert not await other.lead()


async def test_a_session_that_we_have_lost_and_the_server_has_not_does_not_lock_us_out(
    instances: Instances,
) -> None:
    held = await instances.begins(shared=False)
    lost, held._session, held._driver = held._session, None, None

    await held.do(session)

    assert held.intact
    assert lost is not None
    await lost.invalidate()
    await lost.close()


async def test_work_that_is_broken_off_leaves_nothing_half_done_and_no_session_in_doubt(
    instances: Instances,
) -> None:
    held = await instances.begins(shared=False)

    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO alarm VALUES ('half', now())"))
        connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await held.do(work)

    assert not held.intact
    assert await held.do(lambda c: c.execute(text("SELECT count(*) FROM alarm")).scalar_one()) == 0


async def test_a_leader_whose_session_is_silent_for_long_enough_leads_no_more(
    instances: Instances, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(instance, "GRACE", timedelta(seconds=0.2))
    frozen, heir = await instances.begins(shared=True), await instances.begins(shared=True)
    await frozen.lead()

    leads = [await heir.lead() for _ in range(4)]

    assert leads[0] is False
    assert leads[-1] is True
    assert not frozen.intact


async def test_a_leader_that_renews_is_left_alone(
    instances: Instances, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "LEASE", timedelta(seconds=0.1))
    monkeypatch.setattr(instance, "GRACE", timedelta(seconds=0.1))
    leader, heir = await instances.begins(shared=True), await instances.begins(shared=True)
    await leader.lead()

    waiting = asyncio.create_task(heir.lead())
    while not waiting.done():
        await leader.do(session)
        await asyncio.sleep(0.02)

    assert not await waiting
    assert leader.intact


async def test_a_file_is_held_by_one_who_leads_for_ever(sqlite_url: str) -> None:
    database = Sqlite(sqlite_url)
    async with database.hold() as held:
        found = await held.do(lambda c: c.execute(text("SELECT 1")).scalar_one())
        assert (held.intact, await held.lead(), found) == (True, True, 1)
    await database.close()
