"""What is not kept for ever goes on the day it is due: not a moment before, and nothing else with it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert, update
from sqlmodel import SQLModel, col

from flows.occasions.occasions import Says
from flows.people.invitation import OpenInvitation
from flows.people.person import ConfirmAge, GiveConsent, Purpose, SpeakLanguage
from flows.people.roles import EVERYWHERE, Role, Scope
from flows.people.team import WithdrawRole
from flows.planning.planning import LinkOnline
from flows.talks import Talk
from storage import instance
from storage.actions.piloted import Gift, Plea
from storage.messages import inbox, outbox, pauses, stacks
from storage.messages.inbox import Arrived
from storage.messages.outbox import Ending, State
from storage.occasions.attended import Turnout
from storage.occasions.carded import Card
from storage.occasions.planned import Answer, OccasionReply
from storage.people import retention
from storage.planning.proposed import Proposal
from storage.tables import (
    Alarm,
    Appointment,
    Audit,
    Citizen,
    Consent,
    Contact,
    Conversation,
    Inbox,
    Instance,
    Invitation,
    Knock,
    Outbox,
    Pause,
    Pseudonym,
    Quarantine,
    Statement,
    table,
)
from tests.storage.groups import has_card
from tests.storage.pilots import grows_a_garden, takes_part
from tests.storage.plans import call_meeting, change, goes_to_a_meeting, says
from tests.storage.town import BOT, NOON, RUN, Town

ADA, BEN = 4_000_000_001, 4_000_000_002
MOMENT = timedelta(microseconds=1)


async def sweep(town: Town, at: datetime) -> None:
    """Delete what is due at that moment."""
    await town.do(retention.sweep, at)


async def an_update(town: Town) -> None:
    await town.do(inbox.take, BOT, [Arrived(1, 1)], NOON)


async def a_quarantine(town: Town) -> None:
    await town.do(inbox.quarantine, BOT, 1, kind="message", reason="KeyError", attempts=5, now=NOON)


async def a_run(town: Town) -> None:
    run = await town.do(instance.begin, instance.Role.ALL, NOON)
    await town.do(instance.end, run.fence)


async def a_spoken_message(town: Town) -> None:
    await town.arrives(ADA)
    await town.puts(await town.person(ADA), "one")
    await town.claims()
    await town.do(outbox.record, [Ending("one", State.SENT)], RUN, NOON)


async def a_pause(town: Town) -> None:
    await town.do(pauses.pause, pauses.BOT, timedelta(), NOON)


async def an_invitation(town: Town) -> None:
    await town.invites("secret", Role.NETWORK, EVERYWHERE)


async def a_withdrawn_role(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    where = Scope("riverside")
    role = await town.appoints(BEN, Role.PANEL, where)
    await town.acts(ADA, WithdrawRole(where, role))
    await town.do(lambda c: c.execute(delete(table(Appointment)).where(col(Appointment.id) != role)))


async def an_answer(town: Town) -> None:
    await town.arrives(ADA)
    await town.do(call_meeting, 1, now=NOON, begins=timedelta(hours=-1))
    await goes_to_a_meeting(town, ADA, "words")
    await town.do(change, 1, ends_at=NOON)


async def a_wrong_token(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, OpenInvitation("of no invitation"))


async def a_proposal(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    await town.do(call_meeting, 1, now=NOON)
    await town.acts(ADA, LinkOnline(Scope("riverside"), 1, "https://town.example", proposed=True))


async def test_proposals_that_rest_on_each_other_go_together(town: Town) -> None:
    await a_proposal(town)
    town.later(days=10)
    await town.acts(ADA, LinkOnline(Scope("riverside"), 1, "https://elsewhere.example", proposed=True))

    await sweep(town, NOON + timedelta(days=95))
    assert len(await town.rows(Proposal)) == 2

    await sweep(town, NOON + timedelta(days=100) + MOMENT)
    assert await town.rows(Proposal) == []


RULES = [
    (an_invitation, Invitation, timedelta(days=37)),
    (a_withdrawn_role, Appointment, timedelta(days=30)),
    (a_wrong_token, Knock, timedelta(minutes=1)),
    (an_invitation, Audit, timedelta(days=730)),
    (an_update, Inbox, timedelta(days=8)),
    (a_quarantine, Quarantine, timedelta(days=30)),
    (a_run, Instance, timedelta(days=30)),
    (an_answer, Answer, timedelta(days=365)),
    (a_spoken_message, Outbox, timedelta(days=30)),
    (a_pause, Pause, timedelta()),
    (a_proposal, Proposal, timedelta(days=90)),
]


@pytest.mark.parametrize(("leave", "model", "kept"), RULES, ids=[rule[1].__name__ for rule in RULES])
async def test_traces_of_work_go_when_they_are_due(
    town: Town, leave: Callable[[Town], Awaitable[None]], model: type[SQLModel], kept: timedelta
) -> None:
    await leave(town)
    rows = len(await town.rows(model))

    await sweep(town, NOON + kept)
    assert len(await town.rows(model)) == rows > 0

    await sweep(town, NOON + kept + MOMENT)
    assert await town.rows(model) == []


async def test_a_person_who_never_consented_is_dropped_after_seven_days_of_silence(town: Town) -> None:
    ada = await town.comes(ADA)
    await town.acts(ADA, ConfirmAge(), GiveConsent(Purpose.QUOTES, "consent.quotes"))
    await town.do(stacks.save, {ada.citizen: (Talk(1, "arrival"),)}, NOON)

    await sweep(town, NOON + timedelta(days=7))
    assert (await town.person(ADA)).citizen == ada.citizen

    await sweep(town, NOON + timedelta(days=7) + MOMENT)
    for model in (Citizen, Contact, Conversation, Consent):
        assert await town.rows(model) == []


async def test_of_answers_that_are_long_over_only_counts_are_left(town: Town) -> None:
    await town.do(call_meeting, 1, now=NOON, begins=timedelta(hours=1))
    await town.do(call_meeting, 2, now=NOON, begins=timedelta(days=300))
    for telegram, party in ((ADA, 3), (BEN, 1)):
        await town.arrives(telegram)
        await says(town, telegram, party=party)
        await says(town, telegram, Says.NO, of=2)
    town.later(hours=2)
    await goes_to_a_meeting(town, ADA, "words")

    await sweep(town, NOON + timedelta(days=366))
    await sweep(town, NOON + timedelta(days=366))

    counted = await town.row(Turnout)
    assert (counted.says, counted.answers, counted.people, counted.came) == ("yes", 2, 4, 1)
    assert {row.occasion_id for row in await town.rows(Answer)} == {2}
    assert await town.rows(OccasionReply) == []


async def test_a_person_who_never_consented_stays_while_something_waits_to_be_said(town: Town) -> None:
    ada = await town.comes(ADA)
    town.later(days=7)
    await town.puts(ada, "answer")

    await sweep(town, town.now + MOMENT)
    assert (await town.person(ADA)).citizen == ada.citizen

    await town.claims()
    await sweep(town, town.now + MOMENT)
    assert (await town.person(ADA)).citizen == ada.citizen

    await town.do(outbox.record, [Ending("answer", State.SENT)], RUN, town.now)
    await sweep(town, town.now + MOMENT)
    assert await town.rows(Contact) == []


async def test_who_consented_stays_with_everything_they_said(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.says(ADA, "Still here.")
    await town.do(stacks.save, {ada.citizen: (Talk(1, "menu"),)}, NOON)

    await sweep(town, NOON + timedelta(days=400))

    assert await town.person(ADA) == ada
    for model in (Consent, Conversation, Pseudonym, Statement):
        assert await town.rows(model) != []


async def test_a_message_that_is_too_late_is_buried_first(town: Town) -> None:
    await town.arrives(ADA)
    await town.puts(await town.person(ADA), "one")

    await sweep(town, NOON + timedelta(hours=24))

    row = await town.row(Outbox)
    assert (row.state, row.payload) == ("dead", None)


async def test_a_group_is_known_as_long_as_a_card_of_it_is_kept(town: Town) -> None:
    await town.do(call_meeting, 1, now=NOON)
    await town.do(has_card, 1, ended_at=NOON)

    await sweep(town, NOON + retention.CARD)
    assert (await town.row(Contact)).telegram < 0

    for _ in range(2):  # the card, then the way to the group
        await sweep(town, NOON + retention.CARD + MOMENT)
    assert await town.rows(Card) == []
    assert await town.rows(Contact) == []


async def is_heard(town: Town) -> None:
    """Everybody has said something just now."""
    await town.do(lambda connection: connection.execute(update(table(Citizen)).values(seen_at=town.now)))


async def test_what_somebody_can_give_goes_after_two_years_and_what_was_asked_before_it(town: Town) -> None:
    person = await town.arrives(ADA)
    await grows_a_garden(town)
    await takes_part(town, person.citizen, "Ada")

    town.later(days=180)
    await town.do(retention.sweep, town.now)
    assert (len(await town.rows(Gift)), len(await town.rows(Plea))) == (1, 1)

    town.later(microseconds=1)
    await town.do(retention.sweep, town.now)
    assert (len(await town.rows(Gift)), len(await town.rows(Plea))) == (1, 0)

    town.later(days=550)
    await is_heard(town)
    await town.do(retention.sweep, town.now)
    assert await town.rows(Gift) == []


async def test_what_somebody_can_give_stays_while_they_are_asked_for_it(town: Town) -> None:
    person = await town.arrives(ADA)
    await grows_a_garden(town)
    await takes_part(town, person.citizen, "Ada")
    town.later(days=731)
    await is_heard(town)
    await town.do(lambda c: c.execute(update(table(Plea)).values(asked_at=town.now)))

    await town.do(retention.sweep, town.now)

    assert (len(await town.rows(Gift)), len(await town.rows(Plea))) == (1, 1)


async def test_alarms_keep_their_hour(town: Town) -> None:
    await town.do(instance.may_tell, "database", NOON, timedelta(hours=1))

    await sweep(town, NOON + timedelta(days=400))

    assert len(await town.rows(Alarm)) == 1


async def test_a_crowd_that_came_and_left_goes_whole(town: Town) -> None:
    """More people than one statement can name."""
    crowd = retention.BATCH * 2 + 1

    def come(connection: Connection) -> None:
        moments = {"created_at": NOON, "seen_at": NOON, "language": "en", "language_chosen": False}
        connection.execute(insert(table(Citizen)), [{"id": n, **moments} for n in range(1, crowd + 1)])
        ways = [
            {"id": n, "bot": BOT, "telegram": n, "citizen_id": n, "reach": "open"}
            for n in range(1, crowd + 1)
        ]
        connection.execute(insert(table(Contact)), ways)

    await town.database.write(come)
    await town.acts(crowd + 5, SpeakLanguage("en"))

    await sweep(town, NOON + timedelta(days=8))

    assert await town.rows(Citizen) == await town.rows(Contact) == []
