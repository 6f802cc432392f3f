"""Pilot actions: planned by those who may, seen in their place, followed and left."""

import pytest

from flows.actions.actions import (
    Actions,
    ActionWords,
    Codes,
    ComponentNames,
    FollowAction,
    Following,
    LeaveAction,
    OneAction,
    Progress,
    Section,
)
from flows.actions.gifts import Cause, Giving, Sake, Want
from flows.actions.pilots import (
    Change,
    DiscardAction,
    DraftAction,
    OnePilot,
    PilotHistory,
    Pilots,
    PilotWords,
    PublishAction,
    SetProgress,
    Touch,
    Touched,
    WriteAction,
)
from flows.people.roles import EVERYWHERE, NotAllowed, Role, Scope
from storage.actions.piloted import Action, ActionChange, ActionComponent, ActionText, Wanted
from tests.storage.town import Town

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE, MONTBELL, YOUTH = Scope("riverside"), Scope("montbell"), Scope("riverside", "youth")


@pytest.fixture
async def coordinators(town: Town) -> Town:
    """Ada and Ben coordinate Riverside, Cleo coordinates Montbell."""
    for telegram, territory in ((ADA, "riverside"), (BEN, "riverside"), (CLEO, "montbell")):
        await town.arrives(telegram, territory=territory, group=None)
        await town.appoints(telegram, Role.TERRITORY, Scope(territory))
    return town


async def plans(town: Town, telegram: int = ADA, where: Scope = RIVERSIDE, *, title: str = "A garden") -> int:
    """A published action that touches one component; returns its id."""
    (id,) = await town.acts(telegram, DraftAction(where))
    await town.acts(
        telegram,
        WriteAction(where, id, Section.TITLE, "en", title),
        Touch(where, id, "B05", touches=True),
        PublishAction(where, id),
    )
    town.later(minutes=1)
    return int(id)


async def test_a_draft_is_seen_by_those_who_plan_it_alone(coordinators: Town) -> None:
    town = coordinators
    (id,) = await town.acts(ADA, DraftAction(RIVERSIDE))
    await town.arrives(4)

    assert (await town.look(4, Actions)).actions == ()
    assert (await town.look(4, OneAction, id)).action is None
    assert [one.action.id for one in (await town.look(BEN, Pilots, RIVERSIDE)).pilots] == [id]
    assert (await town.look(CLEO, Pilots, MONTBELL)).pilots == ()


async def test_without_a_title_nothing_is_published(coordinators: Town) -> None:
    town = coordinators
    (id,) = await town.acts(ADA, DraftAction(RIVERSIDE))

    assert await town.acts(ADA, PublishAction(RIVERSIDE, id)) == [None]

    await town.acts(ADA, WriteAction(RIVERSIDE, id, Section.TITLE, "lv", "Dārzs"))
    (link,) = await town.acts(ADA, PublishAction(RIVERSIDE, id))
    assert link.startswith("https://t.me/town_bot?start=p_")
    assert await town.acts(BEN, PublishAction(RIVERSIDE, id)) == [link]


async def test_each_citizen_sees_the_actions_of_their_place_and_of_their_group(coordinators: Town) -> None:
    town = coordinators
    for_all, for_youth = await plans(town), await plans(town, where=YOUTH)
    elsewhere = await plans(town, CLEO, MONTBELL)
    await town.arrives(4, group="youth")
    await town.arrives(5, group="elders")

    seen = [{one.id for one in (await town.look(each, Actions)).actions} for each in (4, 5)]

    assert seen == [{for_all, for_youth}, {for_all}]
    assert (await town.look(5, OneAction, for_youth)).action is None
    assert (await town.look(5, ActionWords, (for_all, for_youth, elsewhere))).sheets.keys() == {str(for_all)}


async def test_what_runs_stands_first_and_then_what_is_newest(coordinators: Town) -> None:
    town = coordinators
    ids = [await plans(town) for _ in range(3)]
    await town.acts(ADA, SetProgress(RIVERSIDE, ids[0], Progress.RUNNING))
    await town.acts(ADA, SetProgress(RIVERSIDE, ids[1], Progress.DONE))

    progress = [one.progress for one in (await town.look(ADA, Actions)).actions]

    assert progress == [Progress.RUNNING, Progress.IDEA, Progress.DONE]


async def test_somebody_follows_takes_part_and_leaves(coordinators: Town) -> None:
    town = coordinators
    id = await plans(town)
    await town.arrives(4)

    results = [
        await town.acts(4, move)
        for move in (
            FollowAction(id),
            FollowAction(id, takes_part=True),
            FollowAction(id),
            LeaveAction(id),
            LeaveAction(id),
        )
    ]

    assert [result for (result,) in results] == [
        Following.FOLLOWS,
        Following.TAKES_PART,
        Following.TAKES_PART,
        Following.LEFT,
        Following.GONE,
    ]


async def test_nobody_follows_what_is_not_in_their_place(coordinators: Town) -> None:
    town = coordinators
    elsewhere = await plans(town, CLEO, MONTBELL)
    await town.arrives(4)

    assert await town.acts(4, FollowAction(elsewhere), FollowAction(404)) == [Following.GONE] * 2


