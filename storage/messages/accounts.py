"""Bot accounts: a contact is known to the one that met it, and only the one at work can speak to its own."""

from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from storage.tables import Contact, table

ELSEWHERE: Final = "elsewhere"
"""The reach of a contact that could be spoken to, if the bot worked with the account that knows it."""

_MINE: Final = col(Contact.bot) == bindparam("account")
_LEAVE: Final = update(table(Contact)).where(~_MINE, col(Contact.reach) == "open").values(reach=ELSEWHERE)
_COME_BACK: Final = update(table(Contact)).where(_MINE, col(Contact.reach) == ELSEWHERE).values(reach="open")
_PEOPLE: Final = select(func.count()).where(
    col(Contact.reach) == ELSEWHERE, col(Contact.citizen_id).is_not(None)
)


def work_as(connection: Connection, bot: int) -> int:
    """Only contacts of that account are within reach from now on; returns how many people are not therefore.

    bot  id of the account

    Who was within reach of it before another one worked is so again. The others cannot be reached, as if they
    had blocked the bot: what waits for them is cancelled when it is settled (outbox.settle_left_behind).
    """
    connection.execute(_LEAVE, {"account": bot})
    connection.execute(_COME_BACK, {"account": bot})
    return int(connection.execute(_PEOPLE).scalar_one())
