"""What statements are about: opinions kept beside each other, and what was given seen together.

The first opinion stands until two who differ have settled it. Statements come in the order of their ids,
which tells nothing of who said what in one sitting.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, select, update

from flows.people.roles import Scope
from flows.words.classes import (
    MOST_COUNTED,
    Backlog,
    Classify,
    NextStatement,
    Opinion,
    Settle,
    Sorted,
    Task,
    UndoClassification,
    Unsorted,
)
from flows.words.course import Contribution, Course, Why
from flows.words.similar import Suggestion, suggested
from flows.words.statements import Question
from storage.people.audit import actor
from storage.registry import applies, loads
from storage.tables import Statement, table
from storage.unit import Unit
from storage.words import course
from storage.words.contributions import said_in
from storage.words.returned import Classification

KNOWN: Final = 200
"""Statements that a new one is compared with: more would make others wait."""

_SAID: Final = table(Statement)
_OPINIONS: Final = table(Classification)
_FIRST: Final = _OPINIONS.alias()
_OTHER: Final = _OPINIONS.alias()


def _has(opinion: Opinion) -> ColumnElement[bool]:
    """Whether there is such an opinion about a statement as it is worded now."""
    return exists().where(_of_this_wording(_OPINIONS.c), _OPINIONS.c.opinion == opinion)


def _waiting(unit: Unit, where: Scope, task: Task) -> tuple[Select[Any], Any]:
    """Statements that wait for a task of this person, and the id by which they come in order.

    Those with opinions are found from the opinions: `|| ''` keeps SQLite from going through the territory.
    """
    query: Select[Any] = select(_SAID)
    if task is Task.SORT:
        return query.where(*said_in(where), _SAID.c.component.is_(None)), _SAID.c.id
    first, second = _FIRST.c, _OTHER.c
    query = query.join(_FIRST, _of_this_wording(first)).where(first.opinion == Opinion.FIRST)
    query = query.where(_SAID.c.territory.concat("") == where.territory)
    if where.group is not None:
        query = query.where(_SAID.c.group_slug == where.group)
    if task is Task.SECOND:
        unseen = first.classifier != actor(unit), ~_has(Opinion.SECOND)
        return query.where(*unseen), first.statement_id
    query = query.join(_OTHER, _of_this_wording(second)).where(second.opinion == Opinion.SECOND)
    return query.where(first.code != second.code, ~_has(Opinion.SETTLED)), second.statement_id


def _of_this_wording(opinion: Any) -> ColumnElement[bool]:
    return and_(opinion.statement_id == _SAID.c.id, opinion.wording == _SAID.c.version)


@loads(Backlog)
def backlog(unit: Unit, where: Scope) -> Backlog:
    """How many statements wait; beyond MOST_COUNTED nobody counts."""
    found: dict[str, int] = {}
    for task in Task:
        some = _waiting(unit, where, task)[0].with_only_columns(_SAID.c.id).limit(MOST_COUNTED).subquery()
        found[task] = unit.rows(select(func.count()).select_from(some))[0][0]
    return Backlog(found)


@loads(NextStatement)
def next_statement(unit: Unit, where: Scope, task: Task, after: int) -> NextStatement:
    """The next one; with a suggestion only for who sorts it first: a second opinion is nobody's echo."""
    query, id = _waiting(unit, where, task)
    rows = unit.rows(query.where(id > after).order_by(id).limit(1))
    if not rows:
        return NextStatement(None)
    row = rows[0]
    opinions = _opinions(unit, row.id, row.version) if task is Task.SETTLE else {}
    return NextStatement(
        Unsorted(
            id=row.id,
            wording=row.version,
            question=Question(row.question),
            language=row.language,
            suggestion=_suggestion(unit, row) if task is Task.SORT else None,
            codes=tuple(sorted({opinion.code for opinion in opinions.values()})),
        )
    )


def _suggestion(unit: Unit, row: Row[Any]) -> Suggestion | None:
    known = (
        select(_SAID.c.component, _SAID.c.text)
        .where(
            *said_in(Scope(row.territory)), _SAID.c.component.is_not(None), _SAID.c.language == row.language
        )
        .limit(KNOWN)
    )
    return suggested(row.text, [(each.component, each.text) for each in unit.rows(known)])


