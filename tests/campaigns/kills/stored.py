"""The database as a stranger finds it: every table of a copy of the file, without any code of the bot."""

import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What was committed."""

    tables: Mapping[str, Sequence[Row]]
    broken: tuple[str, ...]  # what the database itself finds wrong with its pages and references

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """The rows of a table by one of its columns."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            found[row[column]].append(row)
        return found


def stored(database: Path) -> Stored:
    """Everything in an SQLite file that nobody works with."""
    with _opened(database) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        tables = {name: [dict(row) for row in _rows(connection, f'SELECT * FROM "{name}"')] for name in names}
        integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        references = [
            f"row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")
        ]
    return Stored(tables, (*(problem for problem in integrity if problem != "ok"), *references))


@dataclass(frozen=True)
class Glance:
    """The little that is looked at after each death."""

    fence: int  # of the newest run; 0: none has begun
    committed: frozenset[int]  # ids of updates, of those asked for
    pauses: Mapping[int, str]  # Telegram id (0: the whole bot) -> until when nothing may be sent, UTC
    broken: tuple[str, ...]


def glance(database: Path, updates: range) -> Glance:
    """The same file after a death: is it sound, and which updates between those two ids are in it?"""
    with _opened(database) as connection:
        if not _rows(connection, "SELECT 1 FROM sqlite_master WHERE name = 'inbox'"):
            return Glance(0, frozenset(), {}, ())  # killed before the schema was there
        [(fence,)] = connection.execute("SELECT coalesce(max(fence), 0) FROM instance")
        bots = [bot for (bot,) in connection.execute("SELECT DISTINCT bot FROM contact")]
        committed = {
            row[0]
            for bot in bots
            for row in connection.execute(
                "SELECT update_id FROM inbox WHERE bot = ? AND update_id BETWEEN ? AND ?",
                (bot, updates.start, updates.stop - 1),
            )
        }
        pauses = dict(
            connection.execute(
                "SELECT coalesce(telegram, 0), until FROM pause LEFT JOIN contact ON contact.id = contact_id"
            ).fetchall()
        )
        broken = [row[0] for row in connection.execute("PRAGMA quick_check") if row[0] != "ok"]
    return Glance(fence, frozenset(committed), pauses, tuple(broken))


def waiting(database: Path) -> int:
    """How many messages wait to be spoken; may be asked while the bot runs."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
        return int(connection.execute(query).fetchone()[0])


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """A copy, so that looking changes nothing: recovering a WAL writes."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            file = database.with_name(database.name + suffix)
            if file.exists():
                shutil.copy(file, folder)
        with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection


def _rows(connection: sqlite3.Connection, query: str) -> list[sqlite3.Row]:
    return connection.execute(query).fetchall()
