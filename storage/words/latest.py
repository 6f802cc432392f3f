"""What is new in a territory, for everybody who takes part, and what of it can be read anywhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select
from sqlmodel import col

from flows.actions.actions import Progress, Section
from flows.actions.impact import dimension_of
from flows.actions.pilots import Change
from flows.moves import Names
from flows.words.latest import ActionNews, Figures, Latest, Quotes
from storage.actions.piloted import PUBLISHED, Action, ActionChange, ActionText
from storage.context import Context
from storage.planning.drafting import tongue_of
from storage.registry import loads
from storage.sql import among
from storage.tables import Statement, table
from storage.unit import Unit
from storage.words import shown_counts
from storage.words.quotable import QUOTABLE
from storage.words.shown_counts import STATEMENTS, Count, Figure, ShownFigure

NEWS_FOR: Final = timedelta(days=30)
"""So long something is news."""

MOST: Final = 10
"""Pilot actions at a time."""

QUOTES: Final = 5

COORDINATION: Final = "coordination"
GROUPS: Final = "groups"
FEEDS: Final = (COORDINATION, GROUPS)
"""The views of a territory that can be read anywhere: figures and titles, and nobody's words."""

ALL: Final = "all"
UNSORTED: Final = "unsorted"

_ACTIONS: Final = table(Action)
_SHOWN: Final = select(table(ShownFigure)).where(
    col(ShownFigure.ledger) == STATEMENTS, among(col(ShownFigure.cell), "cells")
)


def address_of(context: Context, territory: str, view: str) -> str:
    """Where a view of a territory can be read."""
    return f"{context.public_url}/latest/{territory}/{view}.atom"


def cell(territory: str, name: str) -> str:
    """What a figure of a territory is called in the ledger of what was shown."""
    return f"latest {territory} {name}"


@loads(Latest)
def latest(unit: Unit) -> Latest:
    """What is new for a person."""
    territory, context = unit.person.territory or "", unit.context
    group = unit.person.group
    changed = actions_changed(unit.connection, territory, unit.at - NEWS_FOR, group=group)
    quotable = QUOTABLE.where(col(Statement.territory) == territory).limit(QUOTES)
    newest = quotable.order_by(col(Statement.created_at).desc(), col(Statement.id))
    feeds = tuple(address_of(context, territory, view) for view in FEEDS) if context.public_url else ()
    return Latest(
        actions=changed,
        figures=figures_of(unit.connection, context, territory),
        quotes=tuple(row.id for row in unit.rows(newest)),
        smallest=context.territories.smallest_cell(territory),
        feeds=feeds,
    )


@loads(Quotes)
def quotes(unit: Unit, ids: tuple[int, ...]) -> Quotes:
    """The words, as long as their authors agree."""
    query = QUOTABLE.where(col(Statement.territory) == unit.person.territory, among(col(Statement.id), "ids"))
    rows = unit.rows(query, {"ids": list(ids)})
    unit.quote(table(Statement), (row.id for row in rows))
    texts = {str(row.id): {row.language: row.words} for row in rows}
    return Quotes(texts, tongue_of(unit.context, unit.person))


def actions_changed(
    connection: Connection, territory: str, since: datetime, *, group: str | None = None
) -> tuple[ActionNews, ...]:
    """Pilot actions that were published or got further since then, the last first.

    group  whose own actions are among them; None: only those for the whole territory
    """
    last = func.max(col(ActionChange.at)).label("changed_at")
    query = (
        select(_ACTIONS.c.id, _ACTIONS.c.status, last)
        .join(table(ActionChange), col(ActionChange.action_id) == _ACTIONS.c.id)
        .where(
            _ACTIONS.c.territory == territory,
            or_(_ACTIONS.c.group_slug.is_(None), _ACTIONS.c.group_slug == group),
            PUBLISHED,
            col(ActionChange.what).in_((Change.PUBLISHED, Change.PROGRESS)),
            col(ActionChange.at) > since,
        )
        .group_by(_ACTIONS.c.id, _ACTIONS.c.status)
        .order_by(last.desc(), _ACTIONS.c.id)
        .limit(MOST)
    )
    return tuple(
        ActionNews(row.id, Progress(row.status), row.changed_at) for row in connection.execute(query)
    )


def counted(connection: Connection, context: Context, territory: str) -> dict[str, Count]:
    """How much everybody has said in a territory: in all, by dimension, by group; by cell."""
    place = table(Statement).c
    query = (
        select(place.author, place.component, place.group_slug, func.count().label("said"))
        .where(place.territory == territory, place.withdrawn_at.is_(None))
        .group_by(place.author, place.component, place.group_slug)
    )
    people: dict[str, set[str]] = defaultdict(set)
    said: dict[str, int] = defaultdict(int)
    for row in connection.execute(query):
        about = dimension_of(row.component) if row.component else UNSORTED
        for name in (ALL, about, *((group_cell(row.group_slug),) if row.group_slug else ())):
            people[name].add(row.author)
            said[name] += row.said
    known = (ALL, *context.components.dimensions, UNSORTED, *map(group_cell, _groups(context, territory)))
    return {cell(territory, name): Count(people[name], said[name]) for name in known if name in people}


def is_due(connection: Connection, territory: str, now: datetime) -> bool:
    """Whether figures of a territory are to be published; not where that was done today."""
    last = published(connection, territory, [ALL]).get(ALL)
    return last is None or last.at.date() != now.date()


def group_cell(group: str) -> str:
    """The figure of a homogeneous group."""
    return f"group {group}"


def _groups(context: Context, territory: str) -> Sequence[str]:
    found = context.territories.get(territory)
    return [group.slug for group in found.groups] if found else []


def publish(
    connection: Connection, context: Context, territory: str, counts: Mapping[str, Count], now: datetime
) -> None:
    """Let the figures be shown that may be, from now on."""
    smallest = context.territories.smallest_cell(territory)
    shown_counts.figures(connection, STATEMENTS, counts, smallest, now)


def published(connection: Connection, territory: str, names: Sequence[str]) -> dict[str, Figure]:
    """The figures of those names that are shown now."""
    cells = {cell(territory, name): name for name in names}
    kept = connection.execute(_SHOWN, {"cells": list(cells)})
    return {cells[row.cell]: Figure(row.people, row.value, row.at) for row in kept}


def figures_of(connection: Connection, context: Context, territory: str) -> Figures | None:
    """How much was said in a territory, as it was published last."""
    dimensions = context.components.dimensions
    found = published(connection, territory, (ALL, *dimensions))
    if ALL not in found:
        return None
    whole = found[ALL]
    shown = {code: found[code].value for code in dimensions if code in found}
    return Figures(whole.value, whole.people, shown, max(each.at for each in found.values()).date())


def titles_of(connection: Connection, actions: Sequence[int]) -> dict[int, Names]:
    """What pilot actions are called."""
    query = select(table(ActionText)).where(
        among(col(ActionText.action_id), "ids"), col(ActionText.part) == Section.TITLE
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows: Any = connection.execute(query, {"ids": list(actions)})
    for row in rows:
        found[row.action_id][row.language] = row.text
    return dict(found)
