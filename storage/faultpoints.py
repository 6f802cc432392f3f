"""Named moments at which tests stop the process, to see that nothing is lost there.

They cost one call of an empty function while nobody listens.
"""

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "run_begun",
    "poll_received",
    "call_received",
    "after_parse",
    "tx_begun",
    "after_dedupe",
    "after_state",
    "after_outbox",
    "before_commit",
    "after_commit_before_ack",
    "after_claim",
    "request_sent",
    "response_read",
    "after_response_before_sent",
    "after_sent",
    "stopping",
    "migration_step",
    "export_written",
)


def _nobody(name: str) -> None:
    """What listens in a bot that is not being tested."""


_listener: Callable[[str], None] = _nobody


def reached(name: str) -> None:
    """Say that the process is at the point `name`."""
    _listener(name)


def listen(listener: Callable[[str], None]) -> None:
    """Call `listener` at every point from now on; for tests."""
    globals()["_listener"] = listener
