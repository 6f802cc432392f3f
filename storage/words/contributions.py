"""What people give, whichever table it stands in: statements, feedback, offers; and whom each is by."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, select
from sqlmodel import col

from flows.people.roles import Scope
from flows.words.course import Contribution
from storage.actions.piloted import Feedback, Gift
from storage.tables import Pseudonym, Statement, table
from storage.words.returned import ActionLink, CourseStep

TABLES: Final[Mapping[Contribution, Table]] = {
    Contribution.STATEMENT: table(Statement),
    Contribution.FEEDBACK: table(Feedback),
    Contribution.GIFT: table(Gift),
}
STEP_OF: Final = {each: table(CourseStep).c[f"{each}_id"] for each in Contribution}
"""The column of a step in a course that says what it is about."""

LINK_OF: Final = {
    each: table(ActionLink).c[f"{each}_id"] for each in (Contribution.STATEMENT, Contribution.GIFT)
}
"""The same of a link to a pilot action. Feedback belongs to one anyway."""


def giver(contribution: Contribution) -> Any:
    """The citizen whom something is by, in a query of `given`."""
    return col(Gift.citizen_id) if contribution is Contribution.GIFT else col(Pseudonym.citizen_id)


def given(contribution: Contribution, *columns: Any, is_known: bool = False) -> Select[Any]:
    """Rows with `id`, those columns, and the `giver`; what was withdrawn is no more.

    Of what people said who were let go nobody knows the giver: None.

    is_known  leave that out: then all that one giver gave is found without reading what others did
    """
    target = TABLES[contribution]
    query: Select[Any] = select(target.c.id, *columns, giver(contribution).label("giver")).select_from(target)
    if contribution is Contribution.GIFT:
        return query
    query = query.join(table(Pseudonym), col(Pseudonym.pseudonym) == target.c.author, isouter=not is_known)
    return query.where(col(Statement.withdrawn_at).is_(None)) if target is table(Statement) else query


def said_in(where: Scope) -> tuple[ColumnElement[bool], ...]:
    """Statements of a territory with all its groups, or of one group alone, that were not withdrawn."""
    target = table(Statement)
    there = target.c.territory == where.territory, target.c.withdrawn_at.is_(None)
    return there if where.group is None else (*there, target.c.group_slug == where.group)
