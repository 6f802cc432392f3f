"""Where that lies to which a link leads, so that whoever arrives by it need not guess its territory."""

from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from flows.links import id_named, letter, named
from flows.occasions.occasions import State
from flows.people.person import LinkedPlace
from storage.actions.piloted import Action
from storage.occasions.planned import Occasion
from storage.people.permissions import scope_of
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit

_OCCASION: Final = select(table(Occasion).c.territory, table(Occasion).c.group_slug).where(
    col(Occasion.id) == bindparam("id"), col(Occasion.state) != State.DRAFT
)
_ACTION: Final = select(table(Action).c.territory, table(Action).c.group_slug).where(
    col(Action.id) == bindparam("id"), col(Action.published_at).is_not(None)
)
_BY_LETTER: Final[dict[str, Select[Any]]] = {"m": _OCCASION, "a": _OCCASION, "c": _OCCASION, "p": _ACTION}
"""What links of each letter lead to: as far as it is published, whoever has the link may know where it is."""


@loads(LinkedPlace)
def linked_place(unit: Unit, payload: str) -> LinkedPlace:
    """The scope of a meeting, an activity or a pilot action; of a draft nothing is told."""
    kind = letter(payload)
    id = id_named(f"{kind}_{named(payload).partition('_')[0]}")  # after it stands the code of a door
    if kind not in _BY_LETTER or id is None:
        return LinkedPlace()
    found = unit.rows(_BY_LETTER[kind], {"id": id})
    where = scope_of(found[0]._mapping) if found else None
    return LinkedPlace(where.territory, where.group) if where else LinkedPlace()
