"""Versioned data in TOML files: what differs from place to place or year to year, and is never code.

A file is called after its version. What it lists is named by the catalogues, beside everything else that is
translated: the text for what is coded `water` in themes/2.toml is `themes.2.water`.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from config.catalogue import Catalogue, our_catalogues
from config.languages import LAST
from config.problem import Problem, listed
from config.template import Slot
from config.toml_file import NotToml, TomlFile, found, read_toml
from flows.moves import Names

C = TypeVar("C")


class DataError(ValueError):
    """Some data cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...], one: str, many: str) -> None:
        super().__init__(listed(problems, one, many))
        self.problems = problems


def read_version(
    version: str, folder: Path, wrong: Callable[[TomlFile], Iterator[Problem]], one: str, many: str
) -> TomlFile:
    """One version of some data, free of what `wrong` finds. Raises DataError, naming all of it.

    one, many  what the data lists, for the message: "theme", "themes"
    """
    try:
        file = read_toml(folder / f"{version}.toml")
    except NotToml as error:
        raise DataError((error.problem,), one, many) from None
    problems = (*_version_problems(file, version), *wrong(file))
    if problems:
        raise DataError(problems, one, many)
    return file


def _version_problems(file: TomlFile, version: str) -> Iterator[Problem]:
    stated = file.table.get("version")
    if stated != version:
        yield file.problem(("version",), found(stated), "must be the file's name")


def key(folder: Path, version: str, code: object) -> str:
    """The text that says what something is called: "themes.1.resources" for a code of themes/1.toml."""
    return f"{folder.name}.{version}.{code}".lower()


def named(folder: Path, version: str, codes: Iterable[C]) -> dict[C, Names]:
    """What each code is called in each language, English first; {} where no catalogue has a name."""
    catalogues = sorted(our_catalogues(), key=lambda each: each.language != LAST)
    return {code: _names(key(folder, version, code), catalogues) for code in codes}


def _names(text: str, catalogues: Iterable[Catalogue]) -> Names:
    templates = {each.language: each.template(text, None) for each in catalogues}
    return {
        language: "".join(part for part in template.plain if not isinstance(part, Slot))
        for language, template in templates.items()
        if template is not None
    }
