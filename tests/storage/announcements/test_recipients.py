"""The ledger of announcements: each recipient once, decided again when claimed, settled by its message."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from flows.announcements.announcement import Omission, Stage
from flows.announcements.letter import TapInterest, Tapped
from flows.announcements.steps import Came, ConfirmAnnouncement, RecallAnnouncement, Steer, Steering
from flows.moves import Effect
from flows.people.person import BeReachable, Forget, Purpose, RefuseConsent, StopPushes
from flows.people.roles import Role, Scope
from flows.pushes.pushed import Notice, Topic
from flows.pushes.why import SwitchTopic
from storage.announcements import recipients, rounds, settling
from storage.announcements.announced import Announcement, Recipient
from storage.announcements.recipients import Claimed
from storage.announcements.rounds import TO_RECALL
from storage.messages import outbox
from storage.messages.outbox import Ending, Lane, Message, State
from storage.people import retention
from storage.pushes.pushed import Habit, Push
from storage.tables import Contact, Outbox, table
from tests.storage.meetings import at, changes, meets, moves
from tests.storage.sent import announce
from tests.storage.town import BOT, CONTEXT, KEYS, RUN, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE: Final = Scope("riverside")
ID: Final = 77


async def people(town: Town, *telegrams: int) -> None:
    """Citizens of Riverside, and Ada, who coordinates it, has announced something to all of them."""
    for telegram in (ADA, *telegrams):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    author = KEYS.pseudonym("audit", (await town.person(ADA)).citizen)
    await town.do(announce, ID, now=town.now, planner=author)


async def begins(town: Town) -> None:
    """What is due is begun, and all its recipients are found."""

    def work(connection: Connection) -> None:
        rounds.begin_due(connection, CONTEXT, town.now)
        while recipients.find_page(connection, town.now):
            pass

    await town.do(work)


async def claims(town: Town, most: int = 100, *, pictured: bool = False) -> Claimed:
    """What is due is claimed, and its messages are put in the outbox, their pictures before them."""

    def work(connection: Connection) -> Claimed:
        claimed = recipients.claim(connection, CONTEXT, bot=BOT, now=town.now, most=most)
        book = town.unit(connection, ADA).book
        for one in claimed.addressed:
            pictures = [settling.picture_key(one.key)] if pictured and not one.shown else []
            for key in (*pictures, one.key):
                message = Message(key, one.person.contact, one.person.telegram, {"text": "x"},
                                  Lane.ANNOUNCEMENT, must=False, lives=one.lives)  # fmt: skip
                outbox.put(book, message, now=town.now, worker=None)
        book.flush()
        return claimed

    claimed: Claimed = await town.do(work)
    return claimed


async def leaves(town: Town, state: State = State.SENT, reason: str | None = None) -> None:
    """Everything that waits is sent, and that has come of it."""
    for key in await town.claims(limit=100):
        await town.do(outbox.record, [Ending(key, state, reason=reason)], RUN, town.now)


async def settles(town: Town) -> None:
    """What became of messages is noted, and what is settled ends."""

    def work(connection: Connection) -> None:
        settling.settle(connection, town.now)
        rounds.end_settled(connection, CONTEXT, town.now)

    await town.do(work)


async def fates(town: Town) -> dict[str, int]:
    """How many recipients have which fate, with the omission of those who were skipped."""
    rows = await town.rows(Recipient)
    return dict(Counter(f"{row.state} {row.omission}" if row.omission else row.state for row in rows))


async def test_everybody_gets_it_once_and_its_author_is_told(town: Town) -> None:
    await people(town, BEN, EVE)

    await begins(town)
    first, second = await claims(town), await claims(town)
    await leaves(town)
    await settles(town)
    await settles(town)

    assert sorted(one.person.telegram for one in first.addressed) == [ADA, BEN, EVE]
    assert second.addressed == ()
    assert await fates(town) == {"delivered": 3}
    assert (await town.row(Announcement)).stage == Stage.SENT
    reports = [row for row in await town.rows(Push) if row.kind == Notice.SENT]
    assert [row.citizen_id for row in reports] == [(await town.person(ADA)).citizen]


async def test_what_is_found_again_is_found_once(town: Town) -> None:
    await people(town, BEN)
    await begins(town)
    again = update(table(Announcement)).values(found_until=0)
    await town.do(lambda connection: connection.execute(again))

    await begins(town)

    assert await fates(town) == {"due": 2}


async def test_the_database_itself_refuses_a_second_row_for_one_recipient(town: Town) -> None:
    await people(town)
    await begins(town)
    row = (await town.row(Recipient))._mapping
    twice = insert(table(Recipient)).values({**row, "id": 5})

    with pytest.raises(IntegrityError):
        await town.do(lambda connection: connection.execute(twice))


async def test_two_who_claim_at_once_never_claim_the_same(town: Town) -> None:
    await people(town, BEN, EVE)
    await begins(town)

    both = await asyncio.gather(claims(town), claims(town))

    claimed = [one.person.telegram for each in both for one in each.addressed]
    assert len(claimed) == len(set(claimed))
    await claims(town)
    assert await fates(town) == {"out": 3}


@pytest.mark.parametrize(
    ("change", "omission"),
    [
        (StopPushes(), Omission.STOPPED),
        (BeReachable(False), Omission.BLOCKED),
        (RefuseConsent(Purpose.NEWS), Omission.NO_CONSENT),
        (SwitchTopic(Topic.ANNOUNCEMENT, on=False), Omission.OFF),
    ],
)
@pytest.mark.parametrize("late", [False, True], ids=["before it began", "since then"])
async def test_nobody_gets_what_they_do_not_want_or_cannot_get(
    town: Town, change: Effect[None], omission: Omission, late: bool
) -> None:
    await people(town, BEN)
    if late:
        await begins(town)
    await town.acts(BEN, change)

    await begins(town)
    claimed = await claims(town)

    assert [one.person.telegram for one in claimed.addressed] == [ADA]
    assert await fates(town) == {"out": 1, f"skipped {omission}": 1}


@pytest.mark.parametrize(
    "change",
    [StopPushes(), RefuseConsent(Purpose.NEWS), SwitchTopic(Topic.ANNOUNCEMENT, on=False)],
)
async def test_what_waits_in_the_outbox_is_not_sent_to_who_does_not_want_it_any_more(
    town: Town, change: Effect[None]
) -> None:
    await people(town)
    await begins(town)
    await claims(town)

    await town.acts(ADA, change)

    assert await town.claims() == []
    if isinstance(change, SwitchTopic):  # it waits until it is too late
        town.later(minutes=11)
    await settles(town)
    await claims(town)
    assert list(await fates(town)) == [f"skipped {_omission(change)}"]


def _omission(change: Effect[None]) -> Omission:
    match change:
        case StopPushes():
            return Omission.STOPPED
        case RefuseConsent():
            return Omission.NO_CONSENT
    return Omission.OFF


async def test_whoever_is_erased_meanwhile_is_counted_and_no_more(town: Town) -> None:
    await people(town, BEN)
    await begins(town)

    await town.acts(BEN, Forget())
    await claims(town)
    await leaves(town)
    await settles(town)

    row = await town.row(Announcement)
    figures = await town.do(lambda connection: rounds.figures_of(connection, row))
    assert (figures.delivered, figures.skipped) == (1, {"erased": 1})


@pytest.mark.parametrize(
    ("state", "reason", "fate"),
    [
        (State.SENT, None, "delivered"),
        (State.DEAD, "blocked", "gone"),
        (State.DEAD, "deleted", "gone"),
        (State.DEAD, "gone", "gone"),
        (State.DEAD, "Bad Request: something", "skipped refused"),
    ],
)
async def test_what_sending_has_come_to_stands_in_the_ledger(
    town: Town, state: State, reason: str | None, fate: str
) -> None:
    await people(town)
    await begins(town)
    await claims(town)

    await leaves(town, state, reason)
    await settles(town)

    assert await fates(town) == {fate: 1}


async def test_what_may_have_been_delivered_is_not_sent_again(town: Town) -> None:
    await people(town)
    await begins(town)
    await claims(town)
    keys = await town.claims()

    await town.do(outbox.settle_unsure, keys, RUN, town.now)
    await settles(town)
    town.later(hours=1)
    await claims(town)

    assert await town.claims() == []
    assert await fates(town) == {"unsure": 1}


async def test_what_waits_for_too_long_is_decided_anew(town: Town) -> None:
    await people(town)
    await begins(town)
    await claims(town)

    town.later(minutes=11)
    assert await town.claims() == []
    await settles(town)
    await claims(town)
    await leaves(town)
    await settles(town)

    assert await fates(town) == {"delivered": 1}
    assert [row.state for row in await town.rows(Outbox)] == ["dead", "sent"]


async def has_quiet_hours(town: Town, telegram: int, hours: str) -> None:
    row = {"citizen_id": (await town.person(telegram)).citizen, "quiet": hours, "topics_off": ""}
    await town.do(lambda connection: connection.execute(insert(table(Habit)), [row]))


async def test_it_waits_for_the_end_of_quiet_hours(town: Town) -> None:
    await people(town, BEN)
    await has_quiet_hours(town, BEN, "13:30-15:00")  # it is 14:00 in Riga
    await begins(town)

    now = await claims(town)
    town.later(minutes=59)
    early = await claims(town)
    town.later(minutes=2)
    then = await claims(town)

    assert [one.person.telegram for one in now.addressed] == [ADA]
    assert early.addressed == ()
    assert [one.person.telegram for one in then.addressed] == [BEN]


async def test_no_message_outlives_the_beginning_of_quiet_hours(town: Town) -> None:
    await people(town)
    await has_quiet_hours(town, ADA, "14:05-15:00")
    await begins(town)

    claimed = await claims(town)

    assert [one.lives for one in claimed.addressed] == [timedelta(minutes=5)]


async def test_where_it_is_too_late_after_quiet_hours_it_does_not_come(town: Town) -> None:
    await people(town)
    await has_quiet_hours(town, ADA, "13:30-15:00")
    await begins(town)
    soon = update(table(Announcement)).values(not_after=town.now + timedelta(minutes=30))
    await town.do(lambda connection: connection.execute(soon))

    await claims(town)

    assert await fates(town) == {"skipped quiet": 1}


async def test_a_pause_calls_back_what_has_not_left_and_going_on_sends_it_once(town: Town) -> None:
    await people(town, BEN, EVE)
    await begins(town)
    await claims(town)
    (left,) = await town.claims(limit=1)

    assert await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.PAUSE)) == [Came.DONE]
    assert await town.claims() == []
    await claims(town)
    assert await fates(town) == {"due": 2, "out": 1}
    await town.do(outbox.record, [Ending(left, State.SENT)], RUN, town.now)

    assert await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.RESUME)) == [Came.DONE]
    await claims(town)
    await leaves(town)
    await settles(town)
    assert await fates(town) == {"delivered": 3}
    assert len({row.contact_id for row in await town.rows(Outbox) if row.state == State.SENT}) == 3


@pytest.mark.parametrize(("shown", "after"), [(False, {"due": 1}), (True, {"out": 1})])
async def test_words_whose_picture_has_left_follow_it_into_a_pause(
    town: Town, shown: bool, after: dict[str, int]
) -> None:
    await people(town)
    await begins(town)
    await claims(town, pictured=True)
    if shown:
        await leaves(town)

    assert await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.PAUSE)) == [Came.DONE]
    assert await fates(town) == after

    assert await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.RESUME)) == [Came.DONE]
    await claims(town, pictured=True)
    for _ in range(2):
        await leaves(town)
    await settles(town)
    assert await fates(town) == {"delivered": 1}
    assert Counter(row.state for row in await town.rows(Outbox))[State.SENT] == 2


@pytest.mark.parametrize("times", [1, 2])
async def test_words_that_come_too_late_after_their_picture_come_without_it(town: Town, times: int) -> None:
    await people(town)
    await begins(town)
    await claims(town, pictured=True)
    await leaves(town)

    for _ in range(times):
        town.later(minutes=11)
        await settles(town)
        (again,) = (await claims(town, pictured=True)).addressed
        assert again.shown
    await leaves(town)
    await settles(town)

    assert await fates(town) == {"delivered": 1}
    sent = [row.key for row in await town.rows(Outbox) if row.state == State.SENT]
    assert [key.endswith(":picture") for key in sent] == [True, False]


async def test_a_picture_that_is_still_on_its_way_is_waited_for(town: Town) -> None:
    await people(town)
    await begins(town)
    await claims(town, pictured=True)
    (picture,) = await town.claims()

    town.later(minutes=11)
    await settles(town)
    assert await fates(town) == {"out": 1}
    await town.do(outbox.record, [Ending(picture, State.UNSURE)], RUN, town.now)
    await settles(town)

    assert [one.shown for one in (await claims(town, pictured=True)).addressed] == [True]


async def test_a_picture_that_has_not_left_comes_with_its_words(town: Town) -> None:
    await people(town)
    await begins(town)
    await claims(town, pictured=True)
    (picture,) = await town.claims()

    town.later(minutes=11)
    await town.do(outbox.record, [Ending(picture, State.PENDING, again_at=town.now)], RUN, town.now)
    await settles(town)

    assert [one.shown for one in (await claims(town, pictured=True)).addressed] == [False]


async def test_a_stop_is_for_good_and_is_told(town: Town) -> None:
    await people(town, BEN, EVE)
    await begins(town)
    await claims(town, most=1)
    await leaves(town)

    await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.HALT))
    await settles(town)
    await claims(town)

    assert await fates(town) == {"delivered": 1, "skipped halted": 2}
    row = await town.row(Announcement)
    assert (row.stage, row.ended_at) == (Stage.HALTED, town.now)
    assert await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.RESUME)) == [Came.GONE]


async def test_what_comes_back_after_a_stop_is_not_due_for_ever(town: Town) -> None:
    await people(town)
    await begins(town)
    await claims(town)
    (flying,) = await town.claims()
    await town.acts(ADA, Steer(RIVERSIDE, ID, Steering.HALT))
    await town.do(outbox.record, [Ending(flying, State.PENDING, again_at=town.now)], RUN, town.now)

    town.later(minutes=11)
    await settles(town)

    assert await fates(town) == {"skipped halted": 1}
    assert (await town.row(Announcement)).ended_at == town.now


async def test_once_it_has_begun_it_cannot_be_taken_back(town: Town) -> None:
    await people(town)
    await begins(town)

    assert await town.acts(ADA, RecallAnnouncement(RIVERSIDE, ID)) == [Came.GONE]


async def test_newcomers_get_what_is_still_valid_and_the_author_is_told_once(town: Town) -> None:
    await people(town)
    until = update(table(Announcement)).values(until="2025-03-20T23:59")
    await town.do(lambda connection: connection.execute(until))
    await begins(town)
    await claims(town)
    await leaves(town)
    await settles(town)

    town.later(days=2)
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)
    await claims(town)
    await leaves(town)
    await settles(town)
    town.later(days=20)
    await town.arrives(EVE)
    await town.do(recipients.find_newcomers, town.now)

    assert await fates(town) == {"delivered": 2}
    assert (await town.row(Announcement)).stage == Stage.SENT
    assert len([row for row in await town.rows(Push) if row.kind == Notice.SENT]) == 1


@pytest.mark.parametrize("willing", [BEN, EVE], ids=["Ben wants it", "Eve wants it"])
async def test_newcomers_who_do_not_want_it_keep_nobody_from_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, willing: int
) -> None:
    monkeypatch.setattr(recipients, "PAGE", 1)
    await people(town)
    until = update(table(Announcement)).values(until="2025-03-20T23:59")
    await town.do(lambda connection: connection.execute(until))
    await begins(town)
    town.later(hours=1)
    for telegram in (BEN, EVE):
        await town.arrives(telegram)
    await town.acts(BEN if willing == EVE else EVE, RefuseConsent(Purpose.NEWS))

    await town.do(recipients.find_newcomers, town.now)

    newcomer = (await town.person(willing)).citizen
    assert newcomer in {row.citizen_id for row in await town.rows(Recipient)}


async def test_of_what_comes_again_newcomers_get_its_last_round_alone(town: Town) -> None:
    await people(town)
    series = {"starts": "2025-03-10T14:00", "rule": "FREQ=WEEKLY;COUNT=4", "until": "2025-04-20T23:59"}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(series)))
    for _ in range(3):
        await begins(town)
        await claims(town)
        await leaves(town)
        await settles(town)
        town.later(days=7)

    town.later(days=-6)
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)
    town.later(hours=1)
    await town.do(recipients.find_newcomers, town.now)

    rounds_begun = [row for row in await town.rows(Announcement) if row.begun_at is not None]
    ben = (await town.person(BEN)).citizen
    got = [row.announcement_id for row in await town.rows(Recipient) if row.citizen_id == ben]
    assert len(rounds_begun) == 3
    assert got == [max(rounds_begun, key=lambda row: row.begun_at).id]


async def test_a_round_that_was_stopped_lets_no_newcomer_have_an_earlier_one(town: Town) -> None:
    await people(town)
    series = {"starts": "2025-03-10T14:00", "rule": "FREQ=WEEKLY;COUNT=4", "until": "2025-04-20T23:59"}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(series)))
    await begins(town)
    town.later(days=7)
    await begins(town)
    (second,) = [row for row in await town.rows(Announcement) if row.series and row.begun_at]
    await town.acts(ADA, Steer(RIVERSIDE, second.id, Steering.HALT))

    town.later(hours=1)
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)

    ben = (await town.person(BEN)).citizen
    assert ben not in {row.citizen_id for row in await town.rows(Recipient)}


async def comes_before_a_meeting(town: Town) -> None:
    """It comes two days before one on Saturday, and whoever joins until long after that gets it, too."""
    await people(town)
    await meets(town)
    town.now = at("2025-03-27 15:00")
    beside = {"occasion": 1, "lead": "-2d", "begins_at": town.now, "until": "2025-04-20T23:59"}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(beside)))
    await begins(town)


async def test_newcomers_get_what_comes_before_a_meeting_until_that_begins(town: Town) -> None:
    await comes_before_a_meeting(town)

    town.now = at("2025-03-29 14:00")
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)
    assert (await town.row(Announcement)).not_after == at("2025-03-29 15:00")

    town.now = at("2025-03-29 15:00")
    await town.arrives(EVE)
    await town.do(recipients.find_newcomers, town.now)
    await claims(town)
    assert await fates(town) == {"skipped late": 2}


async def test_no_newcomer_gets_what_comes_before_a_meeting_that_was_cancelled(town: Town) -> None:
    await comes_before_a_meeting(town)
    await changes(town, 1, state="cancelled")

    town.later(hours=1)
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)

    assert len(await town.rows(Recipient)) == 1


async def test_a_newcomer_shortens_the_time_of_nobody_who_still_waits(town: Town) -> None:
    await people(town)
    until = update(table(Announcement)).values(until="2025-03-10T18:00")
    await town.do(lambda connection: connection.execute(until))
    await begins(town)
    before = (await town.row(Announcement)).not_after

    town.later(hours=1)
    await town.arrives(BEN)
    await town.do(recipients.find_newcomers, town.now)

    assert await fates(town) == {"due": 2}
    assert (await town.row(Announcement)).not_after == before


async def test_each_round_of_what_comes_again_has_a_ledger_of_its_own(town: Town) -> None:
    await people(town)
    rule = {"starts": "2025-03-10T14:00", "rule": "FREQ=WEEKLY;COUNT=2"}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(rule)))

    await begins(town)
    await claims(town)
    rows = await town.rows(Announcement)
    following = [row for row in rows if row.stage == Stage.WAITING]
    assert [(row.begins_at, row.series) for row in following] == [(at("2025-03-17 14:00"), ID)]
    town.now = following[0].begins_at
    await begins(town)
    await claims(town)

    assert [row.stage for row in await town.rows(Announcement)] == [Stage.SENDING] * 2
    assert await fates(town) == {"out": 2}


async def test_what_comes_before_a_meeting_moves_with_it_and_ends_with_it(town: Town) -> None:
    await people(town)
    await meets(town)
    beside = {"occasion": 1, "lead": "-2d", "begins_at": at("2025-03-27 15:00")}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(beside)))

    await moves(town, 1, "2025-04-05 15:00")
    await town.do(rounds.realign, town.now)
    assert (await town.row(Announcement)).begins_at == at("2025-04-03 15:00")

    await changes(town, 1, state="cancelled")
    await town.do(rounds.realign, town.now)
    await settles(town)
    assert (await town.row(Announcement)).stage == Stage.HALTED


@pytest.mark.parametrize(
    ("change", "stage"),
    [({"state": "cancelled"}, Stage.HALTED), ({"starts_at": at("2025-04-05 15:00")}, Stage.WAITING)],
    ids=["cancelled", "moved"],
)
async def test_what_comes_before_a_meeting_does_not_begin_where_that_has_just_changed(
    town: Town, change: dict[str, Any], stage: Stage
) -> None:
    await people(town)
    await meets(town)
    town.now = at("2025-03-27 15:00")
    beside = {"occasion": 1, "lead": "-2d", "begins_at": town.now}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(beside)))
    await changes(town, 1, **change)

    await begins(town)

    assert (await town.row(Announcement)).stage == stage
    assert await town.rows(Recipient) == []


async def test_beside_a_meeting_too_there_are_ten_minutes_to_take_it_back(town: Town) -> None:
    await people(town)
    await meets(town)
    town.now = at("2025-03-27 14:55")
    soon = {"occasion": 1, "lead": "-2d", "confirmed_at": town.now, "begins_at": town.now + TO_RECALL}
    await town.do(lambda connection: connection.execute(update(table(Announcement)).values(soon)))

    await town.do(rounds.realign, town.now)

    assert (await town.row(Announcement)).begins_at == town.now + TO_RECALL


async def test_what_has_grown_above_the_set_size_waits_for_a_second_person(town: Town) -> None:
    await people(town, BEN, EVE)
    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)

    await town.do(rounds.begin_due, replace(CONTEXT, confirm_above=2), town.now)

    assert (await town.row(Announcement)).stage == Stage.ASKED
    asked = [row.citizen_id for row in await town.rows(Push) if row.kind == Notice.CONFIRM]
    assert asked == [(await town.person(BEN)).citizen]
    assert await author_read(town) == ['{"asked":1}']

    town.later(minutes=5)
    assert await town.acts(BEN, ConfirmAnnouncement(RIVERSIDE, ID)) == [Came.DONE]
    assert (await town.row(Announcement)).begins_at == town.now + TO_RECALL


async def author_read(town: Town) -> list[str]:
    """What Ada is told of an announcement that waits for a second person: how many were asked."""
    ada = (await town.person(ADA)).citizen
    pushes = [row for row in await town.rows(Push) if row.kind == Notice.GREW]
    assert {row.citizen_id for row in pushes} <= {ada}
    return [row.details for row in pushes]


async def test_its_author_is_told_where_nobody_else_can_be_asked(town: Town) -> None:
    await people(town, BEN, EVE)
    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)
    await town.acts(BEN, StopPushes())

    await town.do(rounds.begin_due, replace(CONTEXT, confirm_above=1), town.now)
    await town.do(rounds.begin_due, replace(CONTEXT, confirm_above=1), town.now)

    assert (await town.row(Announcement)).stage == Stage.ASKED
    assert await author_read(town) == ['{"asked":0}']


async def test_only_who_got_it_is_counted_as_interested_and_once(town: Town) -> None:
    await people(town, BEN)
    aims = update(table(Announcement)).values(aims='[{"by":"role","value":"territory","out":false}]')
    await town.do(lambda connection: connection.execute(aims))
    await begins(town)
    await claims(town)

    assert await town.acts(ADA, TapInterest(ID), TapInterest(ID)) == [Tapped.NOTED] * 2
    assert await town.acts(BEN, TapInterest(ID)) == [Tapped.GONE]
    assert [row.tapped_at for row in await town.rows(Recipient)] == [town.now]


async def test_after_half_a_year_only_counts_are_left(town: Town) -> None:
    await people(town, BEN)
    await begins(town)
    await claims(town)
    await leaves(town)
    await settles(town)
    before = await town.do(_figures, await town.row(Announcement))

    town.later(days=181)
    await town.do(retention.sweep, town.now)

    assert await town.rows(Recipient) == []
    assert await town.do(_figures, await town.row(Announcement)) == before


def _figures(connection: Connection, row: Any) -> Any:
    return rounds.figures_of(connection, row)


async def test_a_contact_that_is_gone_is_skipped(town: Town) -> None:
    await people(town, BEN)
    await begins(town)
    ben = (await town.person(BEN)).citizen
    lost = update(table(Contact)).where(col(Contact.citizen_id) == ben).values(citizen_id=None)
    await town.do(lambda connection: connection.execute(lost))

    await claims(town)

    assert await fates(town) == {"out": 1, "skipped blocked": 1}
