"""Dates and times as people type them, in the digits of any script; names of months and days are not read.

The day comes first, unless the year leads: 12.3.2027, 12/3/27, 12-3, 2027-03-12. A year that is left out is
the next in which the day comes. Hours go from 0 to 23: 18:30, 18.30, 18h30, 18h.
"""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Final

from flows.times.local_time import FURTHEST, Trouble, WrongTime

_SIGN: Final = r"\s*[./-]\s*"
_DATE: Final = rf"(?:\d{{4}}{_SIGN}\d\d?{_SIGN}\d\d?|\d\d?{_SIGN}\d\d?(?:{_SIGN}(?:\d{{4}}|\d\d))?)\.?"
_CLEAR: Final = r"\d\d?\s*(?::\s*\d\d(?::00)?|h(?:\s*\d\d)?)"
_TIME: Final = rf"(?:{_CLEAR}|\d\d?\.\d\d)"
_GAP: Final = r"(?:\s*[,،]\s*|\s+|T)"
_WHEN: Final = (
    re.compile(rf"(?P<day>{_DATE}){_GAP}(?P<time>{_TIME})", re.IGNORECASE),
    re.compile(rf"(?P<time>{_CLEAR}){_GAP}(?P<day>{_DATE})", re.IGNORECASE),
)
_DAY: Final = re.compile(_DATE)
_HOUR: Final = re.compile(rf"{_TIME}|\d\d?", re.IGNORECASE)
_LONGEST: Final = 40  # characters; nobody needs more for a date

_LEAP: Final = 4  # years until the next 29 February


def read_when(text: str, now: datetime) -> datetime:
    """A day and a time that are still to come, naive, by the same clocks as `now`.

    now  naive: what the clocks read where the person plans

    Raises WrongTime for what cannot be read, does not exist, is past or too far ahead.
    """
    when = _when(_clean(text), now.date())
    if when <= now:
        raise WrongTime(Trouble.PAST, day=when.date())
    if when > now + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=when.date())
    return when


def read_end(text: str, start: datetime) -> datetime:
    """When something that begins at `start` ends, naive as that is; a time alone is one of the same day.

    Raises WrongTime for what cannot be read, does not exist or is before the start.
    """
    written = _clean(text)
    is_time = _HOUR.fullmatch(written)
    end = datetime.combine(start, _time(written)) if is_time else _when(written, start.date())
    if end < start:
        raise WrongTime(Trouble.END_BEFORE_START)
    return end


def read_day(text: str, today: date) -> date:
    """A day, today or later. Raises WrongTime for what cannot be read, does not exist, is past or too far."""
    written = _clean(text)
    if not _DAY.fullmatch(written):
        raise WrongTime(Trouble.UNREADABLE, written=written)
    day = _day(written, today)
    if day < today:
        raise WrongTime(Trouble.PAST, day=day)
    if day > today + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=day)
    return day


def read_time(text: str) -> time:
    """A time of day; 8 alone is 8:00. Raises WrongTime for what cannot be read or does not exist."""
    written = _clean(text)
    if not _HOUR.fullmatch(written):
        raise WrongTime(Trouble.UNREADABLE, written=written)
    return _time(written)


def _clean(text: str) -> str:
    """Without marks of direction, which keyboards put between digits and signs, and with ordinary signs."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()
    if len(plain) > _LONGEST:
        raise WrongTime(Trouble.UNREADABLE, written=plain[: _LONGEST - 1] + "…")
    return plain


def _when(written: str, today: date) -> datetime:
    for form in _WHEN:
        if match := form.fullmatch(written):
            return datetime.combine(_day(match["day"], today), _time(match["time"]))
    raise WrongTime(Trouble.UNREADABLE, written=written)


def _day(written: str, today: date) -> date:
    numbers = re.findall(r"\d+", written)
    if len(numbers[0]) == 4:
        numbers.reverse()
    day, month, *year = map(int, numbers)
    years = [year[0] + (2000 if year[0] < 100 else 0)] if year else range(today.year, today.year + _LEAP + 1)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise WrongTime(Trouble.NO_SUCH_DAY, written=written)


def _time(written: str) -> time:
    hour, minute = (*map(int, re.findall(r"\d+", written)), 0)[:2]
    if hour > 23 or minute > 59:
        raise WrongTime(Trouble.NO_SUCH_TIME, written=written)
    return time(hour, minute)
