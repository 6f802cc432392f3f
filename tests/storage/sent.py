"""Announcements for tests, written straight into their tables; who may send them is tested elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from flows.announcements.announcement import Aim, Fate, Stage
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText, Recipient
from storage.announcements.audience import write_aims
from tests.storage.plans import add

TOLD: Final = 501
"""The announcement that everybody has got."""


def sent_to(connection: Connection, citizen: int, now: datetime) -> None:
    """Announcement 501 was sent to a person, who has said that they are interested."""
    if connection.execute(select(col(Announcement.id)).where(col(Announcement.id) == TOLD)).first() is None:
        announce(connection, TOLD, now=now, stage=Stage.SENT, begun_at=now, ended_at=now)
        add(connection, AnnouncementLink, announcement_id=TOLD, number=1, address="https://town.example")
    row = {"announcement_id": TOLD, "citizen_id": citizen, "state": Fate.DELIVERED, "edition": 0}
    add(connection, Recipient, **row, at=now, settled_at=now, tapped_at=now)


def delivered(
    connection: Connection, id: int, citizens: Sequence[int], now: datetime, *, tapped: int = 0
) -> None:
    """Those people have got an announcement; the first of them are interested."""
    for number, citizen in enumerate(citizens):
        row = {"announcement_id": id, "citizen_id": citizen, "state": Fate.DELIVERED, "edition": 0}
        interested = now if number < tapped else None
        add(connection, Recipient, **row, at=now, settled_at=now, tapped_at=interested)


def announce(
    connection: Connection,
    id: int,
    *,
    now: datetime,
    text: Mapping[str, str] | None = None,
    aims: tuple[Aim, ...] = (),
    **columns: Any,
) -> None:
    """An announcement to everybody in Riverside, confirmed and due at once."""
    row = {
        "territory": "riverside",
        "planner": "somebody",
        "stage": Stage.WAITING,
        "aims": write_aims(aims),
        "asks_interest": True,
        "zone": "Europe/Riga",
        "lead": "",
        "begins_at": now,
        "confirmed_at": now,
        "confirmed_twice": False,
        "found": 0,
        "created_at": now,
        "changed_at": now,
        **columns,
    }
    add(connection, Announcement, id=id, **row)
    for language, words in (text or {"en": "Come and see"}).items():
        add(connection, AnnouncementText, announcement_id=id, language=language, text=words)
