"""When people are to hear of what they come to, worked out a second time, by other means than the bot's.

Clocks are read from the zone files (tests/flows/clocks.py), quiet hours found by walking quarter by quarter.
Moments are Unix seconds, walls naive. What is worked out here stands in the texts people read: a meeting is
said a week, a day and two hours before it begins and one hour after it has ended, an activity a day and two
hours before and one hour after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final

from tests.flows.clocks import EPOCH, every_zone

QUARTER: Final = 900
HOUR: Final = 3600
DAY: Final = 86_400
EARLY: Final = 1800  # so long before quiet hours comes what would fall into them

REMINDER, STILL_COMING, AFTERWARDS = "reminder", "still_coming", "afterwards"

BEFORE: Final[Mapping[str, Mapping[str, str]]] = {
    "meeting": {"7d": REMINDER, "1d": STILL_COMING, "2h": REMINDER},
    "activity": {"1d": REMINDER, "2h": REMINDER},
}
AFTER: Final = "1h"
KEPT: Final = 3  # days in which what comes after the end is worth saying

Quiet = tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class Wants:
    """What a person wants of reminders."""

    zone: str
    quiet: Quiet
    leads: tuple[str, ...] | None  # None: the usual ones


@dataclass(frozen=True, slots=True)
class Due:
    """Something that a person is to hear."""

    kind: str
    lead: str
    at: float
    not_after: float


def moment(wall: datetime, zone: str) -> float:
    """When the clocks there read that: the first time; where they leave it out, right after the jump."""
    return _moment(wall, zone)


@cache
def _moment(wall: datetime, zone: str) -> float:
    clocks = every_zone()[zone]
    as_utc = (wall - EPOCH.replace(tzinfo=None)).total_seconds()
    around = {clocks.offsets[_index(clocks.changes, as_utc + hours * HOUR)] for hours in (-26, 26)}
    fitting = [as_utc - offset for offset in sorted(around, reverse=True)]
    read = [unix for unix in fitting if _wall(unix, zone) == wall]
    if read:
        return min(read)
    return min(change for change in clocks.changes if change > min(fitting) - DAY)


def _index(changes: tuple[int, ...], unix: float) -> int:
    return sum(change <= unix for change in changes) - 1


def _wall(unix: float, zone: str) -> datetime:
    return every_zone()[zone].read(EPOCH + timedelta(seconds=unix))


def is_quiet(unix: float, wants: Wants) -> bool:
    """Whether it is quiet for that person; their hours begin and end where no clock ever changes."""
    if wants.quiet is None:
        return False
    begins, ends = wants.quiet
    now = _wall(unix, wants.zone).time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def awake_after(unix: float, wants: Wants) -> float:
    """Then, or when the quiet hours end into which it falls."""
    while is_quiet(unix, wants):
        unix = unix // QUARTER * QUARTER + QUARTER
    return unix


def awake_before(unix: float, wants: Wants) -> float:
    """Then, or half an hour before the quiet hours into which it falls."""
    if not is_quiet(unix, wants):
        return unix
    while is_quiet(unix - QUARTER, wants):
        unix -= QUARTER
    return unix - EARLY


def awake_between(since: float, until: float, wants: Wants) -> float:
    """Seconds between two moments that are not quiet."""
    total = 0.0
    while since < until:
        step = min(since // QUARTER * QUARTER + QUARTER, until)
        total += 0 if is_quiet(since, wants) else step - since
        since = step
    return total


def dues(sort: str, starts: datetime, ends: datetime, zone: str, wants: Wants) -> tuple[Due, ...]:
    """All that somebody who comes is to hear, in order."""
    begins, over = moment(starts, zone), moment(ends, zone)
    usual = BEFORE[sort]
    leads = [*usual] if wants.leads is None else wants.leads
    planned = sorted((_shifted(begins, lead, -1, wants.zone), lead) for lead in leads)
    said = {awake_before(at, wants): lead for at, lead in planned}
    in_order = sorted(said.items())
    limits = [*(at for at, _ in in_order[1:]), begins][: len(in_order)]
    before = [
        Due(usual.get(lead, REMINDER), lead, at, limit)
        for (at, lead), limit in zip(in_order, limits, strict=True)
    ]
    after = awake_after(over + HOUR, wants)
    return (*before, Due(AFTERWARDS, AFTER, after, _shifted(after, f"{KEPT}d", 1, wants.zone)))


def length(lead: str) -> float:
    """Of a lead, in seconds."""
    return int(lead[:-1]) * {"d": DAY, "h": HOUR, "m": 60}[lead[-1]]


def _shifted(unix: float, lead: str, sign: int, zone: str) -> float:
    """Days keep the hour on the person's wall, hours are hours."""
    if lead.endswith("d"):
        return moment(_wall(unix, zone) + sign * timedelta(days=int(lead[:-1])), zone)
    return unix + sign * length(lead)
