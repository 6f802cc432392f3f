"""The two statements that SQLite and PostgreSQL both have but SQLAlchemy spells for each."""

from functools import cache

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.tables import table

Insert = sqlite.Insert | postgresql.Insert


@cache
def insert_new(dialect: str, model: type[SQLModel]) -> Insert:
    """INSERT that leaves rows alone which are there already."""
    return _insert(dialect, model).on_conflict_do_nothing()


def upsert(connection: Connection, model: type[SQLModel]) -> Insert:
    """INSERT that replaces the other columns of a row whose primary key is there already.

    At most one row for each key in one statement: PostgreSQL refuses what SQLite lets pass.
    """
    return _upsert(connection.dialect.name, model)


@cache
def _upsert(dialect: str, model: type[SQLModel]) -> Insert:
    statement = _insert(dialect, model)
    target = table(model)
    keys = [column.name for column in target.primary_key]
    others = {
        column.name: statement.excluded[column.name] for column in target.columns if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def _insert(dialect: str, model: type[SQLModel]) -> Insert:
    return sqlite.insert(table(model)) if dialect == "sqlite" else postgresql.insert(table(model))
