"""How many people an announcement would reach: never so that two looks together tell of a few."""

from datetime import timedelta
from typing import Final

import pytest

from flows.announcements.announcement import Aim, By, Figures, OneAnnouncement, Reached, Stage
from flows.announcements.letter import TapInterest
from flows.announcements.steps import Came, ConfirmAnnouncement
from flows.people.person import SpeakLanguage, StopPushes
from flows.people.roles import Role, Scope
from storage.announcements import counts
from tests.storage import sent
from tests.storage.town import Town

RIVERSIDE: Final = Scope("riverside")
BOSS: Final = 100


@pytest.fixture
async def crowded(town: Town) -> Town:
    """Thirteen people take part in Riverside, one of them reads French; one of the others coordinates."""
    for telegram in range(1, 13):
        await town.arrives(telegram)
    await town.arrives(BOSS)
    await town.appoints(BOSS, Role.TERRITORY, RIVERSIDE)
    await town.acts(1, SpeakLanguage("fr"))
    for id, aims in ((5, ()), (6, (Aim(By.LANGUAGE, "fr", out=True),))):
        await town.do(sent.announce, id, now=town.now, text={"en": "Come"}, aims=aims)
    return town


async def reached(town: Town, id: int) -> Reached:
    """What the coordinator is told of an announcement."""
    found: Reached = await town.look(BOSS, Reached, RIVERSIDE, id)
    return found


async def test_how_many_read_a_rare_language_is_not_told_by_leaving_them_out(crowded: Town) -> None:
    assert (await reached(crowded, 5)).all == 13

    assert (await reached(crowded, 6)).all == 13, "as if the one were in it: a gap would tell, too"


async def test_who_looks_first_at_the_others_is_not_told_of_all(crowded: Town) -> None:
    assert (await reached(crowded, 6)).all == 12

    assert (await reached(crowded, 5)).all == 12


@pytest.mark.parametrize("wants", [True, False])
async def test_whether_one_person_can_be_reached_is_not_told_by_two_audiences(
    crowded: Town, wants: bool
) -> None:
    """The one who reads French is in one of them and not in the other."""
    if not wants:
        await crowded.acts(1, StopPushes())

    with_them, without = await reached(crowded, 5), await reached(crowded, 6)

    assert with_them == without
    assert with_them.left_out == {}


async def test_who_has_just_arrived_is_not_told_by_looking_again(crowded: Town) -> None:
    before = await reached(crowded, 5)
    crowded.now += timedelta(days=1)
    await crowded.arrives(50)

    assert (await reached(crowded, 5)).all == before.all == 13

    for telegram in range(51, 61):
        await crowded.arrives(telegram)
    assert (await reached(crowded, 5)).all == 24


async def test_an_audience_of_many_is_known_roughly_whatever_was_asked_before(crowded: Town) -> None:
    """Figures of parts that cut across one another; there is no exact one left to give."""
    for telegram in range(13, 41):
        await crowded.arrives(telegram, group="elders" if telegram % 2 else "youth")
    for id, aims in ((7, (Aim(By.GROUP, "elders"),)), (8, (Aim(By.GROUP, "youth"),))):
        await crowded.do(sent.announce, id, now=crowded.now, text={"en": "Come"}, aims=aims)
    assert [(await reached(crowded, id)).all for id in (7, 8, 5)] == [14, 27, 41]
    for telegram in (*range(2, 8), *range(13, 27, 2)):
        await crowded.acts(telegram, StopPushes())

    found = await reached(crowded, 5)

    assert found.all == 30, "27 or 28 of 41, and six or seven too few in each group to be told apart"
    assert found.left_out == {"stopped": 10}


