"""Pilot actions that are withdrawn are there for nobody, and what people said stays; copies begin anew."""

from typing import Any

import pytest

from flows.actions.actions import Actions, FollowAction, Following, OneAction, OwnActions, Progress, Section
from flows.actions.feedback import GiveFeedback, OwnFeedback, OwnOpinions, Rating, Side
from flows.actions.gifts import Cause, Give, Giving, Sake, Want
from flows.actions.pilots import (
    CopyAction,
    DraftAction,
    OnePilot,
    OpenWave,
    PilotHistory,
    PilotWords,
    SetProgress,
    Steer,
    Touch,
    WithdrawAction,
    WriteAction,
)
from flows.people.roles import Role
from flows.words.classes import Link, Linkable
from flows.words.course import Contribution, Course
from storage.actions import pilot_lists
from storage.actions.piloted import Follower, Wave
from storage.pushes.pushed import Push
from storage.tables import Statement
from storage.words.returned import ActionLink
from tests.storage.actions.test_actions import MONTBELL, RIVERSIDE, plans
from tests.storage.town import Town, words

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003


@pytest.fixture
async def garden(town: Town) -> int:
    """An action that Ada plans and asks about; Ben follows it, and Cleo offered something for it."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    id = await plans(town)
    for telegram in (BEN, CLEO):
        await town.arrives(telegram)
    await town.acts(BEN, FollowAction(id, takes_part=True))
    await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), Cause(Sake.ACTION, id)))
    await town.acts(ADA, OpenWave(RIVERSIDE, id))
    await town.acts(BEN, GiveFeedback(id, Side.NEIGHBOUR, (Rating("B05", 1),)))
    return id


async def test_it_is_there_for_nobody_but_those_who_plan_it(town: Town, garden: int) -> None:
    assert await town.acts(ADA, WithdrawAction(RIVERSIDE, garden)) == [True]

    assert (await town.look(BEN, Actions)).actions == ()
    assert (await town.look(BEN, OneAction, garden)).action is None
    assert (await town.look(BEN, OwnActions)).titles == ()
    assert await town.acts(BEN, FollowAction(garden)) == [Following.GONE]
    assert await town.acts(BEN, GiveFeedback(garden, Side.NEIGHBOUR, ())) == [None]
    assert (await town.look(ADA, Linkable, RIVERSIDE)).actions == ()
    pilot = (await town.look(ADA, OnePilot, RIVERSIDE, garden)).pilot
    assert (pilot.is_withdrawn, pilot.is_published) == (True, False)
    last = (await town.look(ADA, PilotHistory, RIVERSIDE, garden)).happened
    assert Progress.WITHDRAWN in {one.about for one in last}


async def test_those_whom_it_concerns_are_told_once_and_of_nothing_else(town: Town, garden: int) -> None:
    await town.acts(ADA, FollowAction(garden), SetProgress(RIVERSIDE, garden, Progress.PAUSED))

    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    told = {(row.citizen_id, row.kind) for row in await town.rows(Push) if row.kind != "course"}
    people = [(await town.person(telegram)).citizen for telegram in (BEN, CLEO)]
    assert told == {(citizen, "withdrawn") for citizen in people}
    assert await town.rows(Follower) == []


async def test_what_people_said_of_it_stays_theirs_and_in_files(town: Town, garden: int) -> None:
    for telegram in range(10, 22):
        await town.arrives(telegram)
        await town.acts(telegram, GiveFeedback(garden, Side.NEIGHBOUR, (Rating("B05", 1),)))

    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    (own,) = (await town.look(BEN, OwnFeedback)).given
    assert not own.is_open
    assert (await town.look(BEN, OwnOpinions)).titles[str(own.id)] == {"en": "A garden"}
    assert (await town.row(Wave)).closed_at is not None
    assert len(await town.do(pilot_lists.feedback, "riverside")) == 13
    assert {row["people"] for row in await town.do(pilot_lists.findings, "riverside")} == {13}
    assert [row["status"] for row in await town.do(pilot_lists.actions, "riverside")] == ["withdrawn"]


async def test_what_was_linked_to_it_stands_where_it_stood(town: Town, garden: int) -> None:
    await town.says(CLEO, "A place to sit")
    (statement,) = await town.rows(Statement)
    await town.acts(ADA, Link(RIVERSIDE, garden, Contribution.STATEMENT, statement.id))
    assert (await town.row(Statement)).course == Course.LINKED

    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    assert (await town.row(Statement)).course == Course.RECEIVED
    assert await town.rows(ActionLink) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda id: WithdrawAction(RIVERSIDE, id),
        lambda id: SetProgress(RIVERSIDE, id, Progress.RUNNING),
        lambda id: WriteAction(RIVERSIDE, id, Section.TITLE, "en", "Another"),
    ],
    ids=["withdrawn again", "moved", "rewritten"],
)
async def test_nothing_is_changed_of_what_was_withdrawn(town: Town, garden: int, change: Any) -> None:
    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    steer: Steer[bool] = change(garden)

    assert await town.acts(ADA, steer) == [False]


async def test_no_draft_is_withdrawn_and_nothing_by_saying_that_it_stands_there(
    town: Town, garden: int
) -> None:
    (draft,) = await town.acts(ADA, DraftAction(RIVERSIDE))

    assert await town.acts(
        ADA,
        WithdrawAction(RIVERSIDE, draft),
        WithdrawAction(RIVERSIDE, 404),
        SetProgress(RIVERSIDE, garden, Progress.WITHDRAWN),
    ) == [False, False, False]


@pytest.mark.parametrize("is_withdrawn", [False, True], ids=["as it is", "withdrawn"])
async def test_a_copy_is_a_draft_without_what_came_of_it(town: Town, garden: int, is_withdrawn: bool) -> None:
    await town.acts(
        ADA,
        WriteAction(RIVERSIDE, garden, Section.STEPS, "fr", "Bêcher"),
        WriteAction(RIVERSIDE, garden, Section.RESULTS, "en", "Beans"),
        Want(RIVERSIDE, Cause(Sake.ACTION, garden), Giving.TOOL, True),
        SetProgress(RIVERSIDE, garden, Progress.DONE),
    )
    if is_withdrawn:
        await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    (id,) = await town.acts(ADA, CopyAction(RIVERSIDE, garden))

    copy = (await town.look(ADA, OnePilot, RIVERSIDE, id)).pilot
    assert (copy.is_published, copy.waves, copy.action.progress) == (False, 0, Progress.IDEA)
    assert (copy.action.components, copy.action.wanted) == (("B05",), (Giving.TOOL,))
    assert (await town.look(ADA, PilotWords, RIVERSIDE)).sheet(id) == {
        "title": {"en": "A garden"},
        "steps": {"fr": "Bêcher"},
    }
    assert (await town.look(BEN, OneAction, id)).action is None


async def test_nothing_of_another_place_is_copied(town: Town, garden: int) -> None:
    await town.appoints(ADA, Role.TERRITORY, MONTBELL)

    assert await town.acts(ADA, CopyAction(MONTBELL, garden)) == [0]
    assert await town.acts(ADA, Touch(MONTBELL, garden, "A01", touches=True)) != ["touched"]
