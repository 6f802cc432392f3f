"""How a panel is told what is new: when, in which languages, where. Data, without a conversation."""

from dataclasses import dataclass
from enum import StrEnum


class Day(StrEnum):
    """A day of the week; the first is day 0."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    DAILY = "daily"
    MONTHLY = "monthly"


class SentTo(StrEnum):
    """Where to."""

    ROOM = "room"  # each of the panel's rooms
    MEMBERS = "members"  # each member in private


class WhenNothing(StrEnum):
    """What a panel hears where nothing is new."""

    SILENCE = "silence"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """What a panel has chosen, or its territory's file says."""

    day: int = 0  # 0: Monday; monthly: the first such day of a month; daily: of no meaning
    hour: int = 9  # by the clocks of the territory, 0 to 23
    cadence: Rhythm = Rhythm.WEEKLY
    languages: tuple[str, ...] = ()  # BCP 47, at least one, in the order of speaking
    silence: bool = True  # where nothing is new; False: one line says so
    to: SentTo = SentTo.ROOM
