"""What feedback comes to: figures about many, kept when a wave is closed, and given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import col

from flows.actions.feedback import Side
from flows.actions.findings import Cell, Figure, Findings
from storage.actions.actions import described, seen
from storage.actions.piloted import Feedback, Finding, Score, Wave
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit
from storage.words.shown_counts import may_show, show

_SCORES: Final = (
    select(
        col(Score.component), col(Score.value),
        col(Feedback.wave), col(Feedback.author), col(Feedback.side), col(Feedback.scale),
    )
    .join(table(Score), col(Score.feedback_id) == col(Feedback.id))
    .where(col(Feedback.action_id) == bindparam("action"))
    .order_by(col(Feedback.wave))
)  # fmt: skip
_FINDINGS: Final = select(table(Finding)).where(col(Finding.action_id) == bindparam("action"))


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said of a component in one wave."""

    wave: int
    author: str  # a pseudonym, the same in all waves
    side: str
    scale: str  # the version
    value: int


def keep_findings(unit: Unit, action: int, wave: int, smallest: int) -> bool:
    """Keep what may be shown of a wave that was closed, given what was shown of earlier ones; is it anything?

    smallest  people of whom a figure is told, at the least
    """
    rows, is_anything = unit.rows(_SCORES, {"action": action}), False
    for component in sorted({row.component for row in rows if row.wave == wave}):
        said = [
            Said(row.wave, row.author, row.side, row.scale, row.value)
            for row in rows
            if row.component == component
        ]
        shown = show_wave(unit.connection, f"feedback {action} {component}", said, wave, smallest)
        for name, scores in shown.items():
            figure = {"people": len(scores), "total": sum(each.value for each in scores)}
            unit.add(Finding, action_id=action, wave=wave, component=component, cell=name, **figure)
            is_anything = True
    return is_anything


def show_wave(
    connection: Connection, about: str, said: Sequence[Said], wave: int, smallest: int
) -> dict[str, Sequence[Said]]:
    """The cells of a wave of which figures are shown from now on, with what was said in them.

    about  what the ledgers are called: there is one for each wave, whose scores are a quantity of their own
    said   all there is about one component, the first wave first

    All come first, then before and after of the same people, then each side. What is told as `before` was
    said in earlier waves, so it must be about enough people in the ledger of each.
    """
    now = {each.author: each for each in said if each.wave == wave}
    cells: dict[str, Sequence[Said]] = {Cell.ALL: tuple(now.values()), Cell.AFTER: ()}
    before: Sequence[Said] = ()
    for before in _earlier(said, now):
        cells[Cell.AFTER] = tuple(now[each.author] for each in before)
        if Cell.AFTER in may_show(connection, f"{about} {wave}", _authors(cells), smallest) and all(
            may_show(connection, f"{about} {then}", part, smallest) for then, part in _by_wave(before)
        ):
            break
    else:
        cells[Cell.AFTER] = ()
    for side in Side:
        cells[side] = tuple(each for each in now.values() if each.side == side)
    shown = {name: cells[name] for name in show(connection, f"{about} {wave}", _authors(cells), smallest)}
    if Cell.AFTER in shown:
        shown[Cell.BEFORE] = before
        for then, part in _by_wave(before):
            show(connection, f"{about} {then}", part, smallest)
    return shown


def _earlier(said: Sequence[Said], now: Mapping[str, Said]) -> Iterator[Sequence[Said]]:
    """What can be compared with now, the most useful first: what each said first, on the scale of today.

    Where that would tell of a few who began in the same wave, it is what was said in one earlier wave.
    """
    again = [
        each
        for each in said
        if each.author in now and each.wave < now[each.author].wave and each.scale == now[each.author].scale
    ]
    yield tuple({each.author: each for each in reversed(again)}.values())
    for _, some in groupby(again, key=lambda each: each.wave):
        yield tuple(some)


def _authors(cells: Mapping[str, Sequence[Said]]) -> dict[str, set[str]]:
    return {name: {each.author for each in some} for name, some in cells.items()}


def _by_wave(before: Sequence[Said]) -> list[tuple[int, dict[str, set[str]]]]:
    """The one cell that is about people of a wave, for each wave in which any of that was said."""
    parts: dict[int, set[str]] = {}
    for each in before:
        parts.setdefault(each.wave, set()).add(each.author)
    return [(wave, {Cell.BEFORE: people}) for wave, people in sorted(parts.items())]


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
