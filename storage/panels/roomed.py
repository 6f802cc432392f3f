"""The table of rooms: which group chat is for what."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment

ASKS: Final = "room:ask:"
"""What the names of messages begin with that ask in a group chat what it is for."""

_LIVE: Final = text("until IS NULL")


class Room(SQLModel, table=True):
    """A group chat that was bound to a purpose. Neither its name nor who bound it is kept."""

    __table_args__ = (
        Index("ix_room_live", "contact_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int = big_number(primary_key=True)
    contact_id: int = big_number(foreign_key="contact.id", index=True)  # of the group chat
    territory: str = Field(index=True)  # slug
    purpose: str
    topic: int | None = big_number(default=None)  # of a forum; None: no topic, or the general one
    since: datetime = moment()
    until: datetime | None = moment(default=None)  # None: it goes on
