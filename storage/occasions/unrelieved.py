"""Whose post nobody takes over: told once, with who coordinates, when all have refused or it begins soon."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, exists, select
from sqlmodel import col

from flows.occasions.occasions import Standing, State
from flows.pushes.pushed import Notice
from flows.times.cadence import Habits
from flows.times.quiet import Side, out_of_quiet
from storage.context import Context
from storage.occasions.helped import Standby
from storage.occasions.planned import Answer, Occasion, Post
from storage.occasions.posts import tell_planners
from storage.pushes.habits import wants
from storage.pushes.notices import notify
from storage.pushes.pushed import Push
from storage.tables import table

BEFORE: Final = timedelta(hours=3)
"""So long before it begins they are told: late enough for somebody to accept, in time to find another way."""

AHEAD: Final = timedelta(days=1)
"""So far ahead it is looked who seeks; quiet hours bring nobody's notice forward by more than that."""

_OCCASION: Final = table(Occasion)
_TOLD: Final = exists().where(
    col(Push.citizen_id) == col(Answer.citizen_id),
    col(Push.about) == col(Answer.occasion_id),
    col(Push.kind) == Notice.UNRELIEVED,
    col(Push.planned_at) >= col(Answer.stand_in_since),
    col(Push.not_after) == _OCCASION.c.starts_at,  # of what was moved since, they are told anew
)
_SEEKING: Final = (
    select(_OCCASION, col(Answer.citizen_id), col(Answer.stand_in_since), col(Post.number))
    .join(table(Answer), col(Answer.occasion_id) == _OCCASION.c.id)
    .join(table(Post), col(Post.id) == col(Answer.post_id))
    .where(
        _OCCASION.c.state == State.PLANNED,
        _OCCASION.c.ends_at > bindparam("now"),
        _OCCASION.c.starts_at > bindparam("now"),
        col(Answer.standing) == Standing.SEATED,
        col(Answer.stand_in_since).is_not(None),
        ~_TOLD,
    )
    .order_by(_OCCASION.c.id, col(Post.number), col(Answer.citizen_id))
)
_SOON: Final = _SEEKING.where(_OCCASION.c.starts_at <= bindparam("soon"))

_ASKED: Final = exists().where(col(Standby.post_id) == col(Post.id))
_WILLING: Final = exists().where(col(Standby.post_id) == col(Post.id), col(Standby.refused_at).is_(None))
_REFUSED: Final = _SEEKING.where(_OCCASION.c.id == bindparam("occasion"), _ASKED, ~_WILLING)


def watch(connection: Connection, context: Context, now: datetime) -> None:
    """Tell who seeks three hours before; what begins early, before their quiet hours.

    Who has asked later than that is told when half of the time is over that was left.
    """
    seeking = connection.execute(_SOON, {"now": now, "soon": now + AHEAD}).all()
    if not seeking:
        return
    people = wants(connection, context, {row.citizen_id for row in seeking})
    due = [row for row in seeking if _due(row, people[row.citizen_id].habits) <= now]
    _tell(connection, context, due, now)


def tell_if_all_refused(connection: Connection, context: Context, occasion: int, now: datetime) -> None:
    """Tell them as soon as nobody is left who could accept; the occasion is locked."""
    seeking = connection.execute(_REFUSED, {"now": now, "occasion": occasion}).all()
    _tell(connection, context, seeking, now)


def _due(row: Row[Any], own: Habits) -> datetime:
    """When somebody is told; where a night leaves no moment for it, not before it begins."""
    since: datetime = row.stand_in_since
    due: datetime = row.starts_at - min(BEFORE, (row.starts_at - since) / 2)
    before = out_of_quiet(due, own.zone, own.quiet, Side.BEFORE)
    return before if before >= since else out_of_quiet(due, own.zone, own.quiet, Side.AFTER)


def _tell(connection: Connection, context: Context, seeking: Sequence[Row[Any]], now: datetime) -> None:
    """Tell who seeks, and once of each occasion who coordinates: of the post, where it is one."""
    for row in seeking:
        details = {"post": row.number}
        whom = [row.citizen_id]
        notify(connection, context, whom, Notice.UNRELIEVED, row.id, now, details=details)
    for _, rows in groupby(seeking, key=attrgetter("id")):
        there = list(rows)
        numbers = {row.number for row in there}
        number = there[0].number if len(numbers) == 1 else None
        since = max(row.stand_in_since for row in there)
        seekers = {row.citizen_id for row in there}
        tell_planners(connection, context, there[0], number, now, but=seekers, since=since)
