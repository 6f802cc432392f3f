"""Words of somebody that wait to be said to others are gone with their author, and are not said."""

import json
from typing import Final

import pytest
from sqlalchemy import Connection, select

from flows.actions.gifts import Give, Giving, TakeBack
from flows.inquiries.inquiries import WithdrawInquiry
from flows.people.person import Forget
from flows.people.profiles import AddPerson, ForgetPerson
from flows.words.statements import WithdrawStatement
from storage.actions.piloted import Gift
from storage.inquiries import inquiry_posts
from storage.inquiries.inquired import InquiryMessage, InquiryPost
from storage.messages import outbox
from storage.messages.outbox import Ending, Lane, Message, State
from storage.messages.quoting import Quote
from storage.people import retention, silence
from storage.tables import Outbox, Statement, table
from storage.unit import Book
from tests.storage.inquirers import ADA, BEN, ROOM, asks, bind_room, settled
from tests.storage.town import CONTEXT, RUN, Town, words

WORDS: Final = "NIGHTINGALE"


@pytest.fixture
async def village(town: Town) -> Town:
    """Ada coordinates Riverside; Ben lives there, and has said and asked something."""
    await settled(town)
    await town.says(BEN, f"{WORDS} sings")
    await asks(town, f"{WORDS}?")
    return town


async def quoted(town: Town) -> Quote:
    """Ben's statement."""
    return "statement", (await town.row(Statement)).id


async def puts(
    town: Town, key: str, *quotes: Quote, worker: int | None = None, lane: Lane = Lane.REPLY
) -> bool:
    """A message to Ada with words of others; returns whether it was put in the outbox."""
    ada = await town.person(ADA)
    message = Message(key, ada.contact, ADA, {"text": WORDS, "buttons": []}, lane, quotes=frozenset(quotes))

    def work(connection: Connection) -> bool:
        book = Book(connection)
        there = outbox.put(book, message, now=town.now, worker=worker)
        book.flush()
        return there

    return bool(await town.do(work))


async def waiting(town: Town) -> dict[str, str]:
    """Where each message stands, by key."""
    return {row.key: row.state for row in await town.rows(Outbox)}


async def no_words_wait(town: Town) -> bool:
    """Whether Ben's words stand in no message any more."""
    return not any(WORDS in (row.payload or "") for row in await town.rows(Outbox))


async def test_what_waits_with_words_of_somebody_goes_when_they_erase_everything(village: Town) -> None:
    await puts(village, "quoting", await quoted(village))
    await puts(village, "another")

    await village.acts(BEN, Forget())

    assert await waiting(village) == {"another": State.PENDING}
    assert await village.claims() == ["another"]


async def test_so_it_does_when_one_of_several_on_a_phone_is_erased(village: Town) -> None:
    await puts(village, "quoting", await quoted(village))
    village.later(minutes=1)
    await village.acts(BEN, AddPerson("Zoe"))
    await village.acts(BEN, ForgetPerson(1))

    assert await waiting(village) == {}
    assert await village.rows(Statement) == []


async def test_what_is_being_sent_then_loses_its_words_and_is_not_sent_once_more(village: Town) -> None:
    await puts(village, "flying", await quoted(village), worker=RUN)
    await village.acts(BEN, Forget())
    assert await no_words_wait(village)

    again = Ending("flying", State.PENDING, again_at=village.now)
    await village.do(outbox.record, [again], RUN, village.now)

    assert await waiting(village) == {"flying": State.CANCELLED}


@pytest.mark.parametrize("work", ["unsure", "left behind", "released"])
async def test_nor_after_a_crash_or_a_pause(village: Town, work: str) -> None:
    await puts(village, "flying", await quoted(village), worker=RUN)
    await puts(village, "another", worker=RUN)
    await village.acts(BEN, Forget())

    if work == "unsure":
        await village.do(outbox.settle_unsure, ["flying", "another"], RUN, village.now)
    elif work == "left behind":
        await village.do(outbox.settle_left_behind, RUN + 1, village.now)
    else:
        let_go = await village.do(outbox.release, RUN, contacts=None, flying=[], now=village.now)
        assert let_go == {"flying", "another"}

    assert await waiting(village) == {"flying": State.CANCELLED, "another": State.PENDING}
    assert {row.reason for row in await village.rows(Outbox)} == {outbox.ERASED, None}


