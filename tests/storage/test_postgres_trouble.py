"""A PostgreSQL server in trouble: always recognised, never half a change, told at start."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import postgres
from storage.database import Work
from storage.errors import Unavailable
from storage.faultpoints import listen
from storage.messages import outbox
from storage.messages.inbox import Arrived
from storage.messages.inbox import take as take_in
from storage.messages.outbox import Message
from storage.people import people
from storage.postgres import Postgres
from storage.tables import Alarm, Citizen, Outbox, Statement, table
from storage.unit import Book
from tests.storage.places import PostgresPlace
from tests.storage.server import Server
from tests.storage.town import BOT, NOON, RUN, Town

ADA = 4_000_000_001


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Postgres]:
    """A database with the schema of this release, opened."""
    database = Postgres(postgres_url)
    yield database
    await database.close()


@pytest.fixture
async def own_url(server: Server) -> AsyncIterator[str]:
    """A database on a server that a test may stop; it runs again when the test is over."""
    place = PostgresPlace(server.url("postgres"))
    url = await place.make()
    yield url
    await place.give_back(url)
    await place.clear()


def write(cause: str) -> Work[Any]:
    """Work that adds one row."""
    return lambda connection: connection.execute(insert(table(Alarm)).values(cause=cause, told_at=NOON))


async def causes(database: Postgres) -> list[str]:
    """The rows that `write` added."""
    return [row.cause for row in await Town(database).rows(Alarm)]


async def test_a_stopped_server_counts_as_unavailable_and_work_goes_on_when_it_is_back(
    server: Server, own_url: str
) -> None:
    database = Postgres(own_url)
    await database.write(write("before"))

    server.stop()
    try:
        with pytest.raises(Unavailable):
            await database.write(write("meanwhile"))
    finally:
        server.start()

    await database.write(write("after"))
    assert await causes(database) == ["after", "before"]
    await database.close()


async def test_a_server_that_stops_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    server: Server, own_url: str
) -> None:
    database = Postgres(own_url)

    def cut_off(connection: Connection) -> None:
        write("half")(connection)
        server.stop()
        try:
            connection.execute(select(table(Alarm)))
        finally:
            server.start()

    with pytest.raises(Unavailable):
        await database.write(cut_off)

    assert await causes(database) == []
    await database.close()


async def test_a_killed_connection_counts_as_unavailable_and_the_next_transaction_works(
    database: Postgres,
) -> None:
    def killed(connection: Connection) -> None:
        write("half")(connection)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await database.write(killed)

    assert await causes(database) == []


async def test_a_commit_without_an_answer_is_a_doubt_and_work_that_failed_is_none(
    database: Postgres,
) -> None:
    """The server's process ends when it is about to be asked for the commit."""
    session: list[int] = []

    def remember(connection: Connection) -> None:
        session.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())

    def kill(point: str) -> None:
        if point == "before_commit" and session:
            os.kill(session.pop(), signal.SIGTERM)

    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(text("INSERT INTO alarm VALUES ('x')")))
    before = database.doubts
    listen(kill)
    try:
        with pytest.raises(Unavailable):
            await database.write(remember)
    finally:
        listen(lambda _point: None)

    assert (before, database.doubts) == (0, 1)


async def test_connections_killed_while_nobody_used_them_are_not_even_noticed(
    database: Postgres, postgres_place: PostgresPlace, postgres_url: str
) -> None:
    await database.write(write("before"))
    await postgres_place.run(  # until they are gone: one that is dying could still be given work
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = $1",
        make_url(postgres_url).database,
    )

    await database.write(write("after"))

    assert await causes(database) == ["after", "before"]


