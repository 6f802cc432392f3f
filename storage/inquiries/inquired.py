"""The tables of inquiries: who asks, who has taken it, what is written, and where it stands in rooms."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment

_OPEN: Final = text("closed_at IS NULL")
_LOOKED_AT: Final = text("look_at IS NOT NULL")
_HELD: Final = text("ready_at IS NULL")


class Inquiry(SQLModel, table=True):
    """A citizen's question for a person."""

    __table_args__ = (
        Index("ix_inquiry_open", "territory", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_inquiry_look", "look_at", sqlite_where=_LOOKED_AT, postgresql_where=_LOOKED_AT),
    )

    id: int = big_number(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)  # who asks
    territory: str  # slug: whose coordinators read it
    translate: bool  # whether a machine may translate what is written
    asked_at: datetime = moment()
    is_taken: bool = False  # somebody has taken it; if nobody has it now, they are gone
    waits_since: datetime | None = moment(default=None)  # for an answer; None: the last word is a person's
    brought_up: int = 0  # how often it was brought up since then
    look_at: datetime | None = moment(default=None)  # when time does something about it; None: never
    closed_at: datetime | None = moment(default=None, index=True)


class InquiryTaken(SQLModel, table=True):
    """Who has taken an inquiry: at most one person at a time."""

    __tablename__ = "inquiry_taken"

    inquiry_id: int = big_number(primary_key=True, foreign_key="inquiry.id")
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    since: datetime = moment()


class InquiryMessage(SQLModel, table=True):
    """One message of an inquiry, in the words of whoever wrote it."""

    __tablename__ = "inquiry_message"
    __table_args__ = (
        Index("ix_inquiry_message_held", "written_at", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: int = big_number(primary_key=True)
    inquiry_id: int = big_number(foreign_key="inquiry.id", index=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)  # who wrote it
    name: str  # of who answers, as others with a role know them; empty: written by who asks
    text: str = Field(sa_type=Text)
    language: str
    language_probability: float
    language_how: str
    translate_to: str | None = None  # a language; None: no translation is wanted
    translation: str | None = Field(default=None, sa_type=Text)  # by a machine
    written_at: datetime = moment()
    ready_at: datetime | None = moment(default=None)  # to be read; None: it waits for its translation
    passed_at: datetime | None = moment(default=None)  # on to the other side


class InquiryPost(SQLModel, table=True):
    """An inquiry's message in a room. It outlives the inquiry, so that its words can be taken away there."""

    __tablename__ = "inquiry_post"

    id: int = big_number(primary_key=True)
    inquiry_id: int = big_number(index=True)
    contact_id: int = big_number(foreign_key="contact.id", index=True)  # of the room
    territory: str  # slug: in whose language it speaks
    is_late: bool  # sent because nobody had answered for long
    edition: int = 0  # 0: as it was sent first; grows with each edit
    said: str  # a hash of what the last edition says
    message: int | None = big_number(default=None)  # in the chat; None: not known to be there yet
    ends: bool = False  # there is nothing more to say in it
