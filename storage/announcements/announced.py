"""The tables of announcements: what is said, in which languages, and to whom: the ledger of recipients."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment
from storage.types import Serial

_DUE: Final = text("state = 'due'")
_OUT: Final = text("state = 'out'")


class Announcement(SQLModel, table=True):
    """One announcement; of one that comes again, one round. See flows/announcements/announcement.py."""

    __table_args__ = (Index("ix_announcement_stage", "stage", "begins_at"),)

    id: int = big_number(primary_key=True)
    territory: str | None = Field(default=None, index=True)  # slug; None: the whole network
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    planner: str  # a pseudonym, as in the audit
    stage: str
    aims: str = Field(default="[]", sa_type=Text)  # JSON
    asks_interest: bool = False
    medium: int | None = big_number(default=None)  # a picture or a document that comes with it
    zone: str  # IANA name
    starts: str | None = None  # by the clocks of the zone: 2027-03-12T18:30; of a series its first round
    rule: str | None = None  # of the series (RFC 5545)
    series: int | None = big_number(default=None)  # its first round, with which its words stand
    occasion: int | None = big_number(default=None, index=True)
    lead: str = ""
    until: str | None = None  # by the clocks of the zone
    begins_at: datetime | None = moment(default=None)  # when it is to begin; None: once it is confirmed
    confirmed_at: datetime | None = moment(default=None)
    confirmed_twice: bool = False
    begun_at: datetime | None = moment(default=None)
    not_after: datetime | None = moment(default=None)  # then it is too late to be sent
    found_until: int | None = big_number(default=None)  # recipients were looked for up to them; None: all
    found: int = 0  # so many there were
    ended_at: datetime | None = moment(default=None)
    figures: str | None = Field(default=None, sa_type=Text)  # JSON, once its recipients were deleted
    created_at: datetime = moment()
    changed_at: datetime = moment()


class AnnouncementText(SQLModel, table=True):
    """What an announcement says in one language."""

    __tablename__ = "announcement_text"

    announcement_id: int = big_number(primary_key=True, foreign_key="announcement.id")
    language: str = Field(primary_key=True)  # BCP 47
    text: str = Field(sa_type=Text)


class AnnouncementLink(SQLModel, table=True):
    """A button of an announcement that leads to a page."""

    __tablename__ = "announcement_link"

    announcement_id: int = big_number(primary_key=True, foreign_key="announcement.id")
    number: int = Field(primary_key=True)  # from 1 on
    address: str = Field(sa_type=Text)
    labels: str = Field(default="{}", sa_type=Text)  # JSON, by language


class Recipient(SQLModel, table=True):
    """What has become of one announcement for one person. By its unique key nobody is meant twice."""

    __table_args__ = (
        UniqueConstraint("announcement_id", "citizen_id"),
        Index("ix_recipient_due", "at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_recipient_out", "announcement_id", sqlite_where=_OUT, postgresql_where=_OUT),
        Index("ix_recipient_citizen", "citizen_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    announcement_id: int = big_number(foreign_key="announcement.id")
    citizen_id: int = big_number(foreign_key="citizen.id")
    state: str
    omission: str | None = None
    edition: int = 0  # grows when a message has come back unsent, and is put in the outbox anew
    at: datetime = moment()  # when it is due; later than at first, where quiet hours are waited for
    settled_at: datetime | None = moment(default=None)
    tapped_at: datetime | None = moment(default=None)  # when they said that they are interested
