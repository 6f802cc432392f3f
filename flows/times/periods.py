"""The periods of digests: days, weeks and months by the calendar of a place, each with a key as its name."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from flows.panels.settings import Rhythm
from flows.times.local_time import moment, wall

LATE: Final = timedelta(days=1)
"""So long after its hour a digest is worth sending; then what it would tell comes with the next."""

_DAY: Final = timedelta(days=1)
_YEAR: Final = r"(2\d{3})"
_DATE: Final = re.compile(rf"{_YEAR}-(\d{{2}})-(\d{{2}})", re.ASCII)
_WEEK: Final = re.compile(rf"{_YEAR}-W(\d{{2}})", re.ASCII)
_MONTH: Final = re.compile(rf"{_YEAR}-(\d{{2}})", re.ASCII)


class NoPeriod(ValueError):
    """What was written names no period; the text says what would."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week from Monday to Sunday (ISO 8601), or a month."""

    rhythm: Rhythm
    first: date  # its first day

    @property
    def end(self) -> date:
        """The day after its last one."""
        match self.rhythm:
            case Rhythm.DAILY:
                return self.first + _DAY
            case Rhythm.WEEKLY:
                return self.first + 7 * _DAY
            case Rhythm.MONTHLY:
                return (self.first + 31 * _DAY).replace(day=1)

    @property
    def key(self) -> str:
        """Its name for ever: 2026-11-22, 2026-W47, 2026-11."""
        match self.rhythm:
            case Rhythm.DAILY:
                return self.first.isoformat()
            case Rhythm.WEEKLY:
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case Rhythm.MONTHLY:
                return self.first.isoformat()[:7]

    @property
    def before(self) -> "Period":
        """The one that ends where this one begins."""
        return period_of(self.rhythm, self.first - _DAY)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """When it begins and when it is over, aware UTC, by the clocks of a zone."""
        return moment(_midnight(self.first), zone), moment(_midnight(self.end), zone)

    def due(self, weekday: int, hour: int, zone: str) -> datetime:
        """When its digest is to be sent, aware UTC: on the first such weekday after it; of a day, the next.

        weekday  0 for Monday
        hour     by the clocks of the zone
        """
        wait = 0 if self.rhythm is Rhythm.DAILY else (weekday - self.end.weekday()) % 7
        return moment(datetime.combine(self.end + wait * _DAY, time(hour)), zone)


def period_of(rhythm: Rhythm, day: date) -> Period:
    """The period in which a day lies."""
    match rhythm:
        case Rhythm.DAILY:
            return Period(rhythm, day)
        case Rhythm.WEEKLY:
            return Period(rhythm, day - day.weekday() * _DAY)
        case Rhythm.MONTHLY:
            return Period(rhythm, day.replace(day=1))


def read_period(key: str) -> Period:
    """The period of a key. Raises NoPeriod for what is none."""
    try:
        if found := _WEEK.fullmatch(key):
            return Period(Rhythm.WEEKLY, date.fromisocalendar(int(found[1]), int(found[2]), 1))
        if found := _MONTH.fullmatch(key):
            return Period(Rhythm.MONTHLY, date(int(found[1]), int(found[2]), 1))
        if found := _DATE.fullmatch(key):
            return Period(Rhythm.DAILY, date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        pass  # such as week 54, or month 13
    raise NoPeriod(
        f"'{key}' is no period; write a week such as 2026-W47, a day 2026-11-22 or a month 2026-11"
    )


def last_due(rhythm: Rhythm, weekday: int, hour: int, zone: str, now: datetime) -> tuple[Period, datetime]:
    """The last period whose digest was to be sent by `now`, and when it was.

    weekday, hour  as of `Period.due`
    now            aware
    """
    period = period_of(rhythm, wall(now, zone).date()).before
    while (due := period.due(weekday, hour, zone)) > now:
        period = period.before
    return period, due


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
