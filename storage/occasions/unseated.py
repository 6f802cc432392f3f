"""Who is in line still when something is about to begin: told once, in time, that no seat became free."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, exists, select
from sqlmodel import col

from flows.occasions.occasions import Standing, State
from flows.pushes.pushed import Notice
from flows.times.quiet import Side, out_of_quiet
from storage.context import Context
from storage.occasions.planned import Answer, Occasion
from storage.pushes.habits import wants
from storage.pushes.notices import notify
from storage.pushes.pushed import Push

BEFORE: Final = timedelta(hours=2)
"""So long before it begins they are told: late enough for seats to become free, in time for other plans."""

AHEAD: Final = timedelta(days=1)
"""So far ahead it is looked who is in line; quiet hours bring nobody's notice forward by more than that."""

_TOLD: Final = exists().where(
    col(Push.citizen_id) == col(Answer.citizen_id),
    col(Push.about) == col(Answer.occasion_id),
    col(Push.kind) == Notice.NO_SEAT,
    col(Push.not_after) == col(Occasion.starts_at),  # of what was moved since, they are told anew
)
_IN_LINE: Final = (
    select(col(Answer.citizen_id), col(Answer.answered_at), col(Occasion.id), col(Occasion.starts_at))
    .join(Occasion, col(Occasion.id) == col(Answer.occasion_id))
    .where(
        col(Occasion.state) == State.PLANNED,
        col(Occasion.ends_at) > bindparam("now"),
        col(Occasion.starts_at) > bindparam("now"),
        col(Occasion.starts_at) <= bindparam("soon"),
        col(Answer.standing) == Standing.WAITING,
        ~_TOLD,
    )
    .order_by(col(Occasion.id), col(Answer.citizen_id))
)


def watch(connection: Connection, context: Context, now: datetime) -> None:
    """Tell them two hours before; what begins early, before their quiet hours.

    Who has got in line later than that knows how things are.
    """
    in_line = connection.execute(_IN_LINE, {"now": now, "soon": now + AHEAD}).all()
    if not in_line:
        return
    habits = {
        id: of.habits for id, of in wants(connection, context, {row.citizen_id for row in in_line}).items()
    }
    told: dict[int, list[int]] = defaultdict(list)
    for row in in_line:
        own = habits[row.citizen_id]
        due = out_of_quiet(row.starts_at - BEFORE, own.zone, own.quiet, Side.BEFORE)
        if row.answered_at <= due <= now:
            told[row.id].append(row.citizen_id)
    for occasion, citizens in told.items():
        notify(connection, context, citizens, Notice.NO_SEAT, occasion, now)
