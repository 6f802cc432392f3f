"""How messages end: what stays of them, what is sent again, and where they go when a group moves."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from flows.people.person import BeReachable, Purpose, RefuseConsent, StopPushes
from storage import instance
from storage.instance import Role, Run
from storage.messages import backlog, claiming, moving, outbox
from storage.messages.outbox import Ending, Lane, Message, State
from storage.tables import Contact, Outbox, table
from tests.storage.town import BOT, NOON, RUN, Town

ADA, BEN = 4_000_000_001, 4_000_000_002
MINUTE = timedelta(minutes=1)


async def test_the_same_key_is_never_put_twice(town: Town) -> None:
    ada = await town.comes(ADA)
    await town.puts(ada, "one")

    with pytest.raises(IntegrityError):
        await town.puts(ada, "new", "one")

    assert [row.key for row in await town.rows(Outbox)] == ["one"]
    assert await town.do(outbox.already_there, ["one", "new"]) == {"one"}
    assert await town.do(outbox.already_there, []) == set()


async def test_what_was_said_loses_its_words_and_keeps_its_number(town: Town) -> None:
    await town.puts(await town.comes(ADA), "one")
    await town.claims()
    await town.do(outbox.record, [Ending("one", State.SENT, message=77)], RUN, NOON + MINUTE)

    row = await town.row(Outbox)

    assert (row.state, row.message, row.ended_at, row.payload) == ("sent", 77, NOON + MINUTE, None)


async def test_several_endings_are_noted_each_as_it_is(town: Town) -> None:
    for number, key in enumerate(("sent", "refused", "later", "unsure"), start=1):
        await town.puts(await town.comes(number), key)
    await town.claims()
    endings = [
        Ending("sent", State.SENT, message=1),
        Ending("refused", State.DEAD, reason="message is too long"),
        Ending("later", State.PENDING, again_at=NOON + MINUTE),
        Ending("unsure", State.UNSURE, again_at=NOON + MINUTE),
    ]
    await town.do(outbox.record, endings, RUN, NOON)

    rows = {row.key: row for row in await town.rows(Outbox)}

    assert {key: row.state for key, row in rows.items()} == {
        "sent": "sent",
        "refused": "dead",
        "later": "pending",
        "unsure": "pending",
    }
    assert rows["refused"].reason == "message is too long"
    assert {key for key, row in rows.items() if row.payload is None} == {"sent", "refused"}
    assert (rows["later"].unsure, rows["unsure"].unsure) == (0, 1)
    assert (rows["later"].worker, rows["later"].not_before) == (None, NOON + MINUTE)


async def test_what_became_of_a_message_is_noted_only_while_it_is_being_sent(town: Town) -> None:
    await town.puts(await town.comes(ADA), "one")
    await town.do(outbox.record, [Ending("one", State.SENT)], RUN, NOON)
    assert (await town.row(Outbox)).state == "pending"

    await town.claims()
    await town.do(outbox.record, [Ending("one", State.SENT, message=5)], RUN, NOON)
    await town.do(outbox.record, [Ending("one", State.DEAD, reason="too late to know")], RUN, NOON)

    row = await town.row(Outbox)
    assert (row.state, row.message, row.reason) == ("sent", 5, None)


async def test_an_unsure_message_that_must_arrive_is_sent_once_more_and_never_twice(town: Town) -> None:
    await town.puts(await town.comes(ADA), "must")

    await town.claims()
    await town.do(outbox.settle_unsure, ["must"], RUN, NOON)
    assert await town.claims() == ["must"]
    await town.do(outbox.settle_unsure, ["must"], RUN, NOON)

    row = await town.row(Outbox)
    assert (row.state, row.payload, row.ended_at) == ("unsure", None, NOON)
    assert await town.claims() == []


async def test_an_unsure_message_that_may_be_missed_is_never_repeated(town: Town) -> None:
    await town.puts(await town.comes(ADA), "may", must=False)

    await town.claims()
    await town.do(outbox.settle_unsure, ["may"], RUN, NOON)

    row = await town.row(Outbox)
    assert (row.state, row.payload, row.unsure) == ("unsure", None, 0)
    assert await town.claims() == []


async def test_what_was_being_sent_when_its_reader_blocked_the_bot_does_not_wait_for_ever(
    town: Town,
) -> None:
    await town.puts(await town.comes(ADA), "words")
    await town.claims()
    await town.acts(ADA, BeReachable(False))

    await town.do(outbox.settle_unsure, ["words"], RUN, NOON)

    row = await town.row(Outbox)
    assert (row.state, row.payload, row.ended_at) == ("cancelled", None, NOON)


async def test_what_was_to_be_tried_again_when_its_reader_blocked_the_bot_is_cancelled(town: Town) -> None:
    await town.puts(await town.comes(ADA), "words")
    await town.claims()
    await town.acts(ADA, BeReachable(False))

    await town.do(outbox.record, [Ending("words", State.PENDING, again_at=NOON + MINUTE)], RUN, NOON)

    assert (await town.row(Outbox)).state == "cancelled"


async def test_only_messages_that_are_being_sent_can_be_unsure(town: Town) -> None:
    await town.puts(await town.comes(ADA), "waits", must=False)

    await town.do(outbox.settle_unsure, ["waits"], RUN, NOON)

    assert (await town.row(Outbox)).state == "pending"


async def test_a_new_run_settles_what_earlier_runs_were_sending_and_nothing_else(town: Town) -> None:
    people = {key: await town.comes(number) for number, key in enumerate(("must", "may", "own", "waits"), 1)}
    await town.puts(people["must"], "must", worker=RUN - 1)
    await town.puts(people["may"], "may", worker=RUN - 2, must=False)
    await town.puts(people["own"], "own", worker=RUN)
    await town.puts(people["waits"], "waits")
    town.later(minutes=1)

    await town.do(outbox.settle_left_behind, RUN, town.now)

    rows = {row.key: row for row in await town.rows(Outbox)}
    assert {key: row.state for key, row in rows.items()} == {
        "must": "pending",
        "may": "unsure",
        "own": "sending",
        "waits": "pending",
    }
    assert (rows["must"].unsure, rows["must"].not_before, rows["must"].worker) == (1, town.now, None)
    assert (rows["waits"].unsure, rows["may"].payload) == (0, None)


async def test_what_a_living_run_is_sending_is_left_to_it_until_it_ends(town: Town) -> None:
    ada = await town.comes(ADA)
    alive: Run = await town.do(instance.begin, Role.LISTEN, NOON)
    leader: Run = await town.do(instance.begin, Role.PUSH, NOON)
    await town.puts(ada, "one", worker=alive.fence)

    await town.do(outbox.settle_left_behind, leader.fence, NOON)
    before = (await town.row(Outbox)).state
    await town.do(instance.end, alive.fence)
    await town.do(outbox.settle_left_behind, leader.fence, NOON)

    assert before == "sending"
    assert (await town.row(Outbox)).state == "pending"


async def test_a_run_that_was_given_up_changes_nothing_of_what_others_do_now(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "taken over", worker=RUN - 1)
    await town.puts(ben, "waits again", worker=RUN - 1)
    await town.do(outbox.settle_left_behind, RUN, NOON)
    assert await town.claims(limit=1) == ["taken over"]
    before = await town.rows(Outbox)

    for key in ("taken over", "waits again"):
        await town.do(outbox.record, [Ending(key, State.SENT, message=1)], RUN - 1, NOON)
        await town.do(outbox.record, [Ending(key, State.PENDING, again_at=NOON + MINUTE)], RUN - 1, NOON)
        await town.do(outbox.settle_unsure, [key], RUN - 1, NOON)
    released = await town.do(outbox.release, RUN - 1, contacts=None, flying=[], now=town.now)

    assert released == set()
    assert await town.rows(Outbox) == before


async def test_several_crashes_in_a_row_do_not_give_up_a_message_that_must_arrive(town: Town) -> None:
    await town.puts(await town.comes(ADA), "must", worker=RUN)

    states = []
    for crash in range(1, outbox.CRASHES + 2):
        await town.do(outbox.settle_left_behind, RUN + crash, town.now)
        states.append((await town.row(Outbox)).state)
        await town.do(claiming.claim, limit=1, now=town.now, worker=RUN + crash)

    assert states == ["pending"] * outbox.CRASHES + ["unsure"]


async def test_what_is_held_for_a_person_waits_again_but_for_what_is_in_flight(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "in flight", "behind it", "last", worker=RUN)
    await town.puts(ada, "of an earlier run", worker=RUN - 1)
    await town.puts(ben, "to ben", worker=RUN)

    released = await town.do(outbox.release, RUN, contacts=[ada.contact], flying=["in flight"], now=town.now)

    rows = {row.key: (row.state, row.worker) for row in await town.rows(Outbox)}
    assert released == {"behind it", "last"}
    assert rows == {
        "in flight": ("sending", RUN),
        "behind it": ("pending", None),
        "last": ("pending", None),
        "of an earlier run": ("sending", RUN - 1),
        "to ben": ("sending", RUN),
    }


async def test_a_run_that_stops_lets_everything_wait_again(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "one", "two", worker=RUN)
    await town.puts(ben, "three", worker=RUN)

    assert await town.do(outbox.release, RUN, contacts=None, flying=[], now=town.now) == {
        "one",
        "two",
        "three",
    }
    assert await town.claims(worker=RUN + 1) == ["one", "three"]


async def test_a_push_that_comes_too_late_is_left_to_be_decided_anew(town: Town) -> None:
    ada = await town.comes(ADA)
    await town.puts(ada, "p:3:0", "p:3:1", lives=MINUTE)
    town.later(minutes=1)

    assert await town.do(outbox.bury_late, town.now) == 0
    assert await town.claims() == []


async def test_messages_that_come_too_late_are_buried_and_counted(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "short", "long", lives=MINUTE)
    await town.puts(ben, "being sent", lives=MINUTE, worker=RUN)
    await town.puts(ben, "fresh", lives=MINUTE + timedelta(microseconds=1))

    assert await town.do(outbox.bury_late, NOON + MINUTE) == 2

    rows = {row.key: (row.state, row.reason, row.payload is None) for row in await town.rows(Outbox)}
    assert rows == {
        "short": ("dead", "too late", True),
        "long": ("dead", "too late", True),
        "being sent": ("sending", None, False),
        "fresh": ("pending", None, False),
    }


async def test_who_cannot_be_reached_any_more_gets_nothing_of_what_waits(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "being sent", worker=RUN)
    await town.puts(ada, "one", "two")
    await town.puts(ben, "three")

    await town.do(outbox.cut_off, ada.contact, "gone", NOON)

    rows = {row.key: (row.state, row.reason, row.payload is None) for row in await town.rows(Outbox)}
    assert rows == {
        "being sent": ("sending", None, False),
        "one": ("cancelled", "gone", True),
        "two": ("cancelled", "gone", True),
        "three": ("pending", None, False),
    }
    assert {row.telegram: row.reach for row in await town.rows(Contact)} == {ADA: "gone", BEN: "open"}


async def fates(town: Town) -> dict[str, tuple[str, str | None, bool]]:
    """What became of each message: its state, the reason, and whether its words are gone."""
    return {row.key: (row.state, row.reason, row.payload is None) for row in await town.rows(Outbox)}


async def test_what_waits_for_who_stops_pushes_is_cancelled_but_for_replies(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    for lane in Lane:
        await town.puts(ada, lane.name, lane=lane)
    await town.puts(ben, "to ben", lane=Lane.NOTICE)

    await town.acts(ADA, StopPushes())

    cancelled = {lane.name: ("cancelled", "stopped", True) for lane in Lane if lane is not Lane.REPLY}
    waits = ("pending", None, False)
    assert await fates(town) == {"REPLY": waits, **cancelled, "to ben": waits}


@pytest.mark.parametrize(
    ("purpose", "lane"), [(Purpose.REMINDERS, Lane.REMINDER), (Purpose.NEWS, Lane.ANNOUNCEMENT)]
)
async def test_what_waits_by_a_consent_is_cancelled_with_it(town: Town, purpose: Purpose, lane: Lane) -> None:
    ada = await town.arrives(ADA)
    for each in Lane:
        await town.puts(ada, each.name, lane=each)

    await town.acts(ADA, RefuseConsent(purpose))

    ended = {key: fate for key, fate in (await fates(town)).items() if fate[0] != "pending"}
    assert ended == {lane.name: ("cancelled", "no consent", True)}


async def test_a_push_that_failed_on_its_way_while_somebody_stopped_is_not_tried_anew(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    for person, key, lane in ((ada, "push", Lane.NOTICE), (ben, "to ben", Lane.NOTICE)):
        await town.puts(person, key, lane=lane)
    await town.claims()
    await town.acts(ADA, StopPushes())

    again = [Ending(key, State.PENDING, again_at=NOON + MINUTE) for key in ("push", "to ben")]
    await town.do(outbox.record, again, RUN, NOON)

    assert await fates(town) == {
        "push": ("cancelled", "stopped", True),
        "to ben": ("pending", None, False),
    }


async def group(town: Town, contact: int, telegram: int) -> Message:
    """A group's contact, and a message that waits for it."""
    row = {"id": contact, "bot": BOT, "telegram": telegram, "citizen_id": None, "reach": "open"}
    await town.database.write(lambda connection: connection.execute(insert(table(Contact)).values(row)))
    return Message(f"to {contact}", contact, telegram, {})


