"""Statements that may be shown in words: their author agreed, and a person has looked at them.

That holds at any count: rare voices stay visible.
"""

from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlmodel import col

from flows.people.person import Purpose
from flows.words.reviews import Verdict
from storage.tables import Consent, Pseudonym, Statement, table
from storage.words.returned import Masked

CONSENTED: Final = exists().where(
    col(Pseudonym.pseudonym) == col(Statement.author),
    col(Consent.citizen_id) == col(Pseudonym.citizen_id),
    col(Consent.purpose) == Purpose.QUOTES,
    col(Consent.withdrawn_at).is_(None),
)
"""In a query of statements: whether the author agrees to be quoted, word for word and without a name."""

QUOTABLE: Final[Select[Any]] = (
    select(
        col(Statement.id),
        col(Statement.territory),
        table(Statement).c.group_slug,
        col(Statement.question),
        col(Statement.language),
        col(Statement.component),
        col(Statement.component_version),
        col(Statement.course),
        col(Statement.created_at),
        func.coalesce(col(Masked.text), col(Statement.text)).label("words"),
    )
    .outerjoin(table(Masked), col(Masked.statement_id) == col(Statement.id))
    .where(
        col(Statement.reviewed).in_((Verdict.FIT, Verdict.MASKED)),
        col(Statement.withdrawn_at).is_(None),
        CONSENTED,
    )
)
"""Rows with the `words` as they may be shown; add the scope, an order and a limit."""
