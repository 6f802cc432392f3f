"""When people are reminded, as versioned data: the cadences of pushes, and the quiet hours of most people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.problem import Problem
from config.toml_file import Place, TomlFile, found
from config.versioned import read_version
from flows.times.cadence import Cadence, Cadences, Cap, Kind, Step, read_lead
from flows.times.local_time import WrongTime
from flows.times.quiet import LEAST_AWAKE, Quiet
from flows.times.typed_time import read_time

FOLDER: Final = Path(__file__).parent / "cadences"
CURRENT: Final = "1"

_KEYS: Final = ("version", "keep", "quiet", "cap", "cadences")
_SIDES: Final = ("before", "after")
_HOURS: Final = ("begins", "ends")
_CAP: Final = tuple(field.name for field in fields(Cap))


@cache
def our_cadences() -> Cadences:
    """The cadences the bot comes with, read once."""
    return load_cadences()


def load_cadences(version: str = CURRENT, folder: Path = FOLDER) -> Cadences:
    """One version of the cadences. Raises DataError, naming everything wrong in its file."""
    file = read_version(version, folder, _wrong, "cadence entry", "cadence entries")
    keep = read_lead(file.table["keep"])
    cadences = {
        name: Cadence(_steps(entry.get("before", {})), _steps(entry.get("after", {})), keep)
        for name, entry in file.table["cadences"].items()
    }
    return Cadences(version, _quiet(file.table["quiet"]), cadences, Cap(**file.table["cap"]))


def _quiet(entry: Mapping[str, str]) -> Quiet:
    return Quiet(read_time(entry["begins"]), read_time(entry["ends"]))


def _steps(entry: Mapping[str, str]) -> tuple[Step, ...]:
    return tuple(Step(read_lead(lead), Kind(kind)) for lead, kind in entry.items())


def _wrong(file: TomlFile) -> Iterator[Problem]:
    table = file.table
    if not _reads(read_lead, table.get("keep")):
        yield file.problem(("keep",), found(table.get("keep")), "must be like 3d or 12h")
    yield from file.unknown((), table, _KEYS)
    yield from _quiet_problems(file)
    yield from _cap_problems(file)
    cadences = table.get("cadences")
    if not isinstance(cadences, dict) or not cadences:
        yield file.problem(("cadences",), found(cadences), "must be tables such as [cadences.meeting.before]")
        return
    for name, entry in cadences.items():
        place = ("cadences", name)
        if not isinstance(entry, dict) or not entry:
            yield file.problem(place, found(entry), "must be tables before and after")
            continue
        yield from file.unknown(place, entry, _SIDES)
        for side, steps in entry.items():
            yield from _step_problems(file, (*place, side), steps)


def _quiet_problems(file: TomlFile) -> Iterator[Problem]:
    quiet = file.table.get("quiet")
    if not isinstance(quiet, dict):
        yield file.problem(("quiet",), found(quiet), "must be a table with begins and ends")
        return
    yield from file.unknown(("quiet",), quiet, _HOURS)
    wrong = [name for name in _HOURS if not _reads(read_time, quiet.get(name))]
    for name in wrong:
        yield file.problem(("quiet", name), found(quiet.get(name)), "must be a time such as 21:00")
    if not wrong and not _reads(_quiet, quiet):
        yield file.problem(("quiet",), "lasts too long", f"{LEAST_AWAKE} hours of a day must be left")


def _cap_problems(file: TomlFile) -> Iterator[Problem]:
    cap = file.table.get("cap")
    if not isinstance(cap, dict):
        yield file.problem(("cap",), found(cap), f"must be a table with {', '.join(_CAP)}")
        return
    yield from file.unknown(("cap",), cap, _CAP)
    for name in _CAP:
        value = cap.get(name)
        if type(value) is not int or value < 1:
            yield file.problem(("cap", name), found(value), "must be a whole number, 1 or more")


def _step_problems(file: TomlFile, place: Place, steps: object) -> Iterator[Problem]:
    if not isinstance(steps, dict):
        yield file.problem(place, found(steps), 'must be leads such as 1d = "reminder"')
        return
    for lead, kind in steps.items():
        if not _reads(read_lead, lead):
            yield file.problem((*place, lead), "is no lead", "must be like 7d, 2h or 30m")
        if kind not in tuple(Kind):
            yield file.problem((*place, lead), found(kind), f"must be one of {', '.join(Kind)}")


def _reads(read: Callable[[Any], object], value: object) -> bool:
    """Whether a value is one that `read` can read."""
    try:
        read(value)
    except (WrongTime, TypeError):
        return False
    return True
