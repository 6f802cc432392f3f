"""Words of citizens in digests: chosen once by id, looked up late, so that none is quoted once taken back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, exists
from sqlmodel import col

from flows.moves import Names
from storage.sql import among
from storage.tables import Statement
from storage.words.quotable import QUOTABLE
from storage.words.returned import Review

MOST: Final = 3
LOOKED_AT: Final = 300
"""Statements among which quotes are chosen: the last ones that somebody has reviewed."""


def chosen(
    connection: Connection, territory: str, people: Mapping[str, int], since: datetime, until: datetime
) -> tuple[int, ...]:
    """Some that were found fit to be quoted in that time: of what the fewest people spoke of first.

    people  who spoke of each component, by code
    """
    reviewed = exists().where(
        col(Review.statement_id) == col(Statement.id),
        col(Review.wording) == col(Statement.version),
        col(Review.at) >= since,
        col(Review.at) < until,
    )
    query = QUOTABLE.where(col(Statement.territory) == territory, reviewed)
    newest_first = query.order_by(col(Statement.created_at).desc(), col(Statement.id)).limit(LOOKED_AT)
    rows = connection.execute(newest_first).all()
    rarest_first = sorted(rows, key=lambda row: people.get(row.component or "", 0) or len(rows))
    return tuple(row.id for row in _of_different_components(rarest_first)[:MOST])


def _of_different_components(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """One of each, then the others."""
    seen: set[str | None] = set()
    first: list[Row[Any]] = []
    others: list[Row[Any]] = []
    for row in rows:
        (others if row.component in seen else first).append(row)
        seen.add(row.component)
    return first + others


_BY_ID: Final = QUOTABLE.where(among(col(Statement.id), "ids"))


def words_of(connection: Connection, ids: Iterable[int]) -> dict[str, Names]:
    """The words of those that may still be quoted, by id, each by the language they are in."""
    rows = connection.execute(_BY_ID, {"ids": list(ids)})
    return {str(row.id): {row.language: row.words} for row in rows}
