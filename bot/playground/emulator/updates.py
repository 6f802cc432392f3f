"""The queue of updates: what waits for the bot, for how long, and what takes it out.

Rules follow TDLib's queue and the Bot API server (https://github.com/tdlib/telegram-bot-api).
"""

import heapq
import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.lanes import Lane
from bot.playground.emulator.ledger import Ledger, UpdateRecord

Json = dict[str, Any]

DAY = 86_400
LIFETIMES = {  # seconds from the event's moment
    "callback_query": 150, "shipping_query": 150, "pre_checkout_query": 150,
    "inline_query": 30, "chosen_inline_result": 600,
}  # fmt: skip
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST_WAITING = 100_000
MOST_BYTES = 128 << 20
LARGEST = 512 << 10
OFFSET_AHEAD = 10
RENUMBER_DISTANCE = 100_000
_LARGEST_ID = 2**31 - 1


@dataclass(slots=True)
class Queued:
    """One update that waits."""

    id: int
    kind: str
    body: bytes  # the whole update as JSON
    lane: Lane
    expires_at: float  # virtual unix seconds
    gone: bool = False  # acknowledged or expired
    repeats: bool = False  # a fault: deliver it once more, even if it was acknowledged
    hangs_up: float = 0.0  # a fault: real seconds after which its call is broken off, once


