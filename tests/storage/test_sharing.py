"""Several instances on one PostgreSQL database: one voice for each person, in order, and no update twice."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import Connection, func, select, text

from flows.people.person import Forget
from flows.pushes.pushed import Notice
from storage import instance
from storage.instance import Role, Run
from storage.messages import inbox, outbox
from storage.messages.inbox import Arrived
from storage.messages.outbox import Claimed, Ending, Lane, Message, State
from storage.people import people
from storage.postgres import Postgres
from storage.pushes import notices
from storage.pushes.pushed import Push
from storage.tables import Outbox, table
from storage.unit import Book, Person
from tests.storage.meetings import meets
from tests.storage.town import BOT, CONTEXT, NOON, RUN, Town

CROWD: Final = range(1, 5)
TURNS: Final = 60  # of each listener
REMINDERS: Final = 30
WAIT: Final = 3.0  # seconds; a lock is waited for longer


@pytest.fixture
async def towns(postgres_url: str) -> AsyncIterator[list[Town]]:
    """One database as three instances see it."""
    async with AsyncExitStack() as opened:
        databases = [Postgres(postgres_url) for _ in range(3)]
        for database in databases:
            opened.push_async_callback(database.close)
        yield [Town(database) for database in databases]


class Air:
    """What is being said, by anybody, to whom."""

    def __init__(self) -> None:
        self.speaking: set[int] = set()
        self.overlaps: list[str] = []
        self.heard: dict[int, list[str]] = defaultdict(list)

    async def carry(self, message: Claimed, seconds: float) -> None:
        """Bring a message to its reader."""
        if message.contact in self.speaking:
            self.overlaps.append(message.key)
        self.speaking.add(message.contact)
        self.heard[message.telegram].append(message.key)
        await asyncio.sleep(seconds)
        self.speaking.discard(message.contact)


class Speaking:
    """One instance that speaks: what it holds for one person, one after the other."""

    def __init__(self, town: Town, air: Air, run: Run, seed: int) -> None:
        self.town = town
        self._air = air
        self._run = run
        self._random = Random(seed)
        self._exchange = asyncio.Lock()  # what is claimed goes before what is handed over meanwhile
        self._lines: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: list[asyncio.Task[None]] = []

    async def hears(self, turns: int) -> None:
        """Answer people who write, at once where nothing else of theirs waits or is being said."""
        for turn in range(turns):
            telegram = self._random.choice(CROWD)
            said = await self.town.database.write(lambda c, t=telegram, n=turn: self._turn(c, t, n))  # type: ignore[misc]
            async with self._exchange:
                self._speak(said)
            await asyncio.sleep(self._random.uniform(0, 0.004))

    def _turn(self, connection: Connection, telegram: int, turn: int) -> list[Claimed]:
        [person] = people.find(connection, BOT, [telegram]).values()
        behind = outbox.behind(connection, [person.contact], self._run.fence, NOON)
        message = Message(f"{self._run.fence}:{turn}", person.contact, telegram, {})
        book = Book(connection)
        outbox.put(book, message, now=NOON, worker=None if behind else self._run.fence)
        book.flush()
        return [] if behind else [message.claimed()]

    async def claims(self, until: asyncio.Event) -> None:
        """Say what waits."""
        while not until.is_set():
            async with self._exchange:
                claimed = await self.town.claimed(worker=self._run.fence, role=self._run.role)
                self._speak(claimed)
            await asyncio.sleep(self._random.uniform(0, 0.004))
        await asyncio.gather(*self._tasks)

    def _speak(self, messages: Iterable[Claimed]) -> None:
        self._tasks += [asyncio.create_task(self._say(message)) for message in messages]

    async def _say(self, message: Claimed) -> None:
        async with self._lines[message.contact]:
            await self._air.carry(message, self._random.uniform(0, 0.006))
            ended = [Ending(message.key, State.SENT, message=1)]
            await self.town.do(outbox.record, ended, self._run.fence, NOON)


async def test_nobody_is_spoken_to_by_two_at_once_or_out_of_order(towns: list[Town]) -> None:
    crowd = [await towns[0].arrives(telegram) for telegram in CROWD]
    air, done = Air(), asyncio.Event()
    roles = (Role.LISTEN, Role.LISTEN, Role.PUSH)
    runs: list[Run] = [await towns[0].do(instance.begin, role, NOON) for role in roles]
    one, two, leader = (Speaking(town, air, run, run.fence) for town, run in zip(towns, runs, strict=True))

    async def remind() -> None:
        for number in range(REMINDERS):
            await leader.town.reminds(crowd[number % len(crowd)], f"reminder {number}")
            await asyncio.sleep(0.01)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for speaking in (one, two, leader):
            tasks.create_task(speaking.claims(done))
        await asyncio.gather(one.hears(TURNS), two.hears(TURNS), remind())
        while await towns[0].do(waiting):  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.02)
        done.set()

    rows = await towns[0].rows(Outbox)
    telegrams = {person.contact: person.telegram for person in crowd}
    replies: dict[int, list[str]] = {person.telegram: [] for person in crowd}
    for row in rows:
        if row.lane == Lane.REPLY:
            replies[telegrams[row.contact_id]].append(row.key)
    assert air.overlaps == []
    assert {telegram: [key for key in keys if ":" in key] for telegram, keys in air.heard.items()} == replies
    assert sum(map(len, air.heard.values())) == 2 * TURNS + REMINDERS


def waiting(connection: Connection) -> int:
    """How many messages have not ended."""
    query = select(func.count()).select_from(table(Outbox)).where(table(Outbox).c.ended_at.is_(None))
    found: int = connection.execute(query).scalar_one()
    return found


async def test_a_person_who_is_being_heard_is_left_for_later(towns: list[Town]) -> None:
    listener, leader, _ = towns
    ada, ben = await listener.arrives(1), await listener.arrives(2)
    await leader.reminds(ada, "to ada")
    await leader.reminds(ben, "to ben")
    heard, answered = asyncio.Event(), asyncio.Event()
    hearing = asyncio.create_task(hear(listener, ada, heard, answered))
    await heard.wait()

    during = await leader.claims(role=Role.PUSH)
    answered.set()
    await hearing
    before_it_is_said = await leader.claims(role=Role.PUSH)
    await leader.do(outbox.record, [Ending("reply", State.SENT)], RUN, NOON)

    assert during == ["to ben"]
    assert before_it_is_said == []
    assert await leader.claims(role=Role.PUSH) == ["to ada"]


async def test_who_is_being_heard_can_be_told_something_by_others_meanwhile(towns: list[Town]) -> None:
    listener, leader, _ = towns
    ada = await listener.arrives(1)
    await meets(leader)
    heard, answered = asyncio.Event(), asyncio.Event()
    hearing = asyncio.create_task(hear(listener, ada, heard, answered))
    await heard.wait()

    await asyncio.wait_for(tell(leader, ada), WAIT)
    answered.set()
    await hearing

    assert [push.citizen_id for push in await leader.rows(Push)] == [ada.citizen]


async def test_what_others_have_to_tell_somebody_is_waited_for_and_erased_with_them(
    towns: list[Town],
) -> None:
    listener, leader, _ = towns
    ada = await listener.arrives(1)
    await meets(leader)
    heard, answered = asyncio.Event(), asyncio.Event()
    telling = asyncio.create_task(hold(leader, lambda c: note(c, ada), heard, answered))
    await heard.wait()

    erasing = asyncio.create_task(listener.acts(1, Forget()))
    await asyncio.sleep(0.2)
    answered.set()
    await asyncio.gather(telling, erasing)

    assert await leader.rows(Push) == []


async def hold(
    town: Town, work: Callable[[Connection], None], done: asyncio.Event, over: asyncio.Event
) -> None:
    """A transaction that is committed only when told."""
    assert isinstance(town.database, Postgres)
    async with town.database._engine.begin() as connection:
        await connection.run_sync(work)
        done.set()
        await over.wait()


async def tell(town: Town, person: Person) -> None:
    """Somebody else has something to tell a person."""
    await town.database.write(lambda connection: note(connection, person))


def note(connection: Connection, person: Person) -> None:
    """It is noted."""
    notices.notify(connection, CONTEXT, [person.citizen], Notice.CHANGED, 1, NOON)


async def hear(town: Town, person: Person, heard: asyncio.Event, answered: asyncio.Event) -> None:
    """A turn that takes until told, and hands its reply over."""
    assert isinstance(town.database, Postgres)
    async with town.database._engine.begin() as connection:
        await connection.run_sync(people.find, BOT, [person.telegram])
        heard.set()
        await answered.wait()
        await connection.run_sync(reply, person)


def reply(connection: Connection, person: Person) -> None:
    """A reply that is handed over."""
    book = Book(connection)
    outbox.put(book, Message("reply", person.contact, person.telegram, {}), now=NOON, worker=RUN)
    book.flush()


async def test_two_listeners_that_take_the_same_updates_in_opposite_order_carry_out_each_once(
    towns: list[Town],
) -> None:
    """Telegram repeats a call that took too long; each listener commits what it has in a group."""
    tries: list[int] = []
    updates = [Arrived(1, 1), Arrived(2, 2)]

    def group(order: list[Arrived]) -> Any:
        def work(connection: Connection) -> list[Arrived]:
            tries.append(1)
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            new = list(inbox.take(connection, BOT, order[:1], NOON))
            connection.execute(text("SELECT pg_sleep(0.1)"))
            return new + list(inbox.take(connection, BOT, order[1:], NOON))

        return work

    new = await asyncio.gather(
        towns[0].database.write(group(updates)), towns[1].database.write(group(updates[::-1]))
    )

    assert len(tries) == 3
    assert sorted(len(found) for found in new) == [0, 2]
    assert {*new[0], *new[1]} == set(updates)
