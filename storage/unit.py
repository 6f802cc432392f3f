"""One event's share of a transaction: who it is about, what it reads, the rows it adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Row, insert
from sqlmodel import SQLModel

from storage.context import Context
from storage.sql import many
from storage.tables import table


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
    adult_at: datetime | None = None
    arrived_at: datetime | None = None
    stopped_at: datetime | None = None
    created_at: datetime | None = None
    seen_at: datetime | None = None
    reach: str = "open"
    known: bool = True  # False: no citizen of the database yet
    way_known: bool = True  # False: nor is the contact
    erased: bool = False  # True: nothing more is written about them


class Book:
    """Rows that a group of events adds, written with one statement for each table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {}

    def add(self, model: type[SQLModel], **row: Any) -> None:
        """Add one row; `row` names every column that has no default in the database."""
        self._rows.setdefault(model, []).append(row)

    def flush(self) -> None:
        """Write what was added, referred-to tables first."""
        rows, self._rows = self._rows, {}
        for model in sorted(rows, key=_order) if len(rows) > 1 else rows:
            many(self._connection, _insert(model), rows[model])


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
    _added: bool = False

    def add(self, model: type[SQLModel], **row: Any) -> None:
        """Add one row; `row` names every column."""
        self.book.add(model, **row)
        self._added = True

    def rows(self, query: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """The rows of a query, which sees what this unit added before it."""
        self._flush()
        return self.connection.execute(query, values or {}).all()

    def change(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Carry out an update or delete; returns how many rows it met."""
        self._flush()
        return self.connection.execute(statement, values or {}).rowcount

    def _flush(self) -> None:
        if self._added:  # only then: the rows of others in the group can wait for one statement for all
            self.book.flush()
            self._added = False

    def new_id(self) -> int:
        """An id for a new row."""
        self.origin.made += 1
        return self.context.keys.row_id(
            self.origin.bot, self.origin.update_id, self.origin.mark, self.origin.made
        )
