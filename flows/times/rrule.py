"""A rule of a series as calendars write it: RFC 5545's RRULE, as much of it as our rules can say.

Source: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10. One that says more is refused, not cut.
"""

import re
from datetime import date, datetime, timedelta
from typing import Final

from flows.times.local_time import Trouble, WrongTime, moment, wall
from flows.times.recurrence import Every, Rule, Weekday

_PART: Final = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_WEEKDAYS: Final = re.compile(r"(?:\+?([1-4]|-1))?([A-Z]{2}(?:,[A-Z]{2})*)")
_KNOWN: Final = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "UNTIL", "COUNT"}

_MONTH_DAYS: Final = {day: f"BYMONTHDAY={day}" for day in range(1, 29)} | {
    29: "BYMONTHDAY=28,29;BYSETPOS=-1",
    30: "BYMONTHDAY=28,29,30;BYSETPOS=-1",
    31: "BYMONTHDAY=-1",
}
"""RFC 5545 passes over a month that has no 30th; "the last of these days" is what our rules mean."""


def write_rule(rule: Rule, start: datetime, zone: str) -> str:
    """The rule as an RRULE, without its name, for a series that begins at `start`, naive, in that zone."""
    parts = [f"FREQ={rule.every.upper()}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.weekdays:
        parts.append(f"BYDAY={rule.nth or ''}" + ",".join(day.upper() for day in rule.weekdays))
    if rule.month_day is not None:
        parts.append(_MONTH_DAYS[rule.month_day])
    if rule.until is not None:
        last = moment(datetime.combine(rule.until, start.time()), zone)
        parts.append(f"UNTIL={last:%Y%m%dT%H%M%SZ}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    return ";".join(parts)


def read_rule(text: str, start: datetime, zone: str) -> Rule:
    """The rule that an RRULE says, for a series that begins at `start`, naive, in that zone.

    Raises WrongTime for what is no RRULE, and for one that our rules cannot say whole.
    """
    try:
        return _rule(_parts(text), start, zone)
    except WrongTime:
        raise
    except (ValueError, LookupError, OverflowError):
        raise WrongTime(Trouble.UNKNOWN_RULE, rule=text) from None


def _parts(text: str) -> dict[str, str]:
    written = text.strip().upper().removeprefix("RRULE:").split(";")
    found = [match for match in map(_PART.fullmatch, written) if match]
    parts = {match[1]: match[2] for match in found}
    if len(parts) < len(written) or parts.pop("WKST", "MO") != "MO" or not parts.keys() <= _KNOWN:
        raise ValueError(text)
    return parts


def _rule(parts: dict[str, str], start: datetime, zone: str) -> Rule:
    nth, weekdays = _weekdays(parts["BYDAY"]) if "BYDAY" in parts else (None, ())
    every = Every(parts["FREQ"].lower())
    is_dated = (every is Every.MONTH and not weekdays) or bool(parts.keys() & {"BYMONTHDAY", "BYSETPOS"})
    return Rule(
        every,
        interval=int(parts.get("INTERVAL", "1")),
        weekdays=weekdays,
        nth=nth,
        month_day=_month_day(parts, start) if is_dated else None,
        until=_until(parts["UNTIL"], start, zone) if "UNTIL" in parts else None,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def _weekdays(text: str) -> tuple[int | None, tuple[Weekday, ...]]:
    """The weekdays of a BYDAY, in order; before a single one, which of a month it is."""
    match = _WEEKDAYS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    named = {Weekday(day.lower()) for day in match[2].split(",")}
    return int(match[1]) if match[1] else None, tuple(day for day in Weekday if day in named)


def _month_day(parts: dict[str, str], start: datetime) -> int:
    """The day of a month; one that is not written is that of the start."""
    written = [f"{name}={parts[name]}" for name in ("BYMONTHDAY", "BYSETPOS") if name in parts]
    wanted = ";".join(written) or f"BYMONTHDAY={start.day}"
    return {said: day for day, said in _MONTH_DAYS.items()}[wanted]


def _until(text: str, start: datetime, zone: str) -> date:
    """The last day on which it may come: of the day that is named, only if it comes early enough."""
    if "T" not in text:
        return date.fromisoformat(text)
    said = datetime.fromisoformat(text)
    last = said if said.tzinfo else moment(said, zone)
    day = wall(last, zone).date()
    return day if moment(datetime.combine(day, start.time()), zone) <= last else day - timedelta(days=1)
