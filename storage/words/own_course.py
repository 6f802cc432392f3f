"""Where everything stands that a person gave, shown to them: what it led to, how, why it is held back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, select
from sqlmodel import col

from flows.actions.actions import Section
from flows.words.course import (
    Contribution,
    Course,
    OwnGivenWords,
    OwnStandings,
    OwnSteps,
    Standing,
    Step,
    Why,
    named,
)
from flows.words.reviews import Verdict
from storage.actions.actions import words_of
from storage.people.audit import actor
from storage.registry import loads
from storage.sql import among
from storage.tables import Statement, table
from storage.unit import Unit
from storage.words.contributions import LINK_OF, STEP_OF, TABLES, given, giver
from storage.words.returned import ActionLink, CourseStep, Review

_STEPS: Final = table(CourseStep).c
_LINKS: Final = table(ActionLink).c


@loads(OwnStandings)
def own_standings(unit: Unit) -> OwnStandings:
    """Where everything of the person stands."""
    found: dict[str, Standing] = {}
    for contribution in Contribution:
        rows = _mine(unit, contribution)
        titles = _titles(unit, contribution, rows)
        held = _reasons(unit, [row.id for row in rows]) if contribution is Contribution.STATEMENT else {}
        for row in rows:
            standing = Standing(Course(row.course), titles.get(row.id), held.get(row.id))
            found[named(contribution, row.id)] = standing
    return OwnStandings(found)


def _mine(unit: Unit, contribution: Contribution) -> Sequence[Row[Any]]:
    """What the person gave, with all its columns."""
    target = TABLES[contribution]
    others = [column for column in target.c if column.name != "id"]
    query = given(contribution, *others, is_known=True).where(giver(contribution) == unit.person.citizen)
    return unit.rows(query.order_by(target.c.id))


def _titles(unit: Unit, contribution: Contribution, rows: Sequence[Row[Any]]) -> dict[int, Mapping[str, str]]:
    """What the action is called that something leads to, where there is one."""
    if contribution is Contribution.FEEDBACK:
        actions = {row.id: row.action_id for row in rows}
    else:
        column = LINK_OF[contribution]
        query = (
            select(column.label("thing"), _LINKS.action_id).where(among(column, "ids")).order_by(_LINKS.at)
        )
        linked = unit.rows(query, {"ids": [row.id for row in rows]}) if rows else ()
        actions = {row.thing: row.action_id for row in linked}
    words = words_of(unit, list(set(actions.values()))) if actions else {}
    return {id: words.get(str(action), {}).get(Section.TITLE, {}) for id, action in actions.items()}


def _reasons(unit: Unit, ids: Sequence[int]) -> dict[int, Mapping[str, str]]:
    """Why statements are held back that are."""
    query = (
        select(col(Review.statement_id), col(Review.reason))
        .join(table(Statement), col(Statement.id) == col(Review.statement_id))
        .where(among(col(Review.statement_id), "ids"), col(Statement.reviewed) == Verdict.HELD)
        .where(col(Review.verdict) == Verdict.HELD)
        .order_by(col(Review.at))
    )
    rows = unit.rows(query, {"ids": list(ids)})
    return {row.statement_id: unit.context.reasons.get(row.reason or "", {}) for row in rows}


@loads(OwnSteps)
def own_steps(unit: Unit, contribution: Contribution, id: int) -> OwnSteps:
    """How something of the person came where it stands."""
    if id not in {row.id for row in _mine(unit, contribution)}:
        return OwnSteps(())
    return OwnSteps(steps_of(unit, contribution, id))


def steps_of(unit: Unit, contribution: Contribution, id: int) -> tuple[Step, ...]:
    """The history of one thing, oldest first."""
    query = select(_STEPS.course, _STEPS.why, _STEPS.at, _STEPS.mover).where(STEP_OF[contribution] == id)
    me = actor(unit)
    return tuple(
        Step(Course(row.course), Why(row.why), row.at, row.mover == me)
        for row in unit.rows(query.order_by(_STEPS.id))
    )


@loads(OwnGivenWords)
def own_given_words(unit: Unit) -> OwnGivenWords:
    """All the words of what the person gave."""
    return OwnGivenWords(
        {named(each, row.id): row.text for each in Contribution for row in _mine(unit, each)}
    )
