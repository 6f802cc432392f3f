"""Activities, as what something can be given for."""

from datetime import datetime, timedelta

import pytest

from flows.actions.gifts import (
    AnswerPlea,
    Asked,
    AskGiver,
    Cause,
    Causes,
    CauseTitles,
    Gifts,
    Give,
    Giving,
    OwnPleas,
    Sake,
    Want,
)
from flows.moves import Look
from flows.people.roles import Role, Scope
from flows.planning.needed import Needed
from flows.planning.planning import CopyOccasion, Discard
from flows.pushes.pushed import OF_GIFTS, Notice
from storage.actions.piloted import Wanted
from storage.pushes.pushing import claim
from tests.storage.activities import CLUB, call_activity, calls
from tests.storage.plans import change
from tests.storage.town import BOT, CONTEXT, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002
RIVERSIDE = Scope("riverside")
CAUSE = Cause(Sake.ACTIVITY, CLUB)


@pytest.fixture
async def club(town: Town) -> Town:
    """A weekly club of three dates, which Ada coordinates."""
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    await calls(town, dates=3)
    return town


async def said(town: Town) -> list[str]:
    """What is said of gifts at this moment."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now, most=100)
    return [item.kind for portion in portions for item in portion.said if item.kind in OF_GIFTS]


async def test_what_an_activity_needs_is_known_to_everybody_and_can_be_taken_out_again(club: Town) -> None:
    for giving in (Giving.SKILL, Giving.TOOL, Giving.SKILL):
        await club.acts(ADA, Want(RIVERSIDE, CAUSE, giving, wanted=True))
    assert (await club.look(BEN, Needed, CAUSE)).kinds == (Giving.TOOL, Giving.SKILL)

    await club.acts(ADA, Want(RIVERSIDE, CAUSE, Giving.TOOL, wanted=False))
    assert (await club.look(BEN, Needed, CAUSE)).kinds == (Giving.SKILL,)


async def test_a_series_is_one_cause_as_long_as_dates_are_to_come(club: Town) -> None:
    await club.do(call_activity, 20, now=club.now + timedelta(minutes=1), begins=timedelta(days=1))
    causes, titles = await club.acts(ADA, Look(Causes, (RIVERSIDE,)), Look(CauseTitles, (RIVERSIDE,)))
    assert causes.causes == (Cause(Sake.ACTIVITY, 20), CAUSE)
    assert titles.titles == ({"en": "Healthy Tuesday"},) * 2

    club.later(days=5, hours=2)  # the first date is over, and the other activity
    assert (await club.look(ADA, Causes, RIVERSIDE)).causes == (CAUSE,)
    club.later(days=14)
    assert (await club.look(ADA, Causes, RIVERSIDE)).causes == ()


async def test_what_was_offered_for_an_activity_or_is_of_a_kind_it_needs_is_wanted(club: Town) -> None:
    await club.acts(BEN, Give(Giving.ROOM, words("A garage"), CAUSE), Give(Giving.TIME, words("Tuesdays")))
    assert [gift.is_wanted for gift in (await club.look(ADA, Gifts, RIVERSIDE)).gifts] == [True, False]

    await club.acts(ADA, Want(RIVERSIDE, CAUSE, Giving.TIME, wanted=True))
    assert [gift.is_wanted for gift in (await club.look(ADA, Gifts, RIVERSIDE)).gifts] == [True, True]


async def test_a_giver_is_asked_for_an_activity_by_who_coordinates_it(club: Town) -> None:
    (gift,) = await club.acts(BEN, Give(Giving.SKILL, words("I can cook")))

    assert await club.acts(ADA, AskGiver(RIVERSIDE, gift, CAUSE, "May I call you?")) == [Asked.ASKED]

    assert [plea.gift for plea in (await club.look(BEN, OwnPleas)).pleas] == [gift]


async def test_a_giver_is_asked_for_a_series_as_long_as_one_of_its_dates_is_not_cancelled(club: Town) -> None:
    (gift,) = await club.acts(BEN, Give(Giving.SKILL, words("I can cook")))
    await club.acts(ADA, AskGiver(RIVERSIDE, gift, CAUSE, "May I call you?"))

    for date, pleas, told in ((1, 1, [Notice.PLEA]), (2, 1, [Notice.PLEA]), (3, 0, [])):
        await club.do(change, date, state="cancelled")
        assert len((await club.look(BEN, OwnPleas)).pleas) == pleas
        assert await said(club) == told


async def test_an_answer_is_told_only_to_who_may_still_read_it(club: Town) -> None:
    (gift,) = await club.acts(BEN, Give(Giving.SKILL, words("I can cook")))
    await club.acts(ADA, AskGiver(RIVERSIDE, gift, CAUSE, "May I call you?"))
    (plea,) = (await club.look(BEN, OwnPleas)).pleas
    await club.acts(BEN, AnswerPlea(plea.id, words("Ben, at the blue door")))
    assert await said(club) == [Notice.REPLY]

    await club.dismisses(ADA)

    assert await said(club) == []


async def test_what_a_draft_needs_is_thrown_away_with_it(club: Town) -> None:
    await club.do(call_activity, 20, now=club.now, state="draft")
    await club.acts(ADA, Want(RIVERSIDE, Cause(Sake.ACTIVITY, 20), Giving.TIME, wanted=True))
    assert len(await club.rows(Wanted)) == 1

    await club.acts(ADA, Discard(RIVERSIDE, 20))
    assert await club.rows(Wanted) == []


async def test_a_copy_of_a_date_needs_what_its_series_needs(club: Town) -> None:
    await club.acts(ADA, Want(RIVERSIDE, CAUSE, Giving.TOOL, wanted=True))
    await club.acts(ADA, Want(RIVERSIDE, CAUSE, Giving.SKILL, wanted=True))

    (copied,) = await club.acts(
        ADA, CopyOccasion(RIVERSIDE, CLUB + 1, datetime.fromisoformat("2025-06-01T10:00"))
    )

    assert (await club.look(BEN, Needed, Cause(Sake.ACTIVITY, copied.id))).kinds == (
        Giving.TOOL,
        Giving.SKILL,
    )


async def test_nothing_is_noted_for_what_lies_elsewhere_or_is_no_activity(club: Town) -> None:
    await club.do(change, 2, territory="montbell", series=None)
    await club.do(change, 3, sort="meeting", series=None)

    for id in (2, 3, 99):
        await club.acts(ADA, Want(RIVERSIDE, Cause(Sake.ACTIVITY, id), Giving.TIME, wanted=True))

    assert await club.rows(Wanted) == []
