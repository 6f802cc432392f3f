"""A database in memory with the schema of today, its clock, and one transaction for each event in it.

Each village begins as a copy of an empty one, so a new one costs a fraction of a millisecond.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, update
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel, col

from flows.links import token_hash
from flows.people.roles import Holding
from storage.context import Context, Keyring
from storage.people import people
from storage.people.roles import invite_from_console
from storage.registry import appliers
from storage.tables import Invitation, table
from storage.unit import Book, Origin, Person, Unit
from tests.flows.places import CONJUNCTIONS
from tests.storage.town import BOT, CONTEXT, KEYS

BEGINNING: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

LONG_IDS: Final = replace(
    CONTEXT,
    conjunctions={"all": CONJUNCTIONS},
    address="https://t.me/together_bot",
)
"""What storage is given, for rows whose ids nobody sees: they are as long as in any installation."""


@dataclass(frozen=True, repr=False)
class Counting(Keyring):
    """Gives rows small ids in the order in which they are made, so that people can read and press them."""

    ids: dict[tuple[int, ...], int] = field(default_factory=dict)

    def row_id(self, *origin: int) -> int:
        return self.ids.setdefault(origin, len(self.ids) + 1)


class Village:
    """A database and its clock; whoever acts has a Telegram id."""

    def __init__(self) -> None:
        self.now = BEGINNING
        self.updates = 0
        self.people = 0
        self.context: Context = replace(LONG_IDS, keys=Counting(KEYS.secret))
        self._connection = _copied(_empty())

    def __deepcopy__(self, _memo: Any) -> "Village":
        """A village of its own in which the same has happened so far."""
        other = copy(self)
        ids = dict(cast(Counting, self.context.keys).ids)
        other.context = replace(self.context, keys=Counting(KEYS.secret, ids))
        other._connection = _copied(self._connection)
        return other

    def newcomer(self) -> int:
        """The Telegram id of somebody who was never here."""
        self.people += 1
        return self.people

    @contextmanager
    def turn(self, telegram: int, context: Context | None = None) -> Iterator[Unit]:
        """One update of that person: all of it is done, or, if anything raises, nothing."""
        self.updates += 1
        with self.transaction() as connection:
            person = self._person(connection, telegram)
            before, origin = replace(person), Origin(BOT, self.updates, 0)
            book = Book(connection)
            yield Unit(connection, book, context or self.context, person, origin, self.now, self.now)
            people.write(connection, book, BOT, {telegram: (before, person)})

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction for what no person does, such as the console or a ticker."""
        with self._connection.begin():
            yield self._connection

    def person(self, telegram: int) -> Person:
        """That person as they are now; a stranger leaves no trace by being looked for."""
        with self.transaction() as connection:
            return self._person(connection, telegram)

    def _person(self, connection: Connection, telegram: int) -> Person:
        if found := people.find(connection, BOT, [telegram]):
            return found[telegram]
        way = people.orphans(connection, BOT, [telegram]).get(telegram)
        return Person(
            citizen=KEYS.row_id(0, telegram, self.updates),
            contact=way or KEYS.row_id(1, telegram, self.updates),
            telegram=telegram,
            language="en",
            created_at=self.now,
            seen_at=self.now,
            known=False,
            way_known=way is not None,
        )

    def invites(self, token: str, holding: Holding) -> int:
        """Make an invitation as the console does; returns its id, small as all others."""
        self.updates += 1
        id, hashed = self.context.keys.row_id(BOT, self.updates, 0, 1), token_hash(token)
        with self.transaction() as connection:
            invite_from_console(connection, hashed, holding.role, holding.where, self.now)
            made = col(Invitation.token_hash) == hashed
            connection.execute(update(table(Invitation)).where(made).values(id=id))
        return id


@cache
def _engine() -> Engine:
    """An engine each connection of which has a database of its own; what it compiles serves all."""
    engine = create_engine("sqlite://", poolclass=NullPool, creator=_open)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _open() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON").close()
    return connection


@cache
def _empty() -> Connection:
    appliers()  # imports every module of storage, so that the metadata holds every table
    connection = _engine().connect()
    with connection.begin():
        SQLModel.metadata.create_all(connection)
    return connection


def _copied(source: Connection) -> Connection:
    """A new database with all that is in another one."""
    target = _engine().connect()
    cast(sqlite3.Connection, source.connection.dbapi_connection).backup(
        cast(sqlite3.Connection, target.connection.dbapi_connection)
    )
    return target
