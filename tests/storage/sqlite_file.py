"""Looking at an SQLite file, and setting it up for trouble."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from storage.database import Work


def pragma(statement: str) -> Work[Sequence[Any]]:
    """Work that sets one pragma."""

    def work(connection: Connection) -> Sequence[Any]:
        result = connection.execute(text(f"PRAGMA {statement}"))
        return result.all() if result.returns_rows else []

    return work


def dump(file: Path) -> list[str]:
    """All that is in a file, as SQL."""
    with sqlite3.connect(file) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def content(file: Path) -> bytes:
    """All that is in a file, as it lies on the disk."""
    return file.read_bytes()
