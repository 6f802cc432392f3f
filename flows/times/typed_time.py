"""Dates and times as people type them, in the digits of any script and with the words of their language.

The day comes first, unless the year leads: 12.3.2027, 12/3/27, 12-3, 2027-03-12. A year that is left out is
the next in which the day comes. Hours go from 0 to 23: 18:30, 18.30, 18h30, 18h. Names are put in numbers
first (`flows/times/date_words.py`): Friday, 12 March at 6.30 pm. A weekday has to be that of the day.
"""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Final

from flows.times.date_words import NO_WORDS, DateWords, in_numbers
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
_HOUR: Final = re.compile(_TIME, re.IGNORECASE)
_BARE_HOUR: Final = re.compile(r"\d\d?")
_WORD: Final = re.compile(r"[^\W\d_]{2}|[^\W\d_hHtT]")
_DOTTED: Final = re.compile(r"(\d\d?)\.(\d\d?)")
_DAY_AND_TIME: Final = re.compile(r"\d\d?\.\s+\d\d?\.\d\d")
_LONGEST: Final = 60  # characters; nobody needs more for a date

_LEAP: Final = 4  # years until the next 29 February


def read_when(text: str, now: datetime, words: DateWords = NO_WORDS) -> datetime:
    """A day and a time that are still to come, naive, by the same clocks as `now`.

    now    naive: what the clocks read where the person plans
    words  in which the person writes

    Raises WrongTime for what cannot be read, does not exist, is past or too far ahead.
    """
    when = _Typed(text, words).as_moment(now.date())
    if when <= now:
        raise WrongTime(Trouble.PAST, day=when.date())
    if when > now + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=when.date())
    return when


def read_end(text: str, start: datetime, words: DateWords = NO_WORDS) -> datetime:
    """When something that begins at `start` ends, naive as that is; a time alone is one of the same day.

    Raises WrongTime for what cannot be read, does not exist or is before the start.
    """
    typed = _Typed(text, words, until=True)
    end = datetime.combine(start, typed.as_time()) if typed.is_time else typed.as_moment(start.date())
    if end < start:
        raise WrongTime(Trouble.END_BEFORE_START)
    return end


def read_day(text: str, today: date, words: DateWords = NO_WORDS) -> date:
    """A day, today or later. Raises WrongTime for what cannot be read, does not exist, is past or too far."""
    day = _Typed(text, words, until=True).as_day(today)
    if day < today:
        raise WrongTime(Trouble.PAST, day=day)
    if day > today + FURTHEST:
        raise WrongTime(Trouble.TOO_FAR, day=day)
    return day


def read_time(text: str) -> time:
    """A time of day; 8 alone is 8:00. Raises WrongTime for what cannot be read or does not exist."""
    return _Typed(text, NO_WORDS).as_time()


class _Typed:
    """What somebody typed, and the same in numbers."""

    def __init__(self, text: str, words: DateWords, *, until: bool = False) -> None:
        self.written = _clean(text)
        self.numbers, self.weekdays = in_numbers(self.written, words, until=until)
        is_time = _HOUR.fullmatch(self.numbers) or _BARE_HOUR.fullmatch(self.written)  # "the 20th" is none
        self.is_time = is_time is not None and not self.weekdays

    def as_moment(self, today: date) -> datetime:
        for form in _WHEN:
            match = form.fullmatch(self.numbers)
            if match and not (_WORD.search(self.written) and _could_be_else(match["day"], match["time"])):
                return datetime.combine(self._that_day(match["day"], today), self._that_time(match["time"]))
        raise self._unreadable()

    def as_day(self, today: date) -> date:
        if not _DAY.fullmatch(self.numbers):
            raise self._unreadable()
        return self._that_day(self.numbers, today)

    def as_time(self) -> time:
        if not self.is_time:
            raise self._unreadable()
        return self._that_time(self.numbers)

    def _that_day(self, numbers: str, today: date) -> date:
        day = _day(numbers, today, self._as_written(numbers))
        if self.weekdays - {day.weekday()}:
            raise WrongTime(Trouble.NO_SUCH_DAY, written=self.written)
        return day

    def _that_time(self, numbers: str) -> time:
        return _time(numbers, self._as_written(numbers))

    def _as_written(self, numbers: str) -> str:
        return numbers if numbers in self.written else self.written

    def _unreadable(self) -> WrongTime:
        return WrongTime(Trouble.UNREADABLE, written=self.written)


def _clean(text: str) -> str:
    """Without marks of direction, which keyboards put between digits and signs, and with ordinary signs."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()
    if len(plain) > _LONGEST:
        raise WrongTime(Trouble.UNREADABLE, written=plain[: _LONGEST - 1] + "…")
    return plain


def _day(typed: str, today: date, written: str) -> date:
    numbers = re.findall(r"\d+", typed)
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


def _could_be_else(day: str, time: str) -> bool:
    """Whether what is a day and a time by its order could be a time and a day, such as 18.10 and 12.03.

    Or a day, a time and another time: 12. 10.30 and 12.30.
    """
    if _DAY_AND_TIME.fullmatch(day):
        return True
    hour, other_day = _DOTTED.fullmatch(day.rstrip(".")), _DOTTED.fullmatch(time)
    if hour is None or other_day is None:
        return False
    return int(hour[1]) < 24 and int(hour[2]) < 60 and int(other_day[1]) <= 31 and int(other_day[2]) <= 12


def _time(typed: str, written: str) -> time:
    hour, minute = (*map(int, re.findall(r"\d+", typed)), 0)[:2]
    if hour > 23 or minute > 59:
        raise WrongTime(Trouble.NO_SUCH_TIME, written=written)
    return time(hour, minute)
