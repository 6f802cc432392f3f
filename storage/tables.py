"""The tables everything stands on; those of one conversation may stand beside its appliers.

A Telegram id stands in `contact` alone; a statement knows its author only by pseudonym.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import Serial, UtcDateTime


def table(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements of SQLAlchemy Core."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def moment(**options: Any) -> Any:
    """A column that holds a moment, aware UTC."""
    return Field(sa_type=UtcDateTime, **options)


def big_number(**options: Any) -> Any:
    """A column for whole numbers of 64 bits, as our ids and Telegram's are."""
    return Field(sa_type=BigInteger, **options)


def on_course() -> Any:
    """A column that says what became of somebody's words: flows/words/course.py."""
    return Field(default="received", sa_column_kwargs={"server_default": text("'received'")})


class Citizen(SQLModel, table=True):
    """A person, by an id of our own."""

    __table_args__ = (Index("ix_citizen_territory", "territory"),)

    id: int = big_number(primary_key=True)
    language: str  # BCP 47
    language_chosen: bool = False  # chosen by the person: then kept for ever
    territory: str | None = None
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    called: str | None = None  # by the people on one phone, where there are several
    asked: str | None = None  # purposes of consents, with spaces between; None: those of the first release
    adult_at: datetime | None = moment(default=None)  # when they said they are old enough
    arrived_at: datetime | None = moment(default=None)  # when they agreed that statements be kept
    stopped_at: datetime | None = moment(default=None)  # since when nothing is pushed to them
    created_at: datetime = moment(index=True)
    seen_at: datetime = moment()


class Contact(SQLModel, table=True):
    """The way to a person or a group in Telegram: the only place that holds a Telegram id.

    Several people on one phone have one each; whose slot is 0 speaks now.
    """

    __table_args__ = (UniqueConstraint("bot", "telegram", "slot", name="uq_contact_slot"),)

    id: int = big_number(primary_key=True)
    bot: int = big_number()
    telegram: int = big_number()  # private chat and person alike, or a group (negative)
    citizen_id: int | None = big_number(default=None, foreign_key="citizen.id", index=True)
    reach: str = "open"  # open, blocked (may come back), deleted (their account), gone (kicked, or never
    # began), mute: a group in which the bot may not write now (messages/chats.py), elsewhere: of an account
    # that could speak to it, but is not at work (messages/accounts.py)
    slot: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Conversation(SQLModel, table=True):
    """The open conversations of a person: their logs, which are their whole state."""

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    stack: str = Field(sa_type=Text)  # JSON, see storage/messages/stacks.py
    updated_at: datetime = moment()


class Consent(SQLModel, table=True):
    """One consent of one person to one purpose (GDPR, article 7)."""

    id: int = big_number(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    purpose: str
    text_key: str
    text_hash: str  # of the text as it was read, SHA-256
    language: str
    update_id: int = big_number()
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)


