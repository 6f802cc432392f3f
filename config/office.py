"""The office hours of a territory's coordinators, from the table [office] of its file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from config.problem import Problem, nearest
from config.toml_file import Place, TomlFile, found, is_whole
from flows.times.office_hours import OfficeHours

PLACE: Final = ("office",)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS: Final = ("days", "hours", "holidays", "patience")
LONGEST_PATIENCE: Final = 40  # hours

_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_YEARLY: Final = re.compile(r"(\d\d)-(\d\d)")


def office_hours(table: Mapping[str, Any]) -> OfficeHours:
    """The office hours of a table in which nothing is wrong; what it leaves out is as usual."""
    usual = OfficeHours()
    opens, closes = _hours(table["hours"]) if "hours" in table else (usual.opens, usual.closes)
    holidays = table.get("holidays", [])
    return OfficeHours(
        days=frozenset(map(DAYS.index, table["days"])) if "days" in table else usual.days,
        opens=opens,
        closes=closes,
        holidays=frozenset(date.fromisoformat(day) for day in holidays if not _YEARLY.fullmatch(day)),
        yearly=frozenset(_month_and_day(day) for day in holidays if _YEARLY.fullmatch(day)),
        patience=timedelta(hours=table["patience"]) if "patience" in table else usual.patience,
    )


def office_problems(file: TomlFile) -> Iterator[Problem]:
    """Everything wrong in the table, if there is one."""
    table = file.table.get("office", {})
    if not isinstance(table, dict):
        yield file.problem(PLACE, found(table), "must be written as [office]")
        return
    for key in table:
        if key not in KEYS:
            near = nearest(key, KEYS)
            expected = f"'{near}' is" if near else f"these are: {', '.join(KEYS)}"
            yield file.problem((*PLACE, key), "is not a key we know", expected)
    yield from _days(file, (*PLACE, "days"), table.get("days", ["mon"]))
    hours = table.get("hours", "09:00-17:00")
    if not _are_hours(hours):
        expected = 'must be hours of one day such as "09:00-17:00"'
        yield file.problem((*PLACE, "hours"), found(hours), expected)
    yield from _holidays(file, (*PLACE, "holidays"), table.get("holidays", []))
    patience = table.get("patience", 4)
    if not is_whole(patience, 1, LONGEST_PATIENCE):
        expected = f"must be a whole number of hours from 1 to {LONGEST_PATIENCE}"
        yield file.problem((*PLACE, "patience"), found(patience), expected)


def _days(file: TomlFile, place: Place, days: object) -> Iterator[Problem]:
    if not isinstance(days, list) or not days or any(day not in DAYS for day in days):
        yield file.problem(place, found(days), f'must be a list of days such as ["{DAYS[0]}", "{DAYS[1]}"]')


def _holidays(file: TomlFile, place: Place, days: object) -> Iterator[Problem]:
    if not isinstance(days, list):
        yield file.problem(place, found(days), 'must be a list of days such as ["2026-05-14", "12-25"]')
        return
    for number, day in enumerate(days):
        if not _is_holiday(day):
            expected = 'must be a day such as "2026-05-14", or "12-25" for each year'
            yield file.problem((*place, number), found(day), expected)


def _is_holiday(day: object) -> bool:
    try:
        if isinstance(day, str) and _YEARLY.fullmatch(day):
            month, number = _month_and_day(day)
            return bool(date(2024, month, number))  # a leap year: it has every day that any year has
        return isinstance(day, str) and bool(date.fromisoformat(day))
    except ValueError:
        return False


def _month_and_day(day: str) -> tuple[int, int]:
    month, number = day.split("-")
    return int(month), int(number)


def _are_hours(hours: object) -> bool:
    if not isinstance(hours, str) or not _HOURS.fullmatch(hours):
        return False
    opens, closes = _hours(hours)
    return opens < closes


def _hours(hours: str) -> tuple[time, time]:
    opens, closes = hours.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