async def test_a_server_that_has_gone_silent_counts_as_unavailable(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backend is halted: it neither answers nor hangs up."""
    monkeypatch.setattr(postgres, "ANSWER", 0.2)
    database = Postgres(own_url)
    pid: int = await database.read(
        lambda connection: connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    )

    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            await asyncio.wait_for(database.write(write("never")), timeout=10)
    finally:
        os.kill(pid, signal.SIGCONT)

    await database.write(write("after"))
    assert await causes(database) == ["after"]
    await database.close()


@pytest.mark.parametrize(
    ("setting", "statement"),
    [
        ("SET LOCAL statement_timeout = 50", "SELECT pg_sleep(5)"),
        ("SET TRANSACTION READ ONLY", "DELETE FROM alarm"),
    ],
    ids=["slow", "read-only"],
)
async def test_a_server_that_is_too_slow_or_read_only_counts_as_unavailable(
    database: Postgres, setting: str, statement: str
) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text(setting))
        connection.execute(text(statement))

    with pytest.raises(Unavailable):
        await database.write(work)


async def test_a_lock_that_another_holds_for_too_long_counts_as_unavailable(database: Postgres) -> None:
    await Town(database).comes(ADA)
    locked, done = asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(hold_rows(database, locked, done))
    await locked.wait()

    def work(connection: Connection) -> None:
        connection.execute(text("SET LOCAL lock_timeout = 50"))
        connection.execute(update(table(Citizen)).values(language="fr"))

    with pytest.raises(Unavailable, match="lock timeout"):
        await database.write(work)
    done.set()
    await holder

    assert (await Town(database).person(ADA)).language == "en"


async def hold_rows(database: Postgres, locked: asyncio.Event, done: asyncio.Event) -> None:
    """Lock every citizen's row until told to let go."""
    async with database._engine.begin() as connection:
        await connection.execute(select(table(Citizen)).with_for_update())
        locked.set()
        await done.wait()


async def test_an_exhausted_pool_counts_as_unavailable(
    database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database._engine.pool, "_timeout", 0.05)
    taken = [await database._engine.connect() for _ in range(4)]

    with pytest.raises(Unavailable, match="QueuePool limit"):
        await database.read(lambda connection: None)
    for connection in taken:
        await connection.close()


async def test_a_turn_goes_on_while_more_is_read_aside_than_turns_have_connections(
    database: Postgres,
) -> None:
    town, begun, heard = Town(database), asyncio.Event(), asyncio.Event()
    seen: list[int] = []

    def slow(connection: Connection) -> None:
        seen.append(len(connection.execute(select(table(Alarm))).all()))
        begun.set()
        while not heard.is_set():
            connection.execute(text("SELECT pg_sleep(0.01)"))
        seen.append(len(connection.execute(select(table(Alarm))).all()))

    reading = asyncio.gather(*(database.read_aside(slow) for _ in range(6)))
    await begun.wait()
    async with asyncio.timeout(5):
        await town.arrives(ADA)
        await database.write(write("meanwhile"))
    heard.set()
    await reading

    assert seen[:2] == [0, 0]  # it goes on seeing what was there when it began
    assert seen[2:] == [1] * 10


async def test_what_is_read_aside_cannot_write(database: Postgres) -> None:
    with pytest.raises(Unavailable, match="read-only"):
        await database.read_aside(write("never"))


async def test_a_deadlock_is_resolved_by_running_one_of_the_two_again(database: Postgres) -> None:
    await database.write(write("one"))
    await database.write(write("two"))
    begun: list[str] = []

    def cross(first: str, second: str) -> Work[Any]:
        def work(connection: Connection) -> None:
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            touch(connection, first)
            begun.append(first)
            while len(begun) < 2:
                connection.execute(text("SELECT pg_sleep(0.01)"))
            touch(connection, second)

        return work

    await asyncio.gather(database.write(cross("one", "two")), database.write(cross("two", "one")))

    assert len(begun) > 2
    rows = await Town(database).rows(Alarm)
    assert [(row.told_at - NOON).total_seconds() for row in rows] == [2, 2]


def touch(connection: Connection, cause: str) -> None:
    """Add a second to a row."""
    later = text("UPDATE alarm SET told_at = told_at + interval '1 second' WHERE cause = :cause")
    connection.execute(later, {"cause": cause})


async def test_a_serialization_failure_is_run_again_whole(database: Postgres) -> None:
    await database.write(write("counter"))

    def count(connection: Connection) -> None:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        row = connection.execute(select(table(Alarm))).one()
        connection.execute(text("SELECT pg_sleep(0.02)"))
        later = row.told_at + (NOON.replace(second=1) - NOON)
        connection.execute(update(table(Alarm)).values(told_at=later))

    await asyncio.gather(*(database.write(count) for _ in range(3)))

    (row,) = await Town(database).rows(Alarm)
    assert (row.told_at - NOON).total_seconds() == 3


async def test_a_conflict_that_does_not_end_counts_as_unavailable(database: Postgres) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Unavailable):
        await database.write(work)

    assert len(tries) == postgres.ATTEMPTS


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO alarm VALUES ('x', now()), ('x', now())",
        "INSERT INTO alarm VALUES ('x', NULL)",
        "INSERT INTO wording VALUES (404, 1, 'CANARY', 'en', now())",
    ],
    ids=["unique", "not null", "foreign key"],
)
async def test_a_constraint_that_is_hurt_is_not_taken_for_a_server_that_is_away(
    database: Postgres, statement: str
) -> None:
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(text(statement)))


