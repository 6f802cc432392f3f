"""What people are told of another time: from which one they knew, not from one that they never heard of."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, select
from sqlmodel import col

from flows.pushes.pushed import Notice, State
from storage.context import Context
from storage.occasions.planned import Answer
from storage.pushes.notices import notify, take_back, waves
from storage.pushes.pushed import Push
from storage.tables import table

Span = tuple[datetime, datetime | None]
"""When something begins and ends by the clocks there, naive; None: an earlier release kept no end."""

_UNSAID: Final = (
    select(col(Push.citizen_id), col(Push.details))
    .join(
        table(Answer),
        and_(col(Answer.citizen_id) == col(Push.citizen_id), col(Answer.occasion_id) == col(Push.about)),
    )
    .where(
        col(Push.about) == bindparam("about"),
        col(Push.kind) == Notice.MOVED,
        col(Push.state) == State.DUE,
        col(Push.planned_at) >= col(Answer.answered_at),  # who has answered since has seen the new time
    )
    .order_by(col(Push.planned_at).desc())  # of several, the first counts
)


def tell_of_move(
    connection: Connection, context: Context, before: Row[Any], after: Mapping[str, Any], now: datetime
) -> None:
    """Notify whom it concerns that an occasion is moved; each reads of the time they know.

    before  its row until now
    after   its columns from now on

    Who has not been told of an earlier move yet never knew the time between. Where it is back at the time
    they know, they are told nothing.
    """
    unsaid = connection.execute(_UNSAID, {"about": before.id}).all()
    take_back(connection, before.id, Notice.MOVED)
    known = {row.citizen_id: _known(json.loads(row.details)) for row in unsaid}
    was, becomes = _span(before._mapping), _span(after)
    for at, citizens in waves(connection, before.id, now):
        by_known: dict[Span, list[int]] = defaultdict(list)
        for citizen in citizens:
            by_known[known.get(citizen, was)].append(citizen)
        for (starts, ends), those in by_known.items():
            if (starts, ends) != becomes:
                details = {"was": starts} | ({"ended": ends} if ends else {})
                notify(connection, context, those, Notice.MOVED, before.id, at, details=details)


def _known(details: Mapping[str, str]) -> Span:
    ended = details.get("ended")
    return datetime.fromisoformat(details["was"]), datetime.fromisoformat(ended) if ended else None


def _span(columns: Mapping[Any, Any]) -> Span:
    return datetime.fromisoformat(columns["starts"]), datetime.fromisoformat(columns["ends"])