def _opinions(unit: Unit, statement: int, wording: int) -> dict[Opinion, Row[Any]]:
    query = select(_OPINIONS).where(_OPINIONS.c.statement_id == statement, _OPINIONS.c.wording == wording)
    return {Opinion(row.opinion): row for row in unit.rows(query)}


def _locked(unit: Unit, where: Scope, statement: int) -> Row[Any] | None:
    query = select(_SAID).where(*said_in(where), _SAID.c.id == statement).with_for_update()
    found = unit.rows(query)
    return found[0] if found else None


@applies(Classify)
def classify(unit: Unit, effect: Classify) -> Sorted:
    """Keep an opinion: the first one, one's own in place of an earlier one, or the second."""
    row = _locked(unit, effect.where, effect.statement)
    if row is None or effect.code not in unit.context.components.names:
        return Sorted.GONE
    if row.version != effect.wording:
        return Sorted.CHANGED
    there = _opinions(unit, row.id, row.version)
    mine = next((opinion for opinion, each in there.items() if each.classifier == actor(unit)), None)
    if Opinion.SETTLED in there or (mine is None and len(there) > 1):
        return Sorted.ENOUGH
    opinion = mine or (Opinion.SECOND if there else Opinion.FIRST)
    _keep(unit, row, opinion, effect.code)
    if opinion is Opinion.FIRST:
        _stands(unit, row, effect.code)
        return Sorted.FIRST
    return Sorted.AGREES if there[Opinion.FIRST].code == effect.code else Sorted.DIFFERS


@applies(Settle)
def settle(unit: Unit, effect: Settle) -> Sorted:
    """Keep what two came to who did not agree, beside their opinions."""
    row = _locked(unit, effect.where, effect.statement)
    if row is None or effect.code not in unit.context.components.names:
        return Sorted.GONE
    there = _opinions(unit, row.id, row.version)
    if row.version != effect.wording or Opinion.SECOND not in there:
        return Sorted.CHANGED
    if Opinion.SETTLED in there:
        return Sorted.ENOUGH
    _keep(unit, row, Opinion.SETTLED, effect.code)
    _stands(unit, row, effect.code)
    return Sorted.SETTLED


def _keep(unit: Unit, row: Row[Any], opinion: Opinion, code: str) -> None:
    same = _OPINIONS.c.statement_id == row.id, _OPINIONS.c.wording == row.version
    unit.change(delete(_OPINIONS).where(*same, _OPINIONS.c.opinion == opinion))
    unit.add(
        Classification,
        id=unit.new_id(),
        statement_id=row.id,
        wording=row.version,
        opinion=opinion,
        code=code,
        version=unit.context.components.version,
        classifier=actor(unit),
        at=unit.at,
    )


def _stands(unit: Unit, row: Row[Any], code: str) -> None:
    """From now on the statement counts with that component."""
    found = {"component": code, "component_version": unit.context.components.version}
    unit.change(update(_SAID).where(_SAID.c.id == row.id).values(**found))
    if row.course == Course.RECEIVED:
        course.move(unit, Contribution.STATEMENT, [row.id], Course.GROUPED, Why.CLASSIFIED)


@applies(UndoClassification)
def undo_classification(unit: Unit, effect: UndoClassification) -> bool:
    """Take the last opinion back, if it is the person's own."""
    row = _locked(unit, effect.where, effect.statement)
    there = _opinions(unit, row.id, row.version) if row is not None else {}
    last = next((each for each in (Opinion.SETTLED, Opinion.SECOND, Opinion.FIRST) if each in there), None)
    if row is None or last in (None, Opinion.SETTLED) or there[last].classifier != actor(unit):
        return False
    unit.change(delete(_OPINIONS).where(_OPINIONS.c.id == there[last].id))
    if last is Opinion.FIRST:
        nothing = {"component": None, "component_version": None}
        unit.change(update(_SAID).where(_SAID.c.id == row.id).values(**nothing))
        if row.course == Course.GROUPED:
            course.move(unit, Contribution.STATEMENT, [row.id], Course.RECEIVED, Why.UNDONE)
    return True
