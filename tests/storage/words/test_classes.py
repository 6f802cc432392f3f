"""What statements are about: the first opinion stands, the second is given without it, and both are kept."""

import pytest

from flows.people.roles import Role, Scope
from flows.words.classes import (
    Backlog,
    Classify,
    GivenPage,
    Groups,
    NextStatement,
    Opinion,
    Settle,
    Sorted,
    Task,
    UndoClassification,
)
from flows.words.course import Contribution
from flows.words.similar import Suggestion
from flows.words.statements import RewordStatement
from storage.tables import Statement
from storage.words.returned import Classification
from tests.storage.actions.test_actions import RIVERSIDE
from tests.storage.town import Town, words

ADA, BEN, CLEO, DAN = 4_000_000_001, 4_000_000_002, 4_000_000_003, 4_000_000_004
YOUTH = Scope("riverside", "youth")


@pytest.fixture
async def statement(town: Town) -> int:
    """What Ben said; Ada, Cleo and Dan work with such."""
    for telegram in (ADA, CLEO, DAN):
        await town.arrives(telegram, group=None)
        await town.appoints(telegram, Role.TERRITORY, RIVERSIDE, name="Somebody")
    await town.arrives(BEN)
    return (await town.says(BEN, "A park near home")).statement or 0


async def says(town: Town, telegram: int, statement: int, code: str, wording: int = 1) -> Sorted:
    """Somebody says what a statement is about."""
    (result,) = await town.acts(telegram, Classify(RIVERSIDE, statement, wording, code))
    return Sorted(result)


async def component(town: Town) -> tuple[str | None, str | None]:
    row = await town.row(Statement)
    return row.component, row.component_version


async def waiting(town: Town, telegram: int) -> dict[Task, int]:
    found: Backlog = await town.look(telegram, Backlog, RIVERSIDE)
    return {Task(task): count for task, count in found.waiting.items() if count}


async def test_the_first_opinion_stands_with_the_version_of_the_key(town: Town, statement: int) -> None:
    assert await says(town, ADA, statement, "B05") is Sorted.FIRST

    assert await component(town) == ("B05", "2015")
    row = await town.row(Classification)
    assert (row.opinion, row.code, row.version, row.wording) == (Opinion.FIRST, "B05", "2015", 1)


async def test_whoever_says_it_again_changes_their_mind_and_gives_no_second_opinion(
    town: Town, statement: int
) -> None:
    await says(town, ADA, statement, "B05")

    assert await says(town, ADA, statement, "B00") is Sorted.FIRST

    assert [row.code for row in await town.rows(Classification)] == ["B00"]
    assert await waiting(town, ADA) == {}
    assert await waiting(town, CLEO) == {Task.SECOND: 1}


async def test_a_second_opinion_is_asked_for_without_the_first_and_without_a_suggestion(
    town: Town, statement: int
) -> None:
    await says(town, ADA, statement, "B05")

    found: NextStatement = await town.look(CLEO, NextStatement, RIVERSIDE, Task.SECOND, 0)

    assert found.statement is not None
    assert (found.statement.id, found.statement.codes, found.statement.suggestion) == (statement, (), None)


async def test_two_who_agree_leave_nothing_to_settle(town: Town, statement: int) -> None:
    await says(town, ADA, statement, "B05")

    assert await says(town, CLEO, statement, "B05") is Sorted.AGREES

    assert await waiting(town, DAN) == {}


async def test_what_two_see_differently_is_settled_and_all_of_it_is_kept(town: Town, statement: int) -> None:
    await says(town, ADA, statement, "B05")
    assert await says(town, CLEO, statement, "A03") is Sorted.DIFFERS
    assert await component(town) == ("B05", "2015")
    assert await waiting(town, DAN) == {Task.SETTLE: 1}
    found: NextStatement = await town.look(DAN, NextStatement, RIVERSIDE, Task.SETTLE, 0)
    assert found.statement is not None
    assert found.statement.codes == ("A03", "B05")

    settled = await town.acts(ADA, *(Settle(RIVERSIDE, statement, 1, code) for code in ("A03", "B05")))

    assert settled == [Sorted.SETTLED, Sorted.ENOUGH]
    assert await component(town) == ("A03", "2015")
    assert {(row.opinion, row.code) for row in await town.rows(Classification)} == {
        ("first", "B05"),
        ("second", "A03"),
        ("settled", "A03"),
    }
    assert await waiting(town, DAN) == {}


