"""An inquiry is taken by one at a time, decided under its lock; it is handed over, given back, closed."""

import asyncio

import pytest

from flows.inquiries.inquiries import (
    SHOWN,
    AnswerInquiry,
    CloseInquiry,
    Exchange,
    HandOver,
    Inquiries,
    InquiryWords,
    SayMore,
    State,
    TakeInquiry,
    Taken,
)
from flows.people.roles import NotAllowed, Role, Scope
from flows.people.team import Team, WithdrawRole
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryTaken
from tests.storage.inquirers import (
    ADA,
    BEN,
    CLEO,
    DAN,
    MONTBELL,
    RIVERSIDE,
    answers,
    asks,
    read,
    settled,
    takes,
    told,
)
from tests.storage.town import Town, words

EVA = 4_000_000_005


@pytest.fixture
async def village(town: Town) -> Town:
    """Ada and Cleo coordinate Riverside; Ben lives there; Dan coordinates Montbell."""
    await settled(town)
    return town


async def listed(town: Town, telegram: int = ADA) -> list[tuple[int, State, bool]]:
    """What somebody sees on the desk."""
    there = await town.look(telegram, Inquiries, RIVERSIDE)
    return [(one.id, one.state, one.is_mine) for one in there.inquiries]


async def role_of(town: Town, telegram: int) -> int:
    """The id of somebody's role in Riverside."""
    members = (await town.look(telegram, Team, RIVERSIDE)).members
    return int(next(member.id for member in members if member.is_me))


async def test_of_several_who_take_it_at_once_exactly_one_has_it(village: Town) -> None:
    inquiry = await asks(village)

    came = await asyncio.gather(*(takes(village, inquiry, who=who) for who in (ADA, CLEO) * 4))

    assert came.count(Taken.TAKEN) == 1
    winner = (await village.row(InquiryTaken)).citizen_id
    for who, result in zip((ADA, CLEO) * 4, came, strict=True):
        mine = (await village.person(who)).citizen == winner
        assert result in ((Taken.TAKEN, Taken.MINE) if mine else (Taken.OTHERS,))


async def test_the_others_learn_by_name_who_has_it(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)

    assert await takes(village, inquiry, who=CLEO) is Taken.OTHERS
    assert (await village.look(CLEO, InquiryWords, RIVERSIDE)).names == {str(inquiry): "Ada"}
    assert (await village.look(CLEO, Exchange, RIVERSIDE, inquiry)).name == "Ada"
    assert await listed(village, CLEO) == [(inquiry, State.TAKEN, False)]
    assert await listed(village, ADA) == [(inquiry, State.TAKEN, True)]


async def test_what_waits_longest_stands_first_and_what_is_answered_last(village: Town) -> None:
    first = await asks(village, "First")
    village.later(minutes=1)
    second = await asks(village, "Second")
    assert [id for id, *_ in await listed(village)] == [first, second]

    await takes(village, first)
    await answers(village, first, "Here")

    assert [id for id, *_ in await listed(village)] == [second, first]


async def test_only_who_has_taken_it_answers_hands_it_over_or_closes_it(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)

    done = await village.acts(
        CLEO,
        AnswerInquiry(RIVERSIDE, inquiry, words("Mine!")),
        CloseInquiry(RIVERSIDE, inquiry),
        HandOver(RIVERSIDE, inquiry, to=None),
    )

    assert done == ["gone", "gone", False]
    assert len(await village.rows(InquiryMessage)) == 1


async def test_nobody_takes_or_reads_what_was_asked_elsewhere(village: Town) -> None:
    inquiry = await asks(village)

    with pytest.raises(NotAllowed):
        await village.acts(DAN, TakeInquiry(RIVERSIDE, inquiry))
    with pytest.raises(NotAllowed):
        await village.look(BEN, Exchange, RIVERSIDE, inquiry)
    assert await village.acts(DAN, TakeInquiry(MONTBELL, inquiry)) == [Taken.GONE]
    assert (await village.look(DAN, Exchange, MONTBELL, inquiry)).lines == ()
    assert (await village.look(DAN, InquiryWords, MONTBELL)).texts == {}


