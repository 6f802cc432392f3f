"""What people tell with their answers: who comes with them, what they need, what is in the way, replies."""

import pytest

from flows.moves import Look
from flows.occasions.occasions import AnswerOccasion, Barrier, Need, One, Says
from flows.occasions.registration import Registration, RegistrationTexts, ReplyAtRegistration
from flows.occasions.wishes import DescribeBarrier, NameBarriers, NameGuests, NameNeeds
from storage.occasions.planned import Answer, OccasionReply
from tests.storage.plans import ask_at_registration, call_meeting, says
from tests.storage.town import Town

ADA, BEN = 4_000_000_001, 4_000_000_002


@pytest.fixture
async def meeting(town: Town) -> Town:
    """A meeting with two questions, for two people in Riverside."""
    await town.do(call_meeting, 1, now=town.now)
    await town.do(ask_at_registration, 1, 1, en="Do you eat with us?", fr="Mangez-vous avec nous ?")
    await town.do(ask_at_registration, 1, 2, lv="Vai nāksiet kājām?")
    await town.arrives(ADA)
    await town.arrives(BEN)
    return town


async def test_questions_are_asked_in_order_until_they_are_replied_to(meeting: Town) -> None:
    await says(meeting, ADA)
    assert await meeting.look(ADA, Registration, 1) == Registration((1, 2), ())
    texts = (await meeting.look(ADA, RegistrationTexts, 1)).by_number
    assert texts["1"] == {"en": "Do you eat with us?", "fr": "Mangez-vous avec nous ?"}

    await meeting.acts(ADA, ReplyAtRegistration(1, 2, "No"), ReplyAtRegistration(1, 2, "Yes"))

    assert await meeting.look(ADA, Registration, 1) == Registration((1, 2), (2,))
    assert [(row.number, row.text) for row in await meeting.rows(OccasionReply)] == [(2, "Yes")]


async def test_who_has_not_answered_replies_to_nothing_and_nobody_to_what_is_not_asked(meeting: Town) -> None:
    await says(meeting, ADA)

    await meeting.acts(BEN, ReplyAtRegistration(1, 1, "Yes"))
    await meeting.acts(ADA, ReplyAtRegistration(1, 3, "Yes"), ReplyAtRegistration(99, 1, "Yes"))

    assert await meeting.rows(OccasionReply) == []


async def test_every_date_of_a_series_asks_the_questions_of_the_first_one(meeting: Town) -> None:
    await meeting.do(call_meeting, 2, now=meeting.now, series=1)
    await says(meeting, ADA, of=2)

    await meeting.acts(ADA, ReplyAtRegistration(2, 1, "Yes"))

    assert await meeting.look(ADA, Registration, 2) == Registration((1, 2), (1,))
    assert await meeting.look(ADA, Registration, 1) == Registration((1, 2), ())


async def test_what_is_for_others_asks_nothing(meeting: Town) -> None:
    await meeting.do(call_meeting, 3, now=meeting.now, territory="montbell")
    await meeting.do(ask_at_registration, 3, 1, fr="Secret ?")

    assert await meeting.look(ADA, Registration, 3) == Registration((), ())
    assert (await meeting.look(ADA, RegistrationTexts, 3)).by_number == {}


async def test_guests_and_needs_stay_with_a_yes_and_go_with_a_no(meeting: Town) -> None:
    await says(meeting, ADA, party=2)
    await meeting.acts(ADA, NameGuests(1, "Anna"), NameNeeds(1, (Need.INTERPRETATION,), "fr"))

    await says(meeting, ADA, party=3)
    row = await meeting.row(Answer)
    assert (row.guests, row.needs, row.interpretation) == ("Anna", "interpretation", "fr")

    await says(meeting, ADA, party=1)
    row = await meeting.row(Answer)
    assert (row.guests, row.needs) == (None, "interpretation")

    await says(meeting, ADA, Says.NO)
    row = await meeting.row(Answer)
    assert (row.guests, row.needs, row.interpretation) == (None, "", None)


async def test_what_is_in_the_way_goes_with_any_other_answer(meeting: Town) -> None:
    await says(meeting, ADA, Says.CANNOT)
    barriers = (Barrier.TIME, Barrier.OTHER)
    _, _, known = await meeting.acts(
        ADA, NameBarriers(1, barriers), DescribeBarrier(1, "My shop"), Look(One, (1,))
    )
    assert known.occasion.own.barriers == barriers
    assert (await meeting.row(Answer)).barrier == "My shop"

    await meeting.acts(ADA, NameBarriers(1, (Barrier.TIME,)))
    assert (await meeting.row(Answer)).barrier is None

    await meeting.acts(ADA, DescribeBarrier(1, "My shop"), AnswerOccasion(1, Says.YES))
    row = await meeting.row(Answer)
    assert (row.barriers, row.barrier) == ("", None)


async def test_nobody_changes_what_somebody_else_has_told(meeting: Town) -> None:
    await says(meeting, ADA, party=2)

    await meeting.acts(BEN, NameGuests(1, "Nobody"), NameNeeds(1, (Need.ACCESS,)), DescribeBarrier(1, "No"))

    row = await meeting.row(Answer)
    assert (row.guests, row.needs, row.barrier) == (None, "", None)
