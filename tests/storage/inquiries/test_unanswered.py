"""An inquiry without an answer is brought up again, by office hours; none is lost or ends silently."""

from datetime import datetime

import pytest

from flows.inquiries.inquiries import OwnInquiries, SayMore, State, Taken
from flows.people.person import BeReachable, Forget, StopPushes
from flows.people.team import Team, WithdrawRole
from storage.inquiries import unanswered
from storage.inquiries.inquired import Inquiry, InquiryTaken
from tests.storage.inquirers import ADA, BEN, CLEO, RIVERSIDE, answers, asks, settled, takes, told
from tests.storage.town import CONTEXT, Town, words


@pytest.fixture
async def village(town: Town) -> Town:
    """Ada and Cleo coordinate Riverside, where it is Monday noon; Ben lives there."""
    await settled(town)
    town.now = at("2025-03-10 10:00")
    return town


def at(written: str) -> datetime:
    """A moment, by the clocks of UTC; those of Riverside are two hours ahead, its office opens at 7."""
    return datetime.fromisoformat(f"{written}+00:00")


async def ticks(town: Town, when: str) -> dict[int, list[str]]:
    """What is said at a moment, and what the ticker does before."""
    town.now = at(when)
    if await town.database.read(lambda connection: unanswered.is_anything_due(connection, town.now)):
        await town.do(unanswered.watch, CONTEXT, town.now)
    return await told(town)


async def state(town: Town) -> State:
    """Where the one inquiry stands, as who asked sees it."""
    (own,) = (await town.look(BEN, OwnInquiries)).inquiries
    return State(own.state)


async def test_what_nobody_takes_is_brought_up_twice_then_who_asked_is_told(village: Town) -> None:
    await asks(village)
    everybody = {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert await told(village) == everybody

    assert await ticks(village, "2025-03-10 13:59") == {}
    assert await ticks(village, "2025-03-10 14:00") == everybody
    assert await ticks(village, "2025-03-11 09:59") == {}
    assert await ticks(village, "2025-03-11 10:00") == everybody
    assert await ticks(village, "2025-03-12 09:59") == {}
    assert await ticks(village, "2025-03-12 10:00") == {BEN: ["inquiry_unanswered"]}
    assert await ticks(village, "2025-12-01 10:00") == {}
    assert (await village.row(Inquiry)).closed_at is None


async def test_what_is_asked_at_night_is_told_at_once_and_counts_from_the_morning(village: Town) -> None:
    village.now = at("2025-03-14 16:30")
    await asks(village)

    assert await ticks(village, "2025-03-17 10:59") == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert await ticks(village, "2025-03-17 11:00") == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_whoever_has_it_is_reminded_and_then_it_is_everybodys_again(village: Town) -> None:
    await takes(village, await asks(village))
    await told(village)

    assert await ticks(village, "2025-03-10 14:00") == {ADA: ["inquiry"]}
    assert await ticks(village, "2025-03-11 10:00") == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert await village.rows(InquiryTaken) == []
    assert await ticks(village, "2025-03-12 10:00") == {BEN: ["inquiry_unanswered"]}


async def test_an_answer_ends_the_waiting_and_new_words_begin_it_anew(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "Here")
    await told(village)
    assert await ticks(village, "2025-03-13 10:00") == {}

    await village.acts(BEN, SayMore(inquiry, words("And there?")))
    await told(village)

    assert await ticks(village, "2025-03-13 14:00") == {ADA: ["inquiry"]}


async def test_more_words_do_not_begin_the_waiting_anew(village: Town) -> None:
    inquiry = await asks(village)
    await told(village)
    village.now = at("2025-03-10 13:00")

    await village.acts(BEN, SayMore(inquiry, words("Hello?")))

    assert await ticks(village, "2025-03-10 14:00") == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_what_was_answered_closes_after_a_month_of_silence_and_who_asked_is_told(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "Here")
    await told(village)

    assert await ticks(village, "2025-04-09 09:59") == {}
    assert await ticks(village, "2025-04-09 10:00") == {BEN: ["inquiry_ended"]}
    assert await state(village) is State.CLOSED


@pytest.mark.parametrize("leaves", [StopPushes(), BeReachable(False), Forget(), "loses the role"])
async def test_what_somebody_had_who_leaves_goes_back_to_the_others(
    village: Town, leaves: StopPushes | BeReachable | Forget | str
) -> None:
    await takes(village, await asks(village))
    await told(village)
    village.now = at("2025-03-10 10:30")
    if isinstance(leaves, str):
        members = (await village.look(ADA, Team, RIVERSIDE)).members
        mine = next(member.id for member in members if member.is_me)
        await village.acts(CLEO, WithdrawRole(RIVERSIDE, mine))
    else:
        await village.acts(ADA, leaves)

    assert (await ticks_of_cleo(village))[CLEO] == ["inquiry"]
    assert await state(village) is State.WAITING


async def ticks_of_cleo(town: Town) -> dict[int, list[str]]:
    """What is said now; who is erased is a stranger then."""
    if await town.database.read(lambda connection: unanswered.is_anything_due(connection, town.now)):
        await town.do(unanswered.watch, CONTEXT, town.now)
    return await told(town)


async def test_who_stopped_everything_and_then_takes_one_keeps_it(village: Town) -> None:
    await village.acts(ADA, StopPushes())
    village.now = at("2025-03-10 10:30")
    inquiry = await asks(village)

    assert await takes(village, inquiry) is Taken.TAKEN
    await village.acts(BEN, SayMore(inquiry, words("Hello?")))

    assert (await ticks(village, "2025-03-10 11:00"))[ADA] == ["inquiry_words", "Hello?"]
    assert await state(village) is State.TAKEN


async def test_two_tickers_at_once_bring_it_up_once(village: Town) -> None:
    await asks(village)
    await told(village)
    village.now = at("2025-03-10 14:00")

    for _ in range(2):
        await village.do(unanswered.watch, CONTEXT, village.now)

    assert (await village.row(Inquiry)).brought_up == 1


async def test_where_the_file_of_a_place_is_gone_the_usual_hours_count(village: Town) -> None:
    assert unanswered.office_of(CONTEXT, "atlantis")[1] == "UTC"
    assert unanswered.waits(CONTEXT, "atlantis", at("2025-03-10 10:00"))["look_at"] == at("2025-03-10 14:00")
