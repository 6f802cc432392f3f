"""The scale of feedback as versioned data: what people say an action did, in steps with names."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.languages import our_languages
from config.problem import Problem, listed, nearest
from config.toml_file import NotToml, Place, TomlFile, found, is_text, read_toml
from flows.actions.impact import Scale

FOLDER: Final = Path(__file__).parent / "impact"
MEETINGS: Final = Path(__file__).parent / "meetings"
CURRENT: Final = "1"
MOST: Final = 7
"""Steps: more would be hard to press and to hear."""

LONGEST: Final = 30  # characters of a name: it stands on a button

_KEYS: Final = ("version", "steps")
_STEP: Final = ("value", "names")


class ScaleError(ValueError):
    """The scale cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "entry of the scale", "entries of the scale"))
        self.problems = problems


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
    """One version of the scale. Raises ScaleError, naming everything wrong in its file."""
    try:
        file = read_toml(folder / f"{version}.toml")
    except NotToml as error:
        raise ScaleError((error.problem,)) from None
    problems = tuple(_wrong(file, version))
    if problems:
        raise ScaleError(problems)
    return Scale(version, {step["value"]: step["names"] for step in file.table["steps"]})


def _wrong(file: TomlFile, version: str) -> Iterator[Problem]:
    table = file.table
    if table.get("version") != version:
        yield file.problem(("version",), found(table.get("version")), "must be the file's name")
    yield from _unknown(file, (), table, _KEYS)
    steps = table.get("steps")
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        yield file.problem(("steps",), found(steps), "must be written as [[steps]]")
        return
    values = [step.get("value") for step in steps]
    if not _is_scale(values):
        expected = f"must be 2 to {MOST} whole numbers that follow each other, 0 among them"
        yield file.problem(("steps",), f"has the values {values}", expected)
    for number, step in enumerate(steps):
        yield from _unknown(file, ("steps", number), step, _STEP)
        yield from _name_problems(file, ("steps", number, "names"), step.get("names"))


def _is_scale(values: list[Any]) -> bool:
    return (
        all(type(value) is int for value in values)
        and 2 <= len(values) <= MOST
        and 0 in values
        and values == list(range(values[0], values[0] + len(values)))
    )


def _name_problems(file: TomlFile, place: Place, names: object) -> Iterator[Problem]:
    if not isinstance(names, dict):
        yield file.problem(place, found(names), 'must be names by language, such as en = "..."')
        return
    for tag, name in names.items():
        if tag not in our_languages():
            yield file.problem((*place, tag), "is no language we have", f"may be {_either()}")
        elif not is_text(name, LONGEST):
            expected = f"must be one line of 1 to {LONGEST} characters"
            yield file.problem((*place, tag), found(name), expected)
    for tag in our_languages():
        if tag not in names:
            yield file.problem((*place, tag), "is missing", "each language needs a name")


def _unknown(
    file: TomlFile, place: Place, table: Mapping[str, Any], known: tuple[str, ...]
) -> Iterator[Problem]:
    for key in table:
        if key not in known:
            near = nearest(key, known) or known[0]
            yield file.problem((*place, key), "is not a key we know", f"'{near}' is")


def _either() -> str:
    return ", ".join(our_languages())
