"""Group chats: the way to one, and who it is that acts there."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, select, update
from sqlmodel import col

from flows.people.roles import Holding, Role
from storage.context import Context
from storage.people.permissions import scope_of
from storage.sql import insert_new
from storage.tables import Appointment, Citizen, Contact, table

MUTE: Final = "mute"
"""The reach of a group chat in which the bot may not write now: what it has to say there waits."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who acts in a group chat; a stranger has no roles and no language."""

    held: tuple[Holding, ...] = ()  # oldest first
    home: str | None = None  # slug of their territory
    language: str | None = None


_WHO: Final = (
    select(
        col(Citizen.territory).label("home"),
        col(Citizen.language),
        col(Appointment.role),
        table(Appointment).c.territory,
        table(Appointment).c.group_slug,
    )
    .join(table(Contact), col(Contact.citizen_id) == col(Citizen.id))
    .outerjoin(
        table(Appointment),
        (col(Appointment.citizen_id) == col(Citizen.id)) & col(Appointment.until).is_(None),
    )
    .where(
        col(Contact.bot) == bindparam("bot"),
        col(Contact.telegram) == bindparam("telegram"),
        col(Contact.slot) == 0,
        col(Citizen.arrived_at).is_not(None),
    )
    .order_by(col(Appointment.since), col(Appointment.id))
)


def somebody(connection: Connection, bot: int, telegram: int) -> Somebody:
    """Who speaks with that Telegram id, as far as they have arrived."""
    rows = connection.execute(_WHO, {"bot": bot, "telegram": telegram}).all()
    if not rows:
        return Somebody()
    held = tuple(Holding(Role(row.role), scope_of(row._mapping)) for row in rows if row.role is not None)
    return Somebody(held, rows[0].home, rows[0].language)


def is_called(context: Context, name: str) -> bool:
    """Whether a command that names a bot means ours; name: "" where it names none."""
    return not name or name.lower() == context.address.rpartition("/")[2].lower()


def way_to(connection: Connection, bot: int, chat: int, id: int) -> int:
    """The contact of a group chat that can be written to now, locked; made with that id if there is none."""
    row = {"id": id, "bot": bot, "telegram": chat, "citizen_id": None, "reach": "open"}
    connection.execute(insert_new(connection.dialect.name, Contact), [row])
    here = col(Contact.bot) == bot, col(Contact.telegram) == chat
    opened = update(table(Contact)).where(*here).values(reach="open").returning(col(Contact.id))
    found: int = connection.execute(opened).scalar_one()
    return found


def mute(connection: Connection, contact: int) -> None:
    """Telegram refuses what the bot wants to say in a group chat, until it may write there."""
    _change(connection, MUTE, col(Contact.id) == contact, col(Contact.reach) == "open")


def may_write(connection: Connection, bot: int, chat: int, *, may: bool) -> None:
    """Somebody has taken the right to write in a group chat from the bot, or has given it back."""
    before, after = (MUTE, "open") if may else ("open", MUTE)
    here = col(Contact.bot) == bot, col(Contact.telegram) == chat
    _change(connection, after, *here, col(Contact.reach) == before)


def _change(connection: Connection, reach: str, *which: ColumnElement[bool]) -> None:
    connection.execute(update(table(Contact)).where(*which).values(reach=reach))
