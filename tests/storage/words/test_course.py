"""Words are moved on and back with their history; authors are told of it once a week at the most."""

from datetime import timedelta
from typing import Any

import pytest

from flows.actions.actions import Progress
from flows.actions.feedback import GiveFeedback, Rating, Side
from flows.actions.gifts import AnswerPlea, AskGiver, Cause, Give, Giving, OwnPleas, Sake
from flows.actions.pilots import CloseWave, OpenWave, SetProgress
from flows.people.person import Forget, Purpose, RefuseConsent
from flows.people.roles import Role, Scope
from flows.pushes.pushed import State, Topic
from flows.pushes.why import SwitchTopic
from flows.words.classes import Classify, Link, MoveOn, UndoClassification, Unlink
from flows.words.course import Contribution, Course, OwnStandings, OwnSteps, TellMoves, named
from flows.words.reviews import Review, Verdict
from flows.words.statements import RewordStatement, WithdrawStatement
from storage.pushes.pushed import Push
from storage.pushes.pushing import claim
from storage.pushes.settling import settle
from storage.tables import Statement
from storage.words.returned import ActionLink, CourseStep
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.town import BOT, CONTEXT, KEYS, Town, words

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003


@pytest.fixture
async def garden(town: Town) -> int:
    """A pilot action that Ada plans; Ben has said something."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    await town.arrives(BEN)
    return await plans(town)


async def idea(town: Town, telegram: int = BEN, text: str = "A park", message: int = 1) -> int:
    """A statement of somebody; its id."""
    return (await town.says(telegram, text, message=message)).statement or 0


async def stands(town: Town, statement: int) -> str:
    (row,) = [row for row in await town.rows(Statement) if row.id == statement]
    return str(row.course)


async def told(town: Town) -> list[tuple[int, str]]:
    """Which pushes about words are due to whom, decided now; what is said counts as said."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now, most=50)
    for portion in portions:
        await town.do(settle, portion.decisions, town.now)
    return [(portion.person.telegram, item.kind) for portion in portions for item in portion.said]


async def classifies(town: Town, statement: int, code: str = "B05", wording: int = 1) -> None:
    await town.acts(ADA, Classify(RIVERSIDE, statement, wording, code))


async def test_what_is_sorted_is_grouped_and_what_is_taken_back_is_received_again(
    town: Town, garden: int
) -> None:
    statement = await idea(town)

    await classifies(town, statement)
    assert await stands(town, statement) == Course.GROUPED

    await town.acts(ADA, UndoClassification(RIVERSIDE, statement))
    assert await stands(town, statement) == Course.RECEIVED
    steps = await town.rows(CourseStep)
    assert [(row.was, row.course, row.why) for row in steps] == [
        ("received", "grouped", "classified"),
        ("grouped", "received", "undone"),
    ]


async def test_a_linked_statement_goes_with_its_action_and_back_where_it_was(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    await town.acts(ADA, MoveOn(RIVERSIDE, Course.DIAGNOSIS, Contribution.STATEMENT, statement))
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.IDEA))

    await town.acts(ADA, Link(RIVERSIDE, garden, Contribution.STATEMENT, statement))
    assert await stands(town, statement) == Course.LINKED

    for progress, course in (
        (Progress.DECIDED, "decided"),
        (Progress.DONE, "done"),
        (Progress.RUNNING, "decided"),
    ):
        await town.acts(ADA, SetProgress(RIVERSIDE, garden, progress))
        assert await stands(town, statement) == course

    await town.acts(ADA, Unlink(RIVERSIDE, garden, Contribution.STATEMENT, statement))
    assert await stands(town, statement) == Course.DIAGNOSIS


async def test_of_two_actions_the_further_one_counts(town: Town, garden: int) -> None:
    statement, bus = await idea(town), await plans(town)
    await town.acts(
        ADA, SetProgress(RIVERSIDE, garden, Progress.IDEA), SetProgress(RIVERSIDE, bus, Progress.DONE)
    )
    for action in (garden, bus):
        await town.acts(ADA, Link(RIVERSIDE, action, Contribution.STATEMENT, statement))
    assert await stands(town, statement) == Course.DONE

    await town.acts(ADA, Unlink(RIVERSIDE, bus, Contribution.STATEMENT, statement))

    assert await stands(town, statement) == Course.LINKED


