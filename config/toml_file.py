"""Reading a TOML file so that what is wrong in it can be named with its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.problem import Problem, nearest, shorten, shown

LARGEST = 1024 * 1024  # bytes

Place = tuple[str | int, ...]
"""Where a value is: ("groups", 2, "language") is the language of the third group."""

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)"""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


class NotToml(ValueError):
    """The file cannot be read at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a TOML file holds, and the lines where it says so."""

    name: str
    table: dict[str, Any]
    lines: Mapping[Place, int]

    def problem(self, place: Place, found: str, expected: str) -> Problem:
        """Something wrong at that place; a missing key is named where its table begins."""
        return Problem(self.name, self.line(place), shorten(written(place), 200), found, expected)

    def unknown(self, place: Place, table: Mapping[str, Any], known: Sequence[str]) -> Iterator[Problem]:
        """The keys of a table that are none of those known, each with the one that was probably meant."""
        for key in table:
            if key not in known:
                expected = f"'{nearest(key, known) or known[0]}' is"
                yield self.problem((*place, key), "is not a key we know", expected)

    def line(self, place: Place) -> int:
        """The line of that place or of what holds it, from 1."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_toml(path: Path) -> TomlFile:
    """Read a small TOML file. Raises NotToml, with a line where there is one, for everything unreadable."""
    whole = path.name
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise NotToml(Problem(path.name, None, whole, f"has {size} bytes", f"at most {LARGEST} are read"))
        text = path.read_bytes().decode("utf-8-sig")
        return TomlFile(path.name, tomllib.loads(text), _lines(text))
    except OSError as error:
        raise NotToml(
            Problem(path.name, None, whole, f"cannot be read: {error.strerror}", "must be")
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise NotToml(Problem(path.name, line, whole, "is not UTF-8", "must be")) from None
    except tomllib.TOMLDecodeError as error:
        line = int(match[1]) if (match := re.search(r"line (\d+)", str(error))) else text.count("\n") + 1
        raise NotToml(Problem(path.name, line, whole, f"is not TOML: {error}", "must be")) from None
    except NotToml:
        raise
    except ValueError:  # of int, which tomllib lets through
        raise NotToml(Problem(path.name, None, whole, "has a number without end", "needs none")) from None
    except RecursionError:
        raise NotToml(Problem(path.name, None, whole, "is nested too deeply", "needs two levels")) from None


def written(place: Place) -> str:
    """A place as people write it: `groups[3].language`, counted from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _lines(text: str) -> dict[Place, int]:
    """The line of each key. Knows headers, keys and multi-line strings, and does not look inside `{...}`."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    ends = ""  # what ends the multi-line string we are in
    for number, line in enumerate(text.splitlines(), 1):
        if ends:
            ends = "" if ends in line else ends
        elif header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
            table = _numbered(table, counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            place = table + _parts(key[1])
            for end in range(len(table) + 1, len(place) + 1):
                lines.setdefault(place[:end], number)
            ends = next((quote for quote in ('"""', "'''") if key[2].count(quote) == 1), "")
    return lines


def _parts(dotted: str) -> Place:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _numbered(table: Place, counts: Mapping[Place, int]) -> Place:
    """A header's place among arrays: [groups.names] after two [[groups]] is ("groups", 1, "names")."""
    place: Place = ()
    for end in range(1, len(table) + 1):
        place += (table[end - 1],)
        if table[:end] in counts:
            place += (counts[table[:end]],)
    return place


def is_text(value: object, room: int) -> bool:
    """Whether a value is one line of text that can be shown: not blank, at most `room` characters."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= room and value.isprintable()


def is_whole(value: object, low: int, high: int) -> bool:
    """Whether a value is a whole number within bounds; `true` is none."""
    return type(value) is int and low <= value <= high


def found(value: object) -> str:
    """What was found, as a half-sentence: "is 12"."""
    return f"is {shown(value)}"
