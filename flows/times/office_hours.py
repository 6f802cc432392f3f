"""Office hours: when those who coordinate a territory are likely to answer, by the clocks there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from flows.times.local_time import moment, wall

_DAY: Final = timedelta(days=1)

FURTHEST: Final = 400  # days; who works on none of so many never does


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """On which days of the week, and from when to when on each; holidays left out.

    Raises ValueError where nobody would ever be there.
    """

    days: frozenset[int] = frozenset(range(5))  # 0: Monday
    opens: time = time(9)
    closes: time = time(17)  # later on the same day
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()  # month and day, each year
    patience: timedelta = timedelta(hours=4)  # of office hours, before an unanswered question is brought up

    def __post_init__(self) -> None:
        if not self.days <= frozenset(range(7)) or not self.days:
            raise ValueError("office hours need a day of the week at least")
        if not self.opens < self.closes:
            raise ValueError("an office closes after it opens, on the same day")

    def spans(self, around: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """When the office opens and closes, aware UTC, in order; first while it is open at `around`, or next.

        Ends where nobody is there for as long as anybody looks ahead. Raises WrongTime for an unknown zone.
        """
        today = wall(around, zone).date()
        for ahead in range(FURTHEST):
            day = today + ahead * _DAY
            if not self._works_on(day):
                continue
            opens, closes = (moment(datetime.combine(day, at), zone) for at in (self.opens, self.closes))
            if around < closes and opens < closes:
                yield opens, closes

    def _works_on(self, day: date) -> bool:
        is_holiday = day in self.holidays or (day.month, day.day) in self.yearly
        return day.weekday() in self.days and not is_holiday


def next_span(at: datetime, hours: OfficeHours, zone: str) -> tuple[datetime, datetime] | None:
    """The office hours that are on at a moment, or the next ones; None where there are none in sight."""
    return next(hours.spans(at, zone), None)


def after_office_hours(start: datetime, length: timedelta, hours: OfficeHours, zone: str) -> datetime:
    """When so much time of office hours has passed since `start`, aware UTC; within them, or as they end.

    Where none are in sight the time passes as on any clock: nothing waits for ever.
    """
    left = length
    for opens, closes in hours.spans(start, zone):
        begins = max(opens, start)
        if left <= closes - begins:
            return begins + left
        left -= closes - begins
    return start + length
