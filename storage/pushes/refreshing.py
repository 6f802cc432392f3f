"""What is to come, worked out anew: where zones, cadences or the database itself are not what they were."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlmodel import col

from flows.occasions.occasions import State
from flows.times.local_time import moment
from storage.context import Context
from storage.occasions.planned import Occasion
from storage.occasions.seats import promote
from storage.pushes.pushes import replan
from storage.sql import many
from storage.tables import table

SOME: Final = 20
"""Occasions in one transaction."""

OVER: Final = timedelta(days=4)
"""So long after its end something may still be said about an occasion."""

_NEXT: Final = (
    select(table(Occasion))
    .where(
        col(Occasion.id) > bindparam("after"),
        col(Occasion.state) == State.PLANNED,
        col(Occasion.ends_at) > bindparam("since"),
    )
    .order_by(col(Occasion.id))
    .limit(SOME)
    .with_for_update()
)
_AT: Final = (
    update(table(Occasion))
    .where(col(Occasion.id) == bindparam("key"))
    .values(starts_at=bindparam("begins"), ends_at=bindparam("over"))
)


def refresh(connection: Connection, context: Context, after: int, now: datetime) -> int | None:
    """Work out anew what is to come of some occasions: their moments, reminders, and seats that are free.

    after  the last occasion of the call before; 0: none

    Returns the last occasion of this call; None where all have been worked out.
    """
    rows = connection.execute(_NEXT, {"after": after, "since": now - OVER}).all()
    if not rows:
        return None
    _set_moments(connection, rows)
    replan(connection, context, occasions=[row.id for row in rows], now=now)
    for row in rows:
        promote(connection, context, row, now)
    return int(rows[-1].id)


def _set_moments(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """The clocks on the wall are what holds; when that is may have changed with the rules of a zone."""
    changed = []
    for row in rows:
        begins, over = (moment(datetime.fromisoformat(clocks), row.zone) for clocks in (row.starts, row.ends))
        if (begins, over) != (row.starts_at, row.ends_at):
            changed.append({"key": row.id, "begins": begins, "over": over})
    if changed:
        many(connection, _AT, changed)
