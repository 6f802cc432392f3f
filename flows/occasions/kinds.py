"""The kinds of occasions: a closed list of what can be planned, read from data by `config/`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.moves import Flow, Known, Names, Passing, glance
from flows.occasions.occasions import Sort
from flows.times.cadence import Lead


@dataclass(frozen=True, slots=True)
class OccasionKind:
    """One kind, such as a local panel meeting."""

    code: str
    sort: Sort
    names: Names  # never empty
    minutes: int  # the usual length; 0: it has none, and ends as it begins: a deadline
    several_days: bool  # usually from one day to a later one
    cadence: str  # by which people are reminded
    notice: Lead | None = None  # who gives a post back later than so long before is asked for a stand-in


@dataclass(frozen=True, slots=True)
class KindNames(Passing):
    """What every kind is called, in every language: too much to keep with each list and sheet."""

    by_code: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class Kinds(Known):
    """The kinds of one sort, in the order in which they are offered."""

    kinds: tuple[OccasionKind, ...]

    def of(self, code: str) -> OccasionKind | None:
        """The kind of that code, or None."""
        return next((kind for kind in self.kinds if kind.code == code), None)


def names_of_kinds() -> Flow[Mapping[str, Names]]:
    """What every kind is called, by its code; of what is past, nothing."""
    known = yield from glance(KindNames)
    return known.by_code if known else {}
