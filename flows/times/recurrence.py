"""How something comes again: every day, on days of the week or of the month, by the clock on the wall.

A day that a month does not have is the last one it has: the 31st of each month is each month's end.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, count, dropwhile, islice, takewhile
from typing import Final

from flows.times.local_time import FURTHEST, Trouble, WrongTime, moment, wall

MOST: Final = 400  # times one series may take place: every day for a year, and a little more

LAST: Final = -1  # the last such weekday of a month

_DAY: Final = timedelta(days=1)


class Every(StrEnum):
    """How long until it comes again."""

    DAY = "daily"
    WEEK = "weekly"
    MONTH = "monthly"


class Weekday(StrEnum):
    """Days of the week, in the order of ISO 8601."""

    MONDAY = "mo"
    TUESDAY = "tu"
    WEDNESDAY = "we"
    THURSDAY = "th"
    FRIDAY = "fr"
    SATURDAY = "sa"
    SUNDAY = "su"


_WEEK: Final = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Rule:
    """When something comes again. Raises WrongTime for one that contradicts itself or comes too often."""

    every: Every
    interval: int = 1  # days, weeks or months from one to the next
    weekdays: tuple[Weekday, ...] = ()  # (): the day of the start
    nth: int | None = None  # monthly, with one weekday: 1 to 4, or LAST; None: a day of the month
    month_day: int | None = None  # monthly, without a weekday: 1 to 31
    until: date | None = None  # the last day on which it may come
    count: int | None = None  # how many times, the first included

    def __post_init__(self) -> None:
        if not (self._is_possible() and 1 <= self.interval <= 99):
            raise WrongTime(Trouble.UNKNOWN_RULE, rule=str(self))
        if self.count is not None and not 1 <= self.count <= MOST:
            raise WrongTime(Trouble.TOO_MANY, most=MOST)

    def _is_possible(self) -> bool:
        if self.until is not None and self.count is not None:
            return False
        if self.every is not Every.MONTH:
            days_fit = self.every is Every.WEEK or not self.weekdays
            return days_fit and self.nth is None and self.month_day is None
        if self.nth is not None:
            return self.nth in (1, 2, 3, 4, LAST) and len(self.weekdays) == 1 and self.month_day is None
        return not self.weekdays and self.month_day is not None and 1 <= self.month_day <= 31

    @property
    def is_endless(self) -> bool:
        return self.until is None and self.count is None


def occurrences(start: datetime, rule: Rule, since: date = date.min) -> Iterator[datetime]:
    """When it takes place, by the clock on the wall, in order; without end where the rule has none.

    start  naive; the first is the first day of the rule that is not before, at that hour
    since  days before this one are passed over, but counted
    """
    first = start.date()
    steps = count(0 if rule.count else _steps_before(first, since, rule))
    days: Iterator[date] = chain.from_iterable(_days(first, rule, step) for step in steps)
    days = dropwhile(lambda day: day < first, days)
    if rule.until is not None:
        last = rule.until
        days = takewhile(lambda day: day <= last, days)
    for day in dropwhile(lambda day: day < since, islice(days, rule.count)):
        yield datetime.combine(day, start.time())


def moments(start: datetime, rule: Rule, zone: str, since: datetime) -> Iterator[datetime]:
    """When it takes place from `since` on, aware UTC, in order.

    start  naive, by the clocks of the zone
    since  aware

    Raises WrongTime for a zone nobody knows.
    """
    before = None
    for when in occurrences(start, rule, wall(since, zone).date() - _DAY):
        found = moment(when, zone)
        if found >= since and found != before:  # equal, where a zone has left out a whole day
            yield found
        before = found


def check_series(start: datetime, rule: Rule) -> None:
    """Refuse a series nobody can mean. Raises WrongTime if it has no end, or one too late or too soon."""
    if rule.is_endless:
        raise WrongTime(Trouble.ENDLESS)
    if next(occurrences(start, rule), None) is None:
        raise WrongTime(Trouble.END_BEFORE_START)
    for number, when in enumerate(occurrences(start, rule), 1):
        if when > start + FURTHEST:
            raise WrongTime(Trouble.TOO_FAR, day=when.date())
        if number > MOST:
            raise WrongTime(Trouble.TOO_MANY, most=MOST)


def _steps_before(first: date, since: date, rule: Rule) -> int:
    """How many steps of the rule lie whole before `since`."""
    if since <= first:
        return 0
    match rule.every:
        case Every.DAY:
            passed = (since - first).days
        case Every.WEEK:
            passed = (since - first).days // 7
        case Every.MONTH:
            passed = (since.year - first.year) * 12 + since.month - first.month
    return passed // rule.interval


def _days(first: date, rule: Rule, step: int) -> list[date]:
    """The days of one step of a rule: one day, or those of a week or a month."""
    passed = step * rule.interval
    match rule.every:
        case Every.DAY:
            return [first + passed * _DAY]
        case Every.WEEK:
            monday = first + (passed * 7 - first.weekday()) * _DAY
            numbers = sorted({_WEEK.index(day) for day in rule.weekdays}) or [first.weekday()]
            return [monday + number * _DAY for number in numbers]
        case Every.MONTH:
            years, month = divmod(first.month - 1 + passed, 12)
            return [_day_of_month(first.year + years, month + 1, rule)]


def _day_of_month(year: int, month: int, rule: Rule) -> date:
    weekday, length = monthrange(year, month)  # of the first day
    if rule.month_day is not None:
        return date(year, month, min(rule.month_day, length))
    number = 1 + (_WEEK.index(rule.weekdays[0]) - weekday) % 7  # of the first such weekday
    weeks = (length - number) // 7 if rule.nth == LAST else (rule.nth or 1) - 1
    return date(year, month, number + 7 * weeks)
