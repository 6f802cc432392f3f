"""The list of what citizens said, as it can be had as a file."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, exists, select
from sqlmodel import col

from flows.people.person import Purpose
from storage.sheet import Line, Sheet
from storage.tables import Consent, Pseudonym, Statement, table
from storage.words.quotable import QUOTABLE

STATEMENTS: Final = Sheet(
    "statements",
    (
        "id", "territory", "group", "question", "language", "text", "component", "created_at",
        "edited_at", "version", "language_probability", "language_how", "quotable",
    ),
)  # fmt: skip


QUOTES: Final = Sheet(
    "quotes", ("id", "territory", "group", "question", "language", "text", "component", "created_at")
)


def quotes(connection: Connection, territory: str | None, group: str | None = None) -> list[Line]:
    """What may be quoted of what citizens said, day by day: their authors agree, and a person reviewed it.

    territory, group  slugs; None: all

    With the words as they may be shown, masked where they are. Days and order are those of `statements`.
    """
    said = table(Statement).c
    query = QUOTABLE
    for column, slug in ((said.territory, territory), (said.group_slug, group)):
        query = query if slug is None else query.where(column == slug)
    rows = [_quote(found) for found in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["created_at"], row["id"]))


def _quote(found: Mapping[Any, Any]) -> Line:
    same = {name: found[name] for name in ("territory", "question", "language", "component")}
    day = found["created_at"].date().isoformat()
    words = {"id": str(found["id"]), "group": found["group_slug"], "text": found["words"]}
    return {**same, **words, "created_at": day}


def statements(connection: Connection, territory: str | None) -> list[Line]:
    """What remains of what citizens said, day by day: no withdrawn statement, no author, no Telegram id.

    territory  its slug; None: all

    Moments are given to the day, and within a day statements stand in no order: what one person said in one
    sitting cannot be told by its times.
    """
    quotable = exists().where(
        col(Pseudonym.pseudonym) == col(Statement.author),
        col(Consent.citizen_id) == col(Pseudonym.citizen_id),
        col(Consent.purpose) == Purpose.QUOTES,
        col(Consent.withdrawn_at).is_(None),
    )
    query = select(table(Statement), quotable.label("quotable")).where(col(Statement.withdrawn_at).is_(None))
    if territory is not None:
        query = query.where(col(Statement.territory) == territory)
    rows = [_row(found) for found in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["created_at"], row["id"]))


def _row(found: Mapping[Any, Any]) -> Line:
    row = {name: found["group_slug" if name == "group" else name] for name in STATEMENTS.columns}
    row["id"] = str(row["id"])  # 63 bits: a spreadsheet would round the number
    for moment in ("created_at", "edited_at"):
        row[moment] = row[moment].date().isoformat() if row[moment] else None
    row["quotable"] = "yes" if row["quotable"] else "no"  # word for word, without a name
    return row
