"""Flood limits: token buckets per chat and for the whole bot."""

import math
from dataclasses import dataclass, field

from bot.playground.emulator.errors import too_many_requests


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` messages at once, refilled at `per_second`."""

    burst: float
    per_second: float


@dataclass(slots=True)
class Bucket:
    """What is left of a rate, at virtual time `at`."""

    left: float
    at: float

    def missing(self, rate: Rate, now: float) -> float:
        """Seconds until one message may be sent; 0: now. A clock set back refills nothing."""
        self.left = min(rate.burst, self.left + max(0.0, now - self.at) * rate.per_second)
        self.at = now
        return max(0.0, (1 - self.left) / rate.per_second)


@dataclass(slots=True)
class Limits:
    """Telegram's guidance (https://core.telegram.org/bots/faq), with room for a sender that keeps
    exactly to it over a network that jitters: one message a second in a chat with a short burst,
    20 a minute in a group, 30 a second in all. A None lifts that limit."""

    chat: Rate | None = Rate(6, 1)
    group: Rate | None = Rate(22, 20 / 60)
    everyone: Rate | None = Rate(40, 30)
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def spend(self, chat_id: int, now: float) -> None:
        """Count one message to the chat. Raises ApiError 429, counting nothing, if it is too early."""
        spent = []
        wait = 0.0
        for key, rate in ((chat_id, self.chat if chat_id > 0 else self.group), (0, self.everyone)):
            if rate is not None:
                bucket = self._buckets.get(key)
                if bucket is None:
                    bucket = self._buckets[key] = Bucket(rate.burst, now)
                wait = max(wait, bucket.missing(rate, now))
                spent.append(bucket)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket in spent:
            bucket.left -= 1
