"""The themes that people can follow, as versioned data."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from config.problem import Problem, listed, nearest
from config.toml_file import NotToml, TomlFile, are_names, found, read_toml
from flows.moves import Names

FOLDER: Final = Path(__file__).parent / "themes"
CURRENT: Final = "1"

LONGEST_NAME: Final = 64  # characters; names stand on buttons

_CODE: Final = re.compile(r"[a-z0-9-]{1,20}")  # it travels in a button
_KEYS: Final = ("names", "drafts")


class ThemeError(ValueError):
    """The themes cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "theme", "themes"))
        self.problems = problems


@cache
def our_themes() -> Mapping[str, Names]:
    """The themes the bot comes with, read once."""
    return load_themes()


def load_themes(version: str = CURRENT, folder: Path = FOLDER) -> Mapping[str, Names]:
    """What each theme of one version is called, by code. Raises ThemeError, naming all that is wrong."""
    try:
        file = read_toml(folder / f"{version}.toml")
    except NotToml as error:
        raise ThemeError((error.problem,)) from None
    problems = tuple(_wrong(file, version))
    if problems:
        raise ThemeError(problems)
    themes = file.table["themes"]
    return {code: {**entry.get("drafts", {}), **entry["names"]} for code, entry in themes.items()}


def _wrong(file: TomlFile, version: str) -> Iterator[Problem]:
    if file.table.get("version") != version:
        yield file.problem(("version",), found(file.table.get("version")), "must be the file's name")
    themes = file.table.get("themes")
    if not isinstance(themes, dict) or not themes:
        yield file.problem(("themes",), found(themes), "must be tables such as [themes.resources]")
        return
    for code, entry in themes.items():
        place = ("themes", code)
        if not _CODE.fullmatch(code):
            yield file.problem(place, "is no code", "a-z, 0-9 and - are needed, at most 20 of them")
        if not isinstance(entry, dict):
            yield file.problem(place, found(entry), "must be a table")
            continue
        for key in set(entry) - set(_KEYS):
            expected = f"'{nearest(key, _KEYS) or _KEYS[0]}' is"
            yield file.problem((*place, key), "is not a key we know", expected)
        for key in _KEYS:
            if not are_names(entry.get(key, {}), LONGEST_NAME):
                yield file.problem((*place, key), found(entry[key]), "must be names by language")
        if not entry.get("names"):
            yield file.problem((*place, "names"), "is missing", "one name at least is needed")
