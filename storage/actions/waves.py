"""Waves of feedback to pilot actions: opened and closed by those who plan them."""

from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlmodel import col

from flows.actions.actions import FINDINGS, Progress
from flows.actions.pilots import Change, CloseWave, OpenWave, Waved
from storage.actions.findings import keep_findings
from storage.actions.piloted import ActionComponent, Wave
from storage.actions.pilots import asking, locked, note
from storage.pushes.calls import call_for_feedback, give_back
from storage.pushes.followed import tell_of_progress
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit
from storage.words import course

_WAVES: Final = table(Wave)


@applies(OpenWave)
def open_wave(unit: Unit, effect: OpenWave) -> Waved:
    """Ask for feedback with the scale of today."""
    row = locked(unit, effect)
    if row is None:
        return Waved.GONE
    if asking(unit, row.id) is not None:
        return Waved.ALREADY
    touched = unit.rows(select(table(ActionComponent)).where(col(ActionComponent.action_id) == row.id))
    if row.published_at is None or not touched:
        return Waved.EMPTY
    last: int = unit.rows(select(func.max(_WAVES.c.number)).where(_WAVES.c.action_id == row.id))[0][0] or 0
    wave = {"action_id": row.id, "number": last + 1, "scale": [*unit.context.scales][-1]}
    unit.change(insert(_WAVES).values(**wave, opened_at=unit.at, closed_at=None))
    note(unit, row.id, Change.WAVE_OPENED, str(last + 1))
    call_for_feedback(unit, row.id)
    return Waved.OPENED


@applies(CloseWave)
def close_wave(unit: Unit, effect: CloseWave) -> Waved:
    """Ask no more; what may be shown of the answers is kept from now on as it is now.

    People are told of it only where something is shown.
    """
    row = locked(unit, effect)
    if row is None:
        return Waved.GONE
    wave = asking(unit, row.id)
    if wave is None:
        return Waved.ALREADY
    if end_wave(unit, row, wave):
        told = give_back(unit, row.id, wave.number)
        same = Progress(row.status)
        tell_of_progress(unit, row.id, was=same, stands=same, new=[FINDINGS], but=told)
    return Waved.CLOSED


def end_wave(unit: Unit, action: Row[Any], wave: Row[Any]) -> bool:
    """Ask no more, and keep what may be shown of the answers; returns whether anything may."""
    unit.book.flush()  # what others said in this very transaction counts, too
    at = update(_WAVES).where(_WAVES.c.action_id == action.id, _WAVES.c.number == wave.number)
    unit.change(at.values(closed_at=unit.at))
    smallest = unit.context.territories.smallest_cell(action.territory)
    is_anything_shown = keep_findings(unit, action.id, wave.number, smallest)
    course.gather(unit, action.id, wave.number)
    note(unit, action.id, Change.WAVE_CLOSED, str(wave.number))
    return is_anything_shown
