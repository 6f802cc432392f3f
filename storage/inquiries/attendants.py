"""Who may answer the inquiries of a territory, and who has taken which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select
from sqlmodel import col

from flows.people.roles import Role
from storage.inquiries.inquired import Inquiry, InquiryTaken
from storage.people.listening import can_be_told
from storage.sql import among
from storage.tables import Appointment, Citizen, Contact, table
from storage.unit import Unit

_TAKEN: Final = table(InquiryTaken)


def _coordinates(territory: Any) -> ColumnElement[bool]:
    """Whether a role is held now with which the inquiries of a territory are answered."""
    there = and_(col(Appointment.role) == Role.TERRITORY, col(Appointment.territory) == territory)
    return and_(col(Appointment.until).is_(None), or_(col(Appointment.role) == Role.NETWORK, there))


_COORDINATORS: Final = (
    select(col(Appointment.citizen_id), col(Appointment.role))
    .where(_coordinates(bindparam("territory")), can_be_told(col(Appointment.citizen_id)))
    .order_by(col(Appointment.since), col(Appointment.id))
)


def coordinators(connection: Connection, territory: str) -> list[int]:
    """Those who coordinate the territory and can be told; where there are none, those of the network."""
    found = connection.execute(_COORDINATORS, {"territory": territory}).all()
    own = [row.citizen_id for row in found if row.role == Role.TERRITORY]
    return own or [row.citizen_id for row in found]


@dataclass(frozen=True, slots=True)
class Attendant:
    """Who has taken an inquiry."""

    citizen: int
    role: int  # the appointment with which they answer
    name: str  # by which others with a role know them
    language: str
    since: datetime
    listens: bool  # can be told what is written, and has not stopped everything since


_ATTENDANTS: Final = (
    select(
        _TAKEN.c.inquiry_id,
        _TAKEN.c.citizen_id,
        _TAKEN.c.since,
        col(Citizen.language),
        col(Citizen.stopped_at),
        col(Contact.reach),
        col(Appointment.id).label("role"),
        col(Appointment.name),
    )
    .join(table(Inquiry), col(Inquiry.id) == _TAKEN.c.inquiry_id)
    .join(table(Citizen), col(Citizen.id) == _TAKEN.c.citizen_id)
    .join(table(Contact), col(Contact.citizen_id) == _TAKEN.c.citizen_id)
    .join(
        table(Appointment),
        and_(col(Appointment.citizen_id) == _TAKEN.c.citizen_id, _coordinates(col(Inquiry.territory))),
    )
    .where(among(_TAKEN.c.inquiry_id, "inquiries"))
    .order_by(col(Appointment.role), col(Appointment.since))  # of two names the territory's comes last
)


def attendants(connection: Connection, inquiries: Iterable[int]) -> dict[int, Attendant]:
    """Who has taken those inquiries, by inquiry; nobody who has lost the role since."""
    return {
        row.inquiry_id: Attendant(
            citizen=row.citizen_id,
            role=row.role,
            name=row.name,
            language=row.language,
            since=row.since,
            listens=row.reach == "open" and not has_stopped(row.stopped_at, row.since),
        )
        for row in connection.execute(_ATTENDANTS, {"inquiries": list(inquiries)})
    }


def attendant(connection: Connection, inquiry: int) -> Attendant | None:
    """Who has taken one."""
    return attendants(connection, [inquiry]).get(inquiry)


def name_of(unit: Unit, taken: Attendant | None) -> str:
    """The name of who has taken an inquiry, to be shown to the person; empty: nobody has."""
    if taken is None:
        return ""
    unit.quote(table(Appointment), [taken.role])
    return taken.name


def has_stopped(stopped_at: datetime | None, since: datetime) -> bool:
    """Whether somebody has stopped everything after they asked, or took something on."""
    return stopped_at is not None and stopped_at > since
