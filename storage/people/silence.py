"""People who are there no more: all of them goes but what they said, from which nothing leads to them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from flows.people.person import Purpose
from storage.actions.piloted import Feedback
from storage.inquiries.inquired import Inquiry
from storage.messages.outbox import WAITING
from storage.occasions.attended import Evaluation, Remark
from storage.occasions.planned import Answer, Occasion
from storage.people.erasure import erase
from storage.pushes.habits import consented
from storage.tables import Appointment, Citizen, Contact, Outbox, Pseudonym, Statement, table
from storage.words.shown_counts import ShownPerson

SILENT: Final = timedelta(days=365)
"""So long people are known who are not heard, where the bot may not write to them of its own accord."""

UNHEARD: Final = timedelta(days=730)
"""The same where it may: they read what comes, and are asked by each message whether they want it."""

DELETED: Final = timedelta(days=30)
"""So long people are known whose account is deleted, since Telegram told of it: it may come back."""

_SAID: Final[tuple[type[SQLModel], ...]] = (Statement, Feedback, Evaluation, Remark)
"""What people said for the place they live in: it stays there."""

_NAMED: Final[tuple[type[SQLModel], ...]] = (*_SAID, ShownPerson)  # figures go on to know them as one

_MAY_BE_WRITTEN_TO: Final = and_(
    col(Citizen.stopped_at).is_(None),
    or_(consented(Purpose.REMINDERS), consented(Purpose.NEWS)),
    exists().where(col(Contact.citizen_id) == col(Citizen.id), col(Contact.reach) == "open"),
)
_PHONE: Final = aliased(Contact)
_WAS_JUST_TOLD: Final = exists().where(
    col(_PHONE.bot) == col(Contact.bot),
    col(_PHONE.telegram) == col(Contact.telegram),
    col(Outbox.contact_id) == col(_PHONE.id),
    col(Outbox.reason) == "deleted",
    col(Outbox.ended_at) > bindparam("told_since"),
)
_ACCOUNT_IS_DELETED: Final = exists().where(
    col(Contact.citizen_id) == col(Citizen.id), col(Contact.reach) == "deleted", ~_WAS_JUST_TOLD
)
"""And nothing that could not be said to anybody on that phone is younger: what cannot is not tried again."""

_IS_NEEDED: Final = or_(
    exists().where(col(Appointment.citizen_id) == col(Citizen.id), col(Appointment.until).is_(None)),
    exists().where(col(Inquiry.citizen_id) == col(Citizen.id), col(Inquiry.closed_at).is_(None)),
    exists().where(
        col(Answer.citizen_id) == col(Citizen.id),
        col(Answer.occasion_id) == col(Occasion.id),
        col(Occasion.ends_at) > bindparam("now"),
    ),
    exists().where(
        col(Contact.citizen_id) == col(Citizen.id),
        col(Outbox.contact_id) == col(Contact.id),
        col(Outbox.state).in_(WAITING),
    ),
)
"""They have a role, wait for an answer or a message, or are expected somewhere."""


def silent(now: datetime) -> Select[int]:
    """Those who have not been heard for so long that they are let go."""
    return (
        select(col(Citizen.id))
        .where(
            col(Citizen.arrived_at).is_not(None),
            or_(
                col(Citizen.seen_at) < now - UNHEARD,
                and_(col(Citizen.seen_at) < now - SILENT, ~_MAY_BE_WRITTEN_TO),
                _ACCOUNT_IS_DELETED,
            ),
            ~_IS_NEEDED,
        )
        .params(now=now, told_since=now - DELETED)
    )


def let_go(connection: Connection, citizens: Sequence[int]) -> None:
    """Erase people, and keep what they said under new names of which nobody knows whose they are."""
    theirs = col(Pseudonym.citizen_id).in_(citizens)
    under = or_(*(exists().where(table(said).c.author == col(Pseudonym.pseudonym)) for said in _SAID))
    names = connection.execute(select(col(Pseudonym.pseudonym)).where(theirs, under)).scalars().all()
    new = [{"old": name, "new": secrets.token_hex(16)} for name in names]
    if new:
        for model in _NAMED:
            renamed = update(table(model)).where(table(model).c.author == bindparam("old"))
            connection.execute(renamed.values(author=bindparam("new")), new)
        _forget_messages(connection, [name["new"] for name in new])
        connection.execute(delete(table(Pseudonym)).where(col(Pseudonym.pseudonym).in_(names)))
    erase(connection, citizens)


def _forget_messages(connection: Connection, names: Sequence[str]) -> None:
    """Where in their chat they said it: Telegram would know whose chat that is."""
    connection.execute(update(table(Statement)).where(col(Statement.author).in_(names)).values(message=0))
    connection.execute(update(table(Feedback)).where(col(Feedback.author).in_(names)).values(message=None))
