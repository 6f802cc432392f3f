"""What a database holds, in figures an operator can compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import Connection, func, inspect, select
from sqlmodel import col

from storage import schema
from storage.errors import Unusable
from storage.tables import Inbox, Instance


@dataclass(frozen=True, slots=True)
class Contents:
    """The figures of one database."""

    revision: str
    rows: Mapping[str, int]  # by table
    until: datetime | None  # the newest trace of a bot at work; None: none ever worked with it


def contents(connection: Connection) -> Contents:
    """The figures of this database.

    Raises Unusable where it is none of ours, SchemaTooNew where a newer release has upgraded it.
    """
    revision = schema.current(connection)
    schema.refuse_newer(revision)
    if revision is None:
        raise Unusable("this is no database of Together, it has no revision; nothing was changed")
    tables = sorted(inspect(connection).get_table_names())
    counted = {name: select(func.count()).select_from(sqlalchemy.table(name)) for name in tables}
    return Contents(
        revision=revision,
        rows={name: connection.execute(query).scalar_one() for name, query in counted.items()},
        until=_newest_trace(connection),
    )


def _newest_trace(connection: Connection) -> datetime | None:
    """Of the inbox, which is empty after a quiet week, or of a run's heartbeat."""
    moments = (
        connection.execute(select(func.max(moment))).scalar_one()
        for moment in (col(Inbox.at), col(Instance.heartbeat_at))
    )
    return max((moment for moment in moments if moment is not None), default=None)
