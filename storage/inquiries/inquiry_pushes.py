"""Who is told of what happens with inquiries, and whether there is still something to tell."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, select
from sqlmodel import col

from flows.pushes.deciding import Asks
from flows.pushes.pushed import INQUIRIES, Notice
from storage.context import Context
from storage.inquiries.attendants import Attendant, attendants, coordinators, has_stopped
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryTaken
from storage.pushes.pushed import Push
from storage.pushes.pushes import a_push
from storage.sql import among, insert_new, many
from storage.tables import Citizen, table

KEPT: Final = timedelta(days=30)
"""How long it is worth telling somebody who cannot be told at once."""

_MESSAGES: Final = table(InquiryMessage)
_TAKEN: Final = table(InquiryTaken)


def tell(
    connection: Connection,
    context: Context,
    citizens: Iterable[int],
    kind: Notice,
    inquiry: int,
    now: datetime,
    *,
    edition: int | None = None,
) -> None:
    """Have people told of an inquiry at once, or after their quiet hours.

    edition  what makes it another one than those of the same kind before; None: the moment
    """
    number = int(now.timestamp() * 1_000_000) if edition is None else edition
    version = context.cadences.version
    rows = [
        a_push((citizen, inquiry, kind.value, ""), INQUIRIES, now, now + KEPT, version, now, edition=number)
        for citizen in sorted(citizens)
    ]
    if rows:
        many(connection, insert_new(connection.dialect.name, Push), rows)


def tell_coordinators(
    connection: Connection, context: Context, inquiry: int, territory: str, now: datetime
) -> None:
    """Have those told privately who coordinate a territory that somebody waits for one of them."""
    tell(connection, context, coordinators(connection, territory), Notice.INQUIRY, inquiry, now)


_NEW: Final = and_(_MESSAGES.c.ready_at.is_not(None), _MESSAGES.c.passed_at.is_(None))
_ASKED: Final[Select[Any]] = (
    select(
        table(Inquiry),
        col(Citizen.stopped_at),
        func.max(_MESSAGES.c.written_at).filter(_MESSAGES.c.name == "").label("wrote_at"),
        func.max(_MESSAGES.c.written_at)
        .filter(_MESSAGES.c.name != "", _MESSAGES.c.citizen_id == _TAKEN.c.citizen_id)
        .label("answered_at"),  # by whoever has it now
        func.count().filter(_NEW, _MESSAGES.c.name == "").label("new_questions"),
        func.count().filter(_NEW, _MESSAGES.c.name != "").label("new_answers"),
    )
    .join(table(Citizen), col(Citizen.id) == col(Inquiry.citizen_id))
    .join(_MESSAGES, _MESSAGES.c.inquiry_id == col(Inquiry.id))
    .outerjoin(_TAKEN, _TAKEN.c.inquiry_id == col(Inquiry.id))
    .where(among(col(Inquiry.id), "ids"))
    .group_by(*table(Inquiry).columns, col(Citizen.stopped_at))
)


def what_holds(
    connection: Connection, citizens: Iterable[int], ids: Iterable[int]
) -> dict[tuple[int, int], Asks]:
    """What can still be told to those people of those inquiries, by inquiry and person."""
    rows = {row.id: row for row in connection.execute(_ASKED, {"ids": list(ids)})}
    if not rows:
        return {}
    taken = attendants(connection, rows)
    people = list(citizens)
    held: dict[tuple[int, int], Asks] = {}
    for inquiry, row in rows.items():
        there = set(coordinators(connection, row.territory))
        for citizen in people:
            wrote_at = row.wrote_at if citizen == row.citizen_id else row.answered_at
            held[inquiry, citizen] = Asks(_holds(row, citizen, taken.get(inquiry), there), wrote_at)
    return held


def _holds(row: Row[Any], citizen: int, taken: Attendant | None, coordinating: set[int]) -> frozenset[str]:
    """What can be told to one person of the inquiry of a row."""
    is_open = row.closed_at is None
    if citizen == row.citizen_id:
        kinds = {
            Notice.INQUIRY_WORDS: row.new_answers > 0,
            Notice.INQUIRY_UNANSWERED: row.waits_since is not None,
            Notice.INQUIRY_ENDED: not is_open,
        }
        listens = not has_stopped(row.stopped_at, row.wrote_at)
    elif taken is not None and citizen == taken.citizen:
        kinds = {
            Notice.INQUIRY_WORDS: is_open and row.new_questions > 0,
            Notice.INQUIRY_HANDED: is_open,
            Notice.INQUIRY: row.waits_since is not None and row.brought_up > 0,
            Notice.INQUIRY_ENDED: not is_open,
        }
        listens = taken.listens
    else:
        kinds = {Notice.INQUIRY: is_open and taken is None}
        listens = citizen in coordinating
    return frozenset(kind for kind, holds in kinds.items() if holds and listens)
