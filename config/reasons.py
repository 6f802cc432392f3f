"""Why words are held back, as versioned data: reviewers choose from these reasons, and authors read them."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.languages import our_languages
from config.problem import Problem, listed, nearest
from config.toml_file import NotToml, Place, TomlFile, found, is_text, read_toml
from flows.moves import Names

FOLDER: Final = Path(__file__).parent / "reviews"
CURRENT: Final = "1"
LONGEST: Final = 60  # characters of a name: it stands on a button

_CODE: Final = re.compile(r"[a-z][a-z-]{1,29}")
_KEYS: Final = ("version", "reasons")
_REASON: Final = ("code", "names")


class ReasonError(ValueError):
    """The reasons cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "reason", "reasons"))
        self.problems = problems


@cache
def our_reasons() -> Mapping[str, Names]:
    """The reasons the bot comes with, by code and in order. Read once."""
    return load_reasons()


def load_reasons(version: str = CURRENT, folder: Path = FOLDER) -> Mapping[str, Names]:
    """One version of the reasons. Raises ReasonError, naming everything wrong in its file."""
    try:
        file = read_toml(folder / f"{version}.toml")
    except NotToml as error:
        raise ReasonError((error.problem,)) from None
    problems = tuple(_wrong(file, version))
    if problems:
        raise ReasonError(problems)
    return {reason["code"]: reason["names"] for reason in file.table["reasons"]}


def _wrong(file: TomlFile, version: str) -> Iterator[Problem]:
    table = file.table
    if table.get("version") != version:
        yield file.problem(("version",), found(table.get("version")), "must be the file's name")
    yield from _unknown(file, (), table, _KEYS)
    reasons = table.get("reasons")
    if not isinstance(reasons, list) or not reasons or not all(isinstance(each, dict) for each in reasons):
        yield file.problem(("reasons",), found(reasons), "must be written as [[reasons]]")
        return
    seen: set[object] = set()
    for number, reason in enumerate(reasons):
        yield from _unknown(file, ("reasons", number), reason, _REASON)
        code = reason.get("code")
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code in seen:
            expected = "must be 2 to 30 lower case letters, and like no other"
            yield file.problem(("reasons", number, "code"), found(code), expected)
        seen.add(code)
        yield from _name_problems(file, ("reasons", number, "names"), reason.get("names"))


def _name_problems(file: TomlFile, place: Place, names: object) -> Iterator[Problem]:
    if not isinstance(names, dict):
        yield file.problem(place, found(names), 'must be names by language, such as en = "..."')
        return
    for tag in dict.fromkeys((*names, *our_languages())):
        if tag not in our_languages():
            yield file.problem((*place, tag), "is no language we have", "see languages.toml")
        elif tag not in names:
            yield file.problem((*place, tag), "is missing", "each language needs a name")
        elif not is_text(names[tag], LONGEST):
            expected = f"must be one line of 1 to {LONGEST} characters"
            yield file.problem((*place, tag), found(names[tag]), expected)


def _unknown(
    file: TomlFile, place: Place, table: Mapping[str, Any], known: tuple[str, ...]
) -> Iterator[Problem]:
    for key in table:
        if key not in known:
            near = nearest(key, known) or known[0]
            yield file.problem((*place, key), "is not a key we know", f"'{near}' is")
