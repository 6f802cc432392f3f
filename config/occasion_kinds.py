"""The kinds of occasions that can be planned, as versioned data."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.cadences import our_cadences
from config.problem import Problem
from config.toml_file import Place, TomlFile, found, is_whole
from config.versioned import named, read_version
from flows.moves import Names
from flows.occasions.kinds import OccasionKind
from flows.occasions.occasions import Sort
from flows.times.cadence import read_lead
from flows.times.local_time import WrongTime

FOLDER: Final = Path(__file__).parent / "occasions"
CURRENT: Final = "1"

LONGEST: Final = 14 * 24 * 60  # minutes

_CODE: Final = re.compile(r"[a-z0-9-]{1,20}")  # it travels in a button
_KEYS: Final = ("sort", "minutes", "several_days", "cadence", "notice")


@cache
def our_occasion_kinds() -> Mapping[str, OccasionKind]:
    """The kinds the bot comes with, read once."""
    return load_occasion_kinds()


def load_occasion_kinds(version: str = CURRENT, folder: Path = FOLDER) -> Mapping[str, OccasionKind]:
    """One version of the kinds, by code, in order. Raises DataError, naming everything wrong in its file."""
    kinds = read_version(version, folder, _wrong, "kind of occasions", "kinds of occasions").table["kinds"]
    return {code: _kind(code, kinds[code], names) for code, names in named(folder, version, kinds).items()}


def _kind(code: str, entry: Mapping[str, Any], names: Names) -> OccasionKind:
    return OccasionKind(
        code,
        Sort(entry["sort"]),
        names,
        entry["minutes"],
        entry.get("several_days", False),
        entry.get("cadence", entry["sort"]),
        read_lead(entry["notice"]) if "notice" in entry else None,
    )


def _wrong(file: TomlFile) -> Iterator[Problem]:
    kinds = file.table.get("kinds")
    if not isinstance(kinds, dict) or not kinds:
        yield file.problem(("kinds",), found(kinds), "must be tables such as [kinds.panel]")
        return
    for code, entry in kinds.items():
        place = ("kinds", code)
        if not _CODE.fullmatch(code):
            yield file.problem(place, "is no code", "a-z, 0-9 and - are needed, at most 20 of them")
        if isinstance(entry, dict):
            yield from _entry_problems(file, place, entry)
        else:
            yield file.problem(place, found(entry), "must be a table")


def _entry_problems(file: TomlFile, place: Place, entry: Mapping[str, Any]) -> Iterator[Problem]:
    def problem(key: str, expected: str) -> Problem:
        return file.problem((*place, key), found(entry.get(key)), expected)

    yield from file.unknown(place, entry, _KEYS)
    if entry.get("sort") not in tuple(Sort):
        yield problem("sort", f"must be {' or '.join(Sort)}")
    if not is_whole(entry.get("minutes"), 0, LONGEST):
        yield problem("minutes", f"must be 0 to {LONGEST}")
    if not isinstance(entry.get("several_days", False), bool):
        yield problem("several_days", "must be true or false")
    yield from _time_problems(file, place, entry)


def _time_problems(file: TomlFile, place: Place, entry: Mapping[str, Any]) -> Iterator[Problem]:
    cadences = our_cadences().by_name
    if entry.get("cadence", entry.get("sort")) not in cadences:
        written = found(entry.get("cadence"))
        yield file.problem((*place, "cadence"), written, f"must be one of {', '.join(cadences)}")
    if not _is_lead(entry.get("notice")):
        yield file.problem((*place, "notice"), found(entry["notice"]), "must be like 2d or 24h")


def _is_lead(written: object) -> bool:
    """Whether it is a lead, or nothing."""
    try:
        return written is None or (isinstance(written, str) and bool(read_lead(written)))
    except WrongTime:
        return False
