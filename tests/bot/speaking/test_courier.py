"""Messages leave in order, no more at a time than there are places, and what became of each is noted."""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import cast

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection

from bot.speaking import courier
from bot.speaking.courier import IDLE
from bot.speaking.outcomes import Delivered, Gone, Later, Lost, Moved, Rejected, Revoked, Unsure
from storage.database import Database, T, Work
from storage.errors import Unavailable
from storage.faultpoints import listen
from storage.messages import outbox
from storage.messages.outbox import Lane, Message
from storage.unit import Book
from tests.bot.house import FENCE, trouble
from tests.bot.mouth import Sent
from tests.bot.office import PLACES, Office, settled, until


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


async def test_what_is_said_to_one_chat_is_said_in_order_and_one_at_a_time(office: Office) -> None:
    await office.know(1, 2)
    for number in range(5):
        await office.put(1, f"one {number}")
        await office.put(2, f"two {number}")

    async with office.open():
        await settled(office, "sent")

    assert office.mouth.texts(1) == [f"one {number}" for number in range(5)]
    assert office.mouth.texts(2) == [f"two {number}" for number in range(5)]
    assert not office.mouth.overlapped


async def test_a_backlog_of_one_chat_is_spoken_without_idling_in_between(office: Office) -> None:
    await office.know(1)
    for number in range(6):
        await office.put(1, str(number))
    began = time.monotonic()

    async with office.open():
        await settled(office, "sent")

    assert time.monotonic() - began < 3 * IDLE


async def test_no_more_are_in_flight_than_there_are_places_and_one_chat_takes_one(office: Office) -> None:
    await office.know(*range(1, 11))
    for chat in range(1, 11):
        await office.put(chat, "first")
        await office.put(chat, "second")
    office.mouth.held.clear()

    async with office.open():
        await until(lambda: office.mouth.in_flight == PLACES)
        await asyncio.sleep(0.05)
        sending = list((await office.states()).values()).count("sending")
        office.mouth.held.set()
        await settled(office, "sent")

    assert sending == PLACES
    assert office.mouth.most_in_flight == PLACES
    assert not office.mouth.overlapped


async def test_a_place_is_free_only_when_what_became_of_it_is_committed(office: Office) -> None:
    await office.know(*range(1, 6))
    for chat in range(1, 6):
        await office.put(chat, "words")
    office.mouth.held.clear()

    async with office.open():
        await until(lambda: office.mouth.in_flight == PLACES)
        with trouble():
            office.mouth.held.set()
            await asyncio.sleep(0.3)
            during = len(office.mouth.sent)
        await settled(office, "sent")

    assert during == PLACES
    assert len(office.mouth.sent) == 5


