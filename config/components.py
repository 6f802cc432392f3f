"""SPIRAL's dimensions and components as versioned data, and which of their names are the method's own."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.languages import parents
from config.problem import Problem
from config.toml_file import Place, TomlFile, found
from config.versioned import named, read_version
from flows.actions.impact import Classification

SPIRAL: Final = Path(__file__).parent / "spiral"
CURRENT: Final = "2015"
SOURCED, PLACEHOLDER = "sourced", "placeholder"

_ENTRY: Final = re.compile(r"[A-I](\d\d)?")
_KEYS: Final = ("status", "source", "official")


@cache
def our_classification() -> Classification:
    """The classification the bot comes with, read once."""
    return load_components()


def load_components(version: str = CURRENT, folder: Path = SPIRAL) -> Classification:
    """One version of the classification. Raises DataError, naming everything wrong in its file."""
    entries = read_version(version, folder, _wrong, "component entry", "component entries").table["entries"]
    return Classification(version, named(folder, version, entries))


def _wrong(file: TomlFile) -> Iterator[Problem]:
    sources, entries = file.table.get("sources"), file.table.get("entries")
    if not isinstance(sources, dict) or not isinstance(entries, dict):
        yield file.problem(("entries",), "or 'sources' is missing", "both are needed")
        return
    for code, entry in entries.items():
        place = ("entries", code)
        if not _ENTRY.fullmatch(code) or (code[0] not in entries):
            yield file.problem(place, "is no code of a known dimension", "A to I or A00 to I99 are needed")
        if not isinstance(entry, dict):
            yield file.problem(place, found(entry), "must be a table")
            continue
        yield from _entry_problems(file, place, entry, sources)


def _entry_problems(
    file: TomlFile, place: Place, entry: Mapping[str, Any], sources: Mapping[str, Any]
) -> Iterator[Problem]:
    yield from file.unknown(place, entry, _KEYS)
    if entry.get("status") not in (SOURCED, PLACEHOLDER):
        yield file.problem(
            (*place, "status"), found(entry.get("status")), f"must be {SOURCED} or {PLACEHOLDER}"
        )
    source = entry.get("source")
    if not isinstance(source, str) or not isinstance(sources.get(source), str):
        yield file.problem((*place, "source"), found(source), f"must be one of {', '.join(sources)}")
    elif entry.get("status") == SOURCED and not sources[source]:
        yield file.problem((*place, "source"), found(source), "what is sourced needs an address")
    official = entry.get("official", [])
    if not isinstance(official, list) or not all(isinstance(tag, str) and parents(tag) for tag in official):
        yield file.problem((*place, "official"), found(official), 'must be languages, such as ["en"]')
    elif entry.get("status") == SOURCED and not official:
        yield file.problem((*place, "official"), "is empty", "what is sourced has a name there")
