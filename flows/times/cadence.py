"""When people are reminded: so long before something begins, after it has ended, or since they fell silent.

What is named in days keeps the hour on the wall; what is named in hours or minutes is so long by any clock.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Final

from flows.times.local_time import Trouble, WrongTime, moment, wall
from flows.times.quiet import Quiet, Side, out_of_quiet

_LEAD: Final = re.compile(r"([1-9][0-9]{0,2})([dhm])")


class Kind(StrEnum):
    """What a push is for; its text and its buttons follow from it."""

    REMINDER = "reminder"
    STILL_COMING = "still_coming"  # a reminder that asks
    AFTERWARDS = "afterwards"  # how was it?
    NUDGE = "nudge"  # a conversation is unfinished


class Unit(StrEnum):
    """What a lead is counted in."""

    DAYS = "d"
    HOURS = "h"
    MINUTES = "m"


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before or after: written 7d, 2h or 30m."""

    count: int  # 1 to 999
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def length(self) -> timedelta:
        """How long it is where no clock changes."""
        match self.unit:
            case Unit.DAYS:
                return timedelta(days=self.count)
            case Unit.HOURS:
                return timedelta(hours=self.count)
            case Unit.MINUTES:
                return timedelta(minutes=self.count)

    def before(self, at: datetime, zone: str) -> datetime:
        """The moment so long before another one, aware UTC; days are those of the zone."""
        return self._from(at, -1, zone)

    def after(self, at: datetime, zone: str) -> datetime:
        """The moment so long after another one, aware UTC; days are those of the zone."""
        return self._from(at, 1, zone)

    def _from(self, at: datetime, sign: int, zone: str) -> datetime:
        if self.unit is Unit.DAYS:
            return moment(wall(at, zone) + sign * self.length, zone)
        return at + sign * self.length


def read_lead(text: str) -> Lead:
    """A lead as it is written. Raises WrongTime for anything else."""
    match = _LEAD.fullmatch(text)
    if match is None:
        raise WrongTime(Trouble.UNKNOWN_LEAD, lead=text)
    return Lead(int(match[1]), Unit(match[2]))


@dataclass(frozen=True, slots=True)
class Step:
    """One push of a cadence."""

    lead: Lead
    kind: Kind


@dataclass(frozen=True, slots=True)
class Cadence:
    """The pushes about one sort of thing."""

    before: tuple[Step, ...]  # it begins
    after: tuple[Step, ...]  # it has ended, or a person has fallen silent
    keep: Lead  # how long the last of those after is worth saying


@dataclass(frozen=True, slots=True)
class Cap:
    """How many reminders a person gets at the most; who gives no sign of life gets fewer."""

    days: int = 7  # in which they are counted
    most: int = 7  # messages in them
    unheard: int = 5  # after so many in a row without a sign of the person ...
    then: int = 2  # ... no more than so many


@dataclass(frozen=True, slots=True)
class Cadences:
    """One version of when people are reminded."""

    version: str = ""
    quiet: Quiet | None = None  # of a person who has not chosen
    by_name: Mapping[str, Cadence] = field(default_factory=dict)  # meeting, activity, ...
    cap: Cap = Cap()


@dataclass(frozen=True, slots=True)
class Habits:
    """What a person wants of pushes."""

    zone: str  # IANA name
    quiet: Quiet | None
    leads: tuple[Lead, ...] | None = None  # None: as in the cadence; (): no reminders before anything


@dataclass(frozen=True, slots=True)
class Due:
    """One push to one person. Kind and lead name it for good: it stays itself when what it is about moves."""

    kind: Kind
    lead: Lead
    at: datetime  # aware UTC, outside of the person's quiet hours
    not_after: datetime  # aware UTC; then it is too late to be said, or the next one says it


def due_times(
    start: datetime, end: datetime, zone: str, cadence: Cadence, habits: Habits, now: datetime
) -> tuple[Due, ...]:
    """The pushes still to come about something planned, in order, no two at the same moment.

    start, end  naive, by the clocks of the zone; may be days apart
    now         aware

    Days are counted on the person's own clock. A reminder that would come in quiet hours comes before they
    begin, or not at all if that is past; what follows the end waits until they are over.

    Raises WrongTime for an unknown zone, or an end before the start.
    """
    begins, ends = moment(start, zone), moment(end, zone)
    if ends < begins:
        raise WrongTime(Trouble.END_BEFORE_START)
    planned = [(step.lead.before(begins, habits.zone), step) for step in _steps_before(cadence, habits)]
    said = _said(planned, Side.BEFORE, habits)
    before = _dues(said, begins, now) if said else ()
    return before + _dues_after(ends, cadence, habits, now)


def nudge_times(since: datetime, cadence: Cadence, habits: Habits, now: datetime) -> tuple[Due, ...]:
    """The nudges still to come for a conversation in which a person has been silent since then, aware."""
    return _dues_after(since, cadence, habits, now)


def _steps_before(cadence: Cadence, habits: Habits) -> Iterable[Step]:
    """A person's own leads, if they have any; one that the cadence has too is of the same kind."""
    if habits.leads is None:
        return cadence.before
    kinds = {step.lead: step.kind for step in cadence.before}
    return [Step(lead, kinds.get(lead, Kind.REMINDER)) for lead in habits.leads]


def _dues_after(since: datetime, cadence: Cadence, habits: Habits, now: datetime) -> tuple[Due, ...]:
    planned = [(step.lead.after(since, habits.zone), step) for step in cadence.after]
    said = _said(planned, Side.AFTER, habits)
    return _dues(said, cadence.keep.after(said[-1][0], habits.zone), now) if said else ()


def _said(
    planned: Iterable[tuple[datetime, Step]], side: Side, habits: Habits
) -> list[tuple[datetime, Step]]:
    """When each step is said, in order; of several at one moment, the one that was planned last."""
    in_order = sorted(planned, key=itemgetter(0))
    said = {out_of_quiet(at, habits.zone, habits.quiet, side): step for at, step in in_order}
    return sorted(said.items(), key=itemgetter(0))


def _dues(said: Sequence[tuple[datetime, Step]], over: datetime, now: datetime) -> tuple[Due, ...]:
    """What is still to come of it: each is worth saying until the next, the last until it is over."""
    limits = [*(at for at, _ in said[1:]), over]
    return tuple(
        Due(step.kind, step.lead, at, not_after)
        for (at, step), not_after in zip(said, limits, strict=True)
        if at >= now
    )
