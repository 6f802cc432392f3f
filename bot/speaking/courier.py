"""Speaks what the outbox holds: in order for each chat, urgent lanes first, no faster than allowed.

Every message is `sending` in the database before its request leaves, and its place is free again only when
what became of it is committed. So a crash can repeat at most the messages of those places.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.logs import log
from bot.metrics import SENDS, series
from bot.speaking.alarms import Alarms
from bot.speaking.landing import Landed, record
from bot.speaking.outcomes import Delivered, Later, Lost, Rejected, Revoked, Unsure
from bot.speaking.pacing import Pace
from bot.speaking.shelf import Shelf
from bot.speaking.silence import Silence
from bot.speaking.speaker import Speaker
from storage.database import Database
from storage.errors import Unavailable
from storage.faultpoints import reached
from storage.instance import Role, Run
from storage.messages import claiming, outbox, pauses
from storage.messages.outbox import Claimed

IDLE: Final = 1.0  # seconds between two looks into the outbox when nobody calls
SOON: Final = 0.05  # seconds until the second look for a reply that waits behind another listener's
TOGETHER: Final = 5.0  # seconds: two chats told to pause within these mean that the whole bot is meant


class Permit(Protocol):
    """Tells whether this run may speak."""

    @property
    def term(self) -> int | None:
        """The number of the present term, from 1 on; None while there is none."""


class Courier:
    """Takes messages to people."""

    def __init__(
        self,
        database: Database,
        speaker: Speaker,
        pace: Pace,
        permit: Permit,
        shelf: Shelf,
        *,
        run: Run,
        places: int,
        now: Callable[[], datetime],
        alarms: Alarms,
    ) -> None:
        """
        run     this run; what it claims carries its number
        places  messages in flight at a time, what became of them not yet noted included
        now     the clock
        """
        self._database = database
        self._shelf = shelf
        self._pace = pace
        self._permit = permit
        self._fence = run.fence
        self._role = run.role
        self._places = places
        self._now = now
        self._alarms = alarms
        self._lines: dict[int, deque[Claimed]] = {}  # by contact, in the order of speaking
        self._flying: dict[int, str] = {}  # by contact: the message in flight, or landed and not yet noted
        self._landed: list[Landed] = []
        self._taken_back: set[str] = set()  # given back to the outbox before they were handed over
        self._exchange = asyncio.Lock()  # messages come from the outbox or go back: none is begun
        self._wake = asyncio.Event()
        self._note_now = asyncio.Event()
        self._look_at = 0.0  # loop time: when to look into the outbox next
        self._backlog = False  # what was found there is in flight, and more of the same people may wait
        self._pause = IDLE  # until the look after the next
        self._term = 1  # what is held was taken in this term
        self._doubts = database.doubts  # and what may have been taken without our knowing is looked after
        self._silence = Silence(speaker)
        self._asked: tuple[int, float] = (pauses.BOT, -TOGETHER)  # who was told to pause last, and when
        self._stopping = False
        self.revoked = asyncio.Event()

    def room(self) -> int:
        """How many more messages may be handed over now."""
        return max(0, 4 * self._places - self._held()) if self._may_speak() else 0

    def can_spare(self, telegram: int) -> bool:
        """Whether something that may be left out can be said in that chat now; if so, it counts as said."""
        return self._may_speak() and self._pace.spare(telegram)

    def hand_over(self, messages: Sequence[Claimed]) -> None:
        """Speak messages that were committed as claimed by this run."""
        self._line_up(message for message in messages if message.key not in self._taken_back)
        self._taken_back -= {message.key for message in messages}

    def _line_up(self, messages: Iterable[Claimed]) -> None:
        for message in messages:
            self._lines.setdefault(message.contact, deque()).append(message)
        self._wake.set()

    def call(self) -> None:
        """Say that the outbox holds something new."""
        self._look_at = 0.0
        self._pause = SOON if self._role is Role.LISTEN else IDLE
        self._wake.set()

    async def run(self) -> None:
        """Speak until stopped; what is in flight then lands, what is not goes back to the outbox."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._note())
            while not self._stopping:
                self._wake.clear()
                await self._look()
                if not self._stopping:  # or what was claimed just now would land with nobody left to note it
                    await _either(self._wake, self._launch(tasks))
            await self._give_back()

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping = True
        self._wake.set()
        self._note_now.set()

    def _may_speak(self) -> bool:
        return not self._stopping and not self._silence.kept and not self._is_lost()

    def _is_lost(self) -> bool:
        """Whether it is not known here who has what: what is held may be behind something else."""
        return (self._permit.term, self._database.doubts) != (self._term, self._doubts)

    async def _look(self) -> None:
        """Find out what may be said now."""
        term, doubts = self._permit.term, self._database.doubts
        if term is not None and self._is_lost():
            await self._commit_and_give_back([], None)  # and claim anew
            self._term, self._doubts, self._look_at = term, doubts, 0.0
        if self._silence.kept:
            await self._silence.ask()
            self._look_at = 0.0
        if self._may_speak():
            await self._claim()

    def _until_another_look(self) -> float:
        """Seconds until it is looked again whether anything may be said."""
        if self._silence.kept:
            return self._silence.left()
        return 0.0 if self._is_lost() and self._permit.term is not None else IDLE

    def _held(self) -> int:
        return len(self._flying) + sum(map(len, self._lines.values()))

    def _free(self) -> int:
        """Places for what the outbox holds; none where many more will be free in a moment."""
        free = self._places - self._held()
        return 0 if free < self._places // 4 and self._flying else max(0, free)

    async def _claim(self) -> None:
        """Take what waits in the outbox, as places are free."""
        if not self._exchange.locked():
            async with self._exchange:
                await self._take()

    async def _take(self) -> None:
        free, time = self._free(), asyncio.get_running_loop().time()
        if not free or time < self._look_at or self.revoked.is_set():
            return
        self._look_at, self._pause = time + self._pause, min(IDLE, 2 * self._pause)
        now, worker, role = self._now(), self._fence, self._role
        try:
            claimed = await self._database.write(
                lambda connection: claiming.claim(connection, limit=free, now=now, worker=worker, role=role)
            )
        except Unavailable:
            return
        self._backlog = bool(claimed) or (self._backlog and bool(self._flying))
        if claimed:
            reached("after_claim")
            for message in claimed:  # each before what was handed over meanwhile, by a turn that saw it held
                self._lines.setdefault(message.contact, deque()).appendleft(message)
            self._look_at = 0.0

    def _launch(self, tasks: asyncio.TaskGroup) -> float:
        """Send what may be sent now; returns seconds until more may be."""
        if self._exchange.locked() or not self._may_speak():
            return self._until_another_look()
        time = asyncio.get_running_loop().time()
        soonest = max(0.0, min(IDLE, self._look_at - time)) if self._free() else IDLE
        for contact in sorted(self._lines, key=lambda contact: self._lines[contact][0].lane):
            if len(self._flying) >= self._places or self.revoked.is_set():
                break
            if (wait := self._pace.wait_all()) > 0:
                return min(soonest, wait)
            if contact in self._flying:
                continue
            message = self._lines[contact][0]
            if (wait := self._pace.wait_chat(message.telegram)) > 0:
                soonest = min(soonest, wait)
                continue
            if not self._shelf.lets_go(message.payload):
                continue
            self._pace.take(message.telegram)
            self._flying[contact] = message.key
            self._lines[contact].popleft()
            if not self._lines[contact]:
                del self._lines[contact]
            tasks.create_task(self._send(message))
        return soonest

    async def _send(self, message: Claimed) -> None:
        outcome = await self._shelf.say(message.telegram, message.payload)
        reached("after_response_before_sent")
        self._landed.append((message, outcome))
        self._note_now.set()

    async def _note(self) -> None:
        """Note what became of messages, as many as there are with one commit; then their places are free."""
        while self._flying or not self._stopping:
            await self._note_now.wait()
            self._note_now.clear()
            landed, self._landed = self._landed, []
            if not landed:
                continue
            waiting = self._judge(landed)
            if waiting == set():
                await self._commit(landed, waiting)
            else:
                await self._commit_and_give_back(landed, waiting)
            reached("after_sent")
            for message, _ in landed:
                del self._flying[message.contact]
            smooth = all(isinstance(outcome, Delivered) for _, outcome in landed)
            if self._backlog or not smooth:
                self._look_at = 0.0
            self._wake.set()

    async def _commit_and_give_back(self, landed: list[Landed], waiting: set[int] | None) -> None:
        """Give back all that is held for those who must wait, also what a turn will hand over only now."""
        async with self._exchange:
            whose = set(self._lines) if waiting is None else waiting & self._lines.keys()
            here = {message.key for contact in whose for message in self._lines.pop(contact)}
            given_back = await self._commit(landed, waiting) - here
            lines, self._lines = self._lines, {}
            for line in lines.values():  # handed over meanwhile
                self._line_up(message for message in line if message.key not in given_back)
                given_back -= {message.key for message in line}
            self._taken_back |= given_back

    async def _commit(self, landed: list[Landed], waiting: set[int] | None) -> set[str]:
        whole, flying = self._is_whole_bot(landed), [*self._flying.values()]
        pause, now = 0.1, self._now()
        given_back: set[str] = set()  # in any attempt: one that nobody answered for may have been committed

        def work(connection: Connection) -> None:
            record(connection, landed, whole=whole, worker=self._fence, now=now)
            self._shelf.note(connection, landed, now)
            if waiting != set():
                given_back.update(
                    outbox.release(connection, self._fence, contacts=waiting, flying=flying, now=now)
                )

        while True:
            try:
                await self._database.write(work)
                return given_back
            except Unavailable:
                self._alarms.sound("database")
                await asyncio.sleep(pause)
                pause = min(5.0, 2 * pause)

    def _judge(self, landed: list[Landed]) -> set[int] | None:
        """Draw conclusions from outcomes; returns the contacts who must wait now, None for everybody."""
        waiting: set[int] = set()
        for message, outcome in landed:
            series(SENDS, type(outcome).__name__.lower(), message.lane.name.lower()).inc()
            if not isinstance(outcome, Delivered | Rejected | Lost):
                waiting.add(message.contact)
            if isinstance(outcome, Unsure) or (isinstance(outcome, Later) and not outcome.asked):
                self._silence.begin()  # another try now would only spend the one that an unsure message has
            if isinstance(outcome, Revoked):
                self.revoked.set()
            if isinstance(outcome, Rejected):
                log.error("a message was refused", reason=outcome.reason)
                self._alarms.sound("message_refused")
            if isinstance(outcome, Delivered) and outcome.flaw is not None:
                log.error("a message was said without its marks", reason=outcome.flaw)
                self._alarms.sound("marks_refused")
        return None if self._silence.kept else waiting

    def _is_whole_bot(self, landed: list[Landed]) -> bool:
        """Whether Telegram means the whole bot: it told two chats to pause within seconds."""
        time = asyncio.get_running_loop().time()
        told = [
            message.contact for message, outcome in landed if isinstance(outcome, Later) and outcome.asked
        ]
        whole = False
        for contact in told:
            last, at = self._asked
            whole |= contact != last and time - at < TOGETHER
            self._asked = (contact, time)
        return whole

    async def _give_back(self) -> None:
        self._lines.clear()
        flying, now = [*self._flying.values()], self._now()
        with suppress(Unavailable):  # the next run finds them as left behind
            await self._database.write(
                lambda connection: outbox.release(
                    connection, self._fence, contacts=None, flying=flying, now=now
                )
            )


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but no longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
