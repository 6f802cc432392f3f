"""A pilot action that was planned once, drafted anew."""

from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlmodel import SQLModel, col

from flows.actions.actions import Progress, Section
from flows.actions.gifts import Sake
from flows.actions.pilots import Change, CopyAction
from storage.actions.piloted import Action, ActionComponent, ActionText, Wanted
from storage.actions.pilots import locked, note
from storage.people.audit import actor
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit

_OF_THE_PAST: Final = (Section.RESULTS, Section.LESSONS)


@applies(CopyAction)
def copy_action(unit: Unit, effect: CopyAction) -> int:
    """Draft the same anew: its words, what it touches and needs, without what came of it."""
    row = locked(unit, effect, withdrawn=True)
    if row is None:
        return 0
    id = unit.new_id()
    draft = {"id": id, "status": Progress.IDEA, "planner": actor(unit), "created_at": unit.at}
    unit.add(Action, **{**row._mapping, **draft, "published_at": None})
    note(unit, id, Change.DRAFTED)
    words = col(ActionText.action_id) == row.id, col(ActionText.part).not_in(_OF_THE_PAST)
    _copy(unit, ActionText, words, action_id=id)
    _copy(unit, ActionComponent, (col(ActionComponent.action_id) == row.id,), action_id=id)
    needs = col(Wanted.cause) == Sake.ACTION, col(Wanted.cause_id) == row.id
    _copy(unit, Wanted, needs, cause_id=id)
    return id


def _copy(unit: Unit, model: type[SQLModel], which: tuple[ColumnElement[bool], ...], **named: Any) -> None:
    """Add the same rows under another name."""
    for row in unit.rows(select(table(model)).where(*which)):
        unit.add(model, **{**row._mapping, **named})