async def test_the_courier_rests_while_only_few_of_its_places_are_free(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.widen(16)
    await office.know(*range(1, 16))
    for chat in range(1, 16):
        await office.put(chat, "words")
    office.mouth.held.clear()
    rests = Counter[str]()
    rest = courier._either

    async def counted(event: asyncio.Event, seconds: float) -> None:
        rests["begun"] += 1
        await rest(event, seconds)

    async with office.open():
        await until(lambda: office.mouth.in_flight == 15)
        monkeypatch.setattr(courier, "_either", counted)
        await asyncio.sleep(0.1)
        office.mouth.held.set()
        await settled(office, "sent")

    assert rests["begun"] < 20


async def test_replies_go_before_digests_and_announcements(office: Office) -> None:
    await office.welcome(*range(1, 9))
    for chat in range(1, 8):
        await office.put(chat, "announcement", lane=Lane.ANNOUNCEMENT)
    await office.put(8, "reply")

    async with office.open():
        await settled(office, "sent")

    assert "reply" in [one.text for one in office.mouth.sent[:PLACES]]


async def test_a_pause_that_is_asked_for_is_kept_and_then_all_is_said_in_order(office: Office) -> None:
    await office.know(1, 2)
    office.mouth.script(1, Later(timedelta(seconds=60), asked=True))
    await office.put(1, "first")
    await office.put(1, "second")
    await office.put(2, "other")

    async with office.open():
        await until(lambda: office.mouth.texts(2))
        await asyncio.sleep(0.1)
        early = office.mouth.texts(1)
        office.house.later(seconds=61)
        office.courier.call()
        await settled(office, "sent")

    assert early == ["first"]
    assert office.mouth.texts(1) == ["first", "first", "second"]


async def test_two_chats_told_to_pause_mean_the_whole_bot(office: Office) -> None:
    await office.know(1, 2, 3)
    for chat in (1, 2):
        office.mouth.script(chat, Later(timedelta(seconds=60), asked=True))
        await office.put(chat, "words")

    async with office.open():
        await until(lambda: len(office.mouth.sent) == 2)
        await settled(office, "pending")
        await office.put(3, "words")
        office.courier.call()
        await asyncio.sleep(0.1)
        during = office.mouth.texts(3)
        office.house.later(seconds=61)
        office.courier.call()
        await settled(office, "sent")

    assert during == []


async def test_a_group_that_moved_is_spoken_to_at_its_new_id(office: Office) -> None:
    await office.know(1)
    office.mouth.script(1, Moved(-1001))
    await office.put(1, "words")

    async with office.open():
        await settled(office, "sent")

    assert office.mouth.sent == [Sent(1, "words"), Sent(-1001, "words")]


@pytest.mark.parametrize("reach", ["blocked", "deleted", "gone"])
async def test_who_is_gone_is_sent_nothing_more(office: Office, reach: str) -> None:
    await office.know(1)
    office.mouth.script(1, Gone(reach))
    first, second = await office.put(1, "first"), await office.put(1, "second")

    async with office.open():
        states = await settled(office, "dead", "cancelled")

    [contact] = await office.house.rows("contact")
    assert states == {first: "dead", second: "cancelled"}
    assert contact.reach == reach
    assert len(office.mouth.sent) == 1


async def test_a_refused_message_is_dead_and_what_follows_is_said(office: Office) -> None:
    await office.know(1)
    office.mouth.script(1, Rejected("Bad Request: message is too long"))
    first, second = await office.put(1, "first"), await office.put(1, "second")

    async with office.open():
        states = await settled(office, "dead", "sent")

    assert states == {first: "dead", second: "sent"}


def refusals_alarmed(cause: str = "message_refused") -> float:
    """How often an alarm about a refused message was sounded."""
    return REGISTRY.get_sample_value("together_alarms_total", {"cause": cause}) or 0.0


async def test_a_message_that_went_without_its_marks_is_said_and_told_of(
    office: Office,
) -> None:
    await office.know(1, 2)
    office.mouth.script(1, Delivered(7, flaw="Can't parse entities"))
    await office.put(1, "marked")
    await office.put(2, "sound")
    before = refusals_alarmed("marks_refused")

    async with office.open():
        states = await settled(office, "sent")

    assert set(states.values()) == {"sent"}
    assert refusals_alarmed("marks_refused") == before + 1


async def test_an_edit_of_what_is_gone_is_dead_and_no_mistake_of_ours(office: Office) -> None:
    await office.know(1, 2)
    office.mouth.script(1, Lost())
    office.mouth.script(2, Rejected("Bad Request: message is too long"))
    gone, refused = await office.put(1, "gone"), await office.put(2, "refused")
    before = refusals_alarmed()

    async with office.open():
        states = await settled(office, "dead", "dead")

    assert states == {gone: "dead", refused: "dead"}
    assert refusals_alarmed() == before + 1


async def test_an_unsure_message_is_said_once_more_if_it_must_arrive_and_else_not(office: Office) -> None:
    await office.know(1, 2, 3)
    for chat in (1, 2):
        office.mouth.script(chat, Unsure())
    office.mouth.script(3, Unsure(), Unsure())
    must = await office.put(1, "must")
    may = await office.put(2, "may", must=False)
    twice = await office.put(3, "twice")

    async with office.open():
        states = await settled(office, "sent", "unsure")

    assert states == {must: "sent", may: "unsure", twice: "unsure"}
    assert (office.mouth.texts(1), office.mouth.texts(2)) == (["must"] * 2, ["may"])
    assert office.mouth.texts(3) == ["twice"] * 2


@pytest.mark.parametrize("outcome", [Unsure(), Later(timedelta(seconds=0), asked=False)])
async def test_after_trouble_nothing_is_said_before_telegram_has_answered_a_question(
    office: Office, outcome: Unsure | Later
) -> None:
    await office.know(1, 2)
    office.mouth.there = False
    office.mouth.script(1, outcome)
    await office.put(1, "words")

    async with office.open():
        await until(lambda: office.mouth.questions)
        await office.put(2, "others")
        office.courier.call()
        await asyncio.sleep(0.1)
        during, room = len(office.mouth.sent), office.courier.room()
        office.mouth.there = True
        await settled(office, "sent")

    assert (during, room) == (1, 0)
    assert office.mouth.texts(1) == ["words"] * 2


async def test_with_a_revoked_token_nothing_more_is_tried_and_everything_is_kept(office: Office) -> None:
    await office.know(1, 2)
    office.mouth.script(1, Revoked())
    first, second = await office.put(1, "first"), await office.put(1, "second")

    async with office.open():
        await asyncio.wait_for(office.courier.revoked.wait(), 5)
        third = await office.put(2, "third")
        office.courier.call()
        await asyncio.sleep(0.1)

    assert await office.states() == {first: "pending", second: "pending", third: "pending"}
    assert len(office.mouth.sent) == 1


async def test_what_is_handed_over_is_said_at_once_and_at_the_stop_given_back(office: Office) -> None:
    office.pace(30)
    await office.house.take(office.house.opens(1, "t_riverside"))
    await office.house.arrive(2)
    carried = [await office.house.take(office.house.writes(2, f"Idea {number}")) for number in range(2)]
    office.mouth.held.clear()

    async with office.open():
        for one in carried:
            office.courier.hand_over(one.speak)
        await until(lambda: office.mouth.in_flight == 1)
        office.courier.call()
        await asyncio.sleep(0.05)
        together = office.mouth.most_in_flight
        office.courier.stop()
        office.mouth.held.set()

    ended = {row.key: row.state for row in await office.house.rows("outbox")}
    states = [ended[message.key] for one in carried for message in one.speak]
    assert together == 1
    assert states == ["sent", "pending"]
    assert len(office.mouth.texts(2)) == 1


async def test_what_is_being_claimed_when_the_stop_comes_waits_for_the_next_run(office: Office) -> None:
    await office.know(1)
    key = await office.put(1, "words")
    listen(lambda point: office.courier.stop() if point == "after_claim" else None)

    try:
        await asyncio.wait_for(office.courier.run(), 5)
    finally:
        listen(lambda _point: None)

    assert await office.states() == {key: "pending"}
    assert office.mouth.sent == []


async def test_a_reply_handed_over_late_does_not_overtake_the_one_that_must_be_said_again(
    office: Office,
) -> None:
    await office.house.take(office.house.opens(1, "t_riverside"))
    await office.house.arrive(2)
    first = await office.house.take(office.house.writes(2, "One idea"))
    office.mouth.held.clear()
    office.mouth.script(2, Unsure())

    async with office.open():
        office.courier.hand_over(first.speak)
        await until(lambda: office.mouth.in_flight == 1)
        second = await office.house.take(office.house.writes(2, "Another idea"))
        office.mouth.held.set()
        await until(lambda: office.mouth.questions == 1)
        office.courier.hand_over(second.speak)
        await until(lambda: len(office.mouth.texts(2)) == 3)

    [once], [after] = first.speak, second.speak
    assert office.mouth.texts(2) == [once.payload["text"], once.payload["text"], after.payload["text"]]


async def test_a_reply_handed_over_before_it_is_known_what_was_claimed_does_not_overtake_that(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.know(1)
    await office.put(1, "claimed")
    message = Message("later", 101, 1, {"text": "handed over", "buttons": []})
    write = office.database.write

    def turn(connection: Connection) -> None:
        book = Book(connection)
        outbox.put(book, message, now=office.now(), worker=FENCE)
        book.flush()

    async def slowly(work: Work[T]) -> T:
        done = await write(work)
        if isinstance(done, list) and done:  # claimed and committed, and the courier does not know it yet
            await write(turn)
            office.courier.hand_over([message.claimed()])
        return done

    monkeypatch.setattr(office.database, "write", slowly)
    async with office.open():
        await until(lambda: len(office.mouth.texts(1)) == 2)

    assert office.mouth.texts(1) == ["claimed", "handed over"]


async def test_what_is_handed_over_takes_no_more_places_than_there_are(office: Office) -> None:
    people = range(1, PLACES + 4)
    carried = await office.house.take(*(office.house.opens(person, "t_riverside") for person in people))
    office.mouth.held.clear()

    async with office.open():
        office.courier.hand_over(carried.speak)
        await until(lambda: office.mouth.in_flight == PLACES)
        office.courier.call()
        await asyncio.sleep(0.05)
        office.mouth.held.set()
        await settled(office, "sent")

    assert office.mouth.most_in_flight == PLACES


async def test_what_follows_a_message_that_must_wait_waits_with_it_and_keeps_its_place(
    office: Office,
) -> None:
    await office.house.arrive(1)
    carried = [await office.house.take(office.house.writes(1, f"Idea {number}")) for number in range(3)]
    office.mouth.script(1, Later(timedelta(seconds=60), asked=True))

    async with office.open():
        for one in carried:
            office.courier.hand_over(one.speak)
        await until(lambda: office.mouth.sent)
        await asyncio.sleep(0.2)
        early = len(office.mouth.sent)
        office.house.later(seconds=61)
        office.courier.call()
        await settled(office, "sent")

    said = [message.payload["text"] for one in carried for message in one.speak]
    assert early == 1
    assert office.mouth.texts(1) == [said[0], *said]


async def test_a_reply_that_comes_later_goes_before_announcements_that_wait(office: Office) -> None:
    office.pace(5)
    people = range(2, 5)
    await office.welcome(*people)
    for chat in people:
        await office.put(chat, "announcement", lane=Lane.ANNOUNCEMENT)

    async with office.open():
        await until(lambda: len(office.mouth.sent) == 1)
        carried = await office.house.take(office.house.opens(9, "t_riverside"))
        office.courier.hand_over(carried.speak)
        await until(lambda: len(office.mouth.sent) == 4)

    assert office.mouth.sent[1].telegram == 9


async def test_a_chat_hears_no_more_than_its_pace(office: Office) -> None:
    office.pace(30)
    await office.know(1)
    for number in range(7):
        await office.put(1, str(number))

    async with office.open():
        await until(lambda: len(office.mouth.sent) == 5)
        await asyncio.sleep(0.4)
        burst = len(office.mouth.sent)

    assert burst == 5


async def test_without_the_right_to_speak_nothing_is_sent_or_taken(office: Office) -> None:
    await office.know(1)
    key = await office.put(1, "words")
    office.permit.term = None

    async with office.open():
        office.courier.call()
        await asyncio.sleep(0.1)
        during = await office.states(), office.courier.room(), office.courier.can_spare(1)
        office.permit.term = 1
        await settled(office, "sent")

    assert during == ({key: "pending"}, 0, False)


async def test_what_was_held_when_the_right_was_lost_is_taken_anew_in_order(office: Office) -> None:
    await office.house.arrive(1, 2)
    carried = [await office.house.take(office.house.writes(1, f"Idea {number}")) for number in range(3)]
    late = await office.house.take(office.house.writes(2, "Another idea"))
    office.mouth.held.clear()

    async with office.open():
        for one in carried:
            office.courier.hand_over(one.speak)
        await until(lambda: office.mouth.in_flight == 1)
        office.permit.term = None
        office.courier.hand_over(late.speak)
        await asyncio.sleep(0.05)
        office.permit.term = 2
        office.courier.call()
        office.mouth.held.set()
        await settled(office, "sent")

    assert office.mouth.texts(1) == [message.payload["text"] for one in carried for message in one.speak]
    assert office.mouth.texts(2) == [message.payload["text"] for message in late.speak]


async def test_what_others_have_taken_over_meanwhile_is_theirs(office: Office) -> None:
    await office.house.arrive(1)
    carried = [await office.house.take(office.house.writes(1, f"Idea {number}")) for number in range(2)]
    [in_flight], [behind_it] = (one.speak for one in carried)
    office.mouth.held.clear()

    async with office.open():
        for one in carried:
            office.courier.hand_over(one.speak)
        await until(lambda: office.mouth.in_flight == 1)
        office.permit.term = None
        await office.taken_over_by(FENCE + 1)
        office.permit.term = 2
        office.mouth.held.set()
        office.courier.call()
        await asyncio.sleep(0.2)

    assert office.mouth.texts(1) == [in_flight.payload["text"]]
    states = await office.states()
    assert (states[in_flight.key], states[behind_it.key]) == ("sending", "sending")


async def test_what_was_committed_without_an_answer_is_said_after_all(office: Office) -> None:
    """A claim, or a turn's reply: its row says that this run is sending it, which knows nothing of it."""
    await office.know(1, 2)
    lost, key = await office.put(1, "lost"), await office.put(2, "words")
    await office.taken_over_by(FENCE)
    database = Uncertain(office.database)
    office.database = cast(Database, database)
    office.pace(1_000_000)

    async with office.open():
        await asyncio.sleep(0.1)
        before = await office.states()
        database.doubts += 1
        office.courier.call()
        after = await settled(office, "sent")

    assert set(before.values()) == {"sending"}
    assert after.keys() == {lost, key}


async def test_what_was_given_back_without_an_answer_is_said_once(office: Office) -> None:
    """A turn has committed a reply, and hands it over only after it was given back, and claimed anew."""
    await office.house.arrive(1)
    carried = await office.house.take(office.house.writes(1, "An idea"))
    database = Uncertain(office.database)
    office.database = cast(Database, database)
    office.pace(1_000_000)

    async with office.open():
        database.unanswered = 1
        office.permit.term = 2
        office.courier.call()
        await settled(office, "sent")
        office.courier.hand_over(carried.speak)
        await asyncio.sleep(0.1)

    assert database.unanswered == 0
    assert office.mouth.texts(1) == [message.payload["text"] for message in carried.speak]


async def test_a_reply_behind_one_that_was_committed_without_an_answer_waits_for_it(office: Office) -> None:
    """While the outbox is looked into, the answer for one turn is lost, and the next hands over its reply."""
    await office.house.arrive(1)
    lost = await office.house.take(office.house.writes(1, "First"))
    database = Uncertain(office.database)
    office.database = cast(Database, database)
    office.pace(1_000_000)
    database.hold.clear()

    async with office.open():
        await until(lambda: database.held)
        database.doubts += 1
        behind_it = await office.house.take(office.house.writes(1, "Second"))
        office.courier.hand_over(behind_it.speak)
        database.hold.set()
        await settled(office, "sent")

    assert len(behind_it.speak) == 1
    in_order = [message.payload["text"] for one in (lost, behind_it) for message in one.speak]
    assert office.mouth.texts(1) == in_order


class Uncertain:
    """A database that can be in doubt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read = database.read
        self.doubts = 0
        self.unanswered = 0  # transactions that are committed without a word
        self.held = 0  # transactions whose answer has been held up
        self.hold = asyncio.Event()  # cleared: answers are held up
        self.hold.set()

    async def write(self, work: Work[T]) -> T:
        """Do it; the answer may be held up, or lost."""
        done = await self._database.write(work)
        if not self.hold.is_set():
            self.held += 1
            await self.hold.wait()
        if self.unanswered:
            self.unanswered -= 1
            self.doubts += 1
            raise Unavailable("the answer was lost")
        return done


async def test_a_reply_behind_another_listeners_is_said_soon_after_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "IDLE", 20.0)  # what waited for it is told from what a busy machine delayed
    office.listen()
    await office.know(1)
    await office.put(1, "of another")
    await office.taken_over_by(FENCE + 1)
    await office.put(1, "ours")

    async with office.open():
        office.courier.call()
        await asyncio.sleep(0.1)
        during = len(office.mouth.sent)
        await office.said_by(FENCE + 1)
        began = time.monotonic()
        await until(lambda: office.mouth.sent)

    assert during == 0
    assert time.monotonic() - began < 10


async def test_a_lost_database_while_claiming_is_waited_out(office: Office) -> None:
    await office.know(1)
    await office.put(1, "words")

    async with office.open():
        with trouble():
            await asyncio.sleep(0.1)
        office.courier.call()
        states = await settled(office, "sent")

    assert len(states) == 1