async def test_what_lands_nevertheless_is_known_by_its_number_so_that_it_can_be_changed(
    village: Town,
) -> None:
    await puts(village, "flying", await quoted(village), worker=RUN)
    await village.acts(BEN, Forget())

    await village.do(outbox.record, [Ending("flying", State.SENT, message=9)], RUN, village.now)

    row = await village.row(Outbox)
    assert (row.state, row.message, row.payload) == (State.SENT, 9, None)


async def test_what_was_read_just_before_is_not_put_in_the_outbox_any_more(village: Town) -> None:
    quote = await quoted(village)
    await village.acts(BEN, Forget())

    assert not await puts(village, "too late", quote)
    assert await waiting(village) == {}


async def test_words_that_are_taken_back_alone_are_not_said_either(village: Town) -> None:
    await village.acts(BEN, Give(Giving.SKILL, words(f"{WORDS} to give"), None))
    gift, asked = await village.row(Gift), await village.row(InquiryMessage)
    await puts(village, "statement", await quoted(village))
    await puts(village, "gift", ("gift", gift.id))
    await puts(village, "inquiry", ("inquiry_message", asked.id))

    await village.acts(BEN, WithdrawStatement((await quoted(village))[1]))
    assert await waiting(village) == {"gift": State.PENDING, "inquiry": State.PENDING}
    await village.acts(BEN, TakeBack(gift.id))
    assert await waiting(village) == {"inquiry": State.PENDING}
    await village.acts(BEN, WithdrawInquiry(asked.inquiry_id))
    assert await waiting(village) == {}


async def test_what_stays_when_somebody_is_let_go_who_is_silent_can_be_said(village: Town) -> None:
    ben = await village.person(BEN)
    await puts(village, "before", await quoted(village))

    await village.do(silence.let_go, [ben.citizen])

    assert await waiting(village) == {"before": State.PENDING}
    assert await puts(village, "after", await quoted(village))


async def test_a_question_that_waits_to_come_into_a_room_never_comes(village: Town) -> None:
    await village.do(bind_room, village.now)

    def post(connection: Connection) -> None:
        (one,) = inquiry_posts.editions(connection, CONTEXT, village.now)
        book, payload = Book(connection), {"text": one.posted.lines[0].text, "buttons": []}
        message = Message(one.key, one.contact, one.telegram, payload, Lane.NOTICE, quotes=one.quotes)
        outbox.put(book, message, now=village.now, worker=None)
        book.flush()

    await village.do(post)
    assert not await no_words_wait(village)

    await village.acts(BEN, Forget())

    assert await no_words_wait(village)
    assert await village.claims() == []
    assert await village.do(inquiry_posts.editions, CONTEXT, village.now) == []
    await village.do(retention.sweep, village.now)
    assert await village.rows(InquiryPost) == []
    assert ROOM not in [row.contact_id for row in await village.rows(Outbox)]


async def test_whose_words_a_message_carries_is_no_longer_known_once_it_was_said(village: Town) -> None:
    await puts(village, "quoting", await quoted(village))
    (claimed,) = await village.claimed()
    assert claimed.payload["text"] == WORDS

    await village.do(outbox.record, [Ending("quoting", State.SENT, message=3)], RUN, village.now)

    def payloads(connection: Connection) -> list[str | None]:
        return list(connection.execute(select(table(Outbox).c.payload)).scalars())

    assert await village.do(payloads) == [None]
    assert json.dumps(claimed.payload["quotes"]) == json.dumps([list(await quoted(village))])
