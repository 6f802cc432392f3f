"""What SQLite and PostgreSQL both can do but SQLAlchemy spells for each, or spells dearly."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Text, UpdateBase, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from storage.tables import table
from storage.types import UtcDateTime

Insert = sqlite.Insert | postgresql.Insert


@cache
def insert_new(dialect: str, model: type[SQLModel]) -> Insert:
    """INSERT that leaves rows alone which are there already."""
    return insert(dialect, model).on_conflict_do_nothing()


def upsert(connection: Connection, model: type[SQLModel]) -> Insert:
    """INSERT that replaces the other columns of a row whose primary key is there already.

    At most one row for each key in one statement: PostgreSQL refuses what SQLite lets pass.
    """
    return _upsert(connection.dialect.name, model)


@cache
def _upsert(dialect: str, model: type[SQLModel]) -> Insert:
    statement = insert(dialect, model)
    target = table(model)
    keys = [column.name for column in target.primary_key]
    others = {
        column.name: statement.excluded[column.name] for column in target.columns if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def insert(dialect: str, model: type[SQLModel]) -> Insert:
    """INSERT that can be told what to do where a row is there already."""
    return sqlite.insert(table(model)) if dialect == "sqlite" else postgresql.insert(table(model))


def many(connection: Connection, statement: UpdateBase, rows: Sequence[Mapping[str, Any]]) -> None:
    """Carry out a statement once for each row, all of the same columns.

    statement  made once, so that it is prepared once: SQLAlchemy would look at each value of each row by name
    """
    sql, take = _prepared(statement, connection.dialect, tuple(rows[0]))
    connection.exec_driver_sql(sql, [take(row) for row in rows])


Take = Callable[[Mapping[str, Any]], tuple[Any, ...]]
"""The values of a row in the order of a statement, as the driver wants them."""


@lru_cache(maxsize=256)
def _prepared(statement: UpdateBase, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, Take]:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    names = tuple(compiled.positiontup or ())
    fixed = tuple(compiled.params[name] for name in names)
    kinds = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
    processes = [(place, _processor(kind, dialect)) for place, kind in enumerate(kinds)]
    processed = [(place, process) for place, process in processes if process is not None]

    def take(row: Mapping[str, Any]) -> tuple[Any, ...]:
        values = list(map(row.get, names, fixed))
        for place, process in processed:
            values[place] = process(values[place])
        return tuple(values)

    return str(compiled), take


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver wants; the few moments of a group are made once each."""
    process = kind.bind_processor(dialect)
    return lru_cache(maxsize=64)(process) if process and isinstance(kind, UtcDateTime) else process


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the list given as parameter `name`.

    One parameter whatever the list's length: IN (...) is written anew for each, which costs as much again as
    a short query, and PostgreSQL would prepare each length for itself.
    """
    return _Among(column, bindparam(name, type_=_List(column.type)))


class _List(TypeDecorator[list[Any]]):
    """An array, or for SQLite its JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


def aside(column: Any) -> ColumnElement[Any]:
    """The column, for a condition by which no index is to be searched.

    SQLite, which knows no figures of its tables, may take the account of the bot for what tells rows apart,
    and read all people of it for the sake of one.
    """
    return _Aside(column)


class _Aside(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Aside)
def _with_plus(element: _Aside, compiler: Any, **options: Any) -> str:
    [column] = element.clauses
    return f"+{compiler.process(column, **options)}"


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":
        """As it stands: SQLAlchemy would write `(...) = 1` for SQLite, and no index would be used."""
        return self


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"
