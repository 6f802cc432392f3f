"""What a citizen asks a person is kept, shown to them, passed on, closed, opened again, and deleted."""

from datetime import datetime, timedelta

import pytest

from flows.inquiries.inquiries import (
    AskPerson,
    CloseOwn,
    Office,
    OwnExchange,
    OwnFirstWords,
    OwnInquiries,
    Reopen,
    SayMore,
    State,
    Whose,
    WithdrawInquiry,
)
from flows.people.own_data import OwnData
from flows.people.person import BeReachable, Forget, GiveConsent, Purpose, StopPushes
from flows.people.roles import EVERYWHERE, Role
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryTaken
from storage.people import retention
from storage.tables import Audit
from tests.storage.inquirers import (
    ADA,
    BEN,
    CLEO,
    DAN,
    answers,
    asks,
    read,
    settled,
    takes,
    told,
)
from tests.storage.town import Town, words


@pytest.fixture
async def village(town: Town) -> Town:
    """Ada and Cleo coordinate Riverside; Ben lives there; Dan coordinates Montbell."""
    await settled(town)
    return town


async def test_those_who_coordinate_the_place_are_told_and_nobody_else(village: Town) -> None:
    await asks(village)

    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_where_nobody_coordinates_a_place_those_of_the_network_are_told(town: Town) -> None:
    await town.arrives(BEN)
    for telegram in (ADA, CLEO, DAN):
        await town.arrives(telegram, territory="montbell", group=None)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE, name="Ada")

    await asks(town)

    assert await told(town) == {ADA: ["inquiry"]}


async def test_where_nobody_who_coordinates_a_place_can_be_told_those_of_the_network_are(
    village: Town,
) -> None:
    await village.appoints(DAN, Role.NETWORK, EVERYWHERE, name="Dan")
    await village.acts(ADA, BeReachable(False))
    await village.acts(CLEO, StopPushes())

    await asks(village)

    assert await told(village) == {DAN: ["inquiry"]}


async def test_what_both_write_is_read_by_the_other_once(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    assert await told(village) == {}

    await answers(village, inquiry, "At the town hall")
    await village.acts(BEN, SayMore(inquiry, words("When?")))
    assert await told(village) == {
        ADA: ["inquiry_words", "When?"],
        BEN: ["inquiry_words", "At the town hall"],
    }

    village.later(minutes=1)
    await answers(village, inquiry, "On Mondays")
    assert await told(village) == {BEN: ["inquiry_words", "On Mondays"]}
    assert await told(village) == {}
    expected = ["Where do I find help?", "At the town hall", "When?", "On Mondays"]
    assert sorted(await read(village, inquiry, who=BEN)) == sorted(expected)
    assert sorted(await read(village, inquiry, who=ADA)) == sorted(expected)


async def test_at_night_only_who_has_just_written_hears_the_other(village: Town) -> None:
    village.later(hours=10)  # it is midnight in Riga
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "At the town hall")
    assert await told(village) == {BEN: ["inquiry_words", "At the town hall"]}

    village.later(minutes=61)
    await answers(village, inquiry, "On Mondays")
    await village.acts(BEN, SayMore(inquiry, words("When?")))
    assert await told(village) == {
        ADA: ["inquiry_words", "When?"],
        BEN: ["inquiry_words", "On Mondays"],
    }

    village.later(minutes=61)
    await village.acts(BEN, SayMore(inquiry, words("Thank you")))
    assert await told(village) == {}
    village.later(hours=6)
    assert (await told(village))[ADA] == ["inquiry_words", "Thank you"]


