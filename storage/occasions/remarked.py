"""What people said of meetings that are over, as rows for a file: without names."""

from typing import Any, Final

from sqlalchemy import Connection, select

from flows.people.roles import Scope
from flows.people.territory import Territories
from storage.occasions.attended import Evaluation, Remark
from storage.occasions.sheets import words_of
from storage.planning.listed import in_first_language, rows_of
from storage.sheet import Line, Sheet
from storage.sql import among
from storage.tables import table

SAID: Final = Sheet(
    "said",
    (
        "occasion", "title", "starts", "zone", "about", "value", "scale", "text", "language",
        "language_probability", "language_how",
    ),
)  # fmt: skip

RATING: Final = "rating"
"""What a row is about that has a value in the place of a text."""


def said(connection: Connection, territories: Territories, where: Scope) -> list[Line]:
    """Each rating and each sentence by itself: what comes from one person cannot be put together again."""
    occasions = {row.id: row for row in rows_of(connection, None, where)}
    words = words_of(connection, occasions.values())
    known = {
        id: {
            **dict.fromkeys(SAID.columns),
            "occasion": str(id),  # 63 bits: a spreadsheet would round the number
            "title": in_first_language(words[id].title, row, territories),
            "starts": row.starts,
            "zone": row.zone,
        }
        for id, row in occasions.items()
    }
    rows = [
        {**known[found["occasion_id"]], "about": RATING, **_some(found, ("value", "scale"))}
        for found in _of(connection, Evaluation, occasions)
    ]
    rows += [
        {**known[found["occasion_id"]], "about": found["about"], **_some(found, _WORDS)}
        for found in _of(connection, Remark, occasions)
    ]
    return sorted(rows, key=lambda row: [str(row[name]) for name in ("starts", *SAID.columns)])


def remarks(connection: Connection, where: Scope) -> list[int]:
    """The ids of the sentences among them."""
    there = [row.id for row in rows_of(connection, None, where)]
    return [found["id"] for found in _of(connection, Remark, there)]


_WORDS: Final = ("text", "language", "language_probability", "language_how")


def _of(connection: Connection, model: Any, occasions: Any) -> Any:
    target = table(model)
    query = select(target).where(among(target.c.occasion_id, "ids"))
    return connection.execute(query, {"ids": list(occasions)}).mappings()


def _some(found: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names}
