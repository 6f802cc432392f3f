"""The clocks of every zone, read from the zone files themselves: what our local time is compared with.

Knows nothing of `zoneinfo` but where the files lie. Format: https://www.rfc-editor.org/rfc/rfc9636.
"""

import re
import struct
import zoneinfo
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

at: Final = datetime.fromisoformat
"""What a clock reads, as in `at("2027-03-12 18:30")`."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = 2026, 2030  # the years that are looked at
YEARS: Final = range(FIRST - 1, LAST + 2)

_HEADER: Final = struct.Struct(">4sc15x6l")
_RULE: Final = re.compile(
    r"(?:<[^>]+>|[A-Za-z]+)(?P<std>[-+\d:]+)"
    r"(?:(?:<[^>]+>|[A-Za-z]+)(?P<dst>[-+\d:]*),(?P<on>[^,]+),(?P<off>[^,]+))?"
)


def utc(text: str) -> datetime:
    """A moment, written by the clocks of UTC."""
    return at(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Clocks:
    """What the clocks of a zone read: from each change on, UTC plus the offset beside it."""

    changes: tuple[int, ...]  # seconds since the epoch; the first is long ago
    offsets: tuple[int, ...]  # seconds east

    def read(self, moment: datetime) -> datetime:
        """What they read at a moment, naive."""
        offset = self.offsets[bisect_right(self.changes, (moment - EPOCH).total_seconds()) - 1]
        return (moment + timedelta(seconds=offset)).replace(tzinfo=None)

    def jumps(self) -> Iterator[datetime]:
        """The moments at which they go forward or back in the years that are looked at."""
        for change, before, after in zip(self.changes[1:], self.offsets, self.offsets[1:], strict=False):
            jump = EPOCH + timedelta(seconds=change)
            if before != after and FIRST <= jump.year <= LAST:
                yield jump

    def now(self) -> "Clocks":
        """Nothing but what matters in these years; equal for zones that differ in the past alone."""
        long_ago = bisect_right(self.changes, (utc(f"{FIRST - 1}-01-01") - EPOCH).total_seconds()) - 1
        return Clocks((0, *self.changes[long_ago + 1 :]), self.offsets[long_ago:])


@cache
def every_zone() -> dict[str, Clocks]:
    """The clocks of all IANA zones by name."""
    return {name: clocks(_file(name)) for name in sorted(zoneinfo.available_timezones())}


def _file(name: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        if (path := Path(folder) / name).is_file():
            return path.read_bytes()
    return resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()


@cache
def clocks(data: bytes) -> Clocks:
    """What a zone file says, with its last line carried on through the years that are looked at."""
    _, _, *counts = _HEADER.unpack_from(data)
    start = _HEADER.size + _length(counts, 4)
    magic, _, *counts = _HEADER.unpack_from(data, start)
    assert magic == b"TZif"
    body, (_, _, _, times, types, _) = start + _HEADER.size, counts
    changes = struct.unpack_from(f">{times}q", data, body)
    kinds = data[body + 8 * times : body + 9 * times]
    offsets = [struct.unpack_from(">l", data, body + 9 * times + 6 * kind)[0] for kind in range(types)]
    footer = data[body + _length(counts, 8) :].decode("ascii").strip("\n")
    found = [(-(1 << 59), offsets[0]), *zip(changes, (offsets[kind] for kind in kinds), strict=True)]
    found += [each for each in _carried_on(footer) if each[0] > found[-1][0]]
    return Clocks(*(tuple(column) for column in zip(*found, strict=True)))


def _length(counts: list[int], word: int) -> int:
    """Bytes of a block behind its header."""
    utc, standard, leap, times, types, letters = counts
    return times * (word + 1) + types * 6 + letters + leap * (word + 4) + standard + utc


def _carried_on(footer: str) -> list[tuple[int, int]]:
    """The changes of the years that are looked at, by a rule such as CET-1CEST,M3.5.0,M10.5.0/3."""
    match = _RULE.fullmatch(footer)
    assert match, footer
    standard = -_seconds(match["std"])
    if match["on"] is None:
        return []
    summer = -_seconds(match["dst"]) if match["dst"] else standard + 3600
    changes = [(_change(year, match["on"]) - standard, summer) for year in YEARS]
    changes += [(_change(year, match["off"]) - summer, standard) for year in YEARS]
    return sorted(changes)


def _change(year: int, rule: str) -> int:
    """When clocks change in a year, in seconds since the epoch by the clocks before the change."""
    day, _, hour = rule.partition("/")
    return (_day(year, day) - date(1970, 1, 1)).days * 86400 + _seconds(hour or "2")


def _day(year: int, rule: str) -> date:
    if rule.startswith("M"):
        month, week, weekday = map(int, rule[1:].split("."))
        length = monthrange(year, month)[1]
        days = [date(year, month, day) for day in range(1, length + 1)]
        fitting = [day for day in days if day.isoweekday() % 7 == weekday]
        return fitting[min(week, len(fitting)) - 1]
    if rule.startswith("J"):  # 1 to 365, 29 February never counted
        return date(
            year, *(lambda day: (day.month, day.day))(date(2001, 1, 1) + timedelta(int(rule[1:]) - 1))
        )
    return date(year, 1, 1) + timedelta(int(rule))


def _seconds(text: str) -> int:
    """[+-]hh[:mm[:ss]] in seconds."""
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    size = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    return -size if text.startswith("-") else size
