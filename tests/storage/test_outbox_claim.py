"""What may be sent now, and in which order: lanes, one at a time for each person, and only what is wanted."""

import asyncio
from datetime import timedelta

import pytest

from flows.people.person import BeReachable, Forget, GiveConsent, Purpose, RefuseConsent, StopPushes
from storage import instance
from storage.instance import Role
from storage.messages import outbox, pauses
from storage.messages.outbox import Claimed, Ending, Lane, State
from storage.messages.pauses import BOT as WHOLE_BOT
from storage.tables import Outbox
from tests.storage.town import NOON, RUN, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
MINUTE = timedelta(minutes=1)


async def states(town: Town) -> dict[str, str]:
    """Every message with its state."""
    return {row.key: row.state for row in await town.rows(Outbox)}


async def test_a_claimed_message_is_whole_and_being_sent_before_anybody_sends_it(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "one")

    claimed = await town.claimed()

    assert claimed == [Claimed("one", ada.contact, ADA, {"text": "the words of one"}, Lane.REPLY)]
    row = await town.row(Outbox)
    assert (row.state, row.worker) == ("sending", RUN)


async def test_urgent_lanes_go_first_and_older_messages_within_a_lane(town: Town) -> None:
    people = [await town.arrives(number) for number in range(1, 6)]
    lanes = (Lane.ANNOUNCEMENT, Lane.DIGEST, Lane.REMINDER, Lane.REPLY, Lane.REPLY)
    for person, lane in zip(people, lanes, strict=True):
        await town.puts(person, f"{lane.name.lower()} {person.telegram}", lane=lane)

    assert await town.claims() == ["reply 4", "reply 5", "reminder 3", "digest 2", "announcement 1"]


async def test_no_more_is_taken_than_asked_for(town: Town) -> None:
    for number in range(1, 4):
        await town.puts(await town.arrives(number), f"to {number}")

    assert await town.claims(limit=2) == ["to 1", "to 2"]
    assert await town.claims(limit=2) == ["to 3"]
    assert await town.claims(limit=2) == []


async def test_replies_to_one_person_are_taken_one_after_the_other(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "one", "two")

    assert await town.claims() == ["one"]
    assert await town.claims() == []
    await town.do(outbox.record, [Ending("one", State.SENT, message=1)], RUN, NOON)
    assert await town.claims() == ["two"]


async def test_a_reply_that_must_wait_holds_up_the_replies_behind_it(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "one", "two")
    await town.claims()
    await town.do(outbox.record, [Ending("one", State.PENDING, again_at=NOON + MINUTE)], RUN, NOON)

    assert await town.claims() == []
    town.later(minutes=1)
    assert await town.claims() == ["one"]


async def test_a_reply_that_comes_too_late_holds_nobody_up(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "too late", lives=MINUTE)
    await town.puts(ada, "in time")
    town.later(minutes=1)

    assert await town.claims() == ["in time"]


async def test_nothing_is_taken_for_a_person_to_whom_something_is_being_sent(town: Town) -> None:
    """A reply handed over at once may have a higher number than one that waits again."""
    ada = await town.arrives(ADA)
    await town.puts(ada, "waits")
    await town.puts(ada, "handed over", worker=RUN)

    assert await town.claims() == []
    await town.do(outbox.record, [Ending("handed over", State.SENT)], RUN, NOON)
    assert await town.claims() == ["waits"]


async def test_a_reply_does_not_wait_for_an_announcement_to_the_same_person(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "announcement", lane=Lane.ANNOUNCEMENT)
    await town.puts(ada, "reply")

    assert await town.claims() == ["reply"]
    assert await town.do(outbox.behind, [ada.contact], RUN, NOON) == set()


