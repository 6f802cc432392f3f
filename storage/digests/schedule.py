"""Which panels are to be told now, and who of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select
from sqlmodel import col

from flows.panels.rooms import Purpose
from flows.panels.settings import PanelSettings, SentTo
from flows.people.roles import Role
from flows.people.territory import Territories, Territory
from flows.times.periods import LATE, Period, last_due
from storage.digests.digested import Digest
from storage.panels.panels import panel_of
from storage.panels.rooms import rooms
from storage.tables import Appointment, table


@dataclass(frozen=True, slots=True)
class Due:
    """A digest whose hour has come."""

    territory: Territory
    period: Period


_LAST: Final = select(col(Digest.territory), func.max(col(Digest.until))).group_by(col(Digest.territory))


def due(connection: Connection, territories: Territories, now: datetime) -> list[Due]:
    """The digests that are to be made: their hour was not longer ago than LATE, and somebody would hear.

    A panel without a room and without members is told nothing; what it could have heard comes with the first
    that it is told.
    """
    last = {row[0]: row[1] for row in connection.execute(_LAST)}
    return [
        Due(territory, period)
        for territory, settings in _panels(connection, territories)
        for period in _period(territory, settings, last.get(territory.slug), now)
        if _is_heard(connection, territory.slug, settings)
    ]


def _panels(connection: Connection, territories: Territories) -> Iterator[tuple[Territory, PanelSettings]]:
    for territory in territories.values():
        settings = panel_of(connection, territory)
        if settings is not None:
            yield territory, settings


def _period(
    territory: Territory, settings: PanelSettings, last: datetime | None, now: datetime
) -> Iterator[Period]:
    period, hour = last_due(settings.cadence, settings.day, settings.hour, territory.zone, now)
    is_new = last is None or last < period.bounds(territory.zone)[1]
    if is_new and now <= hour + LATE:
        yield period


def _is_heard(connection: Connection, slug: str, settings: PanelSettings) -> bool:
    if settings.to is SentTo.ROOM:
        return bool(rooms(connection, slug, Purpose.PANEL))
    return bool(members(connection, slug))


def is_late(territory: Territory, settings: PanelSettings, period: Period, now: datetime) -> bool:
    """Whether it is too late to tell a digest that was made."""
    return now > period.due(settings.day, settings.hour, territory.zone) + LATE


def members(connection: Connection, territory: str) -> list[int]:
    """The members of a panel, by citizen."""
    roles = table(Appointment).c
    here = roles.role == Role.PANEL, roles.territory == territory, roles.until.is_(None)
    return list(connection.execute(select(roles.citizen_id).where(*here).distinct()).scalars())
