"""The scales of feedback as versioned data: what an action did, and how a meeting was, in steps."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from config.problem import Problem
from config.toml_file import TomlFile, found
from config.versioned import named, read_version
from flows.actions.impact import Scale

FOLDER: Final = Path(__file__).parent / "impact"
MEETINGS: Final = Path(__file__).parent / "meetings"
CURRENT: Final = "1"
MOST: Final = 7
"""Steps: more would be hard to press and to hear."""

_KEYS: Final = ("version", "steps")


@cache
def our_scales() -> Mapping[str, Scale]:
    """The scales the bot comes with, by version; the last one is what is asked with today. Read once."""
    return _scales(FOLDER)


@cache
def our_meeting_scales() -> Mapping[str, Scale]:
    """The same for how people found a meeting."""
    return _scales(MEETINGS)


def _scales(folder: Path) -> Mapping[str, Scale]:
    versions = sorted((path.stem for path in folder.glob("*.toml")), key=lambda version: version == CURRENT)
    return {version: load_scale(version, folder) for version in versions}


def load_scale(version: str = CURRENT, folder: Path = FOLDER) -> Scale:
    """One version of the scale. Raises DataError, naming everything wrong in its file."""
    steps = read_version(version, folder, _wrong, "entry of the scale", "entries of the scale").table["steps"]
    return Scale(version, named(folder, version, steps))


def _wrong(file: TomlFile) -> Iterator[Problem]:
    yield from file.unknown((), file.table, _KEYS)
    steps = file.table.get("steps")
    if not _is_scale(steps):
        expected = f"must be 2 to {MOST} whole numbers that follow each other, 0 among them"
        yield file.problem(("steps",), found(steps), expected)


def _is_scale(steps: object) -> bool:
    return (
        isinstance(steps, list)
        and all(type(value) is int for value in steps)
        and 2 <= len(steps) <= MOST
        and 0 in steps
        and steps == list(range(steps[0], steps[0] + len(steps)))
    )
