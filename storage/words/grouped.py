"""What citizens gave, seen together by those who coordinate: grouped, moved on, linked to pilot actions."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from flows.actions.actions import Section
from flows.people.roles import Scope
from flows.words.classes import (
    Given,
    GivenPage,
    GivenWords,
    Groups,
    Link,
    Linkable,
    LinkableTitles,
    MoveOn,
    OneGiven,
    Unlink,
)
from flows.words.course import Contribution, Course, Why
from storage.actions.actions import words_of
from storage.actions.piloted import PUBLISHED, Action, Feedback
from storage.registry import applies, loads
from storage.sql import among
from storage.tables import Statement, table
from storage.unit import Unit
from storage.words import course
from storage.words.contributions import LINK_OF, TABLES, said_in
from storage.words.own_course import steps_of
from storage.words.returned import ActionLink

PAGE: Final = 10
"""Things shown at a time."""

_SAID: Final = table(Statement)
_ACTIONS: Final = table(Action)
_LINKS: Final = table(ActionLink).c


@loads(Groups)
def groups(unit: Unit, where: Scope) -> Groups:
    """Every component that a statement is about, in the order of the codes."""
    query = (
        select(_SAID.c.component, func.count().label("said"))
        .where(*said_in(where), _SAID.c.component.is_not(None))
        .group_by(_SAID.c.component)
        .order_by(_SAID.c.component)
    )
    return Groups({row.component: row.said for row in unit.rows(query)})


def _things(where: Scope, contribution: Contribution) -> Select[Any]:
    """What was given in a scope, with its `id`, `text`, the `language` of that, and `course`."""
    target = TABLES[contribution]
    columns = target.c.id, target.c.text, target.c.language, target.c.course
    query: Select[Any] = select(*columns).select_from(target)
    if contribution is Contribution.STATEMENT:
        return query.where(*said_in(where))
    place = target.c
    if contribution is Contribution.FEEDBACK:
        query = query.join(_ACTIONS, _ACTIONS.c.id == target.c.action_id)
        place = _ACTIONS.c
    query = query.where(place.territory == where.territory)
    return query if where.group is None else query.where(place.group_slug == where.group)


def _id_of(contribution: Contribution) -> Any:
    return TABLES[contribution].c.id


@loads(GivenPage)
def given_page(unit: Unit, where: Scope, contribution: Contribution, code: str, after: int) -> GivenPage:
    """Some of them; of statements those with that code."""
    id = _id_of(contribution)
    query = _things(where, contribution).where(id > after).order_by(id).limit(PAGE + 1)
    if contribution is Contribution.STATEMENT:
        query = query.where(_SAID.c.component == code)
    rows = unit.rows(query)
    return GivenPage(_given(unit, contribution, rows[:PAGE]), is_last=len(rows) <= PAGE)


@loads(OneGiven)
def one_given(unit: Unit, where: Scope, contribution: Contribution, id: int) -> OneGiven:
    """One of them, with its history."""
    rows = unit.rows(_things(where, contribution).where(_id_of(contribution) == id))
    if not rows:
        return OneGiven(None)
    (found,) = _given(unit, contribution, rows)
    return OneGiven(found, steps_of(unit, contribution, id))


def _given(unit: Unit, contribution: Contribution, rows: Sequence[Row[Any]]) -> tuple[Given, ...]:
    linked: dict[int, tuple[int, ...]] = {}
    for row in _linked(unit, contribution, [row.id for row in rows]):
        linked[row.thing] = (*linked.get(row.thing, ()), row.action_id)
    return tuple(Given(row.id, Course(row.course), linked.get(row.id, ())) for row in rows)


def _linked(unit: Unit, contribution: Contribution, ids: list[int]) -> Sequence[Row[Any]]:
    """Which actions those things lead to."""
    if contribution is Contribution.FEEDBACK:
        target = table(Feedback).c
        own = select(target.id.label("thing"), target.action_id).where(among(target.id, "ids"))
        return unit.rows(own, {"ids": ids})
    column = LINK_OF[contribution]
    links: Select[Any] = (
        select(column.label("thing"), _LINKS.action_id).where(among(column, "ids")).order_by(_LINKS.at)
    )
    return unit.rows(links, {"ids": ids})


@loads(GivenWords)
def given_words(unit: Unit, where: Scope, contribution: Contribution, ids: tuple[int, ...]) -> GivenWords:
    """The words of those that lie in the scope."""
    query = _things(where, contribution).where(among(_id_of(contribution), "ids"))
    rows = unit.rows(query, {"ids": list(ids)})
    unit.quote(TABLES[contribution], (row.id for row in rows))
    return GivenWords(
        texts={str(row.id): row.text for row in rows},
        languages={str(row.id): row.language for row in rows if row.language},
    )


def _open_to(where: Scope) -> tuple[ColumnElement[bool], ...]:
    """Pilot actions that everybody of a scope sees; in a whole territory those of its groups, too."""
    there = _ACTIONS.c.territory == where.territory, PUBLISHED
    if where.group is None:
        return there
    return (*there, or_(_ACTIONS.c.group_slug.is_(None), _ACTIONS.c.group_slug == where.group))


def _linkable(unit: Unit, where: Scope) -> list[int]:
    query = select(_ACTIONS.c.id).where(*_open_to(where))
    return [row.id for row in unit.rows(query.order_by(_ACTIONS.c.created_at.desc(), _ACTIONS.c.id))]


@loads(Linkable)
def linkable(unit: Unit, where: Scope) -> Linkable:
    """The pilot actions there."""
    return Linkable(tuple(_linkable(unit, where)))


@loads(LinkableTitles)
def linkable_titles(unit: Unit, where: Scope) -> LinkableTitles:
    """What they are called."""
    words = words_of(unit, _linkable(unit, where))
    return LinkableTitles({id: parts.get(Section.TITLE, {}) for id, parts in words.items()})


def _meant(unit: Unit, effect: Link | MoveOn) -> list[int]:
    """What an effect is about: one thing of its scope, or all statements with a code."""
    query = _things(effect.where, effect.contribution)
    if effect.id is not None:
        query = query.where(_id_of(effect.contribution) == effect.id)
    elif effect.contribution is Contribution.STATEMENT and effect.code:
        query = query.where(_SAID.c.component == effect.code)
    else:
        return []
    return [row.id for row in unit.rows(query)]


@applies(Link)
def link(unit: Unit, effect: Link) -> int:
    """Link what is meant to an action that is there for the scope."""
    if effect.contribution is Contribution.FEEDBACK or effect.action not in _linkable(unit, effect.where):
        return 0
    return course.link(unit, effect.contribution, _meant(unit, effect), effect.action)


@applies(Unlink)
def unlink(unit: Unit, effect: Unlink) -> bool:
    """Take one link back."""
    query = _things(effect.where, effect.contribution).where(_id_of(effect.contribution) == effect.id)
    if effect.contribution is Contribution.FEEDBACK or not unit.rows(query):
        return False
    return course.unlink(unit, effect.contribution, effect.id, effect.action)


@applies(MoveOn)
def move_on(unit: Unit, effect: MoveOn) -> int:
    """Put what is meant there."""
    return course.move(unit, effect.contribution, _meant(unit, effect), effect.to, Why.BY_HAND)
