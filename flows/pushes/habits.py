"""What a person wants of messages that nobody has asked for: when, how often, about what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Final

from flows.moves import Effect, Known, Passing
from flows.times.leads import LONGEST, SEVERAL, LeadWords, folded, read_typed, unreadable
from flows.times.local_time import Trouble, WrongTime, zones
from flows.times.quiet import Quiet
from flows.times.typed_time import read_time

MOST_LEADS: Final = 5

_BETWEEN: Final = re.compile(r"\s*[-–—]\s*|\s+")
_APART: Final = re.compile(r"_|(?<=[^\W\d])[-‐–](?=[^\W\d])")  # the signs of GMT+1 and GMT-1 tell them apart
_SIGNS: Final = re.compile(r"[.'’ʼ`]")
_AHEAD: Final = re.compile(r"(?:utc|gmt)?\s*([+\-‐–−])\s*(\d\d?)(?::?00)?")
_HOURS: Final = re.compile(r"Etc/GMT([+-])([1-9]\d?)")


@dataclass(frozen=True, slots=True)
class OwnHabits(Known):
    """What the person has chosen, and what holds for who has not."""

    reminded: bool  # they have agreed to be written to
    zone: str | None  # IANA name; None: that of their place
    quiet: str | None  # 21:00-08:00; empty: none; None: as usual
    leads: str | None  # 7d 2h; empty: none; None: as usual
    off: tuple[str, ...]  # topics
    most: int | None  # reminders in a week; None: as usual
    home: str  # zone of their place
    usual_quiet: str
    usual_most: int
    zones: tuple[str, ...]  # those of the places there are


@dataclass(frozen=True, slots=True)
class KeepHabits(Effect[None]):
    """From now on it shall be so; each as in OwnHabits."""

    zone: str | None
    quiet: str | None
    leads: str | None
    off: tuple[str, ...]
    most: int | None


@dataclass(frozen=True, slots=True)
class CityNames(Passing):
    """What cities are called after which time zones are named, in the languages the person may write in."""

    zones: Mapping[str, str]  # IANA name, by city as `called`


def kept(own: OwnHabits, **changed: str | int | tuple[str, ...] | None) -> KeepHabits:
    """The person's habits with something changed."""
    now = replace(own, **changed)  # type: ignore[arg-type]
    return KeepHabits(now.zone, now.quiet, now.leads, now.off, now.most)


def read_zone(text: str, cities: Mapping[str, str] = MappingProxyType({})) -> str:
    """The zone of that IANA name, of the city after which one is named, or of clocks so many hours ahead.

    cities  zones by what their city is called in the languages of whoever writes, as CityNames has them

    Raises WrongTime for all else.
    """
    written = called(text) if len(text) <= LONGEST else ""
    ahead = _AHEAD.fullmatch(written)
    found = _zone_ahead(ahead) if ahead else cities.get(written) or _zones().get(written)
    if found is None:
        raise WrongTime(Trouble.UNKNOWN_ZONE, zone=text.strip()[:LONGEST])
    return found


def _zone_ahead(written: re.Match[str]) -> str | None:
    """The zone of UTC+2, whose name has the other sign: Etc/GMT-2; None where no zone is so far from UTC."""
    hours = int(written[2])
    sign = "-" if written[1] == "+" else "+"
    zone = f"Etc/GMT{sign}{hours}" if hours else "UTC"
    return zone if zone in zones() else None


def shown_zone(zone: str) -> str:
    """A zone as people read it: one of whole hours with the sign that they mean, UTC+2 of Etc/GMT-2."""
    signed = _HOURS.fullmatch(zone)
    return f"UTC{'-' if signed[1] == '+' else '+'}{signed[2]}" if signed else zone


@cache
def _zones() -> dict[str, str]:
    """Zones by their whole name and by their city, as called; of two cities, that of the shorter name."""
    known = sorted(zones(), key=lambda name: (-len(name), name))
    cities = {called(name.rpartition("/")[2]): name for name in known}
    return cities | {called(name): name for name in known}


def called(name: str) -> str:
    """A name of a place to compare: letters whatever their case and accents, one space between words."""
    return " ".join(_APART.sub(" ", _SIGNS.sub("", folded(name))).split())


def read_quiet(text: str) -> str:
    """Quiet hours such as `22-7` or `21:30 - 08:00`, as they are kept. Raises WrongTime for all else."""
    ends = _BETWEEN.split(text.strip())
    if len(ends) != 2:
        raise WrongTime(Trouble.UNREADABLE, written=text.strip()[:LONGEST])
    quiet = Quiet(*map(read_time, ends))
    return f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}"


def read_leads(text: str, words: LeadWords) -> str:
    """Typed lead times as they are kept, such as `3d 2h`, longest first. Raises WrongTime for all else."""
    leads = read_typed(text, words)
    if len(leads) > MOST_LEADS:
        raise unreadable(text, SEVERAL)
    return " ".join(map(str, sorted(set(leads), key=lambda lead: lead.length, reverse=True)))
