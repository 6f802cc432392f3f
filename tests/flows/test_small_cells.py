"""From figures that are shown nobody can work out anything about a few people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.small_cells import FLOOR, SMALLEST, Shown, nearest, rounded, showable


def crowd(size: int, start: int = 0) -> frozenset[int]:
    return frozenset(range(start, start + size))


EVERYBODY = frozenset(range(41))

few = st.frozensets(st.sampled_from(sorted(EVERYBODY)), max_size=6)
many = st.sets(st.sampled_from(sorted(EVERYBODY)), min_size=10, max_size=30).map(frozenset)
people = few | many | few.map(lambda without: EVERYBODY - without) | st.integers(0, 41).map(crowd)
families = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), people, max_size=7)
towns = st.integers(10, 41).map(
    lambda size: {
        "all": crowd(size),
        "even": frozenset(range(0, size, 2)),
        "odd": frozenset(range(1, size, 2)),
    }
)
partitions = st.lists(st.integers(0, 25), min_size=1, max_size=5)


def told_apart(cells: Iterable[frozenset[int]]) -> list[int]:
    """The sizes of the groups that cells tell apart: a cell has one of two people and not the other."""
    all_cells = list(cells)
    marks: dict[tuple[bool, ...], int] = {}
    for person in frozenset[int]().union(*all_cells):
        inside = tuple(person in cell for cell in all_cells)
        marks[inside] = marks.get(inside, 0) + 1
    return list(marks.values())


@given(families, st.integers(FLOOR, 15))
def test_no_small_group_can_be_told_apart_by_all_that_is_shown(
    cells: dict[str, frozenset[int]], smallest: int
) -> None:
    names = showable(cells, smallest=smallest).names

    assert all(count >= smallest for count in told_apart(cells[name] for name in names))


@given(families, st.integers(FLOOR, 15))
def test_no_cell_within_another_leaves_a_few_between(cells: dict[str, frozenset[int]], smallest: int) -> None:
    shown = [cells[name] for name in showable(cells, smallest=smallest).names]

    for one, other in combinations(shown, 2):
        assert len(one ^ other) == 0 or len(one ^ other) >= smallest


@given(partitions, st.integers(FLOOR, 15))
def test_a_total_less_any_of_its_parts_is_about_nobody_or_about_many(sizes: list[int], smallest: int) -> None:
    parts, start = {}, 0
    for number, size in enumerate(sizes):
        parts[str(number)] = crowd(size, start)
        start += size
    cells = {"all": crowd(start), **parts}

    names = showable(cells, smallest=smallest).names

    known = [len(parts[name]) for name in names if name != "all"]
    taken = chain.from_iterable(combinations(known, count) for count in range(len(known) + 1))
    if "all" in names:
        assert all(start - sum(some) == 0 or start - sum(some) >= smallest for some in taken)
    else:
        assert start < smallest


@given(families)
def test_what_may_be_shown_now_may_still_be_shown_after_it_was(cells: dict[str, frozenset[int]]) -> None:
    showing = showable(cells)

    again = {name: cells[name] for name in showing.names}

    assert showable(again, shown=showing.shown) == showing


@given(families, st.integers(FLOOR, 15))
def test_what_was_shown_is_the_smallest_groups_that_can_be_told_apart(
    cells: dict[str, frozenset[int]], smallest: int
) -> None:
    showing = showable(cells, smallest=smallest)

    groups = [group.people for group in showing.shown]
    assert sorted(map(len, groups)) == sorted(told_apart(cells[name] for name in showing.names))
    assert all(one.isdisjoint(other) for one, other in combinations(groups, 2))


@given(families, families, few, st.integers(FLOOR, 15))
def test_what_was_shown_before_guards_what_is_shown_later(
    before: dict[str, frozenset[int]], later: dict[str, frozenset[int]], few: frozenset[int], smallest: int
) -> None:
    first = showable(before, smallest=smallest)
    others = {name: people - few for name, people in later.items()}

    names = showable(others, shown=first.shown, smallest=smallest).names

    sizes = told_apart([*(before[name] for name in first.names), *(others[name] for name in names)])
    assert all(count >= smallest for count in sizes)


@given(st.lists(st.tuples(few, towns | families), min_size=2, max_size=5), st.integers(FLOOR, 12))
def test_nothing_that_figures_come_to_is_about_a_few_whoever_is_gone_between_them(
    rounds: list[tuple[frozenset[int], dict[str, frozenset[int]]]], smallest: int
) -> None:
    shown: tuple[Shown[int], ...] = ()
    gone = frozenset[int]()
    told: list[frozenset[int]] = []
    for leaving, cells in rounds:
        leaving -= gone
        gone |= leaving
        shown = tuple(
            replace(each, people=each.people - gone, gone=each.size - len(each.people - gone))
            for each in shown
        )
        left = {name: people - gone for name, people in cells.items()}
        showing = showable(left, shown=shown, smallest=smallest)
        told += (left[name] for name in showing.names)
        shown = showing.shown

    assert not comes_to_few(told, smallest)


def comes_to_few(cells: list[frozenset[int]], smallest: int) -> bool:
    """Whether figures of these cells, added up and subtracted in whatever way, come to something about a few.

    They do if fewer of them are independent of one another once these people are left out of all cells: one
    of what they come to is then about nobody else. People are looked at in the groups that cells tell apart.
    """
    everybody = frozenset[int]().union(*cells)
    marks: dict[tuple[int, ...], int] = Counter(
        tuple(int(each in cell) for cell in cells) for each in everybody
    )
    all_of_them = rank(marks)
    small = [mark for mark, size in marks.items() if size < smallest]
    return any(
        rank(marks.keys() - set(few)) < all_of_them
        for count in range(1, smallest)
        for few in combinations(small, count)
        if sum(marks[mark] for mark in few) < smallest
    )


def rank(columns: Iterable[tuple[int, ...]]) -> int:
    """How many columns do not depend on the others."""
    left = [[Fraction(value) for value in column] for column in columns]
    found = 0
    for row in range(len(left[0]) if left else 0):
        pivot = next((column for column in left if column[row]), None)
        if pivot is None:
            continue
        found += 1
        left.remove(pivot)
        for column in left:
            times = column[row] / pivot[row]
            column[:] = (mine - times * other for mine, other in zip(column, pivot, strict=True))
    return found


def test_people_who_are_told_apart_by_a_few_are_found_here() -> None:
    assert comes_to_few([crowd(12), crowd(11)], 10)
    assert comes_to_few([crowd(12), crowd(10, 12), crowd(11) | crowd(10, 12)], 10)
    assert not comes_to_few([crowd(12), crowd(11) | crowd(10, 12)], 10)


def test_a_cell_that_is_just_large_enough_is_shown_and_a_smaller_one_is_not() -> None:
    assert showable({"all": crowd(SMALLEST)}).names == ("all",)
    assert showable({"all": crowd(SMALLEST - 1)}).names == ()


def test_a_part_is_hidden_where_the_rest_would_be_small() -> None:
    assert showable({"all": crowd(12), "neighbours": crowd(10)}).names == ("all",)
    assert showable({"all": crowd(20), "neighbours": crowd(10)}).names == ("all", "neighbours")


def test_the_earlier_of_two_cells_that_cannot_both_be_shown_is_the_one() -> None:
    assert showable({"neighbours": crowd(10), "all": crowd(12)}).names == ("neighbours",)


def test_the_same_people_can_be_shown_twice() -> None:
    assert showable({"before": crowd(11), "after": crowd(11)}).names == ("before", "after")


def test_two_parts_that_are_too_small_hide_each_other_in_the_total() -> None:
    cells = {"all": crowd(22), "large": crowd(12), "small": crowd(6, 12), "smaller": crowd(4, 18)}

    assert showable(cells).names == ("all", "large")


def test_somebody_who_is_gone_since_cannot_be_found_by_what_is_left() -> None:
    """Twelve were shown, one of them was erased: a new figure of the eleven would be about that one."""
    assert showable({"before": crowd(11)}, shown=[Shown(crowd(11), gone=1)]).names == ()
    assert showable({"before": crowd(11)}, shown=[Shown(crowd(11))]).names == ("before",)
    assert showable({"others": crowd(11, 20)}, shown=[Shown(crowd(11), gone=1)]).names == ("others",)


def test_with_ten_more_of_whom_nothing_was_shown_it_may_be_shown_again() -> None:
    """What figures differ by is then about eleven: those ten, less the one who is gone."""
    shown = [Shown(crowd(11), gone=1)]
    assert showable({"all": crowd(20)}, shown=shown).names == ()

    again = showable({"all": crowd(21)}, shown=shown)

    assert again.names == ("all",)
    assert showable({"all": crowd(21)}, shown=again.shown).names == ("all",)
    assert showable({"all": crowd(31)}, shown=again.shown).names == ("all",)


def test_from_then_on_those_stay_together_or_the_one_would_be_found_by_another_way() -> None:
    again = showable({"all": crowd(41)}, shown=[Shown(crowd(11), gone=1), Shown(crowd(10, 11))])
    assert again.names == ("all",)

    assert showable({"new": crowd(20, 21)}, shown=again.shown).names == ()
    assert showable({"old": crowd(11)}, shown=again.shown).names == ()
    assert showable({"others": crowd(10, 11)}, shown=again.shown).names == ("others",)


def test_some_of_those_do_not_come_back_with_ten_more() -> None:
    shown = [Shown(crowd(20), gone=1)]

    assert showable({"some": crowd(15) | crowd(10, 20)}, shown=shown).names == ()


def test_of_several_that_are_shown_again_the_smallest_stay_apart() -> None:
    """Were all of them put together first, no part could ever be shown again."""
    shown = [Shown(crowd(11), gone=1), Shown(crowd(11, 11), gone=1)]
    cells = {"all": crowd(44), "one": crowd(11) | crowd(11, 22), "other": crowd(11, 11) | crowd(11, 33)}

    assert showable(cells, shown=shown).names == ("all", "one", "other")


def test_nobody_can_choose_to_show_fewer_than_the_floor() -> None:
    assert showable({"all": crowd(FLOOR)}, smallest=FLOOR).names == ("all",)
    with pytest.raises(ValueError, match="fewer than 5 people"):
        showable({"all": crowd(9)}, smallest=FLOOR - 1)


@given(st.lists(people, max_size=4), people, st.sampled_from(sorted(EVERYBODY)))
def test_a_figure_does_not_tell_whether_one_more_person_is_in_it(
    before: list[frozenset[int]], cell: frozenset[int], one: int
) -> None:
    """Whoever has an exact figure learns nothing from that of one person more, or of one less."""
    shown = nearest(dict(enumerate(before))).shown
    exact = showable({"all": cell}, shown=shown)
    assume(exact.names)

    assert nearest({"other": cell ^ {one}}, shown=exact.shown).figures["other"] == len(cell)


@given(st.lists(people, min_size=1, max_size=5))
def test_what_is_told_by_nearest_figures_is_never_about_a_few(told: list[frozenset[int]]) -> None:
    cells = dict(enumerate(told))
    found = nearest(cells)

    assert all(group.size >= SMALLEST for group in found.shown)
    assert all(figure == 0 or figure >= SMALLEST for figure in found.figures.values())


@given(st.lists(people, min_size=1, max_size=5))
def test_a_nearest_figure_is_less_than_ten_or_a_third_away(told: list[frozenset[int]]) -> None:
    found = nearest(dict(enumerate(told)))

    for number, cell in enumerate(told):
        away = abs(found.figures[number] - len(cell))
        assert away < SMALLEST or away <= len(cell) / 3


def test_who_is_erased_changes_no_nearest_figure() -> None:
    shown = [Shown(crowd(11), gone=1)]

    assert nearest({"all": crowd(11)}, shown=shown).figures == {"all": 12}


@pytest.mark.parametrize(
    ("people", "told"), [(0, 0), (9, 0), (10, 10), (14, 10), (15, 20), (99, 100), (149, 100), (2501, 3000)]
)
def test_rounded_is_the_first_digit_and_none_below_ten(people: int, told: int) -> None:
    assert rounded(people) == told
