"""SPIRAL's dimensions and components as versioned data; what is provisional is never offered as official."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.languages import parents
from config.problem import Problem, listed, nearest
from config.toml_file import NotToml, Place, TomlFile, found, is_text, read_toml
from flows.actions.impact import Classification

SPIRAL = Path(__file__).parent / "spiral"
CURRENT: Final = "2015"
SOURCED, PLACEHOLDER = "sourced", "placeholder"

_CODE = re.compile(r"[A-I](\d\d(-\d\d)?)?(/[RPOQS](--|\d\d|-\d\d)?(/[a-z])?)?")
_ENTRY = re.compile(r"[A-I](\d\d)?")
_KEYS = ("status", "source", "names", "drafts")


class ComponentError(ValueError):
    """The components cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "component entry", "component entries"))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Component:
    """One dimension (A) or component (A01)."""

    code: str
    is_sourced: bool  # False: the code or the name is provisional
    source: str  # URL; "" where there is none
    names: Mapping[str, str]  # by language, as the source has them
    drafts: Mapping[str, str]  # by language, our own translations

    @property
    def is_dimension(self) -> bool:
        return len(self.code) == 1

    @property
    def both(self) -> Mapping[str, str]:
        """By language what people may call it: the source's name, or else our translation."""
        return {**self.names, **self.drafts, **self.names}  # in this order, with the source's words


@dataclass(frozen=True, slots=True)
class Components:
    """One version of the classification."""

    version: str
    entries: Mapping[str, Component]  # by code, in order

    def dimensions(self) -> tuple[Component, ...]:
        """The dimensions, A to I."""
        return tuple(entry for entry in self.entries.values() if entry.is_dimension)

    def of(self, dimension: str) -> tuple[Component, ...]:
        """The components of a dimension, the general one first."""
        return tuple(
            entry
            for entry in self.entries.values()
            if entry.code.startswith(dimension) and not entry.is_dimension
        )

    def official_name(self, code: str, language: str) -> str | None:
        """The network's name, else its English or French one; None for an unknown or provisional code."""
        entry = self.entries.get(code)
        if entry is None or not entry.is_sourced:
            return None
        return _first(entry.names, (*parents(language), "en", "fr"))

    def working_name(self, code: str, language: str) -> str:
        """What to call a code while people sort statements; the code itself where there is no name."""
        entry = self.entries.get(code)
        if entry is None:
            return code
        return _first(entry.both, (*parents(language), "en", "fr")) or code

    def classification(self) -> Classification:
        """The same as conversations know it: what people are shown to choose from."""
        return Classification(self.version, {code: entry.both for code, entry in self.entries.items()})


def is_code(code: str) -> bool:
    """Whether a full code is well formed: object/meaning/beneficiary, as in A01-11/P15/k, cut anywhere.

    Source: https://wikispiral.org/tiki-index.php?page=Codification&tr_offset1=45
    """
    return bool(_CODE.fullmatch(code))


@cache
def our_classification() -> Classification:
    """The classification the bot comes with, read once."""
    return load_components().classification()


def load_components(version: str = CURRENT, folder: Path = SPIRAL) -> Components:
    """One version of the classification. Raises ComponentError, naming everything wrong in its file."""
    try:
        file = read_toml(folder / f"{version}.toml")
    except NotToml as error:
        raise ComponentError((error.problem,)) from None
    problems = tuple(_wrong(file, version))
    if problems:
        raise ComponentError(problems)
    sources = file.table["sources"]
    entries = {code: _component(code, entry, sources) for code, entry in file.table["entries"].items()}
    return Components(version, entries)


def _component(code: str, entry: Mapping[str, Any], sources: Mapping[str, str]) -> Component:
    is_sourced = entry["status"] == SOURCED
    return Component(
        code, is_sourced, sources[entry["source"]], entry.get("names", {}), entry.get("drafts", {})
    )


def _first(names: Mapping[str, str], languages: tuple[str, ...]) -> str | None:
    return next((names[language] for language in languages if language in names), None)


def _wrong(file: TomlFile, version: str) -> Iterator[Problem]:
    table = file.table
    if table.get("version") != version:
        yield file.problem(("version",), found(table.get("version")), "must be the file's name")
    sources, entries = table.get("sources"), table.get("entries")
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
    for key in entry:
        if key not in _KEYS:
            yield file.problem(
                (*place, key), "is not a key we know", f"'{nearest(key, _KEYS) or _KEYS[0]}' is"
            )
    if entry.get("status") not in (SOURCED, PLACEHOLDER):
        yield file.problem(
            (*place, "status"), found(entry.get("status")), f"must be {SOURCED} or {PLACEHOLDER}"
        )
    source = entry.get("source")
    if not isinstance(source, str) or not isinstance(sources.get(source), str):
        yield file.problem((*place, "source"), found(source), f"must be one of {', '.join(sources)}")
    elif entry.get("status") == SOURCED and not sources[source]:
        yield file.problem((*place, "source"), found(source), "what is sourced needs an address")
    for kind in ("names", "drafts"):
        names = entry.get(kind, {})
        if not isinstance(names, dict) or not all(is_text(name, 120) for name in names.values()):
            yield file.problem((*place, kind), found(names), "must be names by language")
    if entry.get("status") == SOURCED and not entry.get("names"):
        yield file.problem((*place, "names"), "is empty", "what is sourced has a name")