async def test_linking_twice_is_linking_once(town: Town, garden: int) -> None:
    statement = await idea(town)
    link = Link(RIVERSIDE, garden, Contribution.STATEMENT, statement)

    assert await town.acts(ADA, link, link) == [1, 0]

    assert len(await town.rows(ActionLink)) == 1


async def test_what_lies_elsewhere_is_neither_linked_nor_moved(town: Town, garden: int) -> None:
    await town.arrives(CLEO, territory="montbell", group=None)
    statement = await idea(town, CLEO)

    moved = await town.acts(
        ADA,
        Link(RIVERSIDE, garden, Contribution.STATEMENT, statement),
        MoveOn(RIVERSIDE, Course.DONE, Contribution.STATEMENT, statement),
    )

    assert moved == [0, 0]
    assert await stands(town, statement) == Course.RECEIVED


async def test_a_facilitator_works_with_the_words_of_their_group_alone(town: Town, garden: int) -> None:
    youth = Scope("riverside", "youth")
    await town.arrives(CLEO, group="elders")
    await town.appoints(CLEO, Role.FACILITATOR, youth, name="Cleo")
    here, there = await idea(town), await idea(town, CLEO)

    moved = await town.acts(
        CLEO,
        *(MoveOn(youth, Course.DIAGNOSIS, Contribution.STATEMENT, each) for each in (here, there)),
    )

    assert moved == [1, 0]


async def test_all_statements_about_something_are_moved_together(town: Town, garden: int) -> None:
    about = [await idea(town, message=number) for number in range(3)]
    for statement, code in zip(about, ("B05", "B05", "A06"), strict=True):
        await classifies(town, statement, code)

    moved = await town.acts(ADA, MoveOn(RIVERSIDE, Course.DIAGNOSIS, Contribution.STATEMENT, None, "B05"))

    assert moved == [2]
    assert [await stands(town, statement) for statement in about] == ["diagnosis", "diagnosis", "grouped"]


async def test_an_author_is_told_an_hour_after_a_move_and_then_no_more_for_a_week(
    town: Town, garden: int
) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    assert await told(town) == []

    town.later(hours=1)
    assert await told(town) == [(BEN, "course")]
    (moves,) = await town.acts(BEN, TellMoves())
    assert [(one.contribution, one.id) for one in moves.moved] == [(Contribution.STATEMENT, statement)]

    await town.acts(ADA, Link(RIVERSIDE, garden, Contribution.STATEMENT, statement))
    for _ in range(6):
        town.later(days=1)
        assert await told(town) == []
    town.later(days=1)
    assert await told(town) == [(BEN, "course")]


async def test_moves_on_many_days_are_one_push(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    await town.acts(ADA, Link(RIVERSIDE, garden, Contribution.STATEMENT, statement))
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.DONE))

    assert [row.state for row in await town.rows(Push)] == [State.DUE]
    (moves,) = await town.acts(BEN, TellMoves())
    assert len(moves.moved) == 1


