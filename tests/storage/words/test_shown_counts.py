"""What was shown of people guards what is shown of them later and elsewhere."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from flows.people.person import Forget
from flows.small_cells import showable
from storage.people import retention
from storage.tables import Pseudonym
from storage.words.shown_counts import (
    AUDIENCES,
    STATEMENTS,
    Count,
    Figure,
    Ledger,
    ShownFigure,
    ShownGroup,
    ShownPerson,
    figures,
    known_here,
    may_show,
    of_period,
    show,
)
from tests.storage.town import KEYS, Town

K: Final = 10


def crowd(size: int, start: int = 0) -> set[str]:
    return {f"person {number}" for number in range(start, start + size)}


async def shown(town: Town, ledger: str = STATEMENTS, **cells: set[str]) -> tuple[str, ...]:
    """The cells that are shown of those."""
    found: tuple[str, ...] = await town.do(show, ledger, cells, K)
    return found


async def test_figures_of_ten_are_shown_and_of_nine_are_not(town: Town) -> None:
    assert await shown(town, housing=crowd(10), transport=crowd(9, 20)) == ("housing",)


async def test_a_digest_and_a_feed_cannot_be_subtracted_from_one_another(town: Town) -> None:
    """Twelve people in the one, eleven of them in the other: the difference would be about one."""
    assert await shown(town, digest=crowd(12)) == ("digest",)

    assert await shown(town, feed=crowd(11)) == ()
    assert await shown(town, feed=crowd(12)) == ("feed",)
    assert await shown(town, feed=crowd(13)) == ()
    assert await shown(town, feed=crowd(22)) == ("feed",)


async def test_what_is_previewed_is_not_shown(town: Town) -> None:
    assert await town.do(may_show, STATEMENTS, {"all": crowd(12)}, K) == ("all",)

    assert await town.rows(ShownPerson) == []
    assert await shown(town, all=crowd(11)) == ("all",)
    assert await town.do(may_show, STATEMENTS, {"all": crowd(12)}, K) == ()


async def test_weeks_that_are_over_are_quantities_of_their_own(town: Town) -> None:
    assert await shown(town, of_period("riverside", "2026-W47"), all=crowd(12)) == ("all",)

    assert await shown(town, of_period("riverside", "2026-W48"), all=crowd(11)) == ("all",)
    assert await shown(town, of_period("riverside", "2026-W47"), youth=crowd(11)) == ()


async def test_a_group_that_is_cut_stays_cut(town: Town) -> None:
    await shown(town, all=crowd(40))
    await shown(town, housing=crowd(20))

    assert await shown(town, youth=crowd(30)) == ("youth",)
    assert await shown(town, elders=crowd(15)) == ()
    assert sorted(row.people for row in await town.rows(ShownGroup)) == [10, 10, 20]
    assert (await town.row(Ledger)).groups == 3


async def test_who_is_erased_leaves_a_number_from_which_nobody_can_be_told(town: Town) -> None:
    citizens = [(await town.arrives(telegram)).citizen for telegram in range(1, 13)]
    names = await town.do(known_here, KEYS, citizens)
    assert await shown(town, AUDIENCES, all=set(names.values())) == ("all",)

    await town.acts(1, Forget())

    left = set(names.values()) - {names[citizens[0]]}
    assert {row.author for row in await town.rows(ShownPerson)} == left
    assert await shown(town, AUDIENCES, all=left) == ()
    assert await shown(town, AUDIENCES, all=left | crowd(9)) == ()
    assert (await town.row(ShownGroup)).people == 12


async def test_with_ten_of_whom_nothing_was_shown_those_who_are_left_stay_together(town: Town) -> None:
    citizens = [(await town.arrives(telegram)).citizen for telegram in range(1, 13)]
    names = await town.do(known_here, KEYS, citizens)
    await shown(town, AUDIENCES, all=set(names.values()))
    await town.acts(1, Forget())
    left = set(names.values()) - {names[citizens[0]]}

    assert await shown(town, AUDIENCES, all=left | crowd(10)) == ("all",)

    assert await shown(town, AUDIENCES, all=left | crowd(10)) == ("all",)
    assert await shown(town, AUDIENCES, old=left, new=crowd(10)) == ()
    assert await shown(town, AUDIENCES, all=left | crowd(20)) == ("all",)
    await town.do(retention.sweep, town.now)
    assert [(row.people, row.whole) for row in await town.rows(ShownGroup)] == [(21, True), (10, False)]


async def test_a_group_of_which_nobody_is_left_is_forgotten(town: Town) -> None:
    citizens = [(await town.arrives(telegram)).citizen for telegram in range(1, 11)]
    names = await town.do(known_here, KEYS, citizens)
    await shown(town, AUDIENCES, all=set(names.values()), others=crowd(10))
    for telegram in range(1, 11):
        await town.acts(telegram, Forget())

    await town.do(retention.sweep, town.now)

    assert len(await town.rows(ShownGroup)) == 1
    assert await shown(town, AUDIENCES, all=crowd(20, 30)) == ("all",)


async def test_people_are_known_in_ledgers_by_a_pseudonym_of_their_own(town: Town) -> None:
    citizen = (await town.arrives(1)).citizen

    first = await town.do(known_here, KEYS, [citizen])

    assert await town.do(known_here, KEYS, [citizen]) == first == {citizen: KEYS.pseudonym("shown", citizen)}
    assert [row.purpose for row in await town.rows(Pseudonym)] == ["shown"]
    assert await town.do(known_here, KEYS, []) == {}


async def test_a_figure_that_would_tell_of_a_few_stays_as_it_was_shown_last(town: Town) -> None:
    async def told(**counts: Count) -> Mapping[str, Figure]:
        found: Mapping[str, Figure] = await town.do(figures, STATEMENTS, counts, K, town.now)
        return found

    at_first = town.now
    before = await told(housing=Count(crowd(12), 30), transport=Count(crowd(4), 9))
    assert before == {"housing": Figure(12, 30, at_first)}

    town.now += timedelta(days=7)
    assert await told(housing=Count(crowd(14), 37)) == before
    assert await told(housing=Count(crowd(22), 51)) == {"housing": Figure(22, 51, town.now)}
    assert len(await town.rows(ShownFigure)) == 1


async def test_nothing_to_show_is_shown_as_nothing(town: Town) -> None:
    assert await shown(town) == ()
    assert await shown(town, all=set()) == ()


families = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(0, 30).flatmap(lambda size: st.integers(0, 20).map(lambda start: crowd(size, start))),
    max_size=5,
)


@given(st.lists(families, max_size=4))
def test_what_is_kept_decides_as_all_that_was_shown_does(
    ledgers: Connection, shows: list[dict[str, set[str]]]
) -> None:
    with ledgers.begin() as transaction:
        told: dict[str, set[str]] = {}
        for number, cells in enumerate(shows):
            together = {**told, **{f"{number} {name}": people for name, people in cells.items()}}
            expected = [name for name in showable(together, smallest=K).names if name not in told]

            names = show(ledgers, STATEMENTS, cells, K)

            assert [f"{number} {name}" for name in names] == expected
            told.update({f"{number} {name}": cells[name] for name in names})
        transaction.rollback()
