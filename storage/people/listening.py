"""Who can be told something: a way leads to them, and they have not stopped all messages."""

from typing import Any, Final

from sqlalchemy import Exists, FromClause, exists

from storage.tables import Citizen, Contact, table

_WAY: Final[FromClause] = table(Contact).alias("way")
_WHO: Final[FromClause] = table(Citizen).alias("who")


def can_be_told(citizen: Any) -> Exists:
    """Whether the citizen whose id stands in that column of a query can be told."""
    return exists().where(
        _WAY.c.citizen_id == citizen,
        _WAY.c.reach == "open",
        _WHO.c.id == citizen,
        _WHO.c.stopped_at.is_(None),
    )
