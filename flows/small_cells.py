"""Which figures about people may be shown: none from which something about a few of them can be worked out.

A cell is a set of people of whom a figure is told. Hiding small cells is not enough: who subtracts one shown
cell from another, learns about the people between them. So cells are looked at together. All that can be
computed from sums over cells is computed from sums over their *atoms*, the smallest groups of people that the
cells tell apart; as long as no atom is small, nothing shown is about a few.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

SMALLEST: Final = 10
"""People of whom a figure is told, at the least."""

FLOOR: Final = 5
"""Nobody may choose fewer than this."""

Name = TypeVar("Name", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Person]):
    """A cell that was shown before and cannot be taken back."""

    people: Set[Person]  # those of them who are still known
    gone: int = 0  # how many were in it who have left no trace since


@dataclass(frozen=True, slots=True)
class _Atom(Generic[Person]):
    people: frozenset[Person]
    misses: bool = False  # some who were with them may be gone: they must not be told apart from those


def showable(
    cells: Mapping[Name, Set[Person]],
    *,
    shown: Sequence[Shown[Person]] = (),
    smallest: int = SMALLEST,
) -> tuple[Name, ...]:
    """The cells that may be shown together, by name, in their order.

    cells     by name, the most useful first: where two cannot both be shown, it is the earlier one
    shown     what has been shown before, as this function allowed it
    smallest  people in the smallest group that may be told apart

    Raises ValueError where `smallest` is below FLOOR.
    """
    if smallest < FLOOR:
        raise ValueError(f"figures of fewer than {FLOOR} people are never shown, so {smallest} is too few")
    atoms = list(_atoms(shown))
    names = []
    for name, people in cells.items():
        beyond = frozenset(people).difference(*(atom.people for atom in atoms))
        if people and all(_may_split(atom, people, smallest) for atom in (*atoms, _Atom(beyond))):
            names.append(name)
            atoms = [*(part for atom in atoms for part in _split(atom, people)), _Atom(beyond)]
    return tuple(names)


def _atoms(shown: Sequence[Shown[Person]]) -> Iterator[_Atom[Person]]:
    """The groups that the cells tell apart: two people are in one where the same cells have both."""
    groups: dict[frozenset[int], set[Person]] = {}
    for person in frozenset[Person]().union(*(cell.people for cell in shown)):
        inside = frozenset(number for number, cell in enumerate(shown) if person in cell.people)
        groups.setdefault(inside, set()).add(person)
    for inside, people in groups.items():
        yield _Atom(frozenset(people), misses=all(shown[number].gone for number in inside))


def _may_split(atom: _Atom[Person], people: Set[Person], smallest: int) -> bool:
    """Whether a cell leaves an atom alone, or cuts it into parts that are large enough."""
    inside = len(atom.people & people)
    outside = len(atom.people) - inside
    if not inside:
        return True
    is_whole = not outside and not atom.misses
    return inside >= smallest and (is_whole or outside >= smallest)


def _split(atom: _Atom[Person], people: Set[Person]) -> Iterator[_Atom[Person]]:
    if inside := atom.people & people:
        yield _Atom(inside)
    if outside := atom.people - people:
        yield _Atom(outside, atom.misses)
