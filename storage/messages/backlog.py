"""How much waits in the outbox."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, func, select
from sqlmodel import col

from storage.messages.outbox import WAITING, Lane, State
from storage.tables import Outbox


def count(connection: Connection, lanes: Collection[Lane]) -> int:
    """How many messages wait in some lanes."""
    waits = and_(col(Outbox.state).in_(WAITING), col(Outbox.lane).in_(lanes))
    found: int = connection.execute(select(func.count()).where(waits)).scalar_one()
    return found


def counts(connection: Connection) -> dict[State, int]:
    """How many messages wait, by state; those that ended are not counted over and over."""
    waits = col(Outbox.state).in_(WAITING)
    query = select(col(Outbox.state), func.count()).where(waits).group_by(col(Outbox.state))
    found = {State(state): count for state, count in connection.execute(query)}
    return {state: found.get(state, 0) for state in WAITING}
