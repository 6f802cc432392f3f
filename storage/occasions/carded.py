"""The table of cards that occasions have in group chats, and the word that one must be looked at."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Index, Text, bindparam, text, update
from sqlmodel import Field, SQLModel, col

from storage.tables import big_number, moment, table

_LIVE: Final = text("ended_at IS NULL")


class Card(SQLModel, table=True):
    """One occasion's card in one group chat. Who asked for it is not kept."""

    __table_args__ = (
        Index("ix_card_occasion", "occasion_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_card_look", "look_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int = big_number(primary_key=True)
    contact_id: int = big_number(foreign_key="contact.id", index=True)  # of the group chat
    occasion_id: int = big_number(foreign_key="occasion.id")
    territory: str  # slug: the place for whose people it is
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    message: int | None = big_number(default=None)  # in the chat; None: not known to be there yet
    edition: int = 0  # 0: as it was sent first; grows with each edit
    said: str  # a hash of what the last edition says
    replaced: bool = False  # by a newer card in the same chat
    look_at: datetime = moment()  # when it may have something else to say
    made_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)  # since when it is left as it is


_MARK: Final = (
    update(table(Card))
    .where(
        col(Card.occasion_id) == bindparam("occasion"),
        col(Card.ended_at).is_(None),
        col(Card.look_at) > bindparam("at"),
    )
    .values(look_at=bindparam("at"))
)


def mark(connection: Connection, occasion: int, now: datetime) -> None:
    """Have the cards of an occasion looked at: something about it is otherwise. It is locked by the caller.

    A card that is to be looked at already is not touched: whoever looks locks the occasion first, and so
    sees what this transaction does.
    """
    connection.execute(_MARK, {"occasion": occasion, "at": now})
