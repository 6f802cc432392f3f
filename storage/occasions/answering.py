"""Whether a person can answer to an occasion, and what they have answered."""

from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import col

from flows.occasions.occasions import Answered, State
from flows.occasions.still_open import Closed
from storage.occasions.occasions import is_for
from storage.occasions.planned import Answer, Occasion
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit

_OCCASION: Final = select(table(Occasion)).where(col(Occasion.id) == bindparam("id"))
LOCKED: Final = _OCCASION.with_for_update()
"""The occasion of an `id`, for who changes what hangs on it."""

_OWN: Final = select(table(Answer)).where(
    col(Answer.occasion_id) == bindparam("occasion"), col(Answer.citizen_id) == bindparam("citizen")
)


@loads(Closed)
def closed(unit: Unit, id: int) -> Closed:
    """Why the person cannot answer to it (any more), if they cannot."""
    found = _answerable(unit, id, _OCCASION)
    return Closed(found if isinstance(found, Answered) else None)


def locked(unit: Unit, id: int) -> Row[Any] | Answered:
    """The occasion, locked, or why the person cannot answer to it (any more)."""
    return _answerable(unit, id, LOCKED)


def _answerable(unit: Unit, id: int, query: Select[Any]) -> Row[Any] | Answered:
    found = unit.rows(query, {"id": id})
    if not found or found[0].state == State.DRAFT or unit.person.arrived_at is None:
        return Answered.GONE
    occasion = found[0]
    if not is_for(unit, occasion) and own_answer(unit, id) is None:
        return Answered.GONE
    if occasion.state == State.CANCELLED:
        return Answered.CANCELLED
    return Answered.OVER if occasion.starts_at <= unit.at else occasion


def own_answer(unit: Unit, occasion: int) -> Row[Any] | None:
    """What the person has said to an occasion."""
    found = unit.rows(_OWN, {"occasion": occasion, "citizen": unit.person.citizen})
    return found[0] if found else None
