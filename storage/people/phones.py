"""Several people on one phone: each has a contact of their own, and whose slot is 0 speaks now."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, update
from sqlmodel import col

from storage.sql import among
from storage.tables import Citizen, Contact, table

_MINE: Final = table(Contact).alias("mine")
_SAME: Final = and_(_MINE.c.bot == col(Contact.bot), _MINE.c.telegram == col(Contact.telegram))
_HERE: Final = and_(col(Contact.bot) == bindparam("phone"), col(Contact.telegram) == bindparam("number"))

_PEOPLE: Final[Select[*tuple[Any, ...]]] = (
    select(
        col(Contact.id),
        col(Contact.slot),
        col(Contact.telegram),
        col(Citizen.id).label("citizen"),
        col(Citizen.called),
    )
    .join(table(Citizen), col(Citizen.id) == col(Contact.citizen_id))
    .where(_HERE)
    .order_by(col(Citizen.created_at), col(Citizen.id))
)
_LAST: Final = select(func.max(col(Contact.slot))).where(_HERE)
_NEXT: Final = (
    select(_MINE.c.bot, _MINE.c.telegram, func.min(col(Contact.slot)).label("slot"))
    .join(table(Contact), _SAME)
    .where(among(_MINE.c.id, "contacts"), _MINE.c.slot == 0, col(Contact.citizen_id).is_not(None))
    .group_by(_MINE.c.bot, _MINE.c.telegram)
)
_ALONE: Final = (
    select(func.min(col(Contact.citizen_id)))
    .join(_MINE, _SAME)
    .where(among(_MINE.c.id, "contacts"), col(Contact.citizen_id).is_not(None))
    .group_by(_MINE.c.bot, _MINE.c.telegram)
    .having(func.count(col(Contact.id).distinct()) == 1)
)
_UNNAME: Final = (
    update(table(Citizen))
    .where(col(Citizen.id).in_(_ALONE), col(Citizen.called).is_not(None))
    .values(called=None)
)


def on_phone(connection: Connection, bot: int, telegram: int) -> Sequence[Row[Any]]:
    """The people on a phone, in the order in which they came."""
    return connection.execute(_PEOPLE, {"phone": bot, "number": telegram}).all()


def free_slot(connection: Connection, bot: int, telegram: int) -> int:
    """A slot on a phone that nobody has, not even somebody to whom a last word is to be said."""
    last: int = connection.execute(_LAST, {"phone": bot, "number": telegram}).scalar_one()
    return last + 1


def contacts_of_phone(contact: int) -> Select[int]:
    """The contacts of everybody on the phone of one of them."""
    return select(col(Contact.id)).join(_MINE, _SAME).where(_MINE.c.id == contact)


def give_word(connection: Connection, bot: int, telegram: int, slot: int) -> None:
    """Let the person in that slot speak from now on; who spoke before takes the slot."""
    here = update(table(Contact)).where(_HERE)
    for before, after in ((0, -1), (slot, 0), (-1, slot)):
        values = {"phone": bot, "number": telegram}
        connection.execute(here.where(col(Contact.slot) == before).values(slot=after), values)


def close_up(connection: Connection, contacts: Sequence[int]) -> None:
    """After the people of those contacts have gone: let the next on their phones speak.

    Who is left alone on a phone needs no name there.
    """
    for row in connection.execute(_NEXT, {"contacts": contacts}).all():
        give_word(connection, row.bot, row.telegram, row.slot)
    connection.execute(_UNNAME, {"contacts": contacts})
