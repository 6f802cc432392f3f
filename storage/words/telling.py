"""Who is told what became of what they gave: at most once a week, and only where it led to.

Nothing here leads from a citizen to a statement: what is to be told is looked up when it is told.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, union_all, update
from sqlmodel import col

from flows.pushes.deciding import Asks
from flows.pushes.pushed import Notice, State, Topic
from flows.times.quiet import Side, out_of_quiet
from flows.words.course import Contribution, Moved, TellMoves, Told
from flows.words.reviews import Verdict
from storage.context import Context
from storage.pushes.habits import wants
from storage.pushes.pushed import Push
from storage.pushes.pushes import EVER, a_push
from storage.registry import applies
from storage.sql import among, insert_new, many
from storage.tables import Pseudonym, Statement, table
from storage.unit import Unit
from storage.words.contributions import STEP_OF, TABLES, given, giver
from storage.words.returned import CourseStep, Review

ABOUT: Final = 0
"""What pushes of this kind are about: a statement's id beside its author's would lead back to them."""

PATIENCE: Final = timedelta(hours=1)
"""So long after a move its author is told: what follows soon is told with it, what is taken back is not."""

PAUSE: Final = timedelta(days=7)
"""Between two of these pushes to one person, at the least."""

LASTS: Final = timedelta(days=14)
"""How long it is worth saying."""

_STEPS: Final = table(CourseStep).c
MARK_TOLD: Final = (
    update(table(CourseStep)).where(among(_STEPS.id, "steps")).values(told_at=bindparam("told"))
)
"""Of those `steps` their authors were `told`."""

_TOLD_BEFORE: Final = (
    select(
        col(Push.citizen_id),
        func.max(col(Push.settled_at)).label("last"),
    )
    .where(
        among(col(Push.citizen_id), "citizens"),
        col(Push.about) == ABOUT,
        col(Push.kind) == Notice.COURSE,
        col(Push.state) == State.SAID,
    )
    .group_by(col(Push.citizen_id))
)
_WAITING: Final = select(col(Push.citizen_id)).where(
    among(col(Push.citizen_id), "citizens"),
    col(Push.about) == ABOUT,
    col(Push.kind) == Notice.COURSE,
    col(Push.state) == State.DUE,
)


def tell_soon(connection: Connection, context: Context, citizens: Collection[int], now: datetime) -> None:
    """Have people told what became of what they gave, those who want to know: a week after the last time.

    By its edition, the number of its week, two who move something of one person at once plan one push.
    """
    people = wants(connection, context, citizens) if citizens else {}
    wanting = {id: person for id, person in people.items() if person.reminders_of(Topic.COURSE)}
    if not wanting:
        return
    about = {"citizens": list(wanting)}
    waiting = set(connection.execute(_WAITING, about).scalars())
    last = {row.citizen_id: row.last for row in connection.execute(_TOLD_BEFORE, about)}
    rows = []
    for citizen in sorted(wanting.keys() - waiting):
        habits = wanting[citizen].habits
        at = max(now + PATIENCE, last.get(citizen, now - PAUSE) + PAUSE)
        due = out_of_quiet(at, habits.zone, habits.quiet, Side.AFTER)
        name, week = (citizen, ABOUT, Notice.COURSE.value, ""), (due - EVER) // PAUSE
        version = context.cadences.version
        rows.append(a_push(name, Topic.COURSE, due, due + LASTS, version, now, edition=week))
    if rows:
        many(connection, insert_new(connection.dialect.name, Push), rows)


def _untold(contribution: Contribution) -> Select[Any]:
    column = STEP_OF[contribution]
    query = given(contribution, _STEPS.id.label("step"), is_known=True)
    return query.join(table(CourseStep), column == TABLES[contribution].c.id).where(_STEPS.told_at.is_(None))


_UNTOLD: Final = {each: _untold(each) for each in Contribution}
_HELD: Final = (
    given(Contribution.STATEMENT, col(Review.id).label("step"), is_known=True)
    .join(table(Review), col(Review.statement_id) == col(Statement.id))
    .where(
        col(Statement.reviewed) == Verdict.HELD,
        col(Review.verdict) == Verdict.HELD,
        col(Review.wording) == col(Statement.version),
        col(Review.told_at).is_(None),
    )
)
_WHOSE: Final = union_all(
    *(
        query.where(among(giver(each), "citizens")).with_only_columns(giver(each))
        for each, query in (*_UNTOLD.items(), (Contribution.STATEMENT, _HELD))
    )
)
_OWN_UNTOLD: Final = {
    each: query.where(giver(each) == bindparam("citizen")).order_by(_STEPS.id)
    for each, query in _UNTOLD.items()
}
_OWN_HELD: Final = _HELD.where(col(Pseudonym.citizen_id) == bindparam("citizen")).order_by(col(Review.at))
_MARK_HELD: Final = (
    update(table(Review)).where(among(col(Review.id), "reviews")).values(told_at=bindparam("told"))
)


def what_moved(connection: Connection, citizens: Iterable[int]) -> dict[tuple[int, int], Asks]:
    """Whether there is anything to be told to those people, by what it is about and person."""
    asked = list(citizens)
    found = set(connection.execute(_WHOSE, {"citizens": asked}).scalars()) if asked else set()
    return {(ABOUT, citizen): Asks(frozenset((Notice.COURSE,))) for citizen in found}


@applies(TellMoves)
def tell_moves(unit: Unit, _effect: TellMoves) -> Told:
    """All that the person has not been told yet, what is held back first."""
    me = {"citizen": unit.person.citizen}
    held = unit.rows(_OWN_HELD, me)
    if held:
        unit.change(_MARK_HELD, {"reviews": [row.step for row in held], "told": unit.at})
    moved = {(Contribution.STATEMENT, row.id): Moved(Contribution.STATEMENT, row.id, True) for row in held}
    for contribution, query in _OWN_UNTOLD.items():
        rows = unit.rows(query, me)
        if rows:
            unit.change(MARK_TOLD, {"steps": [row.step for row in rows], "told": unit.at})
        for row in rows:
            moved.setdefault((contribution, row.id), Moved(contribution, row.id))
    return Told(tuple(moved.values()))
