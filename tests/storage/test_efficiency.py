"""A group of updates costs as many statements as one update: nothing is asked or written person by person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from flows.moves import Look
from flows.people.person import GiveConsent, Purpose
from flows.talks import Talk
from flows.words.statements import Question, Voice
from storage.database import open_database
from storage.messages import claiming, inbox, outbox, stacks
from storage.messages.inbox import Arrived
from storage.messages.outbox import Ending, Message, State
from storage.occasions.seats import lapse
from storage.people import people
from storage.pushes import pushing
from storage.pushes.pushed import Push
from storage.registry import carry_out
from storage.tables import Citizen, Contact, Pseudonym, Statement
from storage.unit import Book, Origin, Person, Unit
from storage.words.telling import what_moved
from tests.storage.plans import add
from tests.storage.town import BOT, CONTEXT, NOON, RUN, Town, record

CROWD = 60
SOMEBODY = Person(citizen=1, contact=2, telegram=3, language="en")


@contextmanager
def heard(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements sent to the database, with their values; one that carries many rows counts once."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_others: Any) -> None:
        sent.append((statement, values))

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
            with heard(connection) as sent:
                step(connection, crowd)
            costs[step.__name__] = len(sent)
        return costs

    assert await town.database.write(work) == {step.__name__: cost for step, cost in COSTS}


@pytest.mark.parametrize("size", [1, CROWD])
async def test_what_people_of_a_group_have_said_and_agreed_to_is_read_once_for_all(
    town: Town, size: int
) -> None:
    crowd = range(1, size + 1)
    for telegram in crowd:
        await town.arrives(telegram)

    def speak(connection: Connection) -> list[tuple[str, Any]]:
        with heard(connection) as sent:
            units = town.units(connection, crowd)
            for unit in units:
                carry_out(unit, record("A bench in the sun"))
                carry_out(unit, GiveConsent(Purpose.STATEMENTS, "consent.statements"))
            units[0].book.flush()
        return sent

    sent = await town.database.write(speak)

    read = [statement for statement, _ in sent if statement.startswith("SELECT")]
    assert len(read) == 3  # people, what they said, what they agreed to
    assert len(await town.rows(Statement)) == len(await town.rows(Pseudonym)) == size


def plans(connection: Connection, explain: str) -> str:
    """How the database carries out the queries of a turn."""
    with heard(connection) as asked:
        people.find(connection, 1, [1, 2])
        people.orphans(connection, 1, [1, 2])
        stacks.load(connection, [1, 2])
        outbox.behind(connection, [1, 2], RUN, NOON)
        outbox.already_there(connection, ["u:1:1:1:0"])
        unit = Unit(connection, Book(connection), CONTEXT, SOMEBODY, Origin(BOT, 1, 0), NOON, NOON)
        people.consents(unit)
        carry_out(unit, Look(Voice, (Question.WELL_BEING,)))
        outbox.cancel_unwanted(connection, NOON)  # whenever somebody could not be reached
    assert len(asked) == 8
    told = [connection.exec_driver_sql(f"{explain} {statement}", values).all() for statement, values in asked]
    return "\n".join(str(row[-1]) for plan in told for row in plan)


async def test_no_turn_looks_through_a_table_that_grows_with_people(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await database.upgrade()
    plan = await database.write(lambda connection: plans(connection, "EXPLAIN QUERY PLAN"))
    await database.close()

    assert "SEARCH contact USING INDEX sqlite_autoindex_contact_2 (bot=? AND telegram=? AND slot=?)" in plan
    assert "SEARCH outbox USING INDEX ix_outbox_line (contact_id=?)" in plan
    scanned = {line.split()[1] for line in plan.splitlines() if line.startswith("SCAN")}
    assert scanned <= {"json_each", "pause"}


async def test_no_turn_on_postgresql_looks_through_a_table_even_if_it_was_empty_when_first_asked(
    postgres_url: str,
) -> None:
    """A plan is kept as long as the connection; one made for an empty table would read all of it for days."""
    database = open_database(postgres_url)
    await database.upgrade()
    await database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
    plan = await database.write(lambda connection: plans(connection, "EXPLAIN"))
    await database.close()

    assert plan.count("Index") >= 7
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= {
        "pause"
    }  # which has a row for each pause, few ever


async def test_what_waits_for_one_person_is_found_by_an_index_of_what_waits(sqlite_url: str) -> None:
    """A month of messages that were sent is never looked through for the few that wait."""

    def explain(connection: Connection) -> str:
        with heard(connection) as asked:
            claiming.claim(connection, limit=5, now=NOON, worker=RUN)
        statement, values = next(each for each in asked if "other" in each[0])
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row.detail for row in plan)

    database = open_database(sqlite_url)
    plan = await database.read(explain)
    await database.close()

    assert "SEARCH other USING INDEX ix_outbox_line (contact_id=?" in plan
    assert "SEARCH outbox USING INDEX ix_outbox_waiting (state=?" in plan
    assert "SCAN outbox" not in plan


def tell_somebody(connection: Connection) -> None:
    """A citizen to whom something is due."""
    moments = {"created_at": NOON, "seen_at": NOON}
    add(connection, Citizen, id=1, language="en", language_chosen=False, **moments)
    add(connection, Contact, id=2, bot=BOT, telegram=3, citizen_id=1, reach="open", slot=0)
    name = {"citizen_id": 1, "topic": "meeting", "about": 4, "kind": "reminder", "lead": "1d", "edition": 0}
    lasts = {"at": NOON, "not_after": NOON, "planned_at": NOON}
    add(connection, Push, **name, **lasts, cadence="1", state="due")


async def test_no_tick_looks_through_a_table_that_grows_with_people(sqlite_url: str) -> None:
    """Who is told of what is due is found by whom it is due to, not among all whom the bot knows."""

    def explain(connection: Connection) -> str:
        tell_somebody(connection)
        with heard(connection) as asked:
            pushing.is_anything_due(connection, NOON)
            lapse(connection, CONTEXT, NOON)
            [portion] = pushing.claim(connection, CONTEXT, bot=BOT, now=NOON, most=5)
            people.find_one(connection, BOT, 1)
            what_moved(connection, [1, 2])
        assert portion.person.citizen == 1
        told = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in asked
        ]
        return "\n".join(str(row[-1]) for plan in told for row in plan)

    database = open_database(sqlite_url)
    await database.upgrade()
    plan = await database.write(explain)
    await database.close()

    assert not re.findall(r"SCAN (?!json_each|CONSTANT).*", plan)
    assert "(bot=?)" not in plan
    assert plan.count("SEARCH contact USING INDEX ix_contact_citizen_id (citizen_id=?)") == 2
    assert "SEARCH push USING INDEX ix_push_own_due (citizen_id=? AND at<?)" in plan
    assert "SEARCH push USING INDEX ix_push_own_said (citizen_id=? AND settled_at>?)" in plan