async def test_a_reminder_of_tomorrow_holds_up_neither_replies_nor_what_is_due_before_it(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.reminds(ada, "tomorrow")
    await town.claims()
    await town.do(
        outbox.record, [Ending("tomorrow", State.PENDING, again_at=NOON + timedelta(days=1))], RUN, NOON
    )
    town.later(minutes=1)
    await town.puts(ada, "reply")
    await town.reminds(ada, "today")

    assert await town.claims() == ["reply"]
    await town.do(outbox.record, [Ending("reply", State.SENT)], RUN, NOON)
    assert await town.claims() == ["today"]


async def test_reminders_to_one_person_are_spoken_in_order(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.reminds(ada, "first part")
    await town.reminds(ada, "second part")

    assert await town.claims() == ["first part"]
    await town.do(outbox.record, [Ending("first part", State.SENT)], RUN, NOON)
    assert await town.claims() == ["second part"]


@pytest.mark.parametrize("lane", Lane)
async def test_what_was_put_there_together_stays_in_order_where_its_first_part_must_wait(
    town: Town, lane: Lane
) -> None:
    """A picture that could not leave is not overtaken by the words below it."""
    ada = await town.arrives(ADA)
    await town.acts(
        ADA, GiveConsent(Purpose.REMINDERS, "consent.reminders"), GiveConsent(Purpose.NEWS, "consent.news")
    )
    await town.puts(ada, "picture", "words", lane=lane)
    await town.claims()
    await town.do(outbox.record, [Ending("picture", State.PENDING, again_at=NOON + MINUTE)], RUN, NOON)

    assert await town.claims() == []
    town.later(minutes=1)
    assert await town.claims() == ["picture"]


async def test_nothing_goes_before_its_moment_or_at_its_end(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "soon", lives=timedelta(minutes=2))
    await town.claims()
    await town.do(outbox.record, [Ending("soon", State.PENDING, again_at=NOON + MINUTE)], RUN, NOON)

    town.now = NOON + MINUTE - timedelta(microseconds=1)
    assert await town.claims() == []
    town.now = NOON + 2 * MINUTE
    assert await town.claims() == []
    town.now = NOON + MINUTE
    assert await town.claims() == ["soon"]


async def test_a_clock_that_is_turned_back_keeps_nobody_waiting_for_a_reply(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    await town.puts(ada, "reply")
    await town.reminds(ben, "reminder")
    town.now = NOON - timedelta(hours=1)

    assert await town.claims() == ["reply"]
    town.now = NOON
    assert await town.claims() == ["reminder"]


PUSHES = (Lane.NOTICE, Lane.REMINDER, Lane.DIGEST, Lane.ANNOUNCEMENT)


@pytest.mark.parametrize("lane", PUSHES)
async def test_who_has_stopped_gets_replies_and_nothing_else(town: Town, lane: Lane) -> None:
    ada = await town.arrives(ADA)
    await town.acts(ADA, StopPushes())
    await town.puts(ada, "push", lane=lane)
    await town.puts(ada, "reply")

    assert await town.claims() == ["reply"]
    await town.do(outbox.record, [Ending("reply", State.SENT)], RUN, NOON)
    assert await town.claims() == []


@pytest.mark.parametrize(
    ("lane", "taken"), [(Lane.REMINDER, False), (Lane.NOTICE, True), (Lane.DIGEST, True), (Lane.REPLY, True)]
)
async def test_a_reminder_needs_the_consent_to_reminders(town: Town, lane: Lane, taken: bool) -> None:
    ada = await town.arrives(ADA)
    await town.acts(ADA, RefuseConsent(Purpose.REMINDERS))
    await town.puts(ada, "message", lane=lane)

    assert await town.claims() == ["message"] * taken


async def test_a_consent_given_again_lets_what_waits_go(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.acts(ADA, StopPushes())
    await town.reminds(ada, "reminder")
    assert await town.claims() == []

    await town.acts(ADA, GiveConsent(Purpose.REMINDERS, "consent.reminders"))

    assert await town.claims() == ["reminder"]


async def test_another_persons_consent_does_not_count(town: Town) -> None:
    ada = await town.comes(ADA)
    await town.arrives(BEN)
    await town.reminds(ada, "reminder")

    assert await town.claims() == []


async def test_nothing_goes_to_who_has_blocked_the_bot_or_is_gone(town: Town) -> None:
    ada, ben, eve = [await town.arrives(number) for number in (ADA, BEN, EVE)]
    await town.acts(ADA, BeReachable(False))
    await town.do(outbox.cut_off, ben.contact, "gone", NOON)
    for person in (ada, ben, eve):
        await town.puts(person, f"to {person.telegram}")

    assert await town.claims() == [f"to {EVE}"]
    await town.acts(ADA, BeReachable(True))
    assert await town.claims() == [f"to {ADA}"]


async def test_a_pause_holds_for_its_person_until_it_ends(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    await town.puts(ada, "to ada")
    await town.puts(ben, "to ben")
    await town.do(pauses.pause, ada.contact, MINUTE, NOON)

    assert await town.claims() == ["to ben"]
    assert await town.do(pauses.pauses, NOON) == {ada.contact: NOON + MINUTE}
    assert await town.do(outbox.behind, [ada.contact, ben.contact], RUN, NOON) == {ada.contact}
    town.later(minutes=1)
    assert await town.claims() == ["to ada"]
    assert await town.do(pauses.pauses, town.now) == {}


async def test_a_pause_of_the_whole_bot_holds_for_everybody(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "to ada")
    await town.do(pauses.pause, WHOLE_BOT, MINUTE, NOON)

    assert await town.claims() == []
    assert await town.do(outbox.behind, [ada.contact, 404], RUN, NOON) == {ada.contact, 404}
    town.later(minutes=1)
    assert await town.claims() == ["to ada"]


async def test_a_shorter_pause_does_not_end_a_longer_one(town: Town) -> None:
    await town.do(pauses.pause, WHOLE_BOT, 5 * MINUTE, NOON)
    await town.do(pauses.pause, WHOLE_BOT, MINUTE, NOON)

    assert await town.do(pauses.pauses, NOON) == {WHOLE_BOT: NOON + 5 * MINUTE}


@pytest.mark.parametrize("whose", ["one", "all"])
async def test_a_clock_that_is_turned_back_makes_no_pause_longer_than_was_asked_for(
    town: Town, whose: str
) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "to ada")
    await town.do(pauses.pause, ada.contact if whose == "one" else WHOLE_BOT, MINUTE, NOON)
    town.later(hours=-1)

    assert await town.claims() == []
    town.later(seconds=59)
    assert await town.claims() == []
    town.later(seconds=1)
    assert await town.claims() == ["to ada"]


async def test_nor_does_a_short_pause_that_is_asked_for_then(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "to ada")
    await town.do(pauses.pause, ada.contact, MINUTE, NOON)
    town.later(hours=-1)
    await town.do(pauses.pause, ada.contact, MINUTE / 2, town.now)

    assert await town.do(pauses.pauses, town.now) == {ada.contact: town.now + MINUTE}


async def test_a_person_is_behind_while_a_reply_waits_or_another_run_sends(town: Town) -> None:
    ada, ben, eve = [await town.arrives(number) for number in (ADA, BEN, EVE)]
    await town.puts(ada, "waits")
    await town.puts(ben, "of another run", worker=RUN - 1)
    await town.puts(eve, "of this run", worker=RUN)
    contacts = [person.contact for person in (ada, ben, eve)]

    assert await town.do(outbox.behind, contacts, RUN, NOON) == {ada.contact, ben.contact}


async def test_an_earlier_run_takes_nothing_once_a_later_one_has_begun(town: Town) -> None:
    first = await town.do(instance.begin, Role.ALL, NOON)
    await town.puts(await town.arrives(ADA), "one")
    second = await town.do(instance.begin, Role.ALL, NOON)

    assert await town.claims(worker=first.fence) == []
    assert await town.claims(worker=second.fence) == ["one"]


@pytest.mark.parametrize(
    ("role", "lanes"),
    [
        (Role.ALL, ["reply", "notice", "reminder", "digest", "announcement"]),
        (Role.LISTEN, ["reply"]),
        (Role.PUSH, ["notice", "reminder", "digest", "announcement"]),
    ],
)
async def test_each_role_takes_what_it_speaks(town: Town, role: Role, lanes: list[str]) -> None:
    for number, lane in enumerate(Lane, 1):
        await town.puts(await town.arrives(number), lane.name.lower(), lane=lane)

    assert await town.claims(role=role) == lanes


async def test_two_listeners_take_side_by_side_and_of_two_leaders_the_later_one(town: Town) -> None:
    await town.puts(await town.arrives(ADA), "reply")
    await town.reminds(await town.arrives(BEN), "reminder")
    roles = (Role.LISTEN, Role.PUSH, Role.LISTEN, Role.PUSH)
    first, leader, _, later = [(await town.do(instance.begin, role, NOON)).fence for role in roles]

    assert await town.claims(worker=leader, role=Role.PUSH) == []
    assert await town.claims(worker=first, role=Role.LISTEN) == ["reply"]
    assert await town.claims(worker=later, role=Role.PUSH) == ["reminder"]


async def test_two_who_claim_at_the_same_time_never_take_the_same_message(town: Town) -> None:
    for number in range(1, 21):
        await town.puts(await town.comes(number), f"to {number}")

    taken = await asyncio.gather(*(town.claims(limit=5) for _ in range(6)))

    keys = [key for keys in taken for key in keys]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {f"to {number}" for number in range(1, 21)}
    assert {key for key, state in (await states(town)).items() if state == "sending"} == set(keys)


async def test_the_last_word_reaches_a_person_who_was_erased(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.acts(ADA, Forget())
    await town.puts(ada, "farewell")

    assert await town.claims() == ["farewell"]