class UpdateQueue:
    """Updates in order of arrival; only an offset, a webhook, time or a bound takes them out."""

    def __init__(self, clock: VirtualClock, ledger: Ledger, random: Random) -> None:
        self.next_id = random.randrange(100_000_000, 1_000_000_000)
        self.allowed: frozenset[str] | None = None  # None: all but NOT_BY_DEFAULT
        self.pending = 0
        self.listeners: list[Callable[[Queued], None]] = []  # told of each update that is queued
        self._clock = clock
        self._ledger = ledger
        self._items: deque[Queued] = deque()
        self._bytes = 0
        self._expiry: list[tuple[float, int, Queued]] = []
        self._arrivals = 0
        self._strays = False  # an injected id is out of order, so a look at the head is not enough
        self._again: list[tuple[int, bytes]] = []  # by update id

    def allow(self, kinds: Iterable[str]) -> None:
        """Which types are queued from now on; none named: the default."""
        self.allowed = frozenset(kinds) or None

    def allows(self, kind: str) -> bool:
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def put(
        self,
        update: Json,
        *,
        kind: str,
        lane: Lane | None,
        chat_id: int,
        date: float,
        update_id: int | None = None,
        repeats: bool = False,
        hangs_up: float = 0.0,
    ) -> int | None:
        """Queue one update (given without its id) and tell its id; without a lane it gets one of its own.

        None if it is too old or too large, or the queue is full: then it is dropped silently.
        """
        now = self._clock.now()
        expires_at = date + LIFETIMES.get(kind, DAY)
        if expires_at <= now or self.pending >= MOST_WAITING:
            return None
        assigned = self.next_id if update_id is None else update_id
        body = json.dumps({"update_id": assigned, **update}, separators=(",", ":")).encode()
        if len(body) > LARGEST or self._bytes + len(body) > MOST_BYTES:
            return None
        if update_id is None:
            self.next_id = assigned + 1 if assigned < _LARGEST_ID else 1
        elif self._items and assigned <= self._items[-1].id:
            self._strays = True
        lane = lane or ("alone", assigned)
        item = Queued(assigned, kind, body, lane, expires_at, repeats=repeats, hangs_up=hangs_up)
        self._items.append(item)
        self._bytes += len(body)
        self.pending += 1
        self._arrivals += 1
        heapq.heappush(self._expiry, (expires_at, self._arrivals, item))
        self._ledger.updates.setdefault(assigned, UpdateRecord(kind, chat_id, now))
        for tell in self.listeners:
            tell(item)
        return assigned

    def acknowledge(self, offset: int) -> None:
        """Forget the updates below `offset` for good; a negative one keeps only so many of the newest.

        One far ahead counts as none: a corrupted offset brings updates again rather than losing them.
        """
        if offset < 0:
            while self.pending > -offset:
                self.settle(self._items.popleft(), acknowledged=True)
        elif offset <= self.next_id + OFFSET_AHEAD:
            if self._strays:
                self._acknowledge_strays(offset)
            while self._items and self._items[0].id < offset:
                self.settle(self._items.popleft(), acknowledged=True)

    def batch(self, limit: int) -> list[bytes]:
        """The oldest `limit` updates; they stay until acknowledged."""
        self.expire()
        taken = self._repeated(limit)
        for item in self._items:
            if len(taken) >= limit:
                break
            if item.gone:
                continue
            taken.append(item.body)
            self.delivered(item)
            if item.repeats:
                item.repeats = False
                self._again.append((item.id, item.body))
        return taken

    def _repeated(self, limit: int) -> list[bytes]:
        """What comes again by a fault, once it is behind all that waits: an offset must never jump ahead."""
        first = next((item.id for item in self._items if not item.gone), self.next_id)
        behind = [(id, body) for id, body in self._again if id < first][:limit]
        self._again = [repeat for repeat in self._again if repeat not in behind]
        for id, _ in behind:
            self._ledger.updates[id].deliveries += 1
        return [body for _, body in behind]

    def waiting(self) -> list[Queued]:
        """Every update that is neither acknowledged nor expired, oldest first."""
        self.expire()
        return [item for item in self._items if not item.gone]

    def delivered(self, item: Queued) -> None:
        """Write down that an update is on its way to the bot."""
        record = self._ledger.updates[item.id]
        record.deliveries += 1
        if record.first_delivered_at is None:
            record.first_delivered_at = self._clock.now()

    def settle(self, item: Queued, *, acknowledged: bool) -> None:
        """Take one update out, as acknowledged or as expired; nothing happens if it is gone already."""
        if item.gone:
            return
        item.gone = True
        self.pending -= 1
        self._bytes -= len(item.body)
        item.body = b""
        record = self._ledger.updates[item.id]
        if acknowledged:
            record.acknowledged_at = self._clock.now()
            record.acknowledged_real = time.monotonic()
        else:
            record.expired = True
        self._ledger.settled(item.id, record)
        while self._items and self._items[0].gone:
            self._items.popleft()

    def expire(self) -> None:
        """Take out what has outlived its type's time."""
        now = self._clock.now()
        while self._expiry and self._expiry[0][0] <= now:
            self.settle(heapq.heappop(self._expiry)[2], acknowledged=False)

    def lose(self, update_id: int) -> None:
        """Let a waiting update expire before its time."""
        for item in reversed(self._items):
            if item.id == update_id:
                self.settle(item, acknowledged=False)
                return

    def drop_all(self) -> None:
        """Forget everything unread, as drop_pending_updates asks; recorded as expired."""
        while self._items:
            self.settle(self._items.popleft(), acknowledged=False)
        self._again.clear()

    def renumber(self, random: Random) -> bool:
        """Go on from another random id, far from this one; False: not now, updates are waiting."""
        self.expire()
        if self.pending:
            return False
        before = self.next_id
        while abs(self.next_id - before) <= RENUMBER_DISTANCE:
            self.next_id = random.randrange(1, 1_000_000_000)
        return True

    def saved(self) -> Json:
        """What waits, as JSON."""
        return {
            "next_id": self.next_id,
            "allowed": None if self.allowed is None else sorted(self.allowed),
            "items": [
                {
                    "id": item.id,
                    "kind": item.kind,
                    "update": json.loads(item.body),
                    "lane": list(item.lane),
                    "date": item.expires_at - LIFETIMES.get(item.kind, DAY),
                    "chat_id": self._ledger.updates[item.id].chat_id,
                }
                for item in self.waiting()
            ],
        }

    def restore(self, saved: Json) -> None:
        """Wait for what `saved` tells, instead of what waits now."""
        self.drop_all()
        self.allowed = None if saved["allowed"] is None else frozenset(saved["allowed"])
        for item in saved["items"]:
            update = {key: value for key, value in item["update"].items() if key != "update_id"}
            lane: Lane = (item["lane"][0], item["lane"][1])
            self.put(
                update,
                kind=item["kind"],
                lane=lane,
                chat_id=item["chat_id"],
                date=item["date"],
                update_id=item["id"],
            )
        self.next_id = saved["next_id"]

    def _acknowledge_strays(self, offset: int) -> None:
        kept = [item for item in self._items if item.id >= offset]
        for item in list(self._items):
            if item.id < offset:
                self.settle(item, acknowledged=True)
        self._items = deque(kept)
        self._strays = any(later.id <= item.id for item, later in pairwise(kept))