class Pseudonym(SQLModel, table=True):
    """The one map that leads from statements back to their author, for giving back and erasing."""

    pseudonym: str = Field(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    purpose: str


_STAYS: Final = text("withdrawn_at IS NULL")
_NOT_WITHDRAWN: Final[dict[str, Any]] = {"sqlite_where": _STAYS, "postgresql_where": _STAYS}


class Statement(SQLModel, table=True):
    """One idea a citizen wrote, in their words."""

    __table_args__ = (
        Index("ix_statement_voice", "author", "question"),
        Index("ix_statement_component", "territory", "component", **_NOT_WITHDRAWN),
        Index("ix_statement_reviewed", "territory", "reviewed", **_NOT_WITHDRAWN),
    )

    id: int = big_number(primary_key=True)
    author: str  # pseudonym
    territory: str
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    question: str
    language: str
    language_probability: float
    language_how: (
        str  # written: identified from the words; told: by the author; chosen: what we speak with them
    )
    text: str = Field(sa_type=Text)  # empty once withdrawn
    version: int = 1
    message: int = big_number()  # of the author's chat: finds the statement when the message is edited
    reworded_in: int | None = big_number(default=None)  # likewise: the last message of its own with new words
    component: str | None = None  # code of what it is about; None: nobody has classified it yet
    component_version: str | None = None  # of the determination key
    course: str = on_course()
    reviewed: str | None = None  # fit, masked, held; None: nobody has looked at it as it is now
    created_at: datetime = moment()
    edited_at: datetime | None = moment(default=None)
    withdrawn_at: datetime | None = moment(default=None)


class Wording(SQLModel, table=True):
    """An earlier wording of a statement."""

    statement_id: int = big_number(primary_key=True, foreign_key="statement.id")
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    language: str
    written_at: datetime = moment()


class Inbox(SQLModel, table=True):
    """An update that was carried out, so that it never is again."""

    bot: int = big_number(primary_key=True)
    update_id: int = big_number(primary_key=True)
    mark: int = big_number(primary_key=True)  # of its content: Telegram may count update ids anew
    at: datetime = moment(index=True)


class Quarantine(SQLModel, table=True):
    """An update that could not be carried out: what kind, why and when, without its text or author."""

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    bot: int = big_number()
    update_id: int = big_number()
    kind: str
    reason: str
    attempts: int
    at: datetime = moment(index=True)


class Outbox(SQLModel, table=True):
    """A message to be spoken; states and their meaning stand in storage/messages/outbox.py."""

    __table_args__ = (
        Index("ix_outbox_waiting", "state", "lane", "id"),
        Index("ix_outbox_contact", "contact_id", "id"),
        Index(
            "ix_outbox_line",
            "contact_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_outbox_ended",
            "ended_at",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    key: str = Field(unique=True)  # deterministic: the same message is never put here twice
    contact_id: int = big_number(foreign_key="contact.id")
    lane: int
    must: bool  # resent once where delivery is unsure
    payload: str | None = Field(default=None, sa_type=Text)  # JSON; wiped once the message has ended
    state: str
    unsure: int = 0  # how often it may or may not have been delivered
    worker: int | None = big_number(default=None)  # fencing number of the instance that has it
    not_before: datetime = moment()
    not_after: datetime = moment()
    created_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    message: int | None = big_number(default=None)
    reason: str | None = None


class Pause(SQLModel, table=True):
    """Telegram asked for a pause; kept here so that a restart honours it."""

    contact_id: int = big_number(primary_key=True)  # 0: the whole bot
    asked_at: datetime = moment()  # later than now: the clock was turned back since
    until: datetime = moment()


class Instance(SQLModel, table=True):
    """A run of the bot; its number fences off whatever an earlier run left behind."""

    fence: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    role: str
    started_at: datetime = moment()
    heartbeat_at: datetime = moment()
    lease_until: datetime | None = moment(default=None)  # by the server's clock; None: it was given up


class Alarm(SQLModel, table=True):
    """When the admins were last told of one cause."""

    cause: str = Field(primary_key=True)
    told_at: datetime = moment()


class Erasure(SQLModel, table=True):
    """A person who had everything erased, as a keyed hash: a restored backup is erased again."""

    person: str = Field(primary_key=True)
    erased_at: datetime = moment()


class Appointment(SQLModel, table=True):
    """One role of one person, from when to when; its id is that of the invitation it came of."""

    id: int = big_number(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    role: str
    territory: str | None = Field(default=None, index=True)  # slug; None: everywhere
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    name: str  # by which others with a role know the person
    granted_by: str  # who made the invitation: a pseudonym, or the console
    since: datetime = moment()
    until: datetime | None = moment(default=None)  # None: still held
    college: str | None = None  # of a member of a panel: slug; None: not said yet


class Invitation(SQLModel, table=True):
    """An invitation to a role, by a link that works once; its token is kept as a hash alone."""

    id: int = big_number(primary_key=True)
    token_hash: str = Field(unique=True)
    role: str
    territory: str | None = None
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    author: str = Field(index=True)  # pseudonym, or the console
    made_at: datetime = moment()
    until: datetime = moment(index=True)
    ended_at: datetime | None = moment(default=None)  # used or revoked
    college: str | None = None  # that comes with the role


class Knock(SQLModel, table=True):
    """A token that opened nothing, so that nobody can try many."""

    id: int = big_number(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    at: datetime = moment(index=True)


class Audit(SQLModel, table=True):
    """What was done with a role, or refused, by whom: without a name, and without words of anybody."""

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    at: datetime = moment(index=True)
    actor: str  # a pseudonym, which nothing leads back from once its owner is erased; or the console
    what: str
    about: str  # a role; of what was refused, the permission
    territory: str | None = None
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    grant: int | None = Field(default=None, sa_column=Column("grant_id", BigInteger))  # invitation and role
