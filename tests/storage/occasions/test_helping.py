"""What people report of activities, and what is told of all together."""

import pytest

from flows.moves import Look
from flows.occasions.afterwards import About, RemarkOn, WithdrawEvaluation
from flows.occasions.helping import Helped, ReportDone
from flows.occasions.my_meetings import OwnNotes
from flows.people.person import Forget
from flows.people.roles import Role, Scope
from flows.planning.responses import AttendanceWords
from storage.occasions.attended import Remark
from storage.occasions.helped import Tally
from storage.occasions.planned import Answer
from tests.storage.activities import CLUB, HOST, calls, take
from tests.storage.plans import change
from tests.storage.town import Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002
HELPERS = range(4_100_000_000, 4_100_000_012)


@pytest.fixture
async def club(town: Town) -> Town:
    """A weekly club of three dates for a cook and many hosts; Ada is one of these at the first."""
    await town.arrives(ADA)
    await calls(town, dates=3, posts={"Cook": 1, "Host": None}, minutes=90)
    await town.acts(ADA, take(HOST))
    return town


async def helps(town: Town, telegram: int, occasion: int = CLUB) -> None:
    """A person who takes part takes a post."""
    await town.arrives(telegram)
    await town.acts(telegram, take(HOST, occasion))


async def test_hours_are_kept_with_the_answer_and_can_be_changed(club: Town) -> None:
    club.later(days=5, hours=3)

    assert await club.acts(ADA, Look(Helped, (CLUB,))) == [Helped(90)]
    assert await club.acts(ADA, ReportDone(CLUB, 120)) == [True]
    assert await club.acts(ADA, ReportDone(CLUB, 45), Look(Helped, (CLUB,))) == [True, Helped(90, 45)]

    row = await club.row(Answer)
    assert (row.minutes, row.was_there, row.tally) == (45, True, None)


async def test_who_was_not_there_says_so(club: Town) -> None:
    club.later(days=5, hours=3)
    await club.acts(ADA, ReportDone(CLUB, 0))

    row = await club.row(Answer)
    assert (row.minutes, row.was_there) == (0, False)


async def test_a_persons_hours_are_added_up_over_all_dates(club: Town) -> None:
    await club.acts(ADA, take(HOST, occasion=2))
    club.later(days=5, hours=3)
    await club.acts(ADA, ReportDone(CLUB, 60))
    club.later(days=7)
    await club.acts(ADA, ReportDone(2, 90))

    assert (await club.look(ADA, Helped, 2)).minutes == 150


async def test_nothing_can_be_reported_before_it_begins_after_two_weeks_or_without_a_post(club: Town) -> None:
    await club.arrives(BEN)
    tell = (ReportDone(CLUB, 60), Look(Helped, (CLUB,)))
    nothing = [False, Helped(None)]

    assert await club.acts(ADA, *tell) == nothing
    club.later(days=5, hours=3)
    assert await club.acts(BEN, *tell) == nothing
    club.later(days=14)
    assert await club.acts(ADA, *tell) == nothing


async def test_nothing_can_be_reported_of_what_was_cancelled(club: Town) -> None:
    await club.do(change, CLUB, state="cancelled")
    club.later(days=5, hours=3)

    assert await club.acts(ADA, ReportDone(CLUB, 60), Look(Helped, (CLUB,))) == [False, Helped(None)]


async def test_figures_of_all_are_told_from_ten_people_on_and_grow_only_by_ten_more(club: Town) -> None:
    first, rest = HELPERS[:9], HELPERS[9:]
    for telegram in HELPERS:
        await helps(club, telegram)
    club.later(days=5, hours=3)
    for telegram in first:
        await club.acts(telegram, ReportDone(CLUB, 60))
    assert (await club.look(ADA, Helped, CLUB)).times == 0

    await club.acts(ADA, ReportDone(CLUB, 120))
    assert await club.look(ADA, Helped, CLUB) == Helped(90, 120, times=10, all_minutes=660)

    for telegram in rest:
        await club.acts(telegram, ReportDone(CLUB, 600))
    await club.acts(ADA, ReportDone(CLUB, 15))
    assert await club.look(ADA, Helped, CLUB) == Helped(90, 15, times=10, all_minutes=660)


async def test_reports_of_few_people_at_many_dates_are_not_told_either(club: Town) -> None:
    for occasion in (1, 2, 3):
        for telegram in HELPERS[:4]:
            await helps(club, telegram, occasion)
    for occasion in (1, 2, 3):
        club.later(days=5 if occasion == 1 else 7, hours=3 if occasion == 1 else 0)
        for telegram in HELPERS[:4]:
            await club.acts(telegram, ReportDone(occasion, 60))

    assert await club.rows(Tally) == []


async def test_figures_stay_when_somebody_is_erased(club: Town) -> None:
    for telegram in HELPERS:
        await helps(club, telegram)
    club.later(days=5, hours=3)
    for telegram in HELPERS[:10]:
        await club.acts(telegram, ReportDone(CLUB, 60))
    await club.acts(HELPERS[0], Forget())

    assert (await club.look(ADA, Helped, CLUB)).times == 10


async def test_who_has_told_their_hours_can_say_how_it_went_and_see_and_delete_that(club: Town) -> None:
    """Who coordinates reads it, too, without knowing whose it is."""
    sentence = RemarkOn(CLUB, About.HELPING, words("Twelve people ate together"))
    club.later(days=5, hours=3)
    await club.acts(ADA, sentence)
    assert await club.rows(Remark) == []

    await club.acts(ADA, ReportDone(CLUB, 75), sentence)
    notes = await club.look(ADA, OwnNotes, CLUB)
    assert (notes.helping, notes.minutes) == ("Twelve people ate together", 75)
    await club.arrives(BEN)
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))
    seen = await club.look(BEN, AttendanceWords, Scope("riverside"), CLUB)
    assert seen.told == {About.HELPING: ("Twelve people ate together",)}

    await club.acts(ADA, WithdrawEvaluation(CLUB))
    assert await club.rows(Remark) == []
