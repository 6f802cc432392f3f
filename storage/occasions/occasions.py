"""Occasions as people see them: what is there for them, in which words, and what they have answered."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, or_, select
from sqlmodel import col

from flows.occasions.check_in import OPENS
from flows.occasions.occasions import (
    HELD,
    Barrier,
    Dates,
    Listed,
    Need,
    Occasion,
    OfAction,
    One,
    Own,
    OwnAnswers,
    Says,
    Sort,
    Standing,
    State,
    Upcoming,
    When,
)
from flows.occasions.occasions import Post as PostKnown
from flows.people.roles import Permission, Role, Scope, may
from flows.times.local_time import wall
from storage.occasions import planned
from storage.occasions.planned import Answer, Post
from storage.people.permissions import held, scope_of
from storage.people.themes import followed
from storage.pushes.habits import wants
from storage.registry import loads
from storage.sql import among
from storage.tables import table
from storage.unit import Unit

MOST: Final = 200
"""Occasions that are looked at for one list."""

_THERE: Final = table(planned.Occasion)
_MINE: Final = and_(col(Answer.occasion_id) == _THERE.c.id, col(Answer.citizen_id) == bindparam("citizen"))
_OWN: Final = tuple(column.label(f"own_{column.name}") for column in table(Answer).c)
WITH_OWN: Final = select(*_THERE.c, *_OWN).outerjoin(table(Answer), _MINE)
"""Occasions with the answer of the `citizen`, its columns beginning with own_."""

_COMING: Final = (
    WITH_OWN.where(
        _THERE.c.state.in_((State.PLANNED, State.CANCELLED)),
        _THERE.c.ends_at > bindparam("now"),
        or_(
            col(Answer.says).is_not(None),
            and_(
                _THERE.c.state == State.PLANNED,
                or_(_THERE.c.territory.is_(None), _THERE.c.territory == bindparam("territory")),
                or_(_THERE.c.group_slug.is_(None), _THERE.c.group_slug == bindparam("group")),
            ),
        ),
    )
    .order_by(_THERE.c.starts_at, _THERE.c.id)
    .limit(MOST)
)
_BY_ID: Final = WITH_OWN.where(among(_THERE.c.id, "ids"))


def _sum_of(*standings: Standing) -> Any:
    party = case((col(Answer.standing).in_(standings), col(Answer.party)), else_=0)
    return func.coalesce(func.sum(party), 0)


_POSTS: Final[Select[Any]] = (
    select(
        *table(Post).c,
        _sum_of(*HELD).label("taken"),
        _sum_of(Standing.OFFERED).label("offered"),
        _sum_of(Standing.WAITING).label("waiting"),
        func.count(col(Answer.stand_in_since)).label("sought"),
        func.max(col(Answer.place)).label("last"),
    )
    .outerjoin(table(Answer), col(Answer.post_id) == col(Post.id))
    .where(among(col(Post.occasion_id), "occasions"))
    .group_by(*table(Post).c)
    .order_by(col(Post.occasion_id), col(Post.number))
)


def is_for(unit: Unit, occasion: Row[Any]) -> bool:
    """Whether an occasion is there for the person: in their place, for a role and a theme of theirs."""
    where = scope_of(occasion._mapping)
    person = Scope(unit.person.territory, unit.person.group)
    if not where.covers(person):
        return False
    if occasion.theme is not None and occasion.theme not in followed(unit):
        return False
    if occasion.role is None:
        return True
    return any(one.role == occasion.role and where.covers(one.where) for one in held(unit))


def _visible(unit: Unit, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return [row for row in rows if row.own_says is not None or is_for(unit, row)]


def posts(connection: Connection, occasions: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """The posts of occasions with how many seats of each are `taken`, and how many people are `waiting`."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(_POSTS, {"occasions": list(occasions)}):
        found.setdefault(row.occasion_id, []).append(row)
    return found


@loads(Upcoming)
def upcoming(unit: Unit, sort: Sort) -> Upcoming:
    """What is still to come of one sort; of a series the next that is not cancelled."""
    return Upcoming(_next(unit, [row for row in _coming(unit) if row.sort == sort]))


@loads(OfAction)
def of_action(unit: Unit, action: int) -> OfAction:
    """What is still to come of a pilot action."""
    return OfAction(_next(unit, [row for row in _coming(unit) if row.action == action]))


def _next(unit: Unit, coming: Iterable[Row[Any]]) -> tuple[Listed, ...]:
    """Of a series the next that is not cancelled, and whether it comes again."""
    dates: dict[int, list[Row[Any]]] = {}
    for row in coming:
        if row.state == State.PLANNED:
            dates.setdefault(row.series or row.id, []).append(row)
    again = [len(each) > 1 for each in dates.values()]
    found = listed(unit, [each[0] for each in dates.values()])
    return tuple(replace(one, comes_again=more) for one, more in zip(found, again, strict=True))


@loads(Dates)
def dates(unit: Unit, occasion: int) -> Dates:
    """The dates of one series."""
    rows = [row for row in _coming(unit) if row.state == State.PLANNED]
    series = next((row.series for row in rows if row.id == occasion), None)
    return Dates(listed(unit, [row for row in rows if series is not None and row.series == series]))


@loads(OwnAnswers)
def own_answers(unit: Unit, sort: Sort) -> OwnAnswers:
    """All of one sort that the person has answered to, cancelled ones included."""
    mine = [row for row in _coming(unit) if row.own_says is not None and row.sort == sort]
    return OwnAnswers(listed(unit, mine))


