"""Which figures about people may be shown: none from which something about a few of them can be worked out.

A cell is a set of people of whom a figure is told. Hiding small cells is not enough: who subtracts one shown
cell from another, learns about the people between them. So cells are looked at together. All that can be
computed from sums over cells is computed from sums over the smallest groups of people that the cells tell
apart; as long as none of these is small, nothing shown is about a few.

Who leaves without a trace is such a small group. What they were in can be shown again once enough are in it
of whom nothing was shown: what it differs by from before is then about these and whoever left, and nothing
about fewer can be computed as long as those who stayed are never told apart.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

SMALLEST: Final = 10
"""People of whom a figure is told, at the least, where nothing else is chosen."""

FLOOR: Final = 5
"""Nobody may choose fewer than this."""

Name = TypeVar("Name", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Person]):
    """People whom nothing that was shown tells apart; it cannot be taken back. Nobody is in two of them."""

    people: Set[Person]  # those of them who are still known
    gone: int = 0  # how many were with them who have left no trace since
    whole: bool = False  # no part of them may ever be shown: it would tell of some who left before

    @property
    def size(self) -> int:
        """How many there were."""
        return len(self.people) + self.gone


@dataclass(frozen=True, slots=True)
class Showing(Generic[Name, Person]):
    """What may be shown together, and what has been shown once it is."""

    names: tuple[Name, ...]  # of the cells, in their order
    shown: tuple[Shown[Person], ...]


@dataclass(frozen=True, slots=True)
class Nearest(Generic[Name, Person]):
    """A figure for each cell, and what has been shown once they are."""

    figures: Mapping[Name, int]  # 0: none, or too few to be told of
    shown: tuple[Shown[Person], ...]


def showable(
    cells: Mapping[Name, Set[Person]],
    *,
    shown: Sequence[Shown[Person]] = (),
    smallest: int = SMALLEST,
) -> Showing[Name, Person]:
    """The cells that may be shown together.

    cells     by name, the most useful first: where two cannot both be shown, it is the earlier one; of those
              that can be shown only again, the smaller one
    shown     what has been shown before, as this function gave it; it comes first in what it gives now
    smallest  people in the smallest group that may be told apart

    Raises ValueError where `smallest` is below FLOOR.
    """
    if smallest < FLOOR:
        raise ValueError(f"figures of fewer than {FLOOR} people are never shown, so {smallest} is too few")
    groups = list(shown)
    place = {person: number for number, group in enumerate(groups) for person in group.people}
    found = {name for name, people in cells.items() if _show(groups, place, people, smallest)}
    for name in sorted(cells.keys() - found, key=lambda name: len(cells[name])):
        if _show(groups, place, cells[name], smallest) or _show_again(groups, place, cells[name], smallest):
            found.add(name)
    return Showing(tuple(name for name in cells if name in found), tuple(groups))


def nearest(
    cells: Mapping[Name, Set[Person]],
    *,
    shown: Sequence[Shown[Person]] = (),
    smallest: int = SMALLEST,
) -> Nearest[Name, Person]:
    """A figure for every cell: how many people are in it, give or take a few of whom nothing may be told.

    As `showable`, where a figure may stray. A group that may not be parted is counted as a whole where most
    of it is in the cell, and not at all else. So cells that differ by one person have the same figure, and
    nobody sees that something was hidden. A cell of which as many as `smallest` would be counted wrongly is
    told by its first digit alone.
    """
    groups = list(shown)
    place = {person: number for number, group in enumerate(groups) for person in group.people}
    figures = {}
    for name, people in cells.items():
        told = astray = 0
        apart: dict[int | None, set[Person]] = {}
        for number, part in _parts(place, people).items():
            if _may_part(groups, number, part, smallest):
                told += len(part)
                apart[number] = part
            elif number is not None and 2 * len(part) > (whole := groups[number].size):
                told += whole
                astray += whole - len(part)
            else:
                astray += len(part)
        if astray < smallest:
            _part(groups, place, apart)
        figures[name] = told if astray < smallest else rounded(len(people))
    return Nearest(figures, tuple(groups))


def rounded(people: int) -> int:
    """Their number by its first digit alone, below ten none: 0, 10, 90, 100, 3000."""
    scale = 10 ** max(len(str(people)) - 1, 1)
    return (people + scale // 2) // scale * scale if people >= scale else 0


def _show(groups: list[Shown[Person]], place: dict[Person, int], people: Set[Person], smallest: int) -> bool:
    """Show a cell, if nothing that it tells apart is small."""
    parts = _parts(place, people)
    if not parts or not all(_may_part(groups, number, part, smallest) for number, part in parts.items()):
        return False
    _part(groups, place, parts)
    return True


def _show_again(
    groups: list[Shown[Person]], place: dict[Person, int], people: Set[Person], smallest: int
) -> bool:
    """Show a cell from which some have left, if it is about enough of whom nothing was shown so far.

    They and those who were with whoever has left stay together from then on.
    """
    parts = _parts(place, people)
    new = parts.pop(None, set())
    stuck: dict[int, set[Person]] = {}
    for number, part in list(parts.items()):
        if number is not None and not _may_part(groups, number, part, smallest):
            stuck[number] = parts.pop(number)
    if len(new) < smallest or any(part != groups[number].people for number, part in stuck.items()):
        return False
    _part(groups, place, parts)
    for number in stuck:
        groups[number] = Shown(frozenset(), groups[number].gone)
    together = new.union(*stuck.values())
    place.update(dict.fromkeys(together, len(groups)))
    groups.append(Shown(frozenset(together), whole=True))
    return True


def _parts(place: Mapping[Person, int], people: Set[Person]) -> dict[int | None, set[Person]]:
    """Those people by the number of their group; None: nothing was shown of them so far."""
    parts: dict[int | None, set[Person]] = {}
    for person in people:
        parts.setdefault(place.get(person), set()).add(person)
    return parts


def _part(
    groups: list[Shown[Person]], place: dict[Person, int], parts: Mapping[int | None, set[Person]]
) -> None:
    """Make groups of their own of parts that are told apart from now on."""
    for number, part in parts.items():
        if number is None or len(part) < len(groups[number].people):
            place.update(dict.fromkeys(part, len(groups)))
            groups.append(Shown(frozenset(part)))
            if number is not None:
                groups[number] = Shown(groups[number].people - part, groups[number].gone)


def _may_part(groups: Sequence[Shown[Person]], number: int | None, part: Set[Person], smallest: int) -> bool:
    """Whether a cell may take this part of a group; of none: people of whom nothing was shown so far."""
    if len(part) < smallest or number is None:
        return len(part) >= smallest
    group = groups[number]
    left = len(group.people) - len(part)
    return (left >= smallest and not group.whole) or not (left or group.gone)
