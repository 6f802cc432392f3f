"""The road of an update into the queue, with the faults that strike on it."""

import asyncio
import copy
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.playground.emulator.faults import Fault, Faults
from bot.playground.emulator.lanes import Lane, lane_of
from bot.playground.emulator.updates import UpdateQueue

Json = dict[str, Any]

HOLD_SECONDS = 0.2  # real; how long an update waits at most to be overtaken
HANG_UP_SECONDS = 0.01  # real; how long an update's call may take that is to be broken off
_ACROSS, _WITHIN = "reorder_across_queues", "reorder_within_queue"
_REQUIRED = {"message": "chat", "edited_message": "chat", "callback_query": "from"}


@dataclass(slots=True, eq=False)
class _Arrival:
    kind: str
    payload: Json
    lane: Lane | None
    chat_id: int
    date: float
    repeats: bool = False
    hangs_up: float = 0.0
    reorder: Fault | None = None  # why it is held; None, and held: it stands behind such a one in its lane

    @property
    def within(self) -> bool:
        """Whether it waits to be overtaken by its own lane."""
        return self.reorder is not None and self.reorder.kind == _WITHIN

    def overtaken_by(self, other: "_Arrival") -> bool:
        """Whether `other` is what it waits for."""
        if self.reorder is None or self.within or other.lane == self.lane:
            return self.within and other.lane == self.lane
        return other.chat_id == self.chat_id or not self.reorder.args.get("same_chat")


class Arrivals:
    """Announces updates; reordering holds one back until another has passed it."""

    def __init__(self, queue: UpdateQueue, faults: Faults, random: Random) -> None:
        self._queue = queue
        self._faults = faults
        self._random = random
        self._held: list[_Arrival] = []
        self._restart_wanted = False

    def announce(self, kind: str, payload: Json, *, chat_id: int, date: float) -> None:
        """Queue an update, now or, if a fault wants it so, a little later."""
        lane = lane_of(kind, payload)
        arrival = _Arrival(kind, payload, lane, chat_id, date)
        struck = self._faults.for_update(kind, chat_id)
        self._restart_wanted |= "random_update_id_restart" in struck
        if self._restart_wanted and self._queue.renumber(self._random):
            self._restart_wanted = False
        if struck and self._strike(arrival, struck):
            return
        if any(held.lane == lane and not held.within for held in self._held):
            self._hold(arrival)  # its own lane stays in order
            return
        self._put(arrival)
        overtaken = [held for held in self._held if held.overtaken_by(arrival)]
        self._faults.happened.update(held.reorder.kind for held in overtaken if held.reorder)
        self._release(overtaken)

    def _strike(self, arrival: _Arrival, struck: dict[str, Fault]) -> bool:
        """Do what the faults want; True: the update has been taken care of."""
        self._faults.happened.update(struck.keys() - {_ACROSS, _WITHIN})
        if "skip_update_ids" in struck:
            self._queue.next_id += struck["skip_update_ids"].args.get("count", 7)
        for kind, spoil in (("lone_surrogate", "\ud83d"), ("nul", "\x00")):
            if kind in struck and "text" in arrival.payload:
                text = arrival.payload["text"]
                place = self._random.randint(0, len(text))
                arrival.payload["text"] = text[:place] + spoil + text[place:]
        if "unknown_update_type" in struck:
            self._stray(
                {"thing_of_tomorrow": {"id": self._random.getrandbits(31)}}, "thing_of_tomorrow", arrival
            )
        if "missing_required_field" in struck:
            maimed = copy.copy(arrival.payload)
            maimed.pop(_REQUIRED.get(arrival.kind, "date"), None)
            self._stray({arrival.kind: maimed}, arrival.kind, arrival)
        arrival.repeats = "duplicate_update" in struck
        if "hang_up" in struck:
            arrival.hangs_up = struck["hang_up"].args.get("seconds", HANG_UP_SECONDS)
        if "expire_callbacks" in struck and arrival.kind == "callback_query":
            update_id = self._put(arrival)
            if update_id is not None:
                self._queue.lose(update_id)
            return True
        reorder = struck.get(_WITHIN) or struck.get(_ACROSS)
        if reorder:
            arrival.reorder = reorder
            self._hold(arrival)
            seconds = reorder.args.get("seconds", HOLD_SECONDS)
            asyncio.get_running_loop().call_later(seconds, self._release, [arrival])
        return reorder is not None

    def _hold(self, arrival: _Arrival) -> None:
        arrival.payload = copy.deepcopy(arrival.payload)  # the message may be edited meanwhile
        self._held.append(arrival)

    def _stray(self, update: Json, kind: str, beside: _Arrival) -> None:
        self._queue.put(update, kind=kind, lane=beside.lane, chat_id=beside.chat_id, date=beside.date)

    def _put(self, arrival: _Arrival) -> int | None:
        return self._queue.put(
            {arrival.kind: arrival.payload},
            kind=arrival.kind,
            lane=arrival.lane,
            chat_id=arrival.chat_id,
            date=arrival.date,
            repeats=arrival.repeats,
            hangs_up=arrival.hangs_up,
        )

    def _release(self, overtaken: list[_Arrival]) -> None:
        for arrival in overtaken:
            if arrival in self._held:
                line = [held for held in self._held if held.lane == arrival.lane and not held.within]
                for held in [arrival] if arrival.within else line:
                    self._held.remove(held)
                    self._put(held)
