"""Occasions as people see them: what is there for them, in which words, and what they have answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, or_, select
from sqlmodel import col

from flows.occasions.check_in import OPENS
from flows.occasions.occasions import (
    HELD,
    Barrier,
    Listed,
    Need,
    Occasion,
    One,
    Own,
    Says,
    Sort,
    Standing,
    State,
    When,
)
from flows.occasions.occasions import Post as PostKnown
from flows.people.roles import Permission, Role, may
from flows.times.local_time import wall
from storage.occasions import planned
from storage.occasions.planned import Answer, Post, is_deadline
from storage.people.permissions import held, scope_of
from storage.people.themes import ThemeFollower
from storage.pushes.habits import wants
from storage.registry import loads
from storage.sql import among
from storage.tables import Appointment, table
from storage.unit import Unit

_THERE: Final = table(planned.Occasion)
_ROLES: Final = table(Appointment).c
_MINE: Final = and_(col(Answer.occasion_id) == _THERE.c.id, col(Answer.citizen_id) == bindparam("citizen"))
_OWN: Final = tuple(column.label(f"own_{column.name}") for column in table(Answer).c)
WITH_OWN: Final = select(*_THERE.c, *_OWN).outerjoin(table(Answer), _MINE)
"""Occasions with the answer of the `citizen`, its columns beginning with own_."""

_PLACED: Final = and_(
    or_(_THERE.c.territory.is_(None), _THERE.c.territory == bindparam("territory")),
    or_(_THERE.c.group_slug.is_(None), _THERE.c.group_slug == bindparam("group")),
)
_FOLLOWS: Final = exists().where(
    col(ThemeFollower.citizen_id) == bindparam("citizen"), col(ThemeFollower.theme) == _THERE.c.theme
)
_HOLDS: Final = exists().where(
    _ROLES.citizen_id == bindparam("citizen"),
    _ROLES.until.is_(None),
    _ROLES.role == _THERE.c.role,
    or_(_THERE.c.territory.is_(None), _ROLES.territory == _THERE.c.territory),
    or_(
        _THERE.c.group_slug.is_(None),
        _ROLES.group_slug.is_(None),
        _ROLES.group_slug == _THERE.c.group_slug,
    ),
)
"""Whether the `citizen` has its role where that counts: `counts_in`, in SQL."""

FOR_THEM: Final = and_(_PLACED, or_(_THERE.c.theme.is_(None), _FOLLOWS), or_(_THERE.c.role.is_(None), _HOLDS))
"""Whether an occasion is there for the `citizen`: in their place, for a role and a theme of theirs."""

WITH_PLACE: Final = WITH_OWN.add_columns(FOR_THEM.label("is_for"))
_BY_ID: Final = WITH_PLACE.where(among(_THERE.c.id, "ids"))
_IS_FOR: Final = select(_THERE.c.id).where(_THERE.c.id == bindparam("id"), FOR_THEM)


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


def whose(unit: Unit) -> dict[str, Any]:
    """The parameters of `FOR_THEM` and `WITH_OWN` for the person."""
    person = unit.person
    return {"citizen": person.citizen, "territory": person.territory, "group": person.group}


def is_for(unit: Unit, occasion: Row[Any]) -> bool:
    """Whether an occasion is there for the person; see `FOR_THEM`."""
    return bool(unit.rows(_IS_FOR, {**whose(unit), "id": occasion.id}))


def posts(connection: Connection, occasions: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """The posts of occasions with how many seats of each are `taken`, and how many people are `waiting`."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(_POSTS, {"occasions": list(occasions)}):
        found.setdefault(row.occasion_id, []).append(row)
    return found


@loads(One)
def one(unit: Unit, id: int) -> One:
    """One occasion, or none."""
    found = seen(unit, [id])
    return One(_known(unit, found[0]) if found else None)


def seen(unit: Unit, ids: Iterable[int]) -> list[Row[Any]]:
    """Those of these occasions that are there for the person; drafts only for who may plan them."""
    return shown(unit, unit.rows(_BY_ID, {**whose(unit), "ids": list(ids)}))


def shown(unit: Unit, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The same of rows of `WITH_PLACE`: also what they have answered to, and what they may plan."""
    mine = held(unit)

    def is_shown(row: Row[Any]) -> bool:
        theirs = row.state != State.DRAFT and (row.is_for or row.own_says is not None)
        return theirs or may(mine, Permission.PLAN, scope_of(row._mapping))

    return [row for row in rows if is_shown(row)]


def when(row: Row[Any], zone: str | None = None) -> When:
    """When an occasion takes place.

    zone  by whose clocks the reader lives; None: nobody in particular reads it
    """
    starts, ends = datetime.fromisoformat(row.starts), datetime.fromisoformat(row.ends)
    own = starts if zone is None else wall(row.starts_at, zone)
    return When(starts, ends, row.zone, row.starts_at, row.ends_at, None if own == starts else own)


def _known(unit: Unit, row: Row[Any]) -> Occasion:
    zone = own_zone(unit) or str(row.zone)
    return Occasion(
        id=row.id,
        sort=Sort(row.sort),
        kind=row.kind,
        state=State(row.state),
        when=when(row, zone),
        where=scope_of(row._mapping),
        role=Role(row.role) if row.role else None,
        theme=row.theme,
        posts=known_posts(unit.connection, [row.id]).get(row.id, ()),
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
        door_is_open=_door_is_open(row, unit.at),
    )


def _door_is_open(row: Row[Any], at: datetime) -> bool:
    """Whether one can check in; a deadline has no door."""
    takes_place = row.state == State.PLANNED and not is_deadline(row)
    return bool(takes_place and row.starts_at - OPENS <= at < row.ends_at)


def _rule(unit: Unit, row: Row[Any]) -> str | None:
    """That of its series, which is kept with the first occasion."""
    if row.series is None or row.series == row.id:
        return row.rule if row.series else None
    first = unit.rows(select(_THERE.c.rule).where(_THERE.c.id == row.series))
    return first[0].rule if first else None


def own_zone(unit: Unit) -> str | None:
    """The zone whose clocks the person lives by; None for somebody who is not known."""
    mine = wants(unit.connection, unit.context, [unit.person.citizen]).get(unit.person.citizen)
    return mine.habits.zone if mine is not None else None


def listed(unit: Unit, rows: Sequence[Row[Any]]) -> tuple[Listed, ...]:
    """Rows of occasions, with the person's answer, as they stand in a list."""
    there, zone = known_posts(unit.connection, [row.id for row in rows]), own_zone(unit)
    return tuple(
        Listed(
            id=row.id,
            state=State(row.state),
            when=when(row, zone),
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


def known_posts(connection: Connection, occasions: Iterable[int]) -> dict[int, tuple[PostKnown, ...]]:
    """The posts of occasions as flows know them."""
    return {
        occasion: tuple(
            PostKnown(
                row.id, row.number, row.seats, int(row.taken), int(row.waiting), row.minutes, row.sought
            )
            for row in rows
        )
        for occasion, rows in posts(connection, occasions).items()
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