async def test_who_takes_it_in_a_room_gets_the_words_in_private(village: Town) -> None:
    inquiry = await asks(village)
    await told(village)

    await village.acts(ADA, TakeInquiry(RIVERSIDE, inquiry, elsewhere=True))

    assert await told(village) == {ADA: ["inquiry_handed", "Where do I find help?"]}


async def test_who_takes_it_at_the_desk_gets_more_words_than_stand_there_in_private(village: Town) -> None:
    inquiry = await asks(village)
    more = [f"Part {number}" for number in range(SHOWN)]
    for text in more:
        village.later(seconds=1)
        await village.acts(BEN, SayMore(inquiry, words(text)))
    await told(village)

    await takes(village, inquiry)

    assert await told(village) == {ADA: ["inquiry_handed", "Where do I find help?", *more]}


async def test_whoever_gets_it_from_a_colleague_is_told_and_answers(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await told(village)

    assert await village.acts(ADA, HandOver(RIVERSIDE, inquiry, await role_of(village, CLEO))) == [True]

    assert (await told(village))[CLEO][0] == "inquiry_handed"
    assert await answers(village, inquiry, "Mine?") == "gone"
    assert await answers(village, inquiry, "Here I am", who=CLEO) == "passed"
    assert [row.name for row in await village.rows(InquiryMessage) if row.name] == ["Cleo"]


async def test_who_takes_it_over_at_night_waits_for_nothing_they_have_written(village: Town) -> None:
    village.later(hours=10)
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "At the town hall")
    await village.acts(ADA, HandOver(RIVERSIDE, inquiry, await role_of(village, CLEO)))
    await village.acts(BEN, SayMore(inquiry, words("When?")))

    assert await told(village) == {BEN: ["inquiry_words", "At the town hall"]}


async def test_given_back_to_all_it_is_free_again(village: Town) -> None:
    inquiry = await asks(village)
    await told(village)
    await takes(village, inquiry)
    village.later(minutes=5)

    assert await village.acts(ADA, HandOver(RIVERSIDE, inquiry, to=None)) == [True]

    assert await listed(village) == [(inquiry, State.WAITING, False)]
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert await takes(village, inquiry, who=CLEO) is Taken.TAKEN


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PANEL])
async def test_nobody_gets_it_who_may_not_answer(village: Town, role: Role) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await village.arrives(EVA)
    group = "youth" if role is Role.FACILITATOR else None
    id = await village.appoints(EVA, role, Scope("riverside", group), name="Eva")

    assert await village.acts(ADA, HandOver(RIVERSIDE, inquiry, id)) == [False]
    assert await listed(village) == [(inquiry, State.TAKEN, True)]


async def test_nobody_gets_it_whose_role_has_ended_or_is_elsewhere(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    gone, dans = await role_of(village, CLEO), (await village.look(DAN, Team, MONTBELL)).members[0].id
    await village.acts(ADA, WithdrawRole(RIVERSIDE, gone))

    assert await village.acts(ADA, HandOver(RIVERSIDE, inquiry, gone)) == [False]
    assert await village.acts(ADA, HandOver(RIVERSIDE, inquiry, int(dans))) == [False]


async def test_what_somebody_had_who_lost_their_role_can_be_taken_at_once(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await village.acts(CLEO, WithdrawRole(RIVERSIDE, await role_of(village, ADA)))

    assert await takes(village, inquiry, who=CLEO) is Taken.TAKEN


async def test_a_last_word_closes_it_and_reaches_who_asked(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)

    assert await answers(village, inquiry, "Goodbye", last=True) == "passed"

    assert await listed(village) == []
    assert (await told(village))[BEN] == ["inquiry_words", "Goodbye"]
    assert await read(village, inquiry, who=ADA) == []


async def test_closed_without_a_word_who_asked_is_told(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)

    assert await village.acts(ADA, CloseInquiry(RIVERSIDE, inquiry)) == ["passed"]

    assert (await told(village))[BEN] == ["inquiry_ended"]
    assert (await village.row(Inquiry)).closed_at == village.now


async def test_a_citizen_and_a_coordinator_who_write_at_once_lose_nothing(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)

    await asyncio.gather(
        *(village.acts(BEN, SayMore(inquiry, words(f"Question {n}"))) for n in range(5)),
        *(answers(village, inquiry, f"Answer {n}") for n in range(5)),
    )

    assert len(await village.rows(InquiryMessage)) == 11
