"""Rooms that cannot be written to any more: those who coordinate their territory are told of it, once."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select
from sqlmodel import col

from flows.pushes.deciding import Asks
from flows.pushes.pushed import Notice, Topic
from storage.context import Context
from storage.inquiries.attendants import coordinators
from storage.messages.accounts import ELSEWHERE
from storage.panels.roomed import Room
from storage.pushes.notices import notify
from storage.pushes.pushed import Push
from storage.sql import among
from storage.tables import Contact, table

LASTS: Final = timedelta(hours=1)
"""So long a room must have been open again before it is told once more that it is shut: each press in one
that is shut tries anew."""

_ROOM: Final = table(Room)
_LIVE: Final = (
    select(_ROOM.c.id, _ROOM.c.territory, _ROOM.c.purpose, col(Contact.reach))
    .join(table(Contact), col(Contact.id) == _ROOM.c.contact_id)
    .where(_ROOM.c.until.is_(None))
)
_SHUT: Final = _LIVE.where(col(Contact.reach).not_in(("open", ELSEWHERE)))
_OF: Final = _SHUT.where(among(_ROOM.c.id, "ids"))
_TOLD: Final = select(col(Push.about), col(Push.planned_at)).where(
    col(Push.about).in_(select(_ROOM.c.id).where(_ROOM.c.until.is_(None))), col(Push.kind) == Notice.SHUT
)


def is_anything_new(connection: Connection, now: datetime) -> bool:
    """Whether `watch` has something to do."""
    return any(_untold(connection)) or bool(_over(connection, now))


def watch(connection: Connection, context: Context, now: datetime) -> None:
    """Tell of what is shut, and forget that it was told where a room is open again."""
    for room, citizens in list(_untold(connection)):
        place = context.territories.get(room.territory)
        details = {"purpose": room.purpose, "place": place.names if place else {}}
        topic = Topic.ANNOUNCEMENT  # none that can be switched off
        notify(connection, context, citizens, Notice.SHUT, room.id, now, topic=topic, details=details)
    for room_id in _over(connection, now):
        about = col(Push.about) == room_id, col(Push.kind) == Notice.SHUT
        connection.execute(delete(table(Push)).where(*about))


def _untold(connection: Connection) -> Iterator[tuple[Row[Any], list[int]]]:
    """The rooms of which nobody was told that they are shut, and who coordinates there."""
    shut = connection.execute(_SHUT).all()
    told = {row.about for row in connection.execute(_TOLD)} if shut else set()
    for room in shut:
        citizens = [] if room.id in told else coordinators(connection, room.territory)
        if citizens:
            yield room, citizens


def _over(connection: Connection, now: datetime) -> set[int]:
    """The rooms that are open again, some time after somebody was told that they are shut."""
    told = connection.execute(_TOLD).all()
    shut = {row.id for row in connection.execute(_SHUT)} if told else set()
    lately = {row.about for row in told if row.planned_at > now - LASTS}
    return {row.about for row in told} - shut - lately


def what_holds(
    connection: Connection, citizens: Iterable[int], ids: Iterable[int]
) -> dict[tuple[int, int], Asks]:
    """What can still be told to those people of those rooms, by room and person."""
    people, held = list(citizens), {}
    for room in connection.execute(_OF, {"ids": list(ids)}).all():
        there = set(coordinators(connection, room.territory))
        held.update({(room.id, one): Asks(frozenset({Notice.SHUT})) for one in people if one in there})
    return held
