"""The tables of pushes: what is to be said when, and what each person wants of it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment
from storage.types import Serial

_DUE: Final = text("state = 'due'")
_SAID: Final = text("state = 'said'")
_NOTICE: Final = text("state = 'due' AND lead = ''")
_SETTLED: Final = text("settled_at IS NOT NULL")


class Push(SQLModel, table=True):
    """Something to be said to one person at its moment; what it can hold stands in flows/pushes/pushed.py.

    By its unique key nothing is planned or said twice. When what it is about moves, the row moves.
    """

    __table_args__ = (
        UniqueConstraint("citizen_id", "about", "kind", "lead", "edition"),
        Index("ix_push_due", "at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_push_notice", "at", sqlite_where=_NOTICE, postgresql_where=_NOTICE),
        Index("ix_push_about", "about", "citizen_id"),
        Index("ix_push_own_due", "citizen_id", "at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_push_own_said", "citizen_id", "settled_at", sqlite_where=_SAID, postgresql_where=_SAID),
        Index("ix_push_settled", "settled_at", sqlite_where=_SETTLED, postgresql_where=_SETTLED),
    )

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    citizen_id: int = big_number(foreign_key="citizen.id")
    topic: str
    about: int = big_number()  # id of an occasion, an action, or a conversation under way
    kind: str
    lead: str = ""  # as it is written in cadences; empty for notices
    edition: int = big_number(default=0)  # grows where the same is to be said anew
    details: str | None = Field(default=None, sa_type=Text)  # JSON, for its text
    cadence: str  # version
    at: datetime = moment()
    not_after: datetime = moment()
    state: str
    reason: str | None = None
    planned_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)


class Habit(SQLModel, table=True):
    """What a person wants of pushes; None everywhere: as most people."""

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    zone: str | None = None  # IANA name; None: that of their territory
    quiet: str | None = None  # 21:00-08:00; empty: no quiet hours
    leads: str | None = None  # 7d 2h; empty: no reminders before anything
    topics_off: str = ""  # with spaces between
    most: int | None = None  # reminders in a week


class Mute(SQLModel, table=True):
    """One thing about which a person wants no reminders, until they answer to it anew."""

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    about: int = big_number(primary_key=True)
    at: datetime = moment(index=True)
