"""The worlds: called by webhook or polling, on SQLite or on PostgreSQL; and several processes at once."""

from dataclasses import dataclass
from typing import Final

from storage.faultpoints import POINTS

ONCE: Final = ("migration_step", "export_written")
"""Fault points that a running bot does not pass: a start passes the one, a command the other."""

EACH_CALL: Final = ("call_received", "after_parse", "after_commit_before_ack")
"""Fault points that are passed for each update where Telegram calls."""

EACH_LIFE: Final = ("run_begun", "stopping")
"""Fault points that are passed once by each process, the second one after SIGTERM."""


@dataclass(frozen=True, slots=True)
class World:
    """One way to run the bot."""

    webhook: bool = False
    postgres: bool = False
    several: bool = False  # processes share the work: two listen, one leads, one stands by

    @property
    def name(self) -> str:
        """As the tests of processes call it."""
        if self.several:
            return "several"
        return f"{'webhook' if self.webhook else 'polling'}-{'postgres' if self.postgres else 'sqlite'}"

    @property
    def points(self) -> tuple[str, ...]:
        """Fault points that a bot passes here while it runs."""
        never = "poll_received" if self.webhook else "call_received"
        return tuple(point for point in POINTS if point not in (*ONCE, never))


POLLING_SQLITE: Final = World()
POLLING_POSTGRES: Final = World(postgres=True)
WEBHOOK_SQLITE: Final = World(webhook=True)
WEBHOOK_POSTGRES: Final = World(webhook=True, postgres=True)
SEVERAL: Final = World(webhook=True, postgres=True, several=True)
WORLDS: Final = (POLLING_SQLITE, POLLING_POSTGRES, WEBHOOK_SQLITE, WEBHOOK_POSTGRES, SEVERAL)
