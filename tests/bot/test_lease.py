"""A run speaks while it holds its lease, alone or with others who know of it, and no longer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from bot import lease as module
from bot.lease import Lease
from bot.speaking.alarms import Alarms
from storage import instance
from storage.database import Database, Work
from storage.errors import AlreadyRunning, LeadLost, Unavailable
from storage.instance import Role, Run
from tests.bot.house import NOON
from tests.bot.mouth import Mouth
from tests.bot.office import until

T = TypeVar("T")

LASTS = instance.LEASE.total_seconds()


class Session:
    """The right to work with a database, whose session can die, and trouble on it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.intact = True
        self.trouble: Exception | None = None

    async def do(self, work: Work[T]) -> T:
        if self.trouble is not None:
            raise self.trouble
        self.intact = True
        return await self._database.write(work)

    async def lead(self) -> bool:
        return True


class Speaker:
    """One run with its lease; others may run beside it."""

    def __init__(self, database: Database, run: Run) -> None:
        self.database = database
        self.run = run
        self.session = Session(database)
        self.time = 1000.0
        self.shares: list[int] = []
        self.alarms = Alarms(Mouth().speaker, database, [], lambda: NOON)
        self.lease = Lease(
            self.session,
            run,
            now=lambda: NOON,
            alarms=self.alarms,
            share=self.shares.append,
            monotonic=lambda: self.time,
        )

    async def another(self, role: Role = Role.LISTEN) -> "Speaker":
        """Another run begins."""
        run = await self.database.write(lambda connection: instance.begin(connection, role, NOON))
        return Speaker(self.database, run)

    def passes(self, seconds: float) -> None:
        """Time passes here."""
        self.time += seconds


@pytest.fixture
async def speaker(database: Database) -> Speaker:
    """A listener that has not renewed yet."""
    run = await database.write(lambda connection: instance.begin(connection, Role.LISTEN, NOON))
    return Speaker(database, run)


@asynccontextmanager
async def keeping(lease: Lease) -> AsyncIterator[asyncio.Task[None]]:
    """The lease is renewed meanwhile."""
    task = asyncio.create_task(lease.keep())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_nothing_is_said_before_the_first_renewal(speaker: Speaker) -> None:
    before = speaker.lease.term
    await speaker.lease.renew()

    assert before is None
    assert speaker.lease.term == 1
    assert speaker.shares == [1]


async def test_a_term_lasts_while_the_lease_is_renewed(speaker: Speaker) -> None:
    for _ in range(5):
        await speaker.lease.renew()
        speaker.passes(LASTS - 0.1)

    assert speaker.lease.term == 1


async def test_a_term_ends_with_a_lease_that_is_not_renewed_and_the_next_is_another(speaker: Speaker) -> None:
    await speaker.lease.renew()
    speaker.session.trouble = Unavailable("away")
    await speaker.lease.renew()
    still = speaker.lease.term
    speaker.passes(LASTS)
    over = speaker.lease.term
    await speaker.lease.renew()
    speaker.session.trouble = None
    await speaker.lease.renew()

    assert (still, over) == (1, None)
    assert speaker.lease.term == 2


async def test_a_term_ends_at_once_with_the_session_that_holds_the_lock(speaker: Speaker) -> None:
    await speaker.lease.renew()
    speaker.session.intact = False
    over = speaker.lease.term
    await speaker.lease.renew()

    assert over is None
    assert speaker.lease.term == 2


async def test_who_was_given_up_begins_another_term_however_short_it_seemed(speaker: Speaker) -> None:
    await speaker.lease.renew()
    await speaker.database.write(lambda connection: instance.end(connection, speaker.run.fence))
    await speaker.lease.renew()

    assert speaker.lease.term == 2


async def test_who_joins_waits_until_everybody_has_seen_it(speaker: Speaker) -> None:
    await speaker.lease.renew()
    newcomer = await speaker.another()

    await newcomer.lease.renew()
    unseen = newcomer.lease.term
    await speaker.lease.renew()
    await newcomer.lease.renew()

    assert unseen is None
    assert newcomer.lease.term == 1
    assert newcomer.shares == [2]
    assert speaker.shares == [1, 2]


async def test_two_who_join_at_once_do_not_wait_for_each_other_for_ever(speaker: Speaker) -> None:
    other = await speaker.another()
    for each in (speaker, other, speaker, other):
        await each.lease.renew()

    assert speaker.lease.term == other.lease.term == 1


async def test_who_leaves_gives_its_share_back(speaker: Speaker) -> None:
    other = await speaker.another()
    await speaker.lease.renew()
    await speaker.database.write(lambda connection: instance.end(connection, other.run.fence))
    await speaker.lease.renew()

    assert speaker.shares == [2, 1]


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.ALL, AlreadyRunning), (Role.LISTEN, AlreadyRunning), (Role.PUSH, LeadLost)],
)
async def test_who_was_succeeded_is_told(database: Database, role: Role, expected: type[Exception]) -> None:
    run = await database.write(lambda connection: instance.begin(connection, role, NOON))
    speaker = Speaker(database, run)
    await speaker.lease.renew()
    await speaker.another(Role.ALL)

    with pytest.raises(expected):
        await speaker.lease.renew()


async def test_a_lost_session_is_looked_after_at_once_and_not_at_the_next_beat(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr(module, "BEAT", 3600.0)
    async with keeping(speaker.lease):
        await until(lambda: speaker.lease.term == 1)
        speaker.session.intact = False
        await until(lambda: speaker.lease.term == 2)

    assert speaker.session.intact


async def test_a_renewal_that_hangs_is_broken_off(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER", 0.05)

    async def never(_work: Work[T]) -> T:
        await asyncio.sleep(60)
        raise AssertionError("unreachable")

    monkeypatch.setattr(speaker.session, "do", never)
    await asyncio.wait_for(speaker.lease.renew(), 1)

    assert speaker.lease.term is None


async def test_an_alarm_is_sounded_when_trouble_lasts_and_not_for_one_failure(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounded: list[str] = []
    monkeypatch.setattr(speaker.alarms, "sound", sounded.append)
    await speaker.lease.renew()
    speaker.session.trouble = Unavailable("away")
    speaker.session.intact = False
    await speaker.lease.renew()
    once = list(sounded)
    await speaker.lease.renew()

    assert once == []
    assert sounded == ["database"]


async def test_a_lease_of_ours_ends_before_the_database_thinks_so(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts from the moment at which it was asked for."""
    work = speaker.session.do

    async def slowly(asked: Work[T]) -> T:
        done = await work(asked)
        speaker.passes(LASTS)
        return done

    monkeypatch.setattr(speaker.session, "do", slowly)
    await speaker.lease.renew()

    assert speaker.lease.term is None
