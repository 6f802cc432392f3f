"""Closed lists of codes as versioned data: themes that people follow, reasons why words are held back."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from config.problem import Problem
from config.toml_file import TomlFile, found
from config.versioned import named, read_version
from flows.moves import Names

THEMES: Final = Path(__file__).parent / "themes"
REVIEWS: Final = Path(__file__).parent / "reviews"
CURRENT: Final = "1"

_CODE: Final = re.compile(r"[a-z0-9-]{2,20}")  # it travels in a button
_KEYS: Final = ("version", "codes")


@cache
def our_themes() -> Mapping[str, Names]:
    """What each theme is called that people can follow wherever they live, by code and in order."""
    return named(THEMES, CURRENT, load_codes(CURRENT, THEMES))


@cache
def our_reasons() -> Mapping[str, Names]:
    """What each reason is called for which reviewers hold words back, by code and in order."""
    return named(REVIEWS, CURRENT, load_codes(CURRENT, REVIEWS))


def load_codes(version: str, folder: Path) -> tuple[str, ...]:
    """One version of a list. Raises DataError, naming everything wrong in its file."""
    return tuple(read_version(version, folder, _wrong, "code", "codes").table["codes"])


def _wrong(file: TomlFile) -> Iterator[Problem]:
    yield from file.unknown((), file.table, _KEYS)
    codes = file.table.get("codes")
    if not isinstance(codes, list) or not codes:
        yield file.problem(("codes",), found(codes), "must be a list of codes")
        return
    for number, code in enumerate(codes):
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code in codes[:number]:
            expected = "must be 2 to 20 of a-z, 0-9 and -, and like no other"
            yield file.problem(("codes", number), found(code), expected)
