"""What time does with inquiries: those without an answer are brought up again, those long silent close."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from flows.pushes.pushed import Notice
from flows.times.office_hours import OfficeHours, after_office_hours
from storage.context import Context
from storage.inquiries.attendants import attendants
from storage.inquiries.exchanges import call
from storage.inquiries.inquired import Inquiry, InquiryTaken
from storage.inquiries.inquiry_pushes import tell, tell_coordinators
from storage.tables import table

STEPS: Final = (1, 2, 4)
"""An unanswered inquiry is brought up after so many times the patience of its territory: to whoever has
taken it, or where it was seen first; then to all who could take it; then who asked is told so."""

SILENT: Final = timedelta(days=30)
"""So long after its last word an inquiry that was answered is closed."""

MOST: Final = 100
"""Inquiries that one transaction looks at."""

_INQUIRIES: Final = table(Inquiry)
_TAKEN: Final = table(InquiryTaken)


def waits(context: Context, territory: str, since: datetime) -> dict[str, Any]:
    """The columns of an inquiry for whose answer somebody begins to wait."""
    return {"waits_since": since, "brought_up": 0, "look_at": _next(context, territory, since, 0)}


def answered(now: datetime) -> dict[str, Any]:
    """The columns of one that has just been answered."""
    return {"waits_since": None, "brought_up": 0, "look_at": now + SILENT}


def closed(now: datetime) -> dict[str, Any]:
    """The columns of one that is closed."""
    return {"waits_since": None, "brought_up": 0, "look_at": None, "closed_at": now}


def _next(context: Context, territory: str, since: datetime, brought_up: int) -> datetime | None:
    """When it is brought up next; None: it was often enough."""
    if brought_up >= len(STEPS):
        return None
    hours, zone = office_of(context, territory)
    return after_office_hours(since, STEPS[brought_up] * hours.patience, hours, zone)


def office_of(context: Context, territory: str) -> tuple[OfficeHours, str]:
    """Office hours and zone of a territory; the usual ones where its file is no longer there."""
    place = context.territories.get(territory)
    return (place.office, place.zone) if place else (OfficeHours(), "UTC")


_LEFT: Final = select(_INQUIRIES.c.id, _INQUIRIES.c.territory).where(
    _INQUIRIES.c.is_taken, _INQUIRIES.c.closed_at.is_(None)
)
_DUE: Final[Select[Any]] = select(_INQUIRIES).where(_INQUIRIES.c.look_at <= bindparam("now")).limit(MOST)


def is_anything_due(connection: Connection, now: datetime) -> bool:
    """Whether `watch` has something to do."""
    if connection.execute(_DUE.limit(1), {"now": now}).first() is not None:
        return True
    left = [row.id for row in connection.execute(_LEFT)]
    taken = attendants(connection, left) if left else {}
    return any(id not in taken or not taken[id].listens for id in left)


def watch(connection: Connection, context: Context, now: datetime) -> None:
    """Give back what nobody attends to any more, bring up what is unanswered, close what has long been."""
    for row in connection.execute(_LEFT.with_for_update(of=_INQUIRIES, skip_locked=True)).all():
        taken = attendants(connection, [row.id]).get(row.id)
        if taken is None or not taken.listens:
            release(connection, row.id)
            call(connection, context, row.id, row.territory, now)
    for due in connection.execute(_DUE.with_for_update(skip_locked=True), {"now": now}).all():
        _look(connection, context, due, now)


def release(connection: Connection, inquiry: int) -> None:
    """Nobody has it any more."""
    connection.execute(delete(_TAKEN).where(_TAKEN.c.inquiry_id == inquiry))
    connection.execute(update(_INQUIRIES).where(_INQUIRIES.c.id == inquiry).values(is_taken=False))


def _look(connection: Connection, context: Context, row: Row[Any], now: datetime) -> None:
    change = update(_INQUIRIES).where(_INQUIRIES.c.id == row.id)
    if row.waits_since is None:
        connection.execute(change.values(**closed(now)))
        tell(connection, context, [row.citizen_id], Notice.INQUIRY_ENDED, row.id, now)
        return
    step = row.brought_up + 1
    look_at = _next(context, row.territory, row.waits_since, step)
    connection.execute(change.values(brought_up=step, look_at=look_at))
    taken = attendants(connection, [row.id]).get(row.id)
    if step == len(STEPS):
        tell(connection, context, [row.citizen_id], Notice.INQUIRY_UNANSWERED, row.id, now)
    elif step > 1:
        release(connection, row.id)
        tell_coordinators(connection, context, row.id, row.territory, now)
    elif taken is not None:
        tell(connection, context, [taken.citizen], Notice.INQUIRY, row.id, now)
    else:
        call(connection, context, row.id, row.territory, now)