def _coming(unit: Unit) -> list[Row[Any]]:
    person = unit.person
    values = {
        "citizen": person.citizen,
        "now": unit.at,
        "territory": person.territory,
        "group": person.group,
    }
    return _visible(unit, unit.rows(_COMING, values))


@loads(One)
def one(unit: Unit, id: int) -> One:
    """One occasion, or none."""
    found = seen(unit, [id])
    return One(_known(unit, found[0]) if found else None)


def seen(unit: Unit, ids: Iterable[int]) -> list[Row[Any]]:
    """Those of these occasions that are there for the person; drafts only for who may plan them."""
    rows = unit.rows(_BY_ID, {"citizen": unit.person.citizen, "ids": list(ids)})
    mine = held(unit)
    theirs = {row.id for row in _visible(unit, rows) if row.state != State.DRAFT}
    return [row for row in rows if row.id in theirs or may(mine, Permission.PLAN, scope_of(row._mapping))]


def when(row: Row[Any]) -> When:
    """When an occasion takes place."""
    starts, ends = datetime.fromisoformat(row.starts), datetime.fromisoformat(row.ends)
    return When(starts, ends, row.zone, row.starts_at, row.ends_at)


def _known(unit: Unit, row: Row[Any]) -> Occasion:
    zone = _zone(unit, row)
    return Occasion(
        id=row.id,
        sort=Sort(row.sort),
        kind=row.kind,
        state=State(row.state),
        when=when(row),
        where=scope_of(row._mapping),
        role=Role(row.role) if row.role else None,
        theme=row.theme,
        posts=_posts(unit, [row.id]).get(row.id, ()),
        own=_answer(unit, row, zone),
        has_begun=row.starts_at <= unit.at,
        is_over=row.ends_at <= unit.at,
        most_party=row.most_party,
        series=row.series,
        rule=_rule(unit, row),
        action=row.action,
        link=row.link,
        pin=(row.latitude, row.longitude) if row.latitude is not None else None,
        sequence=row.sequence,
        own_time=_own_time(row, zone),
        door_is_open=row.state == State.PLANNED and row.starts_at - OPENS <= unit.at < row.ends_at,
    )


def _rule(unit: Unit, row: Row[Any]) -> str | None:
    """That of its series, which is kept with the first occasion."""
    if row.series is None or row.series == row.id:
        return row.rule if row.series else None
    first = unit.rows(select(_THERE.c.rule).where(_THERE.c.id == row.series))
    return first[0].rule if first else None


def _own_time(row: Row[Any], zone: str) -> datetime | None:
    """When it begins by the clocks of that zone, where those show another time."""
    own = wall(row.starts_at, zone)
    return own if own != datetime.fromisoformat(row.starts) else None


def _zone(unit: Unit, row: Row[Any]) -> str:
    """The zone whose clocks the person lives by."""
    mine = wants(unit.connection, unit.context, [unit.person.citizen]).get(unit.person.citizen)
    return mine.habits.zone if mine is not None else str(row.zone)


def listed(unit: Unit, rows: Sequence[Row[Any]]) -> tuple[Listed, ...]:
    """Rows of occasions, with the person's answer, as they stand in a list."""
    there = _posts(unit, [row.id for row in rows])
    return tuple(
        Listed(
            id=row.id,
            state=State(row.state),
            when=when(row),
            says=Says(row.own_says) if row.own_says else None,
            standing=Standing(row.own_standing) if row.own_standing else Standing.NONE,
            free=_free(there.get(row.id, ())),
            is_over=row.ends_at <= unit.at,
            sort=Sort(row.sort),
        )
        for row in rows
    )


def _free(there: Sequence[PostKnown]) -> int | None:
    free = [post.free for post in there]
    return None if None in free else sum(seats for seats in free if seats is not None)


def _posts(unit: Unit, occasions: Sequence[int]) -> dict[int, tuple[PostKnown, ...]]:
    return {
        occasion: tuple(
            PostKnown(
                row.id, row.number, row.seats, int(row.taken), int(row.waiting), row.minutes, row.sought
            )
            for row in rows
        )
        for occasion, rows in posts(unit.connection, occasions).items()
    }


def _answer(unit: Unit, row: Row[Any], zone: str) -> Own | None:
    if row.own_says is None:
        return None
    until = row.own_offered_until
    return Own(
        says=Says(row.own_says),
        standing=Standing(row.own_standing),
        post=row.own_post_id,
        party=row.own_party,
        place=_place(unit, row) if row.own_standing == Standing.WAITING else 0,
        until=until,
        own_until=wall(until, zone) if until is not None else None,
        barriers=tuple(map(Barrier, row.own_barriers.split())),
        needs=tuple(map(Need, row.own_needs.split())),
        interpretation=row.own_interpretation,
        came=row.own_checked_in_at is not None or bool(row.own_was_there),
        stayed_away=row.own_was_there is False,
        seeks=row.own_stand_in_since is not None,
    )


_BEFORE: Final = select(func.count()).where(
    col(Answer.post_id) == bindparam("post"),
    col(Answer.standing) == Standing.WAITING,
    col(Answer.place) <= bindparam("place"),
)


def _place(unit: Unit, row: Row[Any]) -> int:
    """Which one in line the person is, from 1 on."""
    place: int = unit.rows(_BEFORE, {"post": row.own_post_id, "place": row.own_place})[0][0]
    return place
