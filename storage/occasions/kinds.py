"""The kinds of occasions, as conversations ask for them."""

from flows.occasions.kinds import KindNames, Kinds
from flows.occasions.occasions import Sort
from storage.registry import loads
from storage.unit import Unit


@loads(KindNames)
def kind_names(unit: Unit) -> KindNames:
    """What every kind is called."""
    return KindNames({code: kind.names for code, kind in unit.context.occasion_kinds.items()})


@loads(Kinds)
def kinds(unit: Unit, sort: Sort) -> Kinds:
    """The kinds of one sort."""
    return Kinds(tuple(kind for kind in unit.context.occasion_kinds.values() if kind.sort is sort))
