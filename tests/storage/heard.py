"""What people said, written straight into the tables: by whom, when, about what, in which language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from storage.tables import Statement, table
from storage.words.returned import Classification, Review
from tests.storage.town import KEYS, Town


def author(number: int) -> str:
    """The pseudonym of somebody of whom nothing else is kept."""
    return KEYS.pseudonym("statements", number)


async def hears(
    town: Town,
    people: Iterable[int],
    *,
    at: datetime,
    about: str | None = None,
    sorted_at: datetime | None = None,
    **columns: Any,
) -> None:
    """Each of those people makes one statement.

    about      component that somebody finds it is about, at once or when `sorted_at` says
    """
    await town.do(say, list(people), at=at, about=about, sorted_at=sorted_at or at, **columns)


def say(
    connection: Connection,
    people: Iterable[int],
    *,
    at: datetime,
    about: str | None,
    sorted_at: datetime,
    **columns: Any,
) -> None:
    """The same in a transaction."""
    for person in people:
        id = KEYS.row_id(person, int(at.timestamp()), hash_of(about))
        row = {
            "id": id,
            "author": author(person),
            "territory": "riverside",
            "group_slug": None,
            "question": "well-being",
            "language": "en",
            "language_probability": 1.0,
            "language_how": "written",
            "text": f"idea {id}",
            "version": 1,
            "message": 1,
            "component": about,
            "component_version": "2015" if about else None,
            "created_at": at,
            **columns,
        }
        connection.execute(insert(table(Statement)), row)
        if about is not None:
            thought = {"statement_id": id, "wording": 1, "opinion": "first", "code": about, "version": "2015"}
            thought |= {"id": id, "classifier": "somebody", "at": sorted_at}
            connection.execute(insert(table(Classification)), thought)


def hash_of(about: str | None) -> int:
    """A number for a component, the same each time."""
    return int.from_bytes((about or "").encode())


def review(connection: Connection, statement: int, *, at: datetime) -> None:
    """Somebody finds a statement fit to be shown as it is."""
    row = {"id": statement, "statement_id": statement, "wording": 1, "verdict": "fit", "reviewer": "somebody"}
    connection.execute(insert(table(Review)), {**row, "at": at})
    found = table(Statement).c.id == statement
    connection.execute(table(Statement).update().where(found).values(reviewed="fit"))
