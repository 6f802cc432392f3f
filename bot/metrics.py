"""What is counted, for `/metrics`; no label holds anything of a citizen."""

from functools import cache
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

UPDATES: Final = Counter("together_updates_total", "Updates taken in, by what became of them", ["outcome"])
CALLS: Final = Counter("together_webhook_calls_total", "Calls of the webhook, by status", ["status"])
SENDS: Final = Counter("together_sends_total", "Messages sent, by outcome and lane", ["outcome", "lane"])
OUTBOX: Final = Gauge("together_outbox_messages", "Messages in the outbox, by state", ["state"])
PUSHES: Final = Counter(
    "together_pushes_total", "Pushes that were due, by what became of them", ["state", "reason"]
)
GROUP: Final = Histogram(
    "together_group_size", "Updates that shared one commit", buckets=(1, 2, 4, 8, 16, 32, 64)
)
COMMIT: Final = Histogram("together_commit_seconds", "Time from a group of updates to its commit")
ALARMS: Final = Counter("together_alarms_total", "Alarms, by cause", ["cause"])
MISSING: Final = Counter("together_missing_texts_total", "Texts said in another language", ["language"])
"""A text that a catalogue does not have."""


@cache
def series(counter: Counter, *labels: str) -> Counter:
    """The series of a counter with those labels; looking for it costs more than counting."""
    return counter.labels(*labels)
