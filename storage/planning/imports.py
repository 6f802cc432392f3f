"""Meetings from a file, put among what is planned: all of them or none, and each only once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, select

from flows.occasions.occasions import MOST_PARTY, Sort, State
from flows.people.roles import Scope
from flows.planning.imports import Meeting
from flows.times.local_time import moment, span_shown
from storage.occasions import planned
from storage.occasions.planned import OccasionText, Post
from storage.people.audit import CONSOLE, What, entry
from storage.sql import among
from storage.tables import Audit, table
from storage.unit import Book

_WALL: Final = "%Y-%m-%dT%H:%M"
_THERE: Final = select(table(planned.Occasion).c.id).where(among(table(planned.Occasion).c.id, "ids"))


def new_ones(connection: Connection, territory: str, meetings: Sequence[Meeting]) -> list[Meeting]:
    """Those of the meetings that were not imported before."""
    ids = {id_of(territory, meeting): meeting for meeting in meetings}
    there = set(connection.execute(_THERE, {"ids": list(ids)}).scalars())
    return [meeting for id, meeting in ids.items() if id not in there]


def import_meetings(
    connection: Connection, territory: str, meetings: Sequence[Meeting], now: datetime
) -> int:
    """Put those that are new among what is planned and published; returns how many they are."""
    new, book = new_ones(connection, territory, meetings), Book(connection)
    for meeting in new:
        for model, row in _rows(territory, meeting, now):
            book.add(model, **row)
        where = Scope(territory, meeting.group)
        done = entry(What.PLANNED, Sort.MEETING, where, id_of(territory, meeting))
        book.add(Audit, at=now, actor=CONSOLE, **done)
    book.flush()
    return len(new)


def id_of(territory: str, meeting: Meeting, number: int = 0, of: str = "occasion") -> int:
    """The id of a row that a meeting of a file becomes, always the same: 63 bits of what names it."""
    named = f"import|{territory}|{meeting.uid}|{of}|{number}".encode()
    return int.from_bytes(sha256(named).digest()[:8], "big") >> 1


def _rows(territory: str, meeting: Meeting, now: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    first = id_of(territory, meeting)
    for number, date in enumerate(meeting.dates):
        id = id_of(territory, meeting, number)
        starts, ends = span_shown(date.starts, date.ends, meeting.zone)
        yield (
            planned.Occasion,
            {
                "id": id,
                "sort": Sort.MEETING,
                "kind": meeting.kind,
                "state": State.PLANNED,
                "territory": territory,
                "group_slug": meeting.group,
                "role": None,
                "theme": None,
                "starts": f"{starts:{_WALL}}",
                "ends": f"{ends:{_WALL}}",
                "zone": meeting.zone,
                "starts_at": moment(starts, meeting.zone),
                "ends_at": moment(ends, meeting.zone),
                "link": meeting.link,
                "latitude": meeting.pin[0] if meeting.pin else None,
                "longitude": meeting.pin[1] if meeting.pin else None,
                "most_party": MOST_PARTY,
                "series": first if len(meeting.dates) > 1 else None,
                "rule": meeting.rule if id == first else None,
                "action": None,
                "sequence": 0,
                "planner": CONSOLE,
                "created_at": now,
                "changed_at": now,
            },
        )
        post = id_of(territory, meeting, number, "post")
        yield Post, {"id": post, "occasion_id": id, "number": 1, "seats": meeting.seats, "minutes": None}
    for language, parts in meeting.texts.items():
        blank = dict.fromkeys(_PARTS)
        yield OccasionText, {"occasion_id": first, "language": language, **blank, **parts}


_PARTS: Final = [
    column.name for column in table(OccasionText).c if column.name not in ("occasion_id", "language")
]
