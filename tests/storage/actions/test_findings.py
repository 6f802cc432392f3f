"""From all that was ever shown of an action's waves nothing can be worked out about a few people."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete
from sqlmodel import col

from flows.actions.feedback import Side
from flows.actions.findings import Cell
from storage.actions.findings import Said, show_wave
from storage.tables import table
from storage.words.shown_counts import ShownPerson
from tests.flows.test_small_cells import rank

K: Final = 5
ABOUT: Final = "feedback 7 B05"

Answer = tuple[int, int]
"""A wave, and who answered in it: what one person said once."""


def crowd(size: int, start: int = 0) -> frozenset[int]:
    return frozenset(range(start, start + size))


@dataclass(frozen=True)
class Round:
    """One wave, and what happens before it is closed."""

    answers: frozenset[int]  # who does
    organisers: frozenset[int] = frozenset()  # those of them who answer as such
    scale: str = "1"
    erased: frozenset[int] = frozenset()
    withdraw: frozenset[int] = frozenset()  # what they said in the wave before


class Notebook:
    """Ledgers in memory, what people said of one component, and all that was shown of it."""

    def __init__(self, connection: Connection) -> None:
        """Nothing has been said."""
        self.connection = connection
        self.said: list[Said] = []
        self.told: list[frozenset[Answer]] = []

    def closes(self, rounds: Sequence[Round]) -> dict[str, Sequence[Said]]:
        """Close one wave after the other; what is shown of the last."""
        shown: dict[str, Sequence[Said]] = {}
        gone: frozenset[int] = frozenset()
        for wave, each in enumerate(rounds, start=1):
            self._leave(each.erased)
            gone |= each.erased
            self.said = [
                one
                for one in self.said
                if (one.wave, int(one.author)) not in {(wave - 1, person) for person in each.withdraw}
            ]
            for person in sorted(each.answers - gone):
                side = Side.ORGANISER if person in each.organisers else Side.NEIGHBOUR
                self.said.append(Said(wave, str(person), side, each.scale, value=1))
            shown = show_wave(self.connection, ABOUT, self.said, wave, K)
            self.told += (frozenset((one.wave, int(one.author)) for one in some) for some in shown.values())
        return shown

    def _leave(self, people: frozenset[int]) -> None:
        names = {str(person) for person in people}
        self.said = [one for one in self.said if one.author not in names]
        self.connection.execute(delete(table(ShownPerson)).where(col(ShownPerson.author).in_(names)))


def closed(ledgers: Connection, *rounds: Round) -> tuple[dict[str, int], list[frozenset[Answer]]]:
    """How many people are in each cell that is shown of the last wave, and all that was ever shown."""
    with ledgers.begin() as transaction:
        notebook = Notebook(ledgers)
        shown = notebook.closes(rounds)
        transaction.rollback()
    return {name: len(some) for name, some in shown.items()}, notebook.told


def told_by_one_subtraction(told: Sequence[frozenset[Answer]]) -> Iterator[frozenset[Answer]]:
    """What figures are about by themselves, and what is left of one where another, or two, lie within it."""
    yield from told
    for one, other in combinations(set(told), 2):
        for whole, part in ((one, other), (other, one)):
            if part < whole:
                yield whole - part
                yield from (whole - part - third for third in told if third < whole - part)


def comes_to_few(told: Sequence[frozenset[Answer]], smallest: int) -> bool:
    """Whether figures, added up and subtracted in whatever way, come to something about a few people alone.

    They do if fewer figures are independent of one another once all that these people said is left out. Those
    whose answers are in the same figures all along are looked at together.
    """
    answers = frozenset[Answer]().union(*told)
    own: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for wave, person in answers:
        own[person].add(tuple(int((wave, person) in cell) for cell in told))
    kinds = Counter(frozenset(columns) for columns in own.values())
    independent = rank(frozenset(chain.from_iterable(kinds)))
    small = [kind for kind, size in kinds.items() if size < smallest]
    return any(
        rank(frozenset(chain.from_iterable(kinds.keys() - set(few)))) < independent
        for count in range(1, smallest)
        for few in combinations(small, count)
        if sum(kinds[kind] for kind in few) < smallest
    )


few = st.frozensets(st.integers(0, 25), max_size=4)
some = st.builds(
    lambda size, without, more: crowd(size) - without | more, st.integers(0, 24), few, few
) | st.builds(crowd, st.integers(0, 12), st.integers(0, 12))
rounds = st.builds(
    Round,
    answers=some,
    organisers=few | st.just(crowd(8)),
    scale=st.sampled_from("1112"),
    erased=st.just(frozenset[int]()) | few,
    withdraw=st.just(frozenset[int]()) | few,
)


@given(st.lists(rounds, min_size=2, max_size=4))
def test_nothing_shown_of_any_wave_comes_to_something_about_a_few(
    ledgers: Connection, waves: list[Round]
) -> None:
    _, told = closed(ledgers, *waves)

    assert all(len({person for _, person in found}) >= K for found in told_by_one_subtraction(told))
    assert not comes_to_few(told, K)


def test_those_who_are_told_apart_by_a_few_are_found_here() -> None:
    def wave(number: int, people: frozenset[int]) -> frozenset[Answer]:
        return frozenset((number, person) for person in people)

    both = [wave(1, crowd(12)), wave(1, crowd(9)), wave(2, crowd(12))]
    assert comes_to_few(both, K)
    assert min(map(len, told_by_one_subtraction(both))) == 3
    assert not comes_to_few([wave(1, crowd(12)), wave(2, crowd(9))], K)
    assert comes_to_few([wave(1, crowd(2)) | wave(2, crowd(9)), wave(2, crowd(9))], K)


def test_a_wave_is_shown_whoever_came_or_went_since_the_one_before(ledgers: Connection) -> None:
    for later in (crowd(28), crowd(31), crowd(28, 5)):
        shown, _ = closed(ledgers, Round(crowd(30)), Round(later))

        assert shown == {Cell.ALL: len(later), Side.NEIGHBOUR: len(later)}


def test_before_and_after_are_shown_unless_a_wave_less_these_people_is_about_a_few(
    ledgers: Connection,
) -> None:
    """Those who came or went are then all who answered in that wave, less those who did in both."""
    for came, went in ((0, 0), (K, K), (K, 0), (0, K)):
        shown, _ = closed(ledgers, Round(crowd(20 + went)), Round(crowd(20) | crowd(came, 40)))
        assert (shown[Cell.ALL], shown[Cell.BEFORE], shown[Cell.AFTER]) == (20 + came, 20, 20)

    for came, went in ((K - 1, 0), (0, K - 1), (K, 1), (1, K)):
        shown, _ = closed(ledgers, Round(crowd(20 + went)), Round(crowd(20) | crowd(came, 40)))
        assert shown == {Cell.ALL: 20 + came, Side.NEIGHBOUR: 20 + came}


def test_before_is_what_each_said_first(ledgers: Connection) -> None:
    with ledgers.begin() as transaction:
        notebook = Notebook(ledgers)
        shown = notebook.closes([Round(crowd(10)), Round(crowd(20)), Round(crowd(20))])
        transaction.rollback()

    assert Counter(one.wave for one in shown[Cell.BEFORE]) == {1: 10, 2: 10}
    assert [one.author for one in shown[Cell.AFTER]] == [one.author for one in shown[Cell.BEFORE]]


def test_where_too_few_began_in_a_wave_before_is_one_wave_for_all(ledgers: Connection) -> None:
    """Three answers came in the first wave, of which nothing was shown."""
    for second in (crowd(12), crowd(12, 3)):
        with ledgers.begin() as transaction:
            notebook = Notebook(ledgers)
            shown = notebook.closes([Round(crowd(3)), Round(second), Round(second)])
            transaction.rollback()

        assert Counter(one.wave for one in shown[Cell.BEFORE]) == {2: 12}
        assert len(shown[Cell.AFTER]) == 12


def test_what_was_said_on_another_scale_is_not_compared(ledgers: Connection) -> None:
    everybody = crowd(12)

    changed, _ = closed(ledgers, Round(everybody), Round(everybody, scale="2"))
    again, _ = closed(ledgers, Round(everybody), Round(everybody, scale="2"), Round(everybody, scale="2"))

    assert changed == {Cell.ALL: 12, Side.NEIGHBOUR: 12}
    assert again == {**changed, Cell.BEFORE: 12, Cell.AFTER: 12}
