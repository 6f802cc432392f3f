"""How fast the bot may speak: all together, of which this process has a share, and in one chat."""

from collections import deque
from collections.abc import Callable
from typing import Final

CHAT_BURST: Final = 5
CHAT_RATE: Final = 1.0  # a second, in a private chat
GROUP_RATE: Final = 20 / 60
UNPACED: Final = 1000  # a second: more than Telegram gives anybody, so it is a server of one's own
REMEMBERED: Final = 10_000  # chats


class Bucket:
    """Tokens that come back at a rate; one send takes one. Time is monotonic, in seconds."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 if one is."""
        self._fill(now)
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._rate

    def take(self, now: float) -> None:
        """Take a token."""
        self._fill(now)
        self._tokens -= 1

    def owe(self, tokens: float, now: float) -> None:
        """Take every token, and so many of those to come."""
        self._tokens, self._at = -tokens, now

    def has(self, tokens: int, now: float) -> bool:
        """Whether so many tokens are there."""
        self._fill(now)
        return self._tokens >= tokens

    def full(self, now: float) -> bool:
        """Whether it has forgotten every send."""
        self._fill(now)
        return self._tokens >= self._burst

    def _fill(self, now: float) -> None:
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._at) * self._rate)
        self._at = now


class Throttle:
    """All sends together: a bucket, so that they are spread out, and no more than so many in any second.

    The bucket alone would have to be slower by its burst to keep to that. Without a burst a moment in which
    the process computes would be lost for good.
    """

    __slots__ = ("_bucket", "_burst", "_last", "_most")

    def __init__(self, per_second: float) -> None:
        fast = int(per_second // 20)  # what a twentieth of a second of computing would cost
        self._burst = max(min(5, int(per_second // 6)), min(2, int(per_second // 4)), fast, 1)
        self._bucket = Bucket(per_second * 0.99, self._burst)
        self._most = int(per_second) if self._burst > 1 else 0  # 0: the bucket is enough
        self._last: deque[float] = deque(maxlen=self._most or 1)  # moments of so many sends

    def wait(self, now: float) -> float:
        """Seconds until something may be sent."""
        return max(self._bucket.wait(now), self._until(1, now))

    def has(self, sends: int, now: float) -> bool:
        """Whether so many may be sent at once."""
        return self._bucket.has(sends, now) and self._until(sends, now) <= 0

    def take(self, now: float) -> None:
        """Note one send."""
        self._bucket.take(now)
        self._last.append(now)

    def take_over(self, speakers: int, burst: int, now: float) -> None:
        """Begin while others may just have sent a burst: owe a share of it."""
        self._bucket.owe(burst / speakers, now)

    @property
    def burst(self) -> int:
        return self._burst

    def _until(self, sends: int, now: float) -> float:
        """Seconds until so many more would not be too many in a second."""
        left = self._most - len(self._last)
        if not self._most or left >= sends:
            return 0.0
        return self._last[sends - left - 1] + 1 - now


class Pace:
    """The buckets of all chats and the throttle of all together."""

    def __init__(self, per_second: int, now: Callable[[], float]) -> None:
        """
        per_second  sends of the whole bot; in no second are there more
        """
        self._now = now
        self._per_second = per_second
        self._all = Throttle(per_second)
        self._paced = per_second <= UNPACED
        self._chats: dict[int, Bucket] = {}

    def share(self, speakers: int) -> None:
        """From now on be one of so many who speak for the bot, each as fast as the others.

        What was saved up belongs to another share, and whoever had that may just have used it.
        """
        self._all = Throttle(self._per_second // speakers or self._per_second / speakers)
        self._all.take_over(speakers, Throttle(self._per_second).burst, self._now())

    def wait_all(self) -> float:
        """Seconds until anything may be sent."""
        return self._all.wait(self._now())

    def wait_chat(self, telegram: int) -> float:
        """Seconds until something may be sent to that chat."""
        bucket = self._chats.get(telegram)
        return bucket.wait(self._now()) if bucket else 0.0

    def spare(self, telegram: int) -> bool:
        """Note one send that may be left out, if another one could follow it at once; returns whether."""
        now = self._now()
        bucket = self._chats.get(telegram)
        if not self._all.has(2, now) or (bucket is not None and not bucket.has(2, now)):
            return False
        self.take(telegram)
        return True

    def take(self, telegram: int) -> None:
        """Note one send."""
        now = self._now()
        self._all.take(now)
        if not self._paced:
            return
        if telegram not in self._chats:
            self._forget(now)
            rate, burst = (CHAT_RATE, CHAT_BURST) if telegram > 0 else (GROUP_RATE, 1)
            self._chats[telegram] = Bucket(rate, burst)
        self._chats[telegram].take(now)

    def _forget(self, now: float) -> None:
        if len(self._chats) >= REMEMBERED:
            self._chats = {chat: bucket for chat, bucket in self._chats.items() if not bucket.full(now)}
