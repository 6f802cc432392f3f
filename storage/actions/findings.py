"""What feedback comes to: figures about many, kept when a wave is closed, and given back."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlmodel import col

from flows.actions.feedback import Side
from flows.actions.findings import Cell, Figure, Findings
from storage.actions.actions import described, seen
from storage.actions.piloted import Feedback, Finding, Score, Wave
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit
from storage.words.shown_counts import show

Scores = dict[str, int]
"""What each person says of one component, by pseudonym."""

_SCORES: Final = (
    select(
        col(Feedback.wave), col(Feedback.author), col(Feedback.side), col(Score.component), col(Score.value)
    )
    .join(table(Score), col(Score.feedback_id) == col(Feedback.id))
    .where(col(Feedback.action_id) == bindparam("action"))
)
_FINDINGS: Final = select(table(Finding)).where(col(Finding.action_id) == bindparam("action"))


def keep_findings(unit: Unit, action: int, wave: int, smallest: int) -> bool:
    """Keep what may be shown of a wave that was closed, given what was shown of earlier ones; is it anything?

    smallest  people of whom a figure is told, at the least

    For each component: the scores of all, of the same people in the first wave and in this one, of each side.
    People are the same in all waves: a few who came or went are not found by subtracting.
    """
    rows, is_anything = unit.rows(_SCORES, {"action": action}), False
    for component in sorted({row.component for row in rows if row.wave == wave}):
        cells = _cells([row for row in rows if row.component == component], wave)
        people = {name: set(scores) for name, scores in cells.items()}
        for name in show(unit.connection, f"feedback {action} {component}", people, smallest):
            scores = cells[name]
            figure = {"people": len(scores), "total": sum(scores.values())}
            unit.add(Finding, action_id=action, wave=wave, component=component, cell=name, **figure)
            is_anything = True
    return is_anything


def _cells(rows: Iterable[Row[Any]], wave: int) -> dict[str, Scores]:
    """The scores by cell, the most useful cell first."""
    now = {row.author: row for row in rows if row.wave == wave}
    first = {row.author: row.value for row in rows if row.wave == 1 != wave}
    again = first.keys() & now.keys()
    cells: dict[str, Scores] = {
        Cell.ALL: {author: row.value for author, row in now.items()},
        Cell.BEFORE: {author: first[author] for author in again},
        Cell.AFTER: {author: now[author].value for author in again},
    }
    for side in Side:
        cells[side] = {author: row.value for author, row in now.items() if row.side == side}
    return cells


@loads(Findings)
def findings(unit: Unit, action: int) -> Findings:
    """What may be shown of the last closed wave of an action that the person may see."""
    found = described(unit, seen(unit, (action,))).get(action)
    closed = col(Wave.action_id) == action, col(Wave.closed_at).is_not(None)
    last = unit.rows(select(func.max(col(Wave.number))).where(*closed))[0][0]
    if found is None or last is None:
        return Findings(None)
    figures: dict[str, Mapping[str, Figure]] = {}
    for row in unit.rows(_FINDINGS.where(col(Finding.wave) == last), {"action": action}):
        figure = Figure(row.people, round(row.total / row.people, 1))
        figures[row.component] = {**figures.get(row.component, {}), row.cell: figure}
    components = tuple(sorted({*found.components, *figures}))
    smallest = unit.context.territories.smallest_cell(found.where.territory)
    return Findings(last, components, figures, smallest)