async def test_two_coordinators_of_a_place_change_the_same_action(coordinators: Town) -> None:
    town = coordinators
    id = await plans(town)

    await town.acts(BEN, WriteAction(RIVERSIDE, id, Section.OBJECTIVE, "en", "Green places for all"))
    await town.acts(ADA, WriteAction(RIVERSIDE, id, Section.OBJECTIVE, "fr", "Du vert pour chacun"))
    await town.acts(BEN, WriteAction(RIVERSIDE, id, Section.TITLE, "en", ""))

    sheet = (await town.look(ADA, PilotWords, RIVERSIDE)).sheet(id)
    assert sheet == {"objective": {"en": "Green places for all", "fr": "Du vert pour chacun"}}
    pilot = (await town.look(BEN, OnePilot, RIVERSIDE, id)).pilot
    assert pilot is not None
    assert pilot.written == {"objective": ("en", "fr")}
    happened = (await town.look(BEN, PilotHistory, RIVERSIDE, id)).happened
    assert {one.what for one in happened} == {
        Change.DRAFTED,
        Change.WRITTEN,
        Change.COMPONENT,
        Change.PUBLISHED,
    }
    assert {one.about for one in happened if one.by_me} == {"objective en", "title en"}


async def test_an_action_of_another_place_is_not_changed_by_claiming_a_scope(
    coordinators: Town,
) -> None:
    town = coordinators
    id = await plans(town)
    before = await town.rows(ActionText), await town.rows(Action), await town.rows(ActionChange)
    cause = Cause(Sake.ACTION, id)

    results = await town.acts(
        CLEO,
        WriteAction(MONTBELL, id, Section.TITLE, "en", "Mine"),
        Touch(MONTBELL, id, "A01", touches=True),
        SetProgress(MONTBELL, id, Progress.DONE),
        PublishAction(MONTBELL, id),
        DiscardAction(MONTBELL, id),
        Want(MONTBELL, cause, Giving.TIME, wanted=True),
    )

    assert results == [False, Touched.GONE, False, None, False, None]
    assert (await town.rows(ActionText), await town.rows(Action), await town.rows(ActionChange)) == before
    assert await town.rows(Wanted) == []
    assert (await town.look(CLEO, OnePilot, MONTBELL, id)).pilot is None
    for move in (WriteAction(RIVERSIDE, id, Section.TITLE, "en", "Mine"), DraftAction(RIVERSIDE)):
        with pytest.raises(NotAllowed):
            await town.acts(CLEO, move)


async def test_whoever_coordinates_the_network_plans_in_a_territory_and_not_everywhere(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    id = await plans(town, where=RIVERSIDE)

    assert (await town.look(ADA, OneAction, id)).action is not None
    assert (await town.look(ADA, Actions)).actions == ()
    assert await town.acts(ADA, DraftAction(EVERYWHERE)) == [0]
    assert len(await town.rows(Action)) == 1


async def test_a_facilitator_plans_for_their_group_alone(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.FACILITATOR, YOUTH)

    await plans(town, where=YOUTH)

    with pytest.raises(NotAllowed):
        await town.acts(ADA, DraftAction(RIVERSIDE))


async def test_an_action_touches_up_to_six_components_of_todays_classification(coordinators: Town) -> None:
    town = coordinators
    id = await plans(town)
    codes = ("A01", "A02", "A03", "D", "C00")

    touched = await town.acts(ADA, *(Touch(RIVERSIDE, id, code, touches=True) for code in codes))

    assert touched == [Touched.TOUCHED] * 5
    assert await town.acts(
        ADA,
        Touch(RIVERSIDE, id, "A04", touches=True),
        Touch(RIVERSIDE, id, "A01", touches=True),
        Touch(RIVERSIDE, id, "Z99", touches=True),
        Touch(RIVERSIDE, id, "A01", touches=False),
        Touch(RIVERSIDE, id, "A04", touches=True),
    ) == [Touched.FULL, Touched.TOUCHED, Touched.GONE, Touched.REMOVED, Touched.TOUCHED]
    assert {row.version for row in await town.rows(ActionComponent)} == {"2015"}


async def test_a_draft_is_deleted_with_all_that_was_written_and_what_is_published_stays(
    coordinators: Town,
) -> None:
    town = coordinators
    published = await plans(town)
    (draft,) = await town.acts(ADA, DraftAction(RIVERSIDE))
    await town.acts(
        ADA,
        WriteAction(RIVERSIDE, draft, Section.TITLE, "en", "Never mind"),
        Touch(RIVERSIDE, draft, "A01", touches=True),
        Want(RIVERSIDE, Cause(Sake.ACTION, draft), Giving.TIME, wanted=True),
    )

    assert await town.acts(BEN, *(DiscardAction(RIVERSIDE, id) for id in (draft, draft, published))) == [
        True,
        False,
        False,
    ]
    assert {row.id for row in await town.rows(Action)} == {published}
    assert {row.action_id for row in await town.rows(ActionText)} == {published}
    assert await town.rows(Wanted) == []


async def test_what_an_action_needs_is_on_its_sheet(coordinators: Town) -> None:
    town = coordinators
    id = await plans(town)
    cause = Cause(Sake.ACTION, id)

    for giving in (Giving.TOOL, Giving.TIME, Giving.TIME):
        await town.acts(ADA, Want(RIVERSIDE, cause, giving, wanted=True))
    assert (await town.look(ADA, OneAction, id)).action.wanted == (Giving.TIME, Giving.TOOL)

    await town.acts(BEN, Want(RIVERSIDE, cause, Giving.TIME, wanted=False))
    assert (await town.look(ADA, OneAction, id)).action.wanted == (Giving.TOOL,)


async def test_people_choose_from_the_classification_of_today_as_far_as_it_has_names(town: Town) -> None:
    await town.arrives(ADA)

    codes = (await town.look(ADA, Codes)).within
    names = (await town.look(ADA, ComponentNames)).names

    assert list(codes) == list("ABCDEFGH")
    assert codes["B"][:2] == ("B00", "B01")
    assert names["A01"]["en"] == "Food / drink"
