"""A group of updates costs as many statements as one update: nothing is asked or written person by person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from flows.reception import Talk
from storage import claiming, inbox, outbox, people, stacks
from storage.database import open_database
from storage.inbox import Arrived
from storage.outbox import Ending, Message, State
from storage.unit import Book, Person
from tests.storage.town import BOT, NOON, RUN, Town

CROWD = 60


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    """The statements sent to the database; one that carries many rows counts once."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def take_in(connection: Connection, crowd: list[Person]) -> None:
    arrived = [Arrived(5_000_000 + person.telegram, 0) for person in crowd]
    assert len(inbox.take(connection, BOT, arrived, NOON)) == len(crowd)


def find(connection: Connection, crowd: list[Person]) -> None:
    assert len(people.find(connection, BOT, [person.telegram for person in crowd])) == len(crowd)


def miss(connection: Connection, crowd: list[Person]) -> None:
    strangers = [person.telegram + 10_000 for person in crowd]
    assert not people.find(connection, BOT, strangers)
    assert not people.orphans(connection, BOT, strangers)


def change(connection: Connection, crowd: list[Person]) -> None:
    changes = {person.telegram: (person, replace(person, language="fr")) for person in crowd}
    people.write(connection, Book(connection), BOT, changes)


def arrive(connection: Connection, crowd: list[Person]) -> None:
    new = {}
    for person in crowd:
        stranger = replace(
            person,
            citizen=person.citizen // 2,
            contact=person.contact // 2,
            telegram=person.telegram + 20_000,
            known=False,
            way_known=False,
        )
        new[stranger.telegram] = (stranger, stranger)
    people.write(connection, Book(connection), BOT, new)


def block(connection: Connection, crowd: list[Person]) -> None:
    changes = {person.telegram: (person, replace(person, reach="blocked")) for person in crowd}
    people.write(connection, Book(connection), BOT, changes)


def leave_as_they_are(connection: Connection, crowd: list[Person]) -> None:
    people.write(
        connection, Book(connection), BOT, {person.telegram: (person, replace(person)) for person in crowd}
    )


def keep_stacks(connection: Connection, crowd: list[Person]) -> None:
    stacks.save(connection, {person.citizen: (Talk(1, "menu"),) for person in crowd}, NOON)
    assert len(stacks.load(connection, [person.citizen for person in crowd])) == len(crowd)


def speak(connection: Connection, crowd: list[Person]) -> None:
    messages = [Message(f"u:{one.telegram}", one.contact, one.telegram, {}) for one in crowd]
    assert outbox.already_there(connection, [message.key for message in messages]) == set()
    outbox.behind(connection, [message.contact for message in messages], RUN, NOON)
    book = Book(connection)
    for message in messages:
        outbox.put(book, message, now=NOON, worker=RUN)
    book.flush()


def note(connection: Connection, crowd: list[Person]) -> None:
    endings = [Ending(f"waits:{person.telegram}", State.SENT, message=1) for person in crowd]
    outbox.record(connection, endings, RUN, NOON)


def claim(connection: Connection, crowd: list[Person]) -> None:
    assert len(claiming.claim(connection, limit=len(crowd), now=NOON, worker=RUN)) == len(crowd)


def settle(connection: Connection, crowd: list[Person]) -> None:
    outbox.settle_unsure(connection, [f"waits:{person.telegram}" for person in crowd], RUN, NOON)


COSTS = [
    (take_in, 1),
    (find, 1),
    (miss, 2),
    (claim, 4),
    (settle, 3),
    (note, 1),
    (speak, 3),
    (change, 1),
    (arrive, 2),
    (block, 1),
    (leave_as_they_are, 0),
    (keep_stacks, 2),
]


@pytest.mark.parametrize("size", [1, CROWD])
async def test_a_group_of_any_size_costs_the_same_number_of_statements(town: Town, size: int) -> None:
    crowd = [await town.comes(number) for number in range(1, size + 1)]
    for person in crowd:
        await town.puts(person, f"waits:{person.telegram}")

    def work(connection: Connection) -> dict[str, int]:
        costs = {}
        for step, _ in COSTS:
            with counted(connection) as sent:
                step(connection, crowd)
            costs[step.__name__] = len(sent)
        return costs

    assert await town.database.write(work) == {step.__name__: cost for step, cost in COSTS}


async def test_no_turn_looks_through_a_table_that_grows_with_people(sqlite_url: str) -> None:
    def explain(connection: Connection) -> str:
        asked: list[tuple[str, Any]] = []
        event.listen(connection, "before_cursor_execute", lambda *heard: asked.append((heard[2], heard[3])))
        people.find(connection, 1, [1, 2])
        people.orphans(connection, 1, [1, 2])
        stacks.load(connection, [1, 2])
        outbox.behind(connection, [1, 2], RUN, NOON)
        outbox.already_there(connection, ["u:1:1:1:0"])
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in list(asked)
        ]
        assert len(plans) == 5
        return "\n".join(row.detail for plan in plans for row in plan)

    database = open_database(sqlite_url)
    await database.upgrade()
    plan = await database.write(explain)
    await database.close()

    assert "SEARCH contact USING INDEX sqlite_autoindex_contact_2 (bot=? AND telegram=?)" in plan
    assert "SEARCH outbox USING INDEX ix_outbox_line (contact_id=?)" in plan
    scanned = {line.split()[1] for line in plan.splitlines() if line.startswith("SCAN")}
    assert scanned <= {"json_each", "pause"}


async def test_what_waits_for_one_person_is_found_by_an_index_of_what_waits(sqlite_url: str) -> None:
    """A month of messages that were sent is never looked through for the few that wait."""
    asked: list[tuple[str, Any]] = []

    def explain(connection: Connection) -> str:
        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_others: Any) -> None:
            asked.append((statement, values))

        event.listen(connection, "before_cursor_execute", note)
        claiming.claim(connection, limit=5, now=NOON, worker=RUN)
        event.remove(connection, "before_cursor_execute", note)
        statement, values = next(each for each in asked if "other" in each[0])
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row.detail for row in plan)

    database = open_database(sqlite_url)
    plan = await database.read(explain)
    await database.close()

    assert "SEARCH other USING INDEX ix_outbox_line (contact_id=?" in plan
    assert "SEARCH outbox USING INDEX ix_outbox_waiting (state=?" in plan
    assert "SCAN outbox" not in plan