async def test_there_is_no_third_opinion(town: Town, statement: int) -> None:
    await says(town, ADA, statement, "B05")
    await says(town, CLEO, statement, "A03")

    assert await says(town, DAN, statement, "A00") is Sorted.ENOUGH


async def test_two_first_opinions_at_once_are_a_first_and_a_second(town: Town, statement: int) -> None:
    """Neither has seen the other's."""
    for telegram in (ADA, CLEO):
        await town.look(telegram, NextStatement, RIVERSIDE, Task.SORT, 0)

    results = [await says(town, telegram, statement, "B05") for telegram in (ADA, CLEO)]

    assert results == [Sorted.FIRST, Sorted.AGREES]


async def test_the_last_opinion_is_taken_back_by_whose_it_is_alone(town: Town, statement: int) -> None:
    undo = UndoClassification(RIVERSIDE, statement)
    await says(town, ADA, statement, "B05")
    assert await town.acts(CLEO, undo) == [False]
    await says(town, CLEO, statement, "A03")

    assert await town.acts(ADA, undo) == [False]
    assert await town.acts(CLEO, undo) == [True]
    assert await town.acts(ADA, undo) == [True]

    assert await component(town) == (None, None)
    assert await town.rows(Classification) == []


async def test_new_words_are_sorted_anew_and_old_opinions_stay_with_the_old_ones(
    town: Town, statement: int
) -> None:
    await says(town, ADA, statement, "B05")
    await town.acts(BEN, RewordStatement(statement, words("A job near home"), ()))
    assert await component(town) == (None, None)

    assert await says(town, CLEO, statement, "A06") is Sorted.CHANGED
    assert await says(town, CLEO, statement, "A06", wording=2) is Sorted.FIRST

    assert await component(town) == ("A06", "2015")
    assert {(row.wording, row.code) for row in await town.rows(Classification)} == {(1, "B05"), (2, "A06")}


@pytest.mark.parametrize("code", ["Z99", "b05", ""])
async def test_no_code_is_taken_that_the_key_does_not_have(town: Town, statement: int, code: str) -> None:
    assert await says(town, ADA, statement, code) is Sorted.GONE
    assert await component(town) == (None, None)


async def test_what_was_sorted_before_suggests_where_something_like_it_belongs(
    town: Town, statement: int
) -> None:
    await says(town, ADA, statement, "B05")
    await town.says(BEN, "A small park near home", message=2)

    found: NextStatement = await town.look(CLEO, NextStatement, RIVERSIDE, Task.SORT, 0)

    assert found.statement is not None
    assert found.statement.suggestion == Suggestion("B05", 1)


async def test_every_component_is_listed_however_few_speak_of_it(town: Town, statement: int) -> None:
    other = (await town.says(BEN, "Less noise", message=2)).statement or 0
    await says(town, ADA, statement, "B05")
    await says(town, ADA, other, "B01")

    assert (await town.look(ADA, Groups, RIVERSIDE)).counts == {"B01": 1, "B05": 1}


async def test_pages_hold_everything_once(town: Town, statement: int) -> None:
    ids = {statement}
    for number in range(8):
        telegram = 4_000_000_100 + number
        await town.arrives(telegram)
        for message in range(3):
            ids.add((await town.says(telegram, f"Idea {message}", message=message)).statement or 0)
    for each in ids:
        await says(town, ADA, each, "B05")

    seen: list[int] = []
    after = 0
    while True:
        page: GivenPage = await town.look(ADA, GivenPage, RIVERSIDE, Contribution.STATEMENT, "B05", after)
        seen += [one.id for one in page.given]
        if page.is_last:
            break
        after = seen[-1]

    assert len(seen) == len(set(seen)) == 25
    assert set(seen) == ids


async def test_a_facilitator_sees_the_words_of_their_group_alone(town: Town, statement: int) -> None:
    await town.arrives(4_000_000_005, group="elders")
    await town.appoints(4_000_000_005, Role.FACILITATOR, Scope("riverside", "elders"), name="Eve")

    backlog: Backlog = await town.look(4_000_000_005, Backlog, Scope("riverside", "elders"))

    assert not any(backlog.waiting.values())
    assert (await town.acts(4_000_000_005, Classify(Scope("riverside", "elders"), statement, 1, "B05"))) == [
        Sorted.GONE
    ]
