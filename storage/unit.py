"""One event's share of a transaction: who it is about, what it reads, the rows it adds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Delete, Insert, Row, Select, Table, Update, insert
from sqlmodel import SQLModel

from storage.context import Context
from storage.messages.quoting import Quote
from storage.sql import insert_new, many
from storage.tables import table

WHOSE: Final = "whose"
"""The parameter of a shared query: whose rows it is about."""


@dataclass(slots=True)
class Person:
    """A citizen and the way to them in this transaction; changed in place, written at its end."""

    citizen: int
    contact: int
    telegram: int
    language: str
    language_chosen: bool = False
    territory: str | None = None
    group: str | None = None
    called: str | None = None  # by the others on their phone; None: there are none
    asked: str | None = ""  # purposes of consents, with spaces between; None: those of the first release
    adult_at: datetime | None = None
    arrived_at: datetime | None = None
    stopped_at: datetime | None = None
    created_at: datetime | None = None
    seen_at: datetime | None = None
    reach: str = "open"
    known: bool = True  # False: no citizen of the database yet
    way_known: bool = True  # False: nor is the contact
    erased: bool = False  # True: nothing more is written about them
    hands_over: bool = False  # True: somebody else on their phone speaks from now on

    def copy(self) -> "Person":
        """The person as they are now, whatever changes."""
        return Person(*_everything(self))


_everything: Final = attrgetter(*(field.name for field in fields(Person)))


class Book:
    """Rows that a group of events adds, written with one statement for each table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
        self._perhaps_there: set[type[SQLModel]] = set()

    def add(self, model: type[SQLModel], **row: Any) -> None:
        """Add one row; `row` names every column that has no default in the database."""
        self._rows.setdefault(model, []).append(row)

    def add_once(self, model: type[SQLModel], **row: Any) -> None:
        """Add a row that may be there already, and then stays as it is; so may all others of its table."""
        self.add(model, **row)
        self._perhaps_there.add(model)

    def flush(self) -> None:
        """Write what was added, referred-to tables first."""
        rows, self._rows = self._rows, {}
        dialect = self.connection.dialect.name
        for model in sorted(rows, key=_order) if len(rows) > 1 else rows:
            known = model in self._perhaps_there
            many(self.connection, insert_new(dialect, model) if known else _insert(model), rows[model])


@cache
def _insert(model: type[SQLModel]) -> Insert:
    return insert(table(model))


@cache
def _order(model: type[SQLModel]) -> int:
    """The place of a table in an order in which each refers to earlier ones alone."""
    return SQLModel.metadata.sorted_tables.index(table(model))


@dataclass(slots=True)
class Origin:
    """The update an event came from; ids of new rows are made from it, so it makes the same rows again."""

    bot: int
    update_id: int
    mark: int
    made: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Shared:
    """A query that is asked for everybody in a group at once, when the first of them needs it."""

    of: Table  # what it reads
    query: Select[*tuple[Any, ...]]  # its parameter `WHOSE` is a list; the first column tells whose a row is
    key: Callable[[Context, int], Any]  # how rows name a citizen


class Crowd:
    """The citizens of a group, and what was read about all of them at once.

    What one of them does to the rows of another meanwhile is seen from the other's next turn on.
    """

    def __init__(self, citizens: Sequence[int] = ()) -> None:
        self.citizens = frozenset(citizens)
        self._read: dict[Shared, dict[Any, list[Row[Any]]]] = {}

    def rows(self, connection: Connection, shared: Shared, context: Context) -> Mapping[Any, list[Row[Any]]]:
        """What the database holds about them, by whom it is about."""
        found = self._read.get(shared)
        if found is None:
            found = self._read[shared] = {}
            whose = [shared.key(context, citizen) for citizen in self.citizens]
            for row in connection.execute(shared.query, {WHOSE: whose}):
                found.setdefault(row[0], []).append(row)
        return found


@dataclass(frozen=True, slots=True)
class Chat:
    """Where in a group chat somebody acts, as Telegram tells."""

    telegram: int  # its id, negative
    topic: int | None = None  # of a forum; None: it has none, or the general one
    message: int | None = None  # the one whose button was pressed


@dataclass(slots=True)
class Unit:
    """What an applier or a loader has to work with."""

    connection: Connection
    book: Book
    context: Context
    person: Person
    origin: Origin
    at: datetime  # when the event happened; aware UTC
    now: datetime  # when it is carried out; later than `at` after an outage
    crowd: Crowd = field(default_factory=Crowd)  # with whom the person shares what is read
    chat: Chat | None = None  # the group chat it happens in; None: the private one
    ended_rooms: list[Row[Any]] = field(default_factory=list)  # from elsewhere: it is to be said in them
    quotes: set[Quote] = field(default_factory=set)  # words of others that were read: they may be said now
    _added: bool = False
    _changed: set[Table] = field(default_factory=set)

    def add(self, model: type[SQLModel], **row: Any) -> None:
        """Add one row; `row` names every column."""
        self.book.add(model, **row)
        self._added = True
        self._changed.add(table(model))

    def add_once(self, model: type[SQLModel], **row: Any) -> None:
        """Add a row that may be there already, and then stays as it is."""
        self.book.add_once(model, **row)
        self._added = True

    def rows(
        self, query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """The rows of a query, which sees what this unit added before it."""
        self._flush()
        return self.connection.execute(query, values or {}).all()

    def own(self, shared: Shared) -> Sequence[Row[Any]]:
        """The person's rows of a shared query, which sees what this unit did before it."""
        citizen = self.person.citizen
        mine = shared.key(self.context, citizen)
        if citizen in self.crowd.citizens and shared.of not in self._changed and not self.person.erased:
            return self.crowd.rows(self.connection, shared, self.context).get(mine, ())
        return self.rows(shared.query, {WHOSE: [mine]})

    def change(self, statement: Insert | Update | Delete, values: Mapping[str, Any] | None = None) -> int:
        """Carry out an insert, update or delete; returns how many rows it met."""
        self._flush()
        assert isinstance(statement.table, Table)
        self._changed.add(statement.table)
        return self.connection.execute(statement, values or {}).rowcount

    def quote(self, rows: Table, ids: Iterable[int]) -> None:
        """Note that words or names in those rows are read, so that they are not said once they are gone."""
        self.quotes |= {(rows.name, id) for id in ids}

    def _flush(self) -> None:
        if self._added:  # only then: the rows of others in the group can wait for one statement for all
            self.book.flush()
            self._added = False

    @contextmanager
    def part(self) -> Iterator[Callable[[], None]]:
        """A part of the transaction; what is given undoes all that was done in it."""
        self.book.flush()  # also what others in the group have added: it must not be undone with it
        self._added = False
        with self.connection.begin_nested() as savepoint:

            def undo() -> None:
                self._flush()
                savepoint.rollback()

            yield undo
            self._flush()

    def new_id(self) -> int:
        """An id for a new row."""
        self.origin.made += 1
        return self.context.keys.row_id(
            self.origin.bot, self.origin.update_id, self.origin.mark, self.origin.made
        )
