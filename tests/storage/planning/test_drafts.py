"""Drafts that nobody touches any more go with all that was written of them; what is worked on stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.actions.actions import Section
from flows.actions.gifts import Cause, Giving, Sake, Want
from flows.actions.pilots import DraftAction, PublishAction, Touch, WriteAction
from flows.announcements.steps import DraftAnnouncement, SetLink, WriteAnnouncement
from flows.moves import Effect
from flows.occasions.sheet import Part
from flows.people.roles import Role, Scope
from flows.planning.planning import AddPost, AskThem, Describe, DraftOccasion, Publish
from storage.actions.piloted import Action, ActionChange, ActionComponent, ActionText, Wanted
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText
from storage.occasions.planned import Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.people import retention
from tests.storage.town import NOON, Town

ADA = 4_000_000_001
RIVERSIDE = Scope("riverside")
MOMENT = timedelta(microseconds=1)
STARTS = datetime.fromisoformat("2026-03-12T18:00")
TABLES = (
    Occasion, OccasionText, OccasionQuestion, Post, PostText, Action, ActionText, ActionComponent,
    ActionChange, Wanted, Announcement, AnnouncementText, AnnouncementLink,
)  # fmt: skip


@pytest.fixture
async def desk(town: Town) -> Town:
    """Ada coordinates Riverside."""
    await town.arrives(ADA)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    return town


async def drafts(town: Town) -> tuple[int, int, int]:
    """An activity, an action and an announcement, none of them published, with all one can write of them."""
    draft = DraftOccasion(RIVERSIDE, "activity", STARTS, STARTS + timedelta(hours=2), "Europe/Riga")
    made = await town.acts(ADA, draft, DraftAction(RIVERSIDE), DraftAnnouncement(RIVERSIDE))
    activity, action, announcement = made[0].id, made[1], made[2]
    await town.acts(
        ADA,
        Describe(RIVERSIDE, activity, Part.TITLE, "en", "A club"),
        AddPost(RIVERSIDE, activity, "en", "Cook"),
        AskThem(RIVERSIDE, activity, 1, "en", "Do you eat with us?"),
        Want(RIVERSIDE, Cause(Sake.ACTIVITY, activity), Giving.TOOL, wanted=True),
        WriteAction(RIVERSIDE, action, Section.TITLE, "en", "A garden"),
        Touch(RIVERSIDE, action, "B01", touches=True),
        Want(RIVERSIDE, Cause(Sake.ACTION, action), Giving.TIME, wanted=True),
        WriteAnnouncement(RIVERSIDE, announcement, "en", "Come and see"),
        SetLink(RIVERSIDE, announcement, 1, "https://town.example"),
    )
    return activity, action, announcement


async def left(town: Town) -> set[str]:
    """Which tables of plans hold anything."""
    return {model.__name__ for model in TABLES if await town.rows(model)}


async def test_a_draft_that_nobody_touches_goes_after_ninety_days_with_every_word(desk: Town) -> None:
    await drafts(desk)
    everything = {model.__name__ for model in TABLES}

    await desk.do(retention.sweep, NOON + retention.DRAFT)
    assert await left(desk) == everything

    await desk.do(retention.sweep, NOON + retention.DRAFT + MOMENT)
    assert await left(desk) == set()


async def test_what_was_published_stays(desk: Town) -> None:
    activity, action, _ = await drafts(desk)
    await desk.acts(ADA, Publish(RIVERSIDE, activity), PublishAction(RIVERSIDE, action))

    await desk.do(retention.sweep, NOON + retention.DRAFT + MOMENT)

    assert {"Occasion", "PostText", "Action", "ActionText", "Wanted"} <= await left(desk)
    assert await desk.rows(Announcement) == []


@pytest.mark.parametrize("kind", ["words", "a post", "an action", "an announcement"])
async def test_whoever_works_on_a_draft_keeps_it(desk: Town, kind: str) -> None:
    activity, action, announcement = await drafts(desk)
    work: dict[str, tuple[Effect[Any], type[Any]]] = {
        "words": (Describe(RIVERSIDE, activity, Part.AGENDA, "en", "1. Hello"), Occasion),
        "a post": (AddPost(RIVERSIDE, activity, "en", "Host"), Occasion),
        "an action": (WriteAction(RIVERSIDE, action, Section.TITLE, "fr", "Un jardin"), Action),
        "an announcement": (WriteAnnouncement(RIVERSIDE, announcement, "fr", "Venez"), Announcement),
    }
    effect, model = work[kind]
    desk.later(days=60)

    await desk.acts(ADA, effect)

    await desk.do(retention.sweep, NOON + timedelta(days=150))
    assert [kept for kept in (Occasion, Action, Announcement) if await desk.rows(kept)] == [model]
    await desk.do(retention.sweep, NOON + timedelta(days=150) + MOMENT)
    assert await left(desk) == set()