@pytest.mark.parametrize("told_by", ["the send", "the group"])
async def test_what_waits_for_a_group_follows_it_to_its_new_id(town: Town, told_by: str) -> None:
    message = await group(town, 1, -100)
    await town.posts(message)

    for _ in range(2):  # Telegram may tell of it more than once
        if told_by == "the send":
            await town.do(moving.move, 1, -1_000_000_000_100, NOON)
        else:
            await town.do(moving.follow, BOT, -100, -1_000_000_000_100, NOON)

    assert [message.telegram for message in await town.claimed()] == [-1_000_000_000_100]


async def test_what_waits_for_a_group_joins_what_waits_at_its_new_id(town: Town) -> None:
    old, new = await group(town, 1, -100), await group(town, 2, -1_000_000_000_100)
    await town.posts(old, new)

    await town.do(moving.move, 1, -1_000_000_000_100, NOON)

    assert [(one.key, one.telegram) for one in await town.claimed()] == [("to 1", -1_000_000_000_100)]
    await town.do(outbox.record, [Ending("to 1", State.SENT)], RUN, NOON)
    assert [(one.key, one.telegram) for one in await town.claimed()] == [("to 2", -1_000_000_000_100)]


async def test_a_group_we_never_knew_changes_nothing_when_it_moves(town: Town) -> None:
    await group(town, 1, -100)

    await town.do(moving.follow, BOT, -999, -1_000_000_000_999, NOON)
    await town.do(moving.follow, BOT + 1, -100, -1_000_000_000_999, NOON)

    assert (await town.row(Contact)).telegram == -100


async def test_what_waits_is_counted_down_to_zero(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.puts(ada, "one", "two")
    await town.puts(ben, "three")
    await town.claims(limit=1)

    assert await town.do(backlog.counts) == {State.PENDING: 2, State.SENDING: 1}
    endings = [Ending(key, State.SENT) for key in ("one", "two", "three")]
    await town.do(outbox.record, endings[:1], RUN, NOON)
    await town.claims()
    await town.do(outbox.record, endings[1:], RUN, NOON)
    assert await town.do(backlog.counts) == {State.PENDING: 0, State.SENDING: 0}
