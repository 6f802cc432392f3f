"""What each person wants of pushes, read from the database for one or for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Exists, Row, Select, exists, select
from sqlmodel import col

from flows.people.person import Purpose
from flows.times.cadence import Habits, Lead, read_lead
from flows.times.quiet import Quiet
from flows.times.typed_time import read_time
from storage.context import Context
from storage.pushes.pushed import Habit
from storage.sql import among
from storage.tables import Citizen, Consent, table


def consented(purpose: Purpose) -> Exists:
    """Whether the citizen of a row of a query has agreed to something."""
    return exists().where(
        col(Consent.citizen_id) == col(Citizen.id),
        col(Consent.purpose) == purpose,
        col(Consent.withdrawn_at).is_(None),
    )


COLUMNS: Final[tuple[Any, ...]] = (
    col(Citizen.territory).label("home"),
    col(Citizen.stopped_at),
    col(Citizen.seen_at),
    consented(Purpose.REMINDERS).label("consented"),
    consented(Purpose.NEWS).label("news"),
    col(Habit.zone).label("own_zone"),
    col(Habit.quiet),
    col(Habit.leads),
    col(Habit.topics_off),
    col(Habit.most),
)
"""What `wants_of` reads of a row, in a query that joins `citizen` and, outer, `habit`."""

_OF: Final[Select[Any]] = (
    select(col(Citizen.id), *COLUMNS)
    .outerjoin(table(Habit), col(Habit.citizen_id) == col(Citizen.id))
    .where(among(col(Citizen.id), "citizens"))
)


@dataclass(frozen=True, slots=True)
class Wants:
    """What a person wants of pushes."""

    habits: Habits
    off: frozenset[str]  # topics
    most: int | None  # reminders in a week; None: as in the cadences
    consented: bool  # to reminders
    news: bool  # whether they have consented to it
    stopped: bool  # everything
    seen_at: datetime  # when they were last heard, to the hour

    def reminders_of(self, topic: str) -> bool:
        """Whether they are to be reminded of such things at all."""
        return self.consented and not self.stopped and topic not in self.off


def wants(connection: Connection, context: Context, citizens: Iterable[int]) -> dict[int, Wants]:
    """What those people want; those who are not there (any more) are not in the answer."""
    rows = connection.execute(_OF, {"citizens": list(citizens)})
    return {row.id: wants_of(row, context) for row in rows}


def wants_of(row: Row[Any], context: Context, zone: str = "UTC") -> Wants:
    """What the person of a row wants.

    row   with COLUMNS
    zone  of what it is about, for who has none and takes part nowhere
    """
    return Wants(
        habits=Habits(
            zone=row.own_zone or home_zone(context, row.home) or zone,
            quiet=context.cadences.quiet if row.quiet is None else read_quiet(row.quiet),
            leads=None if row.leads is None else read_leads(row.leads),
        ),
        off=frozenset((row.topics_off or "").split()),
        most=row.most,
        consented=bool(row.consented),
        news=bool(row.news),
        stopped=row.stopped_at is not None,
        seen_at=row.seen_at,
    )


def home_zone(context: Context, territory: str | None) -> str | None:
    """The zone of a territory; None for none."""
    found = context.territories.get(territory or "")
    return found.zone if found else None


def read_quiet(kept: str) -> Quiet | None:
    """Quiet hours as they are kept: 21:00-08:00; empty for none."""
    begins, _, ends = kept.partition("-")
    return Quiet(read_time(begins), read_time(ends)) if kept else None


def read_leads(kept: str) -> tuple[Lead, ...]:
    """Lead times as they are kept: 7d 2h."""
    return tuple(map(read_lead, kept.split()))