async def test_several_messages_before_the_next_tick_come_as_one(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    for number in range(3):
        village.later(seconds=1)
        await answers(village, inquiry, f"Part {number}")

    assert await told(village) == {BEN: ["inquiry_words", "Part 0", "Part 1", "Part 2"]}


async def test_nobody_has_more_than_three_open_inquiries(village: Town) -> None:
    open_ones = [await asks(village, f"Question {number}") for number in range(3)]

    assert await village.acts(BEN, AskPerson(words("One more"), translate=False)) == [None]
    assert (await village.look(BEN, Office)).left == 0
    await village.acts(BEN, CloseOwn(open_ones[0]))
    assert (await village.look(BEN, Office)).left == 1
    assert await village.acts(BEN, AskPerson(words("Instead"), translate=False)) != [None]
    assert await village.acts(BEN, Reopen(open_ones[0])) == [False]


async def test_who_has_not_arrived_asks_nobody(town: Town) -> None:
    await town.comes(BEN)

    assert await town.acts(BEN, AskPerson(words("Hello?"), translate=False)) == [None]
    assert await town.rows(Inquiry) == []


async def test_one_can_open_an_inquiry_again_for_a_week(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await village.acts(BEN, CloseOwn(inquiry))
    assert await told(village) == {ADA: ["inquiry_ended"]}
    assert await village.acts(BEN, SayMore(inquiry, words("Still there?"))) == [False]

    village.later(days=6, hours=23)
    assert await village.acts(BEN, Reopen(inquiry)) == [True]
    assert await told(village) == {ADA: ["inquiry_handed"]}
    await village.acts(BEN, CloseOwn(inquiry))
    village.later(days=7)
    (own,) = (await village.look(BEN, OwnInquiries)).inquiries
    assert (own.state, own.reopens_until) == (State.CLOSED, None)
    assert await village.acts(BEN, Reopen(inquiry)) == [False]


async def test_an_inquiry_that_nobody_had_is_seen_by_all_again_when_it_is_opened_again(village: Town) -> None:
    inquiry = await asks(village)
    await told(village)
    await village.acts(BEN, CloseOwn(inquiry))
    village.later(hours=1)

    await village.acts(BEN, Reopen(inquiry))

    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_what_is_withdrawn_is_gone_for_both(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "At the town hall")

    await village.acts(BEN, WithdrawInquiry(inquiry))

    for model in (Inquiry, InquiryMessage, InquiryTaken):
        assert await village.rows(model) == []
    assert await told(village) == {}
    assert await read(village, inquiry, who=ADA) == await read(village, inquiry, who=BEN) == []
    assert await village.look(ADA, Whose, inquiry) == Whose()


async def test_nobody_touches_the_inquiry_of_somebody_else(village: Town) -> None:
    inquiry = await asks(village)
    before = await village.rows(Inquiry)

    done = await village.acts(
        CLEO,
        SayMore(inquiry, words("Me, too")),
        CloseOwn(inquiry),
        WithdrawInquiry(inquiry),
        Reopen(inquiry),
    )

    assert done == [False, None, None, False]
    assert await village.rows(Inquiry) == before
    assert (await village.look(CLEO, OwnExchange, inquiry)).lines == ()
    assert (await village.look(CLEO, OwnFirstWords)).texts == {}


async def test_an_answer_reaches_who_had_stopped_everything_before_they_asked(village: Town) -> None:
    await village.acts(BEN, StopPushes())
    village.later(minutes=1)
    inquiry = await asks(village)
    await takes(village, inquiry)

    await answers(village, inquiry, "At the town hall")

    assert (await told(village))[BEN] == ["inquiry_words", "At the town hall"]


@pytest.mark.parametrize("leaves", [StopPushes(), BeReachable(False)])
async def test_who_leaves_after_they_asked_is_not_told_and_finds_the_answer_later(
    village: Town, leaves: StopPushes | BeReachable
) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    village.later(minutes=1)
    await village.acts(BEN, leaves)

    assert await answers(village, inquiry, "At the town hall") == "kept"

    assert BEN not in await told(village)
    assert await read(village, inquiry, who=BEN) == ["Where do I find help?", "At the town hall"]


async def test_words_that_nobody_could_be_told_come_when_they_write_again(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    village.later(minutes=1)
    await village.acts(BEN, StopPushes())
    await answers(village, inquiry, "At the town hall")
    await told(village)

    village.later(days=1)
    await village.acts(BEN, GiveConsent(Purpose.REMINDERS, "consent.reminders"))
    await answers(village, inquiry, "Are you there?")

    assert (await told(village))[BEN] == ["inquiry_words", "At the town hall", "Are you there?"]


async def test_nothing_but_words_and_language_is_seen_by_those_who_answer(village: Town) -> None:
    await asks(village)

    row = await village.row(InquiryMessage)

    assert (row.text, row.language, row.name) == ("Where do I find help?", "en", "")


async def test_what_is_done_is_recorded_without_words_and_without_who_asked(village: Town) -> None:
    inquiry = await asks(village, "CANARY")
    await takes(village, inquiry)
    await answers(village, inquiry, "CANARY too", last=True)

    rows = [row for row in await village.rows(Audit) if row.grant_id == inquiry]

    assert [(row.what, row.about, row.territory) for row in rows] == [
        (what, "attend_inquiries", "riverside") for what in ("claimed", "answered", "closed")
    ]
    assert len({row.actor for row in rows}) == 1
    assert "CANARY" not in str(rows)


async def test_closed_inquiries_are_deleted_after_ninety_days_and_open_ones_never(village: Town) -> None:
    closed, waits = await asks(village, "Closed"), await asks(village, "Open")
    await takes(village, closed)
    await answers(village, closed, "Done", last=True)

    village.later(days=90)
    await village.do(retention.sweep, village.now)
    assert len(await village.rows(Inquiry)) == 2

    village.later(seconds=1)
    await village.do(retention.sweep, village.now)

    assert [row.id for row in await village.rows(Inquiry)] == [waits]
    assert [row.text for row in await village.rows(InquiryMessage)] == ["Open"]
    assert await village.rows(InquiryTaken) == []


async def test_erasing_who_asked_erases_what_was_written_to_them(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "At the town hall")

    await village.acts(BEN, Forget())

    for model in (Inquiry, InquiryMessage, InquiryTaken):
        assert await village.rows(model) == []


async def test_erasing_who_answered_leaves_the_question_to_others(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    await answers(village, inquiry, "At the town hall")

    await village.acts(ADA, Forget())

    assert await read(village, inquiry, who=BEN) == ["Where do I find help?"]
    (own,) = (await village.look(BEN, OwnInquiries)).inquiries
    assert own.state is State.WAITING


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        ("2025-03-10 12:00", True, "2025-03-10 07:00"),
        ("2025-03-10 20:00", False, "2025-03-11 07:00"),
        ("2025-03-15 12:00", False, "2025-03-17 07:00"),
    ],
)
async def test_one_is_told_when_somebody_is_likely_to_answer(
    village: Town, now: str, is_open: bool, opens: str
) -> None:
    village.now = datetime.fromisoformat(f"{now}+00:00")

    office = await village.look(BEN, Office)

    assert office.is_open is is_open
    assert office.opens == datetime.fromisoformat(f"{opens}+00:00")
    assert office.closes - office.opens == timedelta(hours=8)


async def test_a_look_at_a_whole_exchange_costs_the_same_however_long_it_is(village: Town) -> None:
    inquiry = await asks(village)
    await takes(village, inquiry)
    for number in range(20):
        village.later(seconds=1)
        await answers(village, inquiry, f"Part {number}")

    lines = await read(village, inquiry, who=BEN)

    assert lines == [f"Part {number}" for number in range(14, 20)]


@pytest.mark.parametrize(
    ("who", "own", "foreign"), [(BEN, "QUESTION", "ANSWER"), (ADA, "ANSWER", "QUESTION")]
)
async def test_ones_own_data_hold_what_one_wrote_and_not_what_others_did(
    village: Town, who: int, own: str, foreign: str
) -> None:
    inquiry = await asks(village, "QUESTION")
    await takes(village, inquiry)
    await answers(village, inquiry, "ANSWER")

    written = str((await village.look(who, OwnData)).file.content)

    assert own in written
    assert foreign not in written
