"""What people are told of another time: from which one they knew, not from one that they never heard of.

Who would have liked to come but could not is asked whether they could then.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, or_, select
from sqlmodel import col

from flows.occasions.occasions import HOURLY, Says
from flows.pushes.pushed import Notice, State
from storage.context import Context
from storage.occasions.planned import Answer
from storage.pushes.notices import IN_LINE, call_back, notify, take_back, waves
from storage.pushes.pushed import Push
from storage.tables import table

Span = tuple[datetime, datetime | None]
"""When something begins and ends by the clocks there, naive; None: an earlier release kept no end."""

MOVES: Final = (Notice.MOVED, Notice.ANOTHER_TIME)

_UNSAID: Final = (
    select(col(Push.citizen_id), col(Push.details))
    .join(
        table(Answer),
        and_(col(Answer.citizen_id) == col(Push.citizen_id), col(Answer.occasion_id) == col(Push.about)),
    )
    .where(
        col(Push.about) == bindparam("about"),
        col(Push.kind).in_(MOVES),
        col(Push.state) == State.DUE,
        col(Push.planned_at) >= col(Answer.answered_at),  # who has answered since has seen the new time
    )
    .order_by(col(Push.planned_at).desc())  # of several, the first counts
)
_COULD_NOT: Final = select(col(Answer.citizen_id)).where(
    col(Answer.occasion_id) == bindparam("about"),
    col(Answer.says) == Says.CANNOT,
    or_(col(Answer.barriers) == "", *(col(Answer.barriers).contains(barrier.value) for barrier in HOURLY)),
)
"""Who would like to come, and has named nothing that stays in the way at whatever time."""


def tell_of_move(
    connection: Connection, context: Context, before: Row[Any], after: Mapping[str, Any], now: datetime
) -> None:
    """Notify whom it concerns that an occasion is moved, and ask last who could not come before.

    before  its row until now
    after   its columns from now on

    Each reads of the time they know: who has not been told of an earlier move yet never knew the one between.
    Where it is back at the time they know, they are told nothing.
    """
    call_back(connection, before.id, *MOVES, now=now)
    unsaid = connection.execute(_UNSAID, {"about": before.id}).all()
    take_back(connection, before.id, *MOVES)
    known = {row.citizen_id: _known(json.loads(row.details)) for row in unsaid}
    was, becomes = _span(before._mapping), _span(after)
    asked = connection.execute(_COULD_NOT, {"about": before.id}).scalars().all()
    told = ((Notice.MOVED, at, citizens) for at, citizens in waves(connection, before.id, now))
    for kind, at, citizens in (*told, (Notice.ANOTHER_TIME, now + 2 * IN_LINE, asked)):
        by_known: dict[Span, list[int]] = defaultdict(list)
        for citizen in citizens:
            by_known[known.get(citizen, was)].append(citizen)
        for (starts, ends), those in by_known.items():
            if (starts, ends) != becomes:
                details = {"was": starts} | ({"ended": ends} if ends else {})
                notify(connection, context, those, kind, before.id, at, details=details)


def _known(details: Mapping[str, str]) -> Span:
    ended = details.get("ended")
    return datetime.fromisoformat(details["was"]), datetime.fromisoformat(ended) if ended else None


def _span(columns: Mapping[Any, Any]) -> Span:
    return datetime.fromisoformat(columns["starts"]), datetime.fromisoformat(columns["ends"])
