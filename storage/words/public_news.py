"""What anybody may read of a territory: titles of what is for everybody there, and figures about many.

No words of citizens, nothing about one person, nothing that is for one group or one role alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from flows.moves import Names
from flows.occasions.occasions import Sort, State
from flows.words.latest import ActionNews, Figures
from storage.actions.piloted import PUBLISHED, Action
from storage.context import Context
from storage.occasions.planned import Occasion, is_deadline
from storage.occasions.sheets import words_of
from storage.tables import table
from storage.words.latest import NEWS_FOR, actions_changed, figures_of, group_cell, published, titles_of
from storage.words.shown_counts import Figure

AHEAD: Final = timedelta(days=60)
"""So far ahead meetings are told of."""

MOST: Final = 20

_THERE: Final = table(Occasion)


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """A meeting that is to come, for everybody in a territory."""

    id: int
    title: Names  # {}: it has none
    kind: Names
    starts: datetime  # naive, by the clocks where it is
    changed_at: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class CoordinationNews:
    """What a coordination group would tell of its territory."""

    actions: tuple[ActionNews, ...]
    titles: dict[int, Names]  # of these actions
    meetings: tuple[MeetingNews, ...]  # soonest first
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class GroupNews:
    """What there is to tell of one homogeneous group."""

    slug: str
    names: Names
    held: int  # meetings of its own that are over
    coming: int
    actions: int  # pilot actions of its own
    statements: Figure | None  # None: they may not be shown
    changed_at: datetime | None  # aware UTC; None: there is nothing yet


def coordination_news(
    connection: Connection, context: Context, territory: str, now: datetime
) -> CoordinationNews:
    """What is new for a whole territory."""
    actions = actions_changed(connection, territory, now - NEWS_FOR)
    return CoordinationNews(
        actions=actions,
        titles=titles_of(connection, [one.id for one in actions]),
        meetings=_meetings(connection, context, territory, now),
        figures=figures_of(connection, context, territory),
    )


def _meetings(
    connection: Connection, context: Context, territory: str, now: datetime
) -> tuple[MeetingNews, ...]:
    query = (
        select(_THERE)
        .where(
            _THERE.c.territory == territory,
            _THERE.c.sort == Sort.MEETING,
            ~is_deadline(_THERE.c),  # nobody meets at a deadline
            _THERE.c.state == State.PLANNED,
            _THERE.c.group_slug.is_(None),
            _THERE.c.role.is_(None),
            _THERE.c.ends_at > now,
            _THERE.c.starts_at < now + AHEAD,
        )
        .order_by(_THERE.c.starts_at, _THERE.c.id)
        .limit(MOST)
    )
    rows = connection.execute(query).all()
    words = words_of(connection, rows) if rows else {}
    kinds = context.occasion_kinds
    return tuple(
        MeetingNews(
            id=row.id,
            title=words[row.id].title,
            kind=kinds[row.kind].names if row.kind in kinds else {},
            starts=datetime.fromisoformat(row.starts),
            changed_at=row.changed_at,
        )
        for row in rows
    )


def groups_news(
    connection: Connection, context: Context, territory: str, now: datetime
) -> tuple[GroupNews, ...]:
    """What there is to tell of each homogeneous group, in the order of the territory's file."""
    groups = context.territories[territory].groups
    figures = published(connection, territory, [group_cell(group.slug) for group in groups])
    meetings, actions = _held(connection, territory, now), _actions(connection, territory)
    found = []
    for group in groups:
        held, coming, last = meetings.get(group.slug, (0, 0, None))
        count, begun = actions.get(group.slug, (0, None))
        figure = figures.get(group_cell(group.slug))
        moments = [each for each in (last, begun, figure.at if figure else None) if each is not None]
        changed_at = max(moments, default=None)
        found.append(GroupNews(group.slug, group.names, held, coming, count, figure, changed_at))
    return tuple(found)


def _held(
    connection: Connection, territory: str, now: datetime
) -> dict[str, tuple[int, int, datetime | None]]:
    """Meetings over and to come, and when the last change was, by group."""
    is_over = case((_THERE.c.ends_at <= now, 1), else_=0)
    query = (
        select(
            _THERE.c.group_slug,
            func.sum(is_over).label("held"),
            func.sum(1 - is_over).label("coming"),
            func.max(_THERE.c.changed_at).label("changed_at"),
        )
        .where(
            _THERE.c.territory == territory,
            _THERE.c.sort == Sort.MEETING,
            _THERE.c.state == State.PLANNED,
            _THERE.c.group_slug.is_not(None),
        )
        .group_by(_THERE.c.group_slug)
    )
    rows: Sequence[Any] = connection.execute(query).all()
    return {row.group_slug: (int(row.held), int(row.coming), row.changed_at) for row in rows}


def _actions(connection: Connection, territory: str) -> dict[str, tuple[int, datetime | None]]:
    """Pilot actions and when the last of them began, by group."""
    target = table(Action).c
    query = (
        select(target.group_slug, func.count().label("actions"), func.max(target.published_at).label("begun"))
        .where(
            target.territory == territory,
            target.group_slug.is_not(None),
            PUBLISHED,
        )
        .group_by(target.group_slug)
    )
    rows: Sequence[Any] = connection.execute(query).all()
    return {row.group_slug: (row.actions, row.begun) for row in rows}
