"""What is not kept for ever, and when it goes."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, bindparam, case, delete, exists, func, insert, or_, select
from sqlmodel import col

from storage.actions.piloted import Gift, Plea
from storage.announcements.rounds import forget_recipients
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryPost, InquiryTaken
from storage.messages import media
from storage.messages.outbox import WAITING, bury_late, cancel_unwanted
from storage.occasions.attended import Turnout
from storage.occasions.carded import Card
from storage.occasions.helped import Standby
from storage.occasions.planned import Answer, Occasion, OccasionReply, Post
from storage.panels.roomed import Room
from storage.people.erasure import erase
from storage.people.roles import WITHIN
from storage.people.silence import let_go, silent
from storage.planning.drafts import ABANDONED
from storage.planning.proposed import Proposal
from storage.pushes.pushed import Mute, Push
from storage.tables import (
    Appointment,
    Audit,
    Citizen,
    Contact,
    Inbox,
    Instance,
    Invitation,
    Knock,
    Outbox,
    Pause,
    Quarantine,
    table,
)
from storage.words.shown_counts import forget_empty

INBOX: Final = timedelta(days=8)  # Telegram redelivers for one day, and counts anew after a quiet week
QUARANTINE: Final = timedelta(days=30)
PUSH: Final = timedelta(days=90)  # longer than what was said without a sign of a person is counted
MUTE: Final = timedelta(days=366)
OUTBOX: Final = timedelta(days=30)
CARD: Final = timedelta(days=30)
ROOM: Final = timedelta(days=30)  # after its end
NEWCOMER: Final = timedelta(days=7)
"""How long language, territory and group of a person are kept who has not consented to anything."""

INSTANCE: Final = timedelta(days=30)
INVITATION: Final = timedelta(days=30)
APPOINTMENT: Final = timedelta(days=30)  # after its end; the audit remembers it for longer, without a name
AUDIT: Final = timedelta(days=730)
PLEA: Final = timedelta(days=180)  # what a giver was asked for, and what they wrote back
GIFT: Final = timedelta(days=730)
"""How long it is kept what somebody can give, since they said so; what was asked about it goes first."""

DRAFT: Final = timedelta(days=90)  # of a meeting, an action or an announcement, since somebody touched it
INQUIRY: Final = timedelta(days=90)  # since it was closed; an open one waits as long as it takes

ANSWER: Final = timedelta(days=365)
"""How long answers to something are kept after its end; then only how many said what."""

_LATER: Final = table(Proposal).alias("later")
_UNTOUCHED: Final = delete(table(Proposal)).where(  # together: a change may rest on the one before
    ~exists().where(
        _LATER.c.citizen_id == col(Proposal.citizen_id),
        _LATER.c.about == col(Proposal.about),
        _LATER.c.at >= bindparam("before"),
    )
)

BATCH: Final = 1000
"""How many rows one statement names: databases take some 30,000 values at the most."""


def sweep(connection: Connection, now: datetime) -> None:
    """Delete what has been kept long enough."""
    bury_late(connection, now)
    cancel_unwanted(connection, now)
    _delete_newcomers(connection, now)
    _let_go(connection, now)
    _delete_orphans(connection)
    for model, moment, kept in (
        (Inbox, col(Inbox.at), INBOX),
        (Quarantine, col(Quarantine.at), QUARANTINE),
        (Push, col(Push.settled_at), PUSH),
        (Mute, col(Mute.at), MUTE),
        (Outbox, col(Outbox.ended_at), OUTBOX),
        (Card, col(Card.ended_at), CARD),
        (Room, col(Room.until), ROOM),
        (Pause, col(Pause.until), timedelta()),
        (Invitation, col(Invitation.until), INVITATION),
        (Appointment, col(Appointment.until), APPOINTMENT),
        (Knock, col(Knock.at), WITHIN),
        (Audit, col(Audit.at), AUDIT),
        (Plea, col(Plea.asked_at), PLEA),
    ):
        connection.execute(delete(table(model)).where(moment < now - kept))
    connection.execute(_UNTOUCHED, {"before": now - DRAFT})
    unasked = col(Gift.id).not_in(select(col(Plea.gift_id)))
    connection.execute(delete(table(Gift)).where(col(Gift.given_at) < now - GIFT, unasked))
    _delete_inquiries(connection, now)
    _delete_drafts(connection, now)
    _count_answers(connection, now)
    _forget_stand_ins(connection, now)
    media.sweep(connection, now)
    forget_recipients(connection, now)
    forget_empty(connection)
    over = (col(Instance.lease_until).is_(None), col(Instance.heartbeat_at) < now - INSTANCE)
    connection.execute(delete(table(Instance)).where(*over))


def _delete_inquiries(connection: Connection, now: datetime) -> None:
    """What was asked a person and answered, once it has been closed for long enough."""
    connection.execute(delete(table(InquiryPost)).where(col(InquiryPost.ends)))
    old = select(col(Inquiry.id)).where(col(Inquiry.closed_at) < now - INQUIRY)
    while ids := _next(connection, old):
        for model in (InquiryTaken, InquiryMessage):
            connection.execute(delete(table(model)).where(table(model).c.inquiry_id.in_(ids)))
        connection.execute(delete(table(Inquiry)).where(col(Inquiry.id).in_(ids)))


def _delete_drafts(connection: Connection, now: datetime) -> None:
    """What somebody began to plan and never published, with its words."""
    for old, drop in ABANDONED:
        while ids := _next(connection, old(now - DRAFT)):
            for statement in drop(ids):
                connection.execute(statement)


def _count_answers(connection: Connection, now: datetime) -> None:
    """Put counts in the place of answers that are old enough, with which nobody can be found."""
    answered = exists().where(col(Answer.occasion_id) == col(Occasion.id))
    old = select(col(Occasion.id)).where(col(Occasion.ends_at) < now - ANSWER, answered)
    while ids := _next(connection, old):
        came = or_(col(Answer.checked_in_at).is_not(None), col(Answer.was_there).is_(True))
        counts = (
            select(
                col(Answer.occasion_id),
                col(Answer.says),
                func.count(),
                func.sum(col(Answer.party)),
                func.sum(case((came, 1), else_=0)),
            )
            .where(col(Answer.occasion_id).in_(ids))
            .group_by(col(Answer.occasion_id), col(Answer.says))
        )
        connection.execute(insert(table(Turnout)).from_select(table(Turnout).c.keys(), counts))
        for model in (OccasionReply, Answer):
            connection.execute(delete(table(model)).where(table(model).c.occasion_id.in_(ids)))


def _forget_stand_ins(connection: Connection, now: datetime) -> None:
    """Who was asked to stand in at what is over, and who did not want to."""
    over = exists().where(
        col(Post.id) == col(Standby.post_id),
        col(Occasion.id) == col(Post.occasion_id),
        col(Occasion.ends_at) < now,
    )
    connection.execute(delete(table(Standby)).where(over))


def _delete_newcomers(connection: Connection, now: datetime) -> None:
    """People who came and never consented: nothing of them stays, once nothing waits to be said to them."""
    old = (
        select(col(Citizen.id))
        .join(table(Contact), col(Contact.citizen_id) == col(Citizen.id))
        .where(
            col(Citizen.arrived_at).is_(None),
            col(Citizen.seen_at) < now - NEWCOMER,
            col(Contact.id).not_in(_waited_for()),
        )
    )
    while gone := _next(connection, old):
        erase(connection, gone)


def _let_go(connection: Connection, now: datetime) -> None:
    """People who have been silent for long: what they said stays, and nothing leads from it to them."""
    while gone := _next(connection, silent(now)):
        let_go(connection, gone)


def _delete_orphans(connection: Connection) -> None:
    """The way to a person who was erased, once the last word is spoken; to a group without cards and room."""
    orphans = select(col(Contact.id)).where(
        col(Contact.citizen_id).is_(None),
        col(Contact.id).not_in(select(col(Card.contact_id))),
        col(Contact.id).not_in(select(col(InquiryPost.contact_id))),
        col(Contact.id).not_in(select(col(Room.contact_id))),
        col(Contact.id).not_in(_waited_for()),
    )
    while gone := _next(connection, orphans):
        connection.execute(delete(table(Pause)).where(col(Pause.contact_id).in_(gone)))
        connection.execute(delete(table(Outbox)).where(col(Outbox.contact_id).in_(gone)))
        connection.execute(delete(table(Contact)).where(col(Contact.id).in_(gone)))


def _waited_for() -> Select[int]:
    """The contacts that something waits for."""
    return select(col(Outbox.contact_id)).where(col(Outbox.state).in_(WAITING))


def _next(connection: Connection, query: Select[int]) -> list[int]:
    """Some of the rows that `query` names, locked; whoever is being heard right now is left for later."""
    return list(connection.execute(query.limit(BATCH).with_for_update(skip_locked=True)).scalars())
