"""How full things become: whoever plans them is told of what is full, and where few have answered.

Once each; anew after there are more seats, or after it is moved to a time that is far off. What is so no
more when it is due to be said is not said; what was full then is told once it is full again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select, update
from sqlmodel import col

from flows.occasions.occasions import HELD, State
from flows.people.roles import Permission, may
from flows.pushes.deciding import Item, Occupancy
from flows.pushes.pushed import FOR_PLANNERS, Notice, Reason
from flows.pushes.pushed import State as PushState
from storage.context import Context
from storage.occasions.occasions import posts
from storage.occasions.planned import Answer, Occasion, Post, is_deadline
from storage.occasions.posts import planners_of
from storage.people.permissions import held_by, scope_of
from storage.people.themes import ThemeFollower
from storage.pushes.notices import notify
from storage.pushes.pushed import Push
from storage.tables import Appointment, Citizen, table

BEFORE: Final = timedelta(days=3)
"""So long before something begins it is looked at whether enough people have answered."""

LATE: Final = timedelta(days=4)
"""What was planned less than so long before it begins gave people no time to answer."""

SHARE: Final = 3
"""Enough have answered if they are a third of those who could come: the invited, if all have a seat.

Where anybody can come and no number is expected, few answers tell nothing.
"""

_OCCASION: Final = table(Occasion)

_TAKEN: Final = (
    select(func.coalesce(func.sum(col(Answer.party)), 0))
    .where(col(Answer.post_id) == col(Post.id), col(Answer.standing).in_(HELD))
    .scalar_subquery()
)
_OF_IT: Final = col(Post.occasion_id) == _OCCASION.c.id
_FREE: Final = exists().where(_OF_IT, col(Post.seats).is_(None) | (col(Post.seats) > _TAKEN))
_OPEN: Final = exists().where(_OF_IT, col(Post.seats).is_(None))
_COMING: Final = (
    _OCCASION.c.state == State.PLANNED,
    _OCCASION.c.starts_at > bindparam("now"),
    ~is_deadline(_OCCASION.c),  # a deadline is nothing to come to
)

_UNSAID: Final = exists().where(
    col(Push.about) == _OCCASION.c.id,
    col(Push.kind) == Notice.FULL,
    col(Push.planned_at) >= _OCCASION.c.full_at,
    col(Push.state) == PushState.SKIPPED,
    col(Push.reason) == Reason.ANSWERED,
)
_FULL: Final = select(_OCCASION).where(
    *_COMING, or_(_OCCASION.c.full_at.is_(None), _UNSAID), exists().where(_OF_IT), ~_FREE
)
_SOON: Final = select(_OCCASION).where(
    *_COMING,
    _OCCASION.c.weighed_at.is_(None),
    _OCCASION.c.starts_at <= bindparam("soon"),
    ~_OPEN,
)


def watch(connection: Connection, context: Context, now: datetime) -> None:
    """Tell planners what has become full since the last look, and what few have answered to in time."""
    full = connection.execute(_FULL.order_by(_OCCASION.c.id), {"now": now}).all()
    for row in full:
        _tell(connection, context, row, Notice.FULL, now)
    _note(connection, (row.id for row in full), full_at=now)
    soon = connection.execute(_SOON.order_by(_OCCASION.c.id), {"now": now, "soon": now + BEFORE}).all()
    for row in soon:
        if row.created_at < row.starts_at - LATE and _are_few(connection, row):
            _tell(connection, context, row, Notice.FEW, now)
    _note(connection, (row.id for row in soon), weighed_at=now)


def watch_anew(connection: Connection, occasions: Iterable[int]) -> None:
    """There are more seats at these: if they are taken, too, that is news."""
    _note(connection, occasions, full_at=None)


def weighed_at(row: Row[Any], starts_at: datetime, now: datetime) -> datetime | None:
    """What is kept of when a moved occasion was looked at: what is far off again is looked at anew."""
    kept: datetime | None = row.weighed_at
    return kept if starts_at <= now + BEFORE else None


def what_holds(
    connection: Connection,
    occasions: Mapping[int, Row[Any]],
    due: Mapping[int, Sequence[Item]],
    now: datetime,
) -> dict[tuple[int, int], Occupancy]:
    """How full is what people are due to be told of who may still plan it, by occasion and person.

    occasions  by id
    due        by person
    """
    kinds: dict[int, set[str]] = defaultdict(set)
    told = set()
    for citizen, items in due.items():
        for item in items:
            if item.kind in FOR_PLANNERS and item.about in occasions:
                kinds[item.about].add(item.kind)
                told.add((item.about, citizen))
    if not told:
        return {}
    roles = held_by(connection, {citizen for _, citizen in told})
    there = posts(connection, kinds)
    found = {
        id: _occupancy(connection, occasions[id], there.get(id, ()), kinds[id], now) for id in sorted(kinds)
    }
    return {
        (id, citizen): found[id]
        for id, citizen in told
        if may(roles.get(citizen, ()), Permission.PLAN, scope_of(occasions[id]._mapping))
    }


def _occupancy(
    connection: Connection, row: Row[Any], there: Sequence[Row[Any]], kinds: Collection[str], now: datetime
) -> Occupancy:
    """How full one is; whether few have answered is counted only where it is to be told."""
    is_limited = all(post.seats is not None for post in there)
    is_weighed = Notice.FEW in kinds and is_limited and row.starts_at <= now + BEFORE
    return Occupancy(
        is_full=bool(there) and is_limited and all(post.seats <= post.taken for post in there),
        are_few=is_weighed and _are_few(connection, row),
        missing=frozenset(post.number for post in there if _is_missing(post)),
    )


def _is_missing(post: Row[Any]) -> bool:
    """Whether a seat of a post is free, or only kept for somebody, or somebody wants to be relieved."""
    return post.seats is None or post.taken - post.offered < post.seats or bool(post.sought)


def _tell(connection: Connection, context: Context, row: Row[Any], notice: Notice, now: datetime) -> None:
    planners = sorted(planners_of(connection, scope_of(row._mapping)))
    notify(connection, context, planners, notice, row.id, now)


def _note(connection: Connection, occasions: Iterable[int], **when: datetime | None) -> None:
    ids = list(occasions)
    if ids:
        connection.execute(update(_OCCASION).where(_OCCASION.c.id.in_(ids)).values(**when))


def _are_few(connection: Connection, row: Row[Any]) -> bool:
    """Whether fewer than a third have answered of those who could come."""
    answered: int = connection.execute(
        select(func.count()).where(col(Answer.occasion_id) == row.id)
    ).scalar_one()
    could_come: int = connection.execute(_invited(row)).scalar_one()
    seats = connection.execute(select(col(Post.seats)).where(col(Post.occasion_id) == row.id)).scalars()
    return SHARE * answered < min(could_come, sum(each or 0 for each in seats))


def _invited(row: Row[Any]) -> Select[Any]:
    """How many people something is for."""
    people = table(Citizen).c
    query = select(func.count()).where(people.arrived_at.is_not(None))
    if row.territory is not None:
        query = query.where(people.territory == row.territory)
    if row.group_slug is not None:
        query = query.where(people.group_slug == row.group_slug)
    if row.role is not None:
        held = table(Appointment).c
        have_it = select(held.citizen_id).where(held.role == row.role, held.until.is_(None))
        query = query.where(people.id.in_(have_it))
    if row.theme is not None:
        follow = select(col(ThemeFollower.citizen_id)).where(col(ThemeFollower.theme) == row.theme)
        query = query.where(people.id.in_(follow))
    return query
