"""Posts of activities: taken at all dates of a series, given back with or without enough notice."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, or_, select
from sqlmodel import col

from flows.codec import encode
from flows.occasions.occasions import HELD, Answered, AnswerOccasion, Says, Sort, Standing, State
from flows.occasions.posts import Dated, GiveBack, GiveBackLater, GivenBack, TakeAllDates, Task, Tasks
from flows.people.roles import Holding, Permission, Role, Scope, may
from flows.pushes.pushed import Notice
from storage.context import Context
from storage.occasions.answering import locked, own_answer
from storage.occasions.occasions import own_zone, when
from storage.occasions.planned import Answer, Occasion, Post
from storage.occasions.seats import answer, holds
from storage.people.listening import can_be_told
from storage.people.permissions import scope_of
from storage.pushes.notices import notify
from storage.pushes.pushed import Push
from storage.registry import applies, loads
from storage.tables import Appointment, table
from storage.types import write
from storage.unit import Unit

REPORTABLE: Final = timedelta(days=14)
"""How long after it has ended people can say what they did."""

_TAKEN: Final = (*HELD, Standing.WAITING)
_THERE: Final = table(Occasion)

_TASKS: Final = (
    select(
        _THERE,
        col(Answer.standing),
        col(Answer.stand_in_since),
        col(Answer.minutes),
        col(Post.number),
    )
    .join(table(Answer), col(Answer.occasion_id) == _THERE.c.id)
    .join(table(Post), col(Post.id) == col(Answer.post_id))
    .where(
        col(Answer.citizen_id) == bindparam("citizen"),
        col(Answer.standing).in_(_TAKEN),
        _THERE.c.sort == Sort.ACTIVITY,
        _THERE.c.state == State.PLANNED,
        or_(
            _THERE.c.ends_at > bindparam("now"),
            (_THERE.c.ends_at > bindparam("since"))
            & (col(Answer.standing) == Standing.SEATED)
            & col(Answer.minutes).is_(None),
        ),
    )
    .order_by(_THERE.c.starts_at, _THERE.c.id)
)


@loads(Tasks)
def tasks(unit: Unit) -> Tasks:
    """What the person has taken on, and what they could still report."""
    values = {"citizen": unit.person.citizen, "now": unit.at, "since": unit.at - REPORTABLE}
    zone = own_zone(unit)
    return Tasks(
        tuple(
            Task(
                occasion=row.id,
                when=when(row, zone),
                post=row.number,
                standing=Standing(row.standing),
                seeks=row.stand_in_since is not None,
                is_over=row.ends_at <= unit.at,
            )
            for row in unit.rows(_TASKS, values)
        )
    )


@applies(TakeAllDates)
def take_all_dates(unit: Unit, effect: TakeAllDates) -> tuple[Dated, ...]:
    """Take the post at each date through its seats; the dates are locked first, in their order."""
    taken = []
    for row in _dates(unit, effect.occasion):
        post = _post(unit, row.id, effect.post)
        mine = own_answer(unit, row.id)
        if post is None or (mine is not None and _keeps(mine, post, unit.at)):
            continue
        came = answer(unit, AnswerOccasion(row.id, Says.YES, post=post))
        taken.append(Dated(datetime.fromisoformat(row.starts), came))
    return tuple(taken)


def _keeps(mine: Row[Any], post: int, at: datetime) -> bool:
    """Whether a person has a post at that date already, or waits for one; this one, if offered, they take."""
    if mine.post_id == post and mine.standing == Standing.OFFERED:
        return False
    return mine.standing == Standing.WAITING or holds(mine, at)


def _post(unit: Unit, occasion: int, number: int) -> int | None:
    query = select(col(Post.id)).where(col(Post.occasion_id) == occasion, col(Post.number) == number)
    found = unit.rows(query)
    return found[0].id if found else None


def _dates(unit: Unit, occasion: int) -> Sequence[Row[Any]]:
    """An occasion and all later dates of its series that are still to come, locked in their order."""
    found = unit.rows(select(_THERE).where(_THERE.c.id == occasion))
    if not found or found[0].series is None:
        return found
    query = select(_THERE).where(
        _THERE.c.series == found[0].series,
        _THERE.c.starts_at >= found[0].starts_at,
        _THERE.c.state == State.PLANNED,
    )
    return unit.rows(query.order_by(_THERE.c.starts_at, _THERE.c.id).with_for_update())


_WHY_NOT: Final = {
    Answered.OVER: GivenBack.OVER,
    Answered.CANCELLED: GivenBack.CANCELLED,
    Answered.GONE: GivenBack.GONE,
}


@applies(GiveBack)
def give_back(unit: Unit, effect: GiveBack) -> GivenBack:
    """Give back what the person has, unless it begins soon and they were not asked about that."""
    there = locked(unit, effect.occasion)
    if isinstance(there, Answered):
        return _WHY_NOT[there]
    had = _had(unit, _dates(unit, effect.occasion) if effect.all_dates else [there])
    if not had:
        return GivenBack.GONE
    if not effect.late and any(_is_late(unit, *each) for each in had):
        return GivenBack.LATE
    _leave(unit, had)
    return GivenBack.LEFT


@applies(GiveBackLater)
def give_back_later(unit: Unit, effect: GiveBackLater) -> bool:
    """Give back what the person has at the dates after that one that are still to come."""
    later = (row for row in _dates(unit, effect.occasion) if row.id != effect.occasion)
    had = _had(unit, (row for row in later if row.starts_at > unit.at))
    _leave(unit, had)
    return bool(had)


Had = tuple[Row[Any], Row[Any]]
"""A date, and what somebody has there."""


def _had(unit: Unit, dates: Iterable[Row[Any]]) -> Sequence[Had]:
    """At which of those dates the person has a post, or waits for one."""
    mine = [(row, own) for row in dates if (own := own_answer(unit, row.id)) is not None]
    return [(row, own) for row, own in mine if own.standing in _TAKEN]


def _is_late(unit: Unit, date: Row[Any], own: Row[Any]) -> bool:
    return bool(own.standing == Standing.SEATED and is_soon(unit.context, date, unit.at))


def _leave(unit: Unit, had: Sequence[Had]) -> None:
    """Give all of it back, and tell who coordinates where others can hardly take it."""
    for date, _ in had:
        answer(unit, AnswerOccasion(date.id, Says.NO))
    for date, own in had:
        if _is_late(unit, date, own):
            _tell_of_missing(unit, date, own.post_id)


def _tell_of_missing(unit: Unit, date: Row[Any], post: int) -> None:
    (number,) = unit.rows(select(col(Post.number)).where(col(Post.id) == post))[0]
    me = {unit.person.citizen}
    tell_planners(unit.connection, unit.context, date, number, unit.now, but=me)


def is_soon(context: Context, occasion: Row[Any], at: datetime) -> bool:
    """Whether an occasion begins so soon that others can hardly take what is given back."""
    kind = context.occasion_kinds.get(occasion.kind)
    if kind is None or kind.notice is None:
        return False
    return at > kind.notice.before(occasion.starts_at, occasion.zone)


def tell_planners(
    connection: Connection,
    context: Context,
    occasion: Row[Any],
    post: int | None,
    now: datetime,
    *,
    but: Collection[int],
    since: datetime | None = None,
) -> None:
    """Tell who coordinates that somebody is missing.

    post   its number; None: there are several
    but    who knows it themselves
    since  who was told since then is not told again; None: everybody is
    """
    details = {"post": post} if post is not None else None
    planners = set(planners_of(connection, scope_of(occasion._mapping))) - set(but)
    if since is not None:
        heard = select(col(Push.citizen_id)).where(
            col(Push.about) == occasion.id,
            col(Push.kind) == Notice.MISSING,
            col(Push.planned_at) >= since,
            col(Push.not_after) == occasion.starts_at,
            col(Push.details).is_not_distinct_from(write(encode(details)) if details else None),
        )
        planners -= set(connection.execute(heard).scalars())
    notify(connection, context, sorted(planners), Notice.MISSING, occasion.id, now, details=details)


_ROLES: Final = select(table(Appointment)).where(
    col(Appointment.until).is_(None), can_be_told(col(Appointment.citizen_id))
)


def planners_of(connection: Connection, where: Scope) -> Iterable[int]:
    """Who may plan in a scope and can be told of it, by the narrowest role that lets anybody."""
    rows = connection.execute(_ROLES).all()
    by_width: dict[int, list[int]] = {}
    for row in rows:
        held = Holding(Role(row.role), scope_of(row._mapping))
        if may((held,), Permission.PLAN, where):
            by_width.setdefault(len(list(filter(None, (row.territory, row.group_slug)))), []).append(
                row.citizen_id
            )
    return by_width[max(by_width)] if by_width else ()