async def test_a_mistake_in_a_statement_is_not_taken_for_a_server_that_is_away(database: Postgres) -> None:
    with pytest.raises(DBAPIError):
        await database.write(lambda connection: connection.execute(text("SELECT * FROM no_such_table")))


async def test_an_update_that_two_take_in_at_once_is_carried_out_by_one(database: Postgres) -> None:
    def work(connection: Connection) -> int:
        new = take_in(connection, BOT, [Arrived(1, 1)], NOON)
        connection.execute(text("SELECT pg_sleep(0.05)"))
        return len(new)

    assert sorted(await asyncio.gather(*(database.write(work) for _ in range(3)))) == [0, 0, 1]


async def test_one_person_in_two_transactions_is_heard_one_after_the_other(database: Postgres) -> None:
    town = Town(database)
    await town.arrives(ADA, territory="montbell", group=None)

    receipts = await asyncio.gather(*(town.says(ADA, f"Idea {n}.", message=n) for n in range(4)))

    assert sorted(receipt.kept for receipt in receipts) == ["enough", "enough", "enough", "kept"]
    assert len(await town.rows(Statement)) == 1


async def test_what_a_turn_puts_behind_a_message_that_turns_out_unsure_waits_behind_it(
    database: Postgres,
) -> None:
    town = Town(database)
    ada = await town.arrives(ADA)
    await town.puts(ada, "unsure", worker=RUN)
    put = asyncio.Event()
    loop = asyncio.get_running_loop()

    def turn(connection: Connection) -> None:
        people.find(connection, BOT, [ADA])
        book = Book(connection)
        outbox.put(book, Message("reply", ada.contact, ADA, {}), now=NOON, worker=RUN)
        book.flush()
        loop.call_soon(put.set)
        connection.execute(text("SELECT pg_sleep(0.2)"))

    def note(connection: Connection) -> None:
        outbox.settle_unsure(connection, ["unsure"], RUN, NOON)
        outbox.release(connection, RUN, contacts=None, flying=["unsure"], now=NOON)

    turning = asyncio.create_task(database.write(turn))
    await put.wait()
    await database.write(note)
    await turning

    assert [(row.key, row.state) for row in await town.rows(Outbox)] == [
        ("unsure", "pending"),
        ("reply", "pending"),
    ]


async def test_an_error_never_quotes_what_a_citizen_wrote(database: Postgres) -> None:
    town = Town(database)
    await town.arrives(ADA)

    with pytest.raises(DBAPIError) as caught:
        await town.says(ADA, "CANARY \0")

    assert "CANARY" not in str(caught.value)