async def test_what_is_taken_back_before_it_was_told_is_not_told(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    await town.acts(ADA, UndoClassification(RIVERSIDE, statement))

    town.later(hours=2)

    assert await told(town) == []


async def test_what_was_told_and_is_taken_back_is_told(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    await town.acts(BEN, TellMoves())
    await town.acts(ADA, UndoClassification(RIVERSIDE, statement))

    (moves,) = await town.acts(BEN, TellMoves())

    assert [one.id for one in moves.moved] == [statement]


async def test_nobody_is_told_what_they_did_themselves(town: Town, garden: int) -> None:
    await classifies(town, await idea(town, ADA))

    assert await town.rows(Push) == []


@pytest.mark.parametrize("wish", [SwitchTopic(Topic.COURSE, on=False), RefuseConsent(Purpose.REMINDERS)])
async def test_who_does_not_want_to_be_told_is_not(town: Town, garden: int, wish: Any) -> None:
    await classifies(town, await idea(town))
    await town.acts(BEN, wish)
    other = await idea(town, text="A bench", message=2)
    await classifies(town, other)
    town.later(hours=2)

    assert await told(town) == []
    standings = (await town.look(BEN, OwnStandings)).standings
    assert standings[named(Contribution.STATEMENT, other)].course is Course.GROUPED


async def test_no_push_leads_from_a_citizen_to_a_statement(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)

    row = await town.row(Push)

    assert statement not in tuple(row)
    assert KEYS.pseudonym("statements", row.citizen_id) not in tuple(row)


async def test_feedback_is_grouped_when_its_wave_ends_and_done_with_the_action(
    town: Town, garden: int
) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    (feedback,) = await town.acts(BEN, GiveFeedback(garden, Side.NEIGHBOUR, (Rating("B05", 1),)))
    name = named(Contribution.FEEDBACK, feedback)

    async def course() -> Course:
        return (await town.look(BEN, OwnStandings)).standings[name].course

    await town.acts(ADA, CloseWave(RIVERSIDE, garden))
    assert await course() is Course.GROUPED
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.DONE))
    assert await course() is Course.DONE
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.RUNNING))
    assert await course() is Course.GROUPED


async def test_an_offer_that_its_giver_agrees_to_is_linked_to_the_action_that_asked(
    town: Town, garden: int
) -> None:
    (gift,) = await town.acts(BEN, Give(Giving.TOOL, words("A spade"), None))
    await town.acts(ADA, AskGiver(RIVERSIDE, gift, Cause(Sake.ACTION, garden), "Saturday?"))
    (plea,) = (await town.look(BEN, OwnPleas)).pleas

    await town.acts(BEN, AnswerPlea(plea.id, words("Yes")))

    link = await town.row(ActionLink)
    assert (link.action_id, link.gift_id, link.statement_id) == (garden, gift, None)


async def test_the_reason_for_holding_back_reaches_the_author_until_there_are_new_words(
    town: Town, garden: int
) -> None:
    statement = await idea(town)
    await town.acts(ADA, Review(RIVERSIDE, statement, 1, Verdict.HELD, reason="insult"))
    town.later(hours=1)
    assert await told(town) == [(BEN, "course")]
    (moves,) = await town.acts(BEN, TellMoves())
    assert [(one.id, one.is_held) for one in moves.moved] == [(statement, True)]
    name = named(Contribution.STATEMENT, statement)
    assert (await town.look(BEN, OwnStandings)).standings[name].held == CONTEXT.reasons["insult"]

    await town.acts(BEN, RewordStatement(statement, words("A kinder park"), ()))

    assert (await town.look(BEN, OwnStandings)).standings[name].held is None
    assert (await town.acts(BEN, TellMoves()))[0].moved == ()


async def test_nobody_sees_the_course_of_words_that_are_not_theirs(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)

    assert (await town.look(ADA, OwnStandings)).standings == {}
    assert (await town.look(ADA, OwnSteps, Contribution.STATEMENT, statement)).steps == ()
    assert len((await town.look(BEN, OwnSteps, Contribution.STATEMENT, statement)).steps) == 1


async def test_what_was_made_of_words_goes_with_them(town: Town, garden: int) -> None:
    withdrawn, erased = await idea(town), await idea(town, message=2)
    for statement in (withdrawn, erased):
        await classifies(town, statement)
        await town.acts(ADA, Link(RIVERSIDE, garden, Contribution.STATEMENT, statement))

    await town.acts(BEN, WithdrawStatement(withdrawn))
    assert {row.statement_id for row in await town.rows(CourseStep)} == {erased}
    await town.acts(BEN, Forget())

    assert await town.rows(CourseStep) == []
    assert await town.rows(ActionLink) == []


async def test_a_push_that_finds_nothing_to_tell_is_not_said(town: Town, garden: int) -> None:
    statement = await idea(town)
    await classifies(town, statement)
    await town.acts(BEN, TellMoves())
    town.now += timedelta(hours=2)

    assert await told(town) == []
    assert (await town.row(Push)).reason == "gone"
