"""Which figures about people may be shown: none from which something about a few of them can be worked out.

A cell is a set of people of whom a figure is told. Hiding small cells is not enough: who subtracts one shown
cell from another, learns about the people between them. So cells are looked at together. All that can be
computed from sums over cells is computed from sums over their *atoms*, the smallest groups of people that the
cells tell apart; as long as no atom is small, nothing shown is about a few.
"""

from collections.abc import Hashable, Iterable, Mapping, Set
from typing import Final, TypeVar

SMALLEST: Final = 10
"""People of whom a figure is told, at the least."""

FLOOR: Final = 5
"""Nobody may choose fewer than this."""

Name = TypeVar("Name", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


def showable(
    cells: Mapping[Name, Set[Person]],
    *,
    shown: Iterable[Set[Person]] = (),
    smallest: int = SMALLEST,
) -> tuple[Name, ...]:
    """The cells that may be shown together, by name, in their order.

    cells     by name, the most useful first: where two cannot both be shown, it is the earlier one
    shown     what has been shown before and cannot be taken back; it may have been shown by other rules
    smallest  people in the smallest group that may be told apart

    Raises ValueError where `smallest` is below FLOOR.
    """
    if smallest < FLOOR:
        raise ValueError(f"figures of fewer than {FLOOR} people are never shown, so {smallest} is too few")
    atoms: list[frozenset[Person]] = []
    for before in shown:
        atoms = _told_apart(atoms, before)
    names = []
    for name, people in cells.items():
        if _is_large(people, atoms, smallest):
            names.append(name)
            atoms = _told_apart(atoms, people)
    return tuple(names)


def _is_large(people: Set[Person], atoms: Iterable[frozenset[Person]], smallest: int) -> bool:
    """Whether a cell is large enough itself, and in all that it would cut off from what is shown."""
    if len(people) < smallest:
        return False
    beyond = set(people)
    for atom in atoms:
        inside = len(atom & people)
        beyond -= atom
        if 0 < inside < len(atom) and min(inside, len(atom) - inside) < smallest:
            return False
    return not 0 < len(beyond) < smallest


def _told_apart(atoms: list[frozenset[Person]], people: Set[Person]) -> list[frozenset[Person]]:
    """The atoms, once that cell is shown, too."""
    beyond = frozenset(people).difference(*atoms)
    parts = [part for atom in atoms for part in (atom & people, atom - people)]
    return [part for part in (*parts, beyond) if part]
