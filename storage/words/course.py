"""Where things stand that people gave: moved on or back, alone or with the pilot actions they lead to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, delete, select, update
from sqlmodel import col

from flows.actions.actions import Progress
from flows.words.course import Contribution, Course, Why
from storage.actions.piloted import Action, Feedback
from storage.people.audit import actor
from storage.sql import among
from storage.tables import table
from storage.unit import Unit
from storage.words.contributions import LINK_OF, STEP_OF, TABLES, given
from storage.words.returned import ActionLink, CourseStep
from storage.words.telling import MARK_TOLD, tell_soon

BY_PROGRESS: Final[Mapping[str, Course]] = {
    Progress.IDEA: Course.LINKED,
    Progress.DECIDED: Course.DECIDED,
    Progress.RUNNING: Course.DECIDED,
    Progress.PAUSED: Course.DECIDED,
    Progress.DONE: Course.DONE,
}
"""How far a pilot action brings what is linked to it."""

EARLY: Final = (Course.RECEIVED, Course.GROUPED, Course.DIAGNOSIS)
"""Where something stands that is linked to nothing."""

_ORDER: Final = tuple(Course)
_STEPS: Final = table(CourseStep).c
_LINKS: Final = table(ActionLink).c


def _by_id(contribution: Contribution) -> Select[Any]:
    target = TABLES[contribution]
    query = given(contribution, target.c.course).where(among(target.c.id, "ids")).order_by(target.c.id)
    return query.with_for_update(of=target)


_LOCKED: Final = {each: _by_id(each) for each in Contribution}
_UNTOLD_OF: Final = {
    each: select(_STEPS.id, column.label("thing"), _STEPS.was)
    .where(among(column, "ids"), _STEPS.told_at.is_(None))
    .order_by(_STEPS.id)
    for each, column in STEP_OF.items()
}


def move(
    unit: Unit,
    contribution: Contribution,
    ids: Sequence[int],
    to: Course,
    why: Why,
    action: int | None = None,
) -> int:
    """Have things stand there from now on; returns how many of them stood elsewhere.

    ids     what is not there any more is passed over
    action  to which they are linked now, or were

    Whoever gave them is told soon, unless they did it themselves. What comes back to where its giver knows
    it to be is not told at all.
    """
    moving = [row for row in unit.rows(_LOCKED[contribution], {"ids": list(ids)}) if row.course != to]
    if not moving:
        return 0
    back = _come_back(unit, contribution, [row.id for row in moving], to)
    for row in moving:
        is_known = row.id in back or row.giver == unit.person.citizen
        things = {f"{each}_id": row.id if each is contribution else None for each in Contribution}
        step = {"was": row.course, "course": to, "why": why, "action_id": action, "mover": actor(unit)}
        unit.add(CourseStep, **things, **step, at=unit.at, told_at=unit.at if is_known else None)
    target = TABLES[contribution]
    changed = update(target).where(among(target.c.id, "ids")).values(course=to)
    unit.change(changed, {"ids": [row.id for row in moving]})
    givers = {row.giver for row in moving if row.id not in back and row.giver is not None}
    tell_soon(unit.connection, unit.context, givers - {unit.person.citizen}, unit.now)
    return len(moving)


def _come_back(unit: Unit, contribution: Contribution, ids: list[int], to: Course) -> set[int]:
    """Those of the things whose givers know them to be there already; what was to be told no longer is."""
    first: dict[int, str] = {}
    steps: dict[int, list[int]] = defaultdict(list)
    for row in unit.rows(_UNTOLD_OF[contribution], {"ids": ids}):
        first.setdefault(row.thing, row.was)
        steps[row.thing].append(row.id)
    back = {thing for thing, was in first.items() if was == to}
    if back:
        obsolete = [step for thing in back for step in steps[thing]]
        unit.change(MARK_TOLD, {"steps": obsolete, "told": unit.at})
    return back


def link(unit: Unit, contribution: Contribution, ids: Iterable[int], action: int) -> int:
    """Link statements or gifts to an action, of which they share the course from now on; returns how many."""
    column, wanted = LINK_OF[contribution], list(ids)
    there = select(column.label("thing")).where(_LINKS.action_id == action, among(column, "ids"))
    before = {row.thing for row in unit.rows(there, {"ids": wanted})}
    for id in wanted:
        if id not in before:
            things = {"statement_id": None, "gift_id": None, f"{contribution}_id": id}
            row = {"id": unit.new_id(), "action_id": action, "linker": actor(unit), "at": unit.at}
            unit.add_once(ActionLink, **things, **row)
    _go_with_actions(unit, contribution, wanted, Why.LINKED, action)
    return len(wanted) - len(before)


def unlink(unit: Unit, contribution: Contribution, id: int, action: int) -> bool:
    """Take a link back: what it was about stands again where it stood, or where another action is."""
    column = LINK_OF[contribution]
    if not unit.change(delete(table(ActionLink)).where(column == id, _LINKS.action_id == action)):
        return False
    _go_with_actions(unit, contribution, [id], Why.UNLINKED, action)
    return True


def let_go(unit: Unit, action: int) -> None:
    """An action was withdrawn: what was linked to it stands where it stood before, or another one is."""
    for contribution, column in LINK_OF.items():
        linked = _LINKS.action_id == action, column.is_not(None)
        ids = [row.id for row in unit.rows(select(column.label("id")).where(*linked))]
        unit.change(delete(table(ActionLink)).where(*linked))
        _go_with_actions(unit, contribution, ids, Why.UNLINKED, action)


def follow(unit: Unit, action: int, progress: Progress) -> None:
    """An action got further, or back: so does what is linked to it, and in the end the feedback to it."""
    for contribution, column in LINK_OF.items():
        linked = select(column.label("id")).where(_LINKS.action_id == action, column.is_not(None))
        ids = [row.id for row in unit.rows(linked)]
        _go_with_actions(unit, contribution, ids, Why.PROGRESS, action)
    of_it = select(col(Feedback.id)).where(col(Feedback.action_id) == action)
    if progress is Progress.DONE:
        over = of_it.where(col(Feedback.course) != Course.DONE)
        move(
            unit,
            Contribution.FEEDBACK,
            [row.id for row in unit.rows(over)],
            Course.DONE,
            Why.PROGRESS,
            action,
        )
    else:
        again = of_it.where(col(Feedback.course) == Course.DONE)
        ids = [row.id for row in unit.rows(again)]
        move(unit, Contribution.FEEDBACK, ids, Course.GROUPED, Why.PROGRESS, action)


def gather(unit: Unit, action: int, wave: int) -> None:
    """A wave of feedback has ended: what came in it stands together now."""
    query = select(col(Feedback.id)).where(
        col(Feedback.action_id) == action, col(Feedback.wave) == wave, col(Feedback.course) == Course.RECEIVED
    )
    ids = [row.id for row in unit.rows(query)]
    move(unit, Contribution.FEEDBACK, ids, Course.GROUPED, Why.WAVE, action)


def _go_with_actions(
    unit: Unit, contribution: Contribution, ids: Iterable[int], why: Why, action: int
) -> None:
    """Move things to where the furthest of the actions is that they are linked to."""
    column, wanted = LINK_OF[contribution], list(ids)
    furthest = dict.fromkeys(wanted, -1)
    linked = (
        select(column.label("thing"), col(Action.status))
        .join(table(Action), col(Action.id) == _LINKS.action_id)
        .where(among(column, "ids"), col(Action.status) != Progress.WITHDRAWN)
    )
    for row in unit.rows(linked, {"ids": wanted}):
        furthest[row.thing] = max(furthest[row.thing], _ORDER.index(BY_PROGRESS[row.status]))
    loose = _early(unit, contribution, [id for id in wanted if furthest[id] < 0])
    moving: dict[Course, list[int]] = defaultdict(list)
    for id in wanted:
        moving[loose[id] if id in loose else _ORDER[furthest[id]]].append(id)
    for to, some in moving.items():
        move(unit, contribution, some, to, why, action)


def _early(unit: Unit, contribution: Contribution, ids: list[int]) -> dict[int, Course]:
    """Where things stood last that are linked to nothing any more."""
    if not ids:
        return {}
    column = STEP_OF[contribution]
    stood = dict.fromkeys(ids, Course.RECEIVED)
    steps = select(column.label("thing"), _STEPS.course).where(among(column, "ids"), _STEPS.course.in_(EARLY))
    for row in unit.rows(steps.order_by(_STEPS.id), {"ids": ids}):
        stood[row.thing] = Course(row.course)
    return stood
