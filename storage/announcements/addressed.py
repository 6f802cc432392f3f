"""For whom on a shared phone an announcement was, of which a button is pressed there."""

from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select
from sqlmodel import col

from storage.announcements.announced import Recipient
from storage.announcements.announcing import GOT_IT
from storage.tables import Contact, table

_ON_PHONE: Final[Select[*tuple[Any, ...]]] = (
    select(col(Contact.id), col(Contact.slot), col(Recipient.id).label("recipient"))
    .outerjoin(
        table(Recipient),
        and_(
            col(Recipient.citizen_id) == col(Contact.citizen_id),
            col(Recipient.announcement_id) == bindparam("announcement"),
            GOT_IT,
        ),
    )
    .where(
        col(Contact.bot) == bindparam("phone"),
        col(Contact.telegram) == bindparam("number"),
        col(Contact.citizen_id).is_not(None),
    )
    .order_by(col(Contact.slot))
)


def slot_of_reader(
    connection: Connection, bot: int, telegram: int, announcement: int, contact: int | None
) -> int | None:
    """The slot on a phone of whose button it is; None: of nobody there.

    contact  what the button says; None: nothing, for it stands below the same message for many. Then it is
             who speaks, if they have got it, or else another one who has
    """
    values = {"phone": bot, "number": telegram, "announcement": announcement}
    rows = connection.execute(_ON_PHONE, values).all()
    if contact is not None:
        return next((row.slot for row in rows if row.id == contact), None)
    return next((row.slot for row in rows if row.recipient is not None), None)
