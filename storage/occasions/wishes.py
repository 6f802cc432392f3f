"""How people come: with whom, what they need there, or what is in their way. Kept with their answer."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col

from flows.occasions.wishes import DescribeBarrier, NameBarriers, NameGuests, NameNeeds
from storage.occasions.planned import Answer
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit


@applies(NameBarriers)
def name_barriers(unit: Unit, effect: NameBarriers) -> None:
    """Keep what is in the way; words about what is none any more go."""
    keep(unit, effect.occasion, barriers=" ".join(effect.barriers), barrier=None)


@applies(DescribeBarrier)
def describe_barrier(unit: Unit, effect: DescribeBarrier) -> None:
    """Keep the words as they came."""
    keep(unit, effect.occasion, barrier=effect.words)


@applies(NameGuests)
def name_guests(unit: Unit, effect: NameGuests) -> None:
    """Keep the names as they came."""
    keep(unit, effect.occasion, guests=effect.names)


@applies(NameNeeds)
def name_needs(unit: Unit, effect: NameNeeds) -> None:
    """Keep what is needed."""
    keep(unit, effect.occasion, needs=" ".join(effect.what), interpretation=effect.interpretation)


def keep(unit: Unit, occasion: int, **values: Any) -> int:
    """Change the person's answer to an occasion, if there is one; returns how many there are."""
    mine = (col(Answer.occasion_id) == occasion, col(Answer.citizen_id) == unit.person.citizen)
    return unit.change(update(table(Answer)).where(*mine).values(**values))
