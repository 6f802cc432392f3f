"""Citizens who walk through the eight turns, one after another, and what they saw of the bot."""

import asyncio
import itertools
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Final

from tests.bench.api import BOT
from tests.bench.delivery import Ended
from tests.bench.walk import IDEAS, PRESSES, WALK

THINKING: Final = 0.010  # seconds between the end of a turn and the citizen's next one
FIRST: Final = 7_000_000_000  # id of the first citizen who walks; those known before are below

_PERSON: Final = b'"first_name":"Ana"'
_FROM: Final = b'"from":{"id":%d,"is_bot":false,' + _PERSON + b',"language_code":"en"}'
_CHAT: Final = b'"chat":{"id":%d,' + _PERSON + b',"type":"private"}'
_WROTE: Final = (
    b'{"update_id":%d,"message":{"message_id":%d,' + _FROM + b"," + _CHAT + b',"date":%d,"text":%s%s}}'
)
_PRESSED: Final = (
    b'{"update_id":%d,"callback_query":{"id":"%d",' + _FROM + b',"message":{"message_id":%d,"from":'
    + BOT + b"," + _CHAT + b',"date":%d,"text":%s},"chat_instance":"-3821442","data":%s}}'
)  # fmt: skip
_COMMAND: Final = b',"entities":[{"type":"bot_command","offset":0,"length":6}]'


class Citizen:
    """Who walks, and where they are."""

    __slots__ = ("acknowledged", "buttons", "id", "message", "replied", "since", "text", "turn")

    def __init__(self, id: int) -> None:
        self.id = id
        self.turn = 0  # the one they take next, or are in
        self.replied = self.acknowledged = False
        self.since = 0.0  # loop time: when that turn began, or should have
        self.text = b""  # of the last message, as JSON
        self.message = 0
        self.buttons: list[str] = []


class Crowd:
    """All citizens of one run."""

    def __init__(self, bring: Callable[[bytes, Ended], None]) -> None:
        self._bring = bring
        self._loop = asyncio.get_running_loop()
        self._ids = itertools.count(FIRST)
        self._updates = itertools.count(880_000_000)
        self._walking: dict[int, Citizen] = {}  # those in a turn
        self._ready: deque[Citizen] = deque()  # those who would take one, at a fixed load
        self._most = 0  # walk at the same time as fast as they can
        self.going = True
        self.turns: Counter[str] = Counter()  # replies by step
        self.presses = 0
        self.seen: list[float] = []  # how long each reply took, in seconds
        self.errors: Counter[str] = Counter()

    def saturate(self, citizens: int) -> None:
        """Have so many citizens walk as fast as the bot lets them."""
        self._most = citizens
        for _ in range(citizens):
            self._act(Citizen(next(self._ids)), self._loop.time())

    async def keep_up(self, per_second: float) -> None:
        """Begin turns at a fixed rate, whatever becomes of the earlier ones, until cancelled."""
        due = self._loop.time()
        while self.going:
            citizen = self._ready.popleft() if self._ready else Citizen(next(self._ids))
            self._act(citizen, due)
            due += 1 / per_second
            await asyncio.sleep(due - self._loop.time())

    async def finish(self, within: float) -> None:
        """Begin no turn any more; wait for those under way. What is still missing then is an error."""
        self.going = False
        ends = self._loop.time() + within
        while self._walking and self._loop.time() < ends:  # noqa: ASYNC110  an event would cost each turn
            await asyncio.sleep(0.01)
        if self._walking:
            self.errors["no reply"] += len(self._walking)

    def heard(self, chat: int, text: str, message: int, buttons: list[str]) -> None:
        """The Bot API has taken a message."""
        citizen = self._walking.get(chat)
        if citizen is None or citizen.replied or not text.startswith(WALK[citizen.turn].reply.text):
            self.errors["wrong reply"] += 1
            return
        self.seen.append(self._loop.time() - citizen.since)
        self.turns[WALK[citizen.turn].step] += 1
        self.presses += citizen.turn in PRESSES
        citizen.replied = True
        citizen.text, citizen.message, citizen.buttons = json.dumps(text).encode(), message, buttons
        self._go_on(citizen)

    def _act(self, citizen: Citizen, since: float) -> None:
        citizen.since = since
        citizen.replied = citizen.acknowledged = False
        self._walking[citizen.id] = citizen
        self._bring(self._update(citizen), lambda status: self._acknowledged(citizen, status))

    def _acknowledged(self, citizen: Citizen, status: int) -> None:
        if status != 200:
            self.errors[f"status {status}"] += 1
            self._walking.pop(citizen.id, None)
            return
        citizen.acknowledged = True
        self._go_on(citizen)

    def _go_on(self, citizen: Citizen) -> None:
        """Once the reply is there and the bot's 200: the next turn."""
        if not (citizen.replied and citizen.acknowledged):
            return
        del self._walking[citizen.id]
        citizen.turn += 1
        if self.going:
            self._loop.call_later(THINKING, self._next, citizen)

    def _next(self, citizen: Citizen) -> None:
        if not self.going:
            return
        walked = citizen.turn == len(WALK)
        if self._most:
            self._act(Citizen(next(self._ids)) if walked else citizen, self._loop.time())
        elif not walked:
            self._ready.append(citizen)

    def _update(self, citizen: Citizen) -> bytes:
        id, update, date = citizen.id, next(self._updates), int(time.time())
        does = WALK[citizen.turn].does
        if does == "/start":
            return _WROTE % (update, 1, id, id, date, b'"/start"', _COMMAND)
        if does is None:
            idea = json.dumps(IDEAS[(id + citizen.turn) % len(IDEAS)]).encode()
            return _WROTE % (update, citizen.message + 1, id, id, date, idea, b"")
        [data] = [data for data in citizen.buttons if data.rpartition(":")[2] == does]
        pressed = json.dumps(data).encode()
        return _PRESSED % (update, update, id, citizen.message, id, date, citizen.text, pressed)
