"""Messages of pushes that wait in the outbox: what holds no more is taken back, to be decided anew.

Nothing else tells which pushes are in a message: those of a person that were settled at one moment are.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, delete, literal, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import col

from flows.pushes.pushed import State
from storage.messages import outbox
from storage.pushes.pushed import Push
from storage.sql import among, many
from storage.tables import Outbox, table


def reply_key(push: int) -> str:
    """What the keys of all messages begin with that say several pushes, the first of which is this one."""
    return f"p:{push}"


_CHANGED: Final = table(Push).alias("changed")
_WITH_CHANGED: Final = (
    select(literal("p:") + cast(col(Push.id), Text) + literal(":0"))
    .join(
        _CHANGED,
        and_(_CHANGED.c.citizen_id == col(Push.citizen_id), _CHANGED.c.settled_at == col(Push.settled_at)),
    )
    .where(among(_CHANGED.c.id, "pushes"), col(Push.state) == State.SAID)
)
_WAITS: Final = col(Outbox.state) == outbox.State.PENDING
_TAKE: Final[Any] = (
    delete(table(Outbox))
    .where(_WAITS)
    .returning(col(Outbox.key), col(Outbox.contact_id), col(Outbox.created_at))
)
_TAKE_CHANGED: Final = _TAKE.where(col(Outbox.key).in_(_WITH_CHANGED))
_TAKE_LATE: Final = _TAKE.where(col(Outbox.key).like("p:%:0"), col(Outbox.not_after) <= bindparam("now"))
_TAKE_REST: Final = delete(table(Outbox)).where(
    _WAITS,
    col(Outbox.contact_id) == bindparam("contact"),
    col(Outbox.created_at) == bindparam("put_at"),
    col(Outbox.key).like(bindparam("pattern")),
)
_SAID_AT: Final = select(col(Push.citizen_id), col(Push.settled_at)).where(among(col(Push.id), "pushes"))
_DUE_AGAIN: Final[ReturningUpdate[Any]] = (
    update(table(Push))
    .where(col(Push.state) == State.SAID, tuple_(col(Push.citizen_id), col(Push.settled_at)).in_(_SAID_AT))
    .values(state=State.DUE, settled_at=None)
    .returning(col(Push.id))
)


def take_back(connection: Connection, changed: Sequence[int]) -> set[int]:
    """Take back what has not left of the messages that say these pushes; returns those that are due again.

    These are among them, and what would have been said with them.
    """
    return _due_again(connection, connection.execute(_TAKE_CHANGED, {"pushes": changed}).all())


def take_back_late(connection: Connection, now: datetime) -> None:
    """Take back what could not leave in time: quiet hours have begun, or it is not worth saying any more.

    Where it has begun to be said, the rest is lost.
    """
    _due_again(connection, connection.execute(_TAKE_LATE, {"now": now}).all())
    outbox.bury_late(connection, now, pushes=True)


def _due_again(connection: Connection, taken: Iterable[Row[Any]]) -> set[int]:
    """The pushes of messages of which the first part was taken back: the rest goes, too."""
    first = {int(row.key.split(":")[1]): row for row in taken}
    if not first:
        return set()
    rest = [
        {"contact": row.contact_id, "put_at": row.created_at, "pattern": f"{reply_key(push)}:%"}
        for push, row in first.items()
    ]
    many(connection, _TAKE_REST, rest)
    return set(connection.execute(_DUE_AGAIN, {"pushes": list(first)}).scalars())
