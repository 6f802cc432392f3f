"""A question stands in the room of those who coordinate while somebody waits; then its words are gone."""

import pytest
from sqlalchemy import Connection

from flows.inquiries.inquiries import CloseOwn, Reopen, SayMore, State, WithdrawInquiry
from flows.people.person import Forget
from storage.inquiries import inquiry_posts, unanswered
from storage.inquiries.inquired import InquiryPost
from storage.inquiries.inquiry_posts import Edition
from storage.messages import chats, outbox
from storage.messages.outbox import Ending, Lane, Message
from storage.people import retention
from storage.unit import Book
from tests.storage.inquirers import ADA, BEN, CHAT, CLEO, ROOM, answers, asks, bind_room, settled, takes, told
from tests.storage.town import BOT, CONTEXT, RUN, Town, words


@pytest.fixture
async def village(town: Town) -> Town:
    """Ada and Cleo coordinate Riverside in a room of theirs; Ben lives there."""
    await settled(town)
    await town.do(bind_room, town.now)
    return town


async def said(town: Town) -> list[Edition]:
    """What is said in the room now; it lands at once."""

    def work(connection: Connection) -> list[Edition]:
        editions, book = inquiry_posts.editions(connection, CONTEXT, town.now), Book(connection)
        for one in editions:
            message = Message(one.key, one.contact, one.telegram, {"text": ""}, Lane.NOTICE)
            outbox.put(book, message, now=town.now, worker=RUN)
        book.flush()
        for number, one in enumerate(editions):
            ending = Ending(one.key, outbox.State.SENT, message=one.message or 50 + number)
            outbox.record(connection, [ending], RUN, town.now)
        return editions

    is_anything = await town.database.read(inquiry_posts.is_anything_to_say)
    editions: list[Edition] = await town.do(work)
    assert is_anything is bool(editions)
    return editions


async def test_a_question_comes_into_the_room_once_and_to_nobody_privately(village: Town) -> None:
    inquiry = await asks(village)

    (edition,) = await said(village)

    assert (edition.contact, edition.telegram, edition.topic, edition.message) == (ROOM, CHAT, 3, None)
    assert (edition.posted.inquiry, edition.posted.state) == (inquiry, State.WAITING)
    assert [line.text for line in edition.posted.lines] == ["Where do I find help?"]
    assert await said(village) == []
    assert await told(village) == {}


async def test_once_taken_the_message_names_who_has_it_and_loses_the_words(village: Town) -> None:
    inquiry = await asks(village)
    await said(village)

    await takes(village, inquiry)

    (edition,) = await said(village)
    assert edition.message == 50
    assert (edition.posted.state, edition.posted.name) == (State.TAKEN, "Ada")
    assert edition.posted.lines == ()
    await answers(village, inquiry, "Here")
    assert await said(village) == []


async def test_more_words_are_added_to_the_message_while_nobody_has_taken_it(village: Town) -> None:
    inquiry = await asks(village)
    await said(village)

    await village.acts(BEN, SayMore(inquiry, words("Hello?")))

    (edition,) = await said(village)
    assert edition.message == 50
    assert {line.text for line in edition.posted.lines} == {"Where do I find help?", "Hello?"}


@pytest.mark.parametrize("ends", [CloseOwn, WithdrawInquiry, None])
async def test_what_is_over_withdrawn_or_erased_leaves_no_words_in_the_room(
    village: Town, ends: type[CloseOwn | WithdrawInquiry] | None
) -> None:
    inquiry = await asks(village)
    await said(village)

    await village.acts(BEN, Forget() if ends is None else ends(inquiry))

    (edition,) = await said(village)
    assert (edition.message, edition.posted.state, edition.posted.lines) == (50, State.CLOSED, ())
    assert edition.readers.languages == ("lv",)
    assert await said(village) == []
    await village.do(retention.sweep, village.now)
    assert await village.rows(InquiryPost) == []


async def test_what_nobody_answers_is_brought_up_in_the_room_then_privately(village: Town) -> None:
    await asks(village)
    await said(village)
    village.later(hours=30)
    await village.do(unanswered.watch, CONTEXT, village.now)

    (edition,) = await said(village)
    assert (edition.message, edition.posted.is_late) == (None, True)
    assert await told(village) == {}

    await village.do(unanswered.watch, CONTEXT, village.now)
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert await said(village) == []


async def test_opened_again_it_comes_into_the_room_anew(village: Town) -> None:
    inquiry = await asks(village)
    await said(village)
    await village.acts(BEN, CloseOwn(inquiry))
    await said(village)

    await village.acts(BEN, Reopen(inquiry))

    (edition,) = await said(village)
    assert (edition.message, edition.posted.state) == (None, State.WAITING)


async def test_erasing_who_has_taken_it_brings_it_back_into_the_room(village: Town) -> None:
    inquiry = await asks(village)
    await said(village)
    await takes(village, inquiry)
    await said(village)

    await village.acts(ADA, Forget())

    (edition,) = await said(village)
    assert (edition.message, edition.posted.state) == (50, State.WAITING)


async def test_a_room_that_is_lost_is_not_spoken_to_and_those_who_coordinate_are_told_privately(
    village: Town,
) -> None:
    await asks(village)
    await said(village)
    await village.do(outbox.cut_off, ROOM, "gone", village.now)

    assert await said_in_vain(village) == []
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    assert not await village.database.read(inquiry_posts.is_anything_to_say)

    await asks(village, "Another one")
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_where_the_bot_may_not_write_now_those_who_coordinate_are_told_privately_and_once(
    village: Town,
) -> None:
    inquiry = await asks(village)
    await said(village)
    await village.do(chats.mute, ROOM)
    await village.acts(BEN, SayMore(inquiry, words("Hello?")))

    assert await said_in_vain(village) == []
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    await takes(village, inquiry)
    assert not await village.database.read(inquiry_posts.is_anything_to_say)

    await village.do(lambda connection: chats.may_write(connection, BOT, CHAT, may=True))

    (edition,) = await said(village)
    assert (edition.message, edition.posted.state, edition.posted.lines) == (50, State.TAKEN, ())
    assert await said(village) == []


async def said_in_vain(town: Town) -> list[Edition]:
    """What would be said in the room now."""
    editions: list[Edition] = await town.do(inquiry_posts.editions, CONTEXT, town.now)
    return editions