async def reported(town: Town, id: int, *telegrams: int, tapped: int = 0) -> Figures:
    """The report of an announcement that those people got; the first of them are interested."""
    citizens = [(await town.person(telegram)).citizen for telegram in telegrams]
    over = {"stage": Stage.SENT, "begun_at": town.now, "ended_at": town.now, "found": len(citizens)}
    await town.do(sent.announce, id, now=town.now, text={"en": "Come"}, **over)
    await town.do(sent.delivered, id, citizens, town.now, tapped=tapped)
    found: OneAnnouncement = await town.look(BOSS, OneAnnouncement, RIVERSIDE, id)
    assert found.announcement is not None
    return found.announcement.figures


async def test_two_reports_do_not_tell_whether_one_person_got_it(crowded: Town) -> None:
    with_them = await reported(crowded, 21, *range(1, 13), tapped=11)
    without = await reported(crowded, 22, *range(2, 13), tapped=11)

    assert with_them == without == Figures(all=12, delivered=12, tapped=11)


async def test_a_report_and_a_preview_do_not_tell_it_either(crowded: Town) -> None:
    assert (await reached(crowded, 5)).all == 13

    assert (await reported(crowded, 21, *range(2, 13), BOSS)).delivered == 13


async def test_of_fewer_than_ten_a_report_tells_nothing(crowded: Town) -> None:
    assert await reported(crowded, 21, *range(1, 10), tapped=9) == Figures()


async def test_one_more_who_is_interested_is_not_told(crowded: Town) -> None:
    before = await reported(crowded, 21, *range(1, 13), tapped=10)
    await crowded.acts(12, TapInterest(21))

    found: OneAnnouncement = await crowded.look(BOSS, OneAnnouncement, RIVERSIDE, 21)

    assert found.announcement is not None
    assert found.announcement.figures == before
    assert before.tapped == 10


async def test_a_report_that_is_read_again_is_not_counted_anew(
    crowded: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await reported(crowded, 21, *range(1, 13), tapped=11)
    monkeypatch.setattr(counts, "nearest", _nobody_counts)

    found: OneAnnouncement = await crowded.look(BOSS, OneAnnouncement, RIVERSIDE, 21)

    assert found.announcement is not None
    assert found.announcement.figures == before


def _nobody_counts(*_: object) -> dict[str, int]:
    raise AssertionError("it was counted before")


async def test_a_report_tells_of_newcomers_and_of_who_is_interested_since(crowded: Town) -> None:
    before = await reported(crowded, 21, *range(1, 13))
    for telegram in range(61, 81):
        await crowded.arrives(telegram)
    citizens = [(await crowded.person(telegram)).citizen for telegram in range(61, 81)]
    await crowded.do(sent.delivered, 21, citizens, crowded.now, tapped=12)

    found: OneAnnouncement = await crowded.look(BOSS, OneAnnouncement, RIVERSIDE, 21)

    assert before == Figures(all=12, delivered=12)
    assert found.announcement is not None
    assert found.announcement.figures == Figures(all=32, delivered=32, tapped=12)


async def test_while_it_is_sent_figures_are_told_in_hundreds(crowded: Town) -> None:
    under_way = {"stage": Stage.SENDING, "begun_at": crowded.now, "found": 12}
    await crowded.do(sent.announce, 21, now=crowded.now, text={"en": "Come"}, **under_way)
    citizens = [(await crowded.person(telegram)).citizen for telegram in range(1, 13)]
    await crowded.do(sent.delivered, 21, citizens, crowded.now)

    found: OneAnnouncement = await crowded.look(BOSS, OneAnnouncement, RIVERSIDE, 21)

    assert found.announcement is not None
    assert found.announcement.figures == Figures()


async def test_whether_the_only_one_meant_wants_it_is_not_told_by_confirming(crowded: Town) -> None:
    only = (Aim(By.LANGUAGE, "fr"),)
    for id, stops in ((31, False), (32, True)):
        draft = {"stage": Stage.DRAFT, "begins_at": None, "confirmed_at": None}
        await crowded.do(sent.announce, id, now=crowded.now, text={"en": "Come"}, aims=only, **draft)
        if stops:
            await crowded.acts(1, StopPushes())

        assert await crowded.acts(BOSS, ConfirmAnnouncement(RIVERSIDE, id)) == [Came.DONE]
