"""What people say about how they come: with whom, what they need there, or what is in their way."""

from dataclasses import dataclass
from typing import ClassVar, Final

from flows.moves import Effect
from flows.occasions.occasions import Barrier, Need

LONGEST_GUESTS: Final = 300
LONGEST_BARRIER: Final = 500
LONGEST_LANGUAGE: Final = 60
"""Characters."""


@dataclass(frozen=True, slots=True)
class NameBarriers(Effect[None]):
    """What is in the person's way, in the place of what was named before."""

    occasion: int
    barriers: tuple[Barrier, ...]


@dataclass(frozen=True, slots=True)
class DescribeBarrier(Effect[None]):
    """The same in a sentence of theirs."""

    final: ClassVar[bool] = True

    occasion: int
    words: str  # LONGEST_BARRIER at the most


@dataclass(frozen=True, slots=True)
class NameGuests(Effect[None]):
    """Who comes with the person, as they write it: people who may have no telephone."""

    final: ClassVar[bool] = True

    occasion: int
    names: str  # LONGEST_GUESTS at the most


@dataclass(frozen=True, slots=True)
class NameNeeds(Effect[None]):
    """What the person needs there, in the place of what was named before."""

    occasion: int
    what: tuple[Need, ...]
    interpretation: str | None = None  # into which language: BCP 47, or its name where we do not speak it
