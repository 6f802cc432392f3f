"""Injected trouble, the same for the same seed: which fault strikes which request or update."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

BEFORE = (
    "revoke_token",  # from this request on the token is refused
    "drop_before_accept",  # reset the connection, nothing is done
    "429",  # args retry_after: refuse, nothing is done
    "4xx",  # args status, body "html" or other text: somebody on the way refuses, nothing is done
    "5xx",  # args status, body "html", "json" or other text: fail, nothing is done
    "second_poller",  # another instance interrupts a getUpdates that waits
)
AFTER = (
    "accept_then_drop",  # do it, then reset the connection
    "accept_then_garbage",  # do it, then answer 200 with what is not JSON
    "accept_then_oddity",  # do it, then answer 200 with JSON of another shape; args body
    "half_body",  # do it, then stop in the middle of the answer
)
ON_REQUESTS = frozenset({
    "delay",  # args seconds: answer later, and then perhaps with one of the others
    *BEFORE, *AFTER,
})  # fmt: skip
ON_UPDATES = frozenset({
    "duplicate_update",  # deliver it a second time, even if acknowledged
    "hang_up",  # webhook: break the call off before its answer has come; args seconds
    "reorder_across_queues",  # let an update of another delivery queue overtake; args seconds, same_chat
    "reorder_within_queue",  # let an update of the same queue overtake; args seconds
    "expire_callbacks",  # lose the press: it never arrives
    "skip_update_ids",  # args count: leave a gap in the ids
    "random_update_id_restart",  # once the queue is empty, number from elsewhere
    "unknown_update_type",  # an update of a type nobody knows comes before
    "missing_required_field",  # a maimed copy comes before
    "lone_surrogate",  # put half a surrogate pair into the text
    "nul",  # put a NUL into the text
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Trouble of one kind, for the requests or updates that fit.

    method       Bot API method, or the update's type for kinds that strike updates; None: every one
    probability  of striking a fitting one
    chat         chat id; None: every one
    nth          strike only the nth fitting one, from 1
    times        strike at most so often
    args         details, named beside each kind
    seed         None: derived from the emulator's seed

    Raises ValueError for an unknown kind.
    """

    kind: str
    method: str | None = None
    probability: float = 1.0
    chat: int | None = None
    nth: int | None = None
    times: int | None = None
    args: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in ON_REQUESTS | ON_UPDATES:
            raise ValueError(
                f"no fault {self.kind!r}; there are {', '.join(sorted(ON_REQUESTS | ON_UPDATES))}"
            )


class _Armed:
    """A fault with its dice and its counts."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        self.method = fault.method.lower() if fault.method else None
        self.random = Random(seed)
        self.seen = 0
        self.struck = 0

    def strikes(self, method: str, chat: int) -> bool:
        fault = self.fault
        if self.method not in (None, method) or fault.chat not in (None, chat):
            return False
        self.seen += 1
        if fault.times is not None and self.struck >= fault.times:
            return False
        hit = self.seen == fault.nth if fault.nth is not None else True
        if not hit or self.random.random() >= fault.probability:
            return False
        self.struck += 1
        return True


class Faults:
    """The faults in force."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0
        self._on_requests: list[_Armed] = []
        self._on_updates: list[_Armed] = []
        self.happened: Counter[str] = Counter()  # by kind: what has really struck, also before a `clear`

    def add(self, fault: Fault) -> None:
        self._count += 1
        seed = f"{self._seed}/{self._count}" if fault.seed is None else str(fault.seed)
        (self._on_requests if fault.kind in ON_REQUESTS else self._on_updates).append(_Armed(fault, seed))

    def clear(self) -> None:
        self._on_requests.clear()
        self._on_updates.clear()

    def for_request(self, method: str, chat: int) -> dict[str, Fault]:
        """The faults, by kind, that strike this request: a delay, another one, or both.

        method  in lower case
        """
        if not self._on_requests:
            return {}
        struck = {armed.fault.kind: armed.fault for armed in self._on_requests if armed.strikes(method, chat)}
        other = next((kind for kind in (*BEFORE, *AFTER) if kind in struck), None)
        return {kind: fault for kind, fault in struck.items() if kind in ("delay", other)}

    def for_update(self, kind: str, chat: int) -> dict[str, Fault]:
        """The faults, by kind, that strike this update."""
        if not self._on_updates:
            return {}
        return {armed.fault.kind: armed.fault for armed in self._on_updates if armed.strikes(kind, chat)}
