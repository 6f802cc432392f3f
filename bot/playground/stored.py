"""What the bot stored, read from its SQLite file without ever writing to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROWS_SHOWN = 200
EXACT = 2**53  # a browser rounds whole numbers beyond it
_MACHINERY = ("sqlite_%", "alembic_version")

Cell = str | int | float | None


def tables(database: Path) -> list[dict[str, Any]]:
    """Every table with its number of rows, by name; none while there is no database."""
    with _reading(database) as connection:
        return [{"name": name, "count": _count(connection, name)} for name in _names(connection)]


def rows(database: Path, table: str) -> dict[str, Any]:
    """Columns, the newest rows first (200 at the most), and how many there are in all.

    Raises LookupError for no such table.
    """
    with _reading(database) as connection:
        if table not in _names(connection):
            raise LookupError(f"there is no table {table!r}")
        order = "ROWID" if _has_rowid(connection, table) else "1"
        query = f"SELECT * FROM {_quoted(table)} ORDER BY {order} DESC LIMIT {ROWS_SHOWN}"
        cursor = connection.execute(query)
        return {
            "columns": [column[0] for column in cursor.description],
            "rows": [[_cell(value) for value in row] for row in cursor],
            "count": _count(connection, table),
        }


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own for one look; an empty one while there is no file."""
    address = f"{database.resolve().as_uri()}?mode=ro" if database.exists() else ":memory:"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        yield connection


def _names(connection: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE ? AND name != ? ORDER BY name"
    )
    return [name for (name,) in connection.execute(query, _MACHINERY)]


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()
    return int(count)


def _has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    try:
        connection.execute(f"SELECT ROWID FROM {_quoted(table)} LIMIT 0")
    except sqlite3.OperationalError:
        return False
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(value: Any) -> Cell:
    match value:
        case bytes():
            return f"{len(value)} bytes"
        case int() if abs(value) > EXACT:
            return str(value)
    return value  # type: ignore[no-any-return]
