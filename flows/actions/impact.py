"""What feedback measures: components of well-being, on a scale. Both are read from files by `config/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.moves import Names


@dataclass(frozen=True, slots=True)
class Scale:
    """One version of the scale."""

    version: str
    steps: Mapping[int, Names] = field(default_factory=dict)  # by value, from much harm to much help


@dataclass(frozen=True, slots=True)
class Classification:
    """One version of the dimensions of well-being and their components, as people call them."""

    version: str = ""
    names: Mapping[str, Names] = field(default_factory=dict)  # by code, in order: A, A00, A01, ..., B, B00

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The codes of the dimensions, A to I."""
        return tuple(code for code in self.names if code == dimension_of(code))

    def within(self, dimension: str) -> tuple[str, ...]:
        """The codes of the components of a dimension, the general one first."""
        return tuple(code for code in self.names if dimension_of(code) == dimension != code)


def dimension_of(code: str) -> str:
    """The dimension that a component belongs to; a dimension is its own."""
    return code[:1]
