"""What the checker is given: what Telegram saw, what the citizens did, how the bot lived, what it stored."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.playground.emulator.ledger import Ledger
from tests.campaigns.kills.scenario import Scenario
from tests.campaigns.kills.stored import Stored


class Death(StrEnum):
    """How a process of the bot ended."""

    KILLED = "killed"  # SIGKILL
    STOPPED = "stopped"  # SIGTERM, then by itself, in order
    REVOKED = "revoked"  # by itself, because its token was revoked
    ITSELF = "by itself"  # which nobody asked for


@dataclass(slots=True)
class Life:
    """One process of the bot; moments are monotonic seconds."""

    began: float
    ended: float
    death: Death
    at: str  # the fault point, or "random" and the like
    was_ready: bool
    took: float = 0.0  # seconds from SIGTERM to its end
    fences: frozenset[int] = frozenset()  # the numbers it took; an ordinary run takes one
    seen_at: float = 0.0  # when it was looked at what it left
    pauses: dict[int, float] = field(default_factory=dict)
    """What was there then: Telegram id (0: the whole bot) -> the moment before which nothing is sent."""


class Finding(NamedTuple):
    """One promise that was not kept."""

    invariant: str
    what: str


@dataclass(slots=True)
class Evidence:
    """All of it, at the end: the queue is empty, nothing waits to be said, no process lives."""

    ledger: Ledger
    scenario: Scenario
    lives: list[Life]
    outages: list[tuple[float, float]]  # monotonic moments between which some could not note what they said
    stored: Stored
    told: str  # everything that was written down: the bot's log and figures, the database's log
    secrets: tuple[str, ...]
    places: int  # messages in flight at a time, at most
    several: bool  # processes live at the same time
    pace: int  # messages a second, at most
