"""Brings updates in by webhook: Telegram calls, and 200 is the acknowledgement; so it comes after the commit.

Calls that wait at the same time share a commit. Whoever does not know the secret costs nothing.
"""

import asyncio
import hmac
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from bot.http.server import Answer, Head, HttpServer
from bot.listening.intake import Intake
from bot.listening.outage import Outage
from bot.logs import log
from bot.metrics import CALLS, series
from bot.speaking.alarms import Alarms
from bot.turns.group import MOST, in_groups
from bot.turns.incoming import Incoming
from storage.errors import Unavailable
from storage.faultpoints import reached

SECRET: Final = b"x-telegram-bot-api-secret-token"
LARGEST: Final = 1024**2  # bytes; Telegram's updates have at most half of it
DEEPEST: Final = 64  # brackets within one another
BUDGET: Final = 5.0  # seconds in which a call is answered; Telegram waits for 60
AGAIN: Final = Answer(503, headers={"Retry-After": "5"})
DONE: Final = Answer(200, b"{}", {"Content-Type": "application/json"})

_PIECES: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]')
"""Texts and brackets. Possessive: trying a text of 1 MB in every way would take 60 MB."""

_NUMBER: Final = re.compile(rb'\s*\{\s*"update_id":\s*(\d{1,18})\s*[,}]')


@dataclass(slots=True)
class _Waiting:
    """An update and the call that waits for its commit."""

    incoming: Incoming
    done: asyncio.Future[None]


class Webhook:
    """Answers Telegram's calls."""

    def __init__(self, intake: Intake, *, path: str, secret: str, alarms: Alarms, outage: Outage) -> None:
        """
        path    of the webhook's address
        secret  what Telegram sends with each call
        outage  is told when nothing can be taken, and when it can again
        """
        self._intake = intake
        self._path = path
        self._secret = secret.encode()
        self._alarms = alarms
        self._outage = outage
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self._server = HttpServer(self._refuse, self._respond)
        self.healthy = True  # the last group was committed

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        await self._server.open(host, port)

    def stop(self) -> None:
        """Take no more calls; those that came are carried out first."""
        self._stopping.set()

    async def run(self) -> None:
        """Carry out what calls bring, in groups, until stopped."""
        async with asyncio.TaskGroup() as tasks:
            carrying = tasks.create_task(self._carry_on())
            await self._stopping.wait()
            await self._server.close()  # waits for the calls that came; they are carried out meanwhile
            carrying.cancel()
        await self._intake.finish()

    async def _carry_on(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._carry(self._next_group())

    def _refuse(self, head: Head) -> Answer | None:
        """The answer to a call that is not Telegram's, without reading its body."""
        status = self._refusal(head)
        if status is None:
            return None
        series(CALLS, str(status)).inc()
        return Answer(status)

    def _refusal(self, head: Head) -> int | None:
        if head.path != self._path:
            return 404
        if head.method != "POST":
            return 405
        if not hmac.compare_digest(head.headers.get(SECRET, b""), self._secret):
            return 401
        if b"content-encoding" in head.headers:  # no archive is unpacked
            return 415
        if head.length is None or b"transfer-encoding" in head.headers:  # Telegram says how long an update is
            return 411
        if head.length > LARGEST:
            return 413
        return 503 if self._stopping.is_set() else None

    async def _respond(self, body: bytes) -> Answer:
        try:
            async with asyncio.timeout(BUDGET):
                answer = await self._answer(body)
        except TimeoutError:
            answer = AGAIN
        series(CALLS, str(answer.status)).inc()
        return answer

    async def _answer(self, body: bytes) -> Answer:
        try:
            update = parse(body)
        except (ValueError, RecursionError):
            update = known_of(body)  # refused, it would be brought again for a day
        reached("call_received")
        try:
            await self._take(update)
        except Unavailable:
            return AGAIN
        reached("after_commit_before_ack")
        return DONE

    async def _take(self, update: Any) -> None:
        incoming = await self._intake.decode(update)
        reached("after_parse")
        if incoming is None:
            return
        waiting = _Waiting(incoming, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        await waiting.done

    def _next_group(self) -> list[_Waiting]:
        """What waits, but of each person only the first; the rest keeps its order."""
        first = next(iter(in_groups([waiting.incoming for waiting in self._waiting])))[:MOST]
        chosen = {id(incoming) for incoming in first}
        group = [waiting for waiting in self._waiting if id(waiting.incoming) in chosen]
        self._waiting = deque(waiting for waiting in self._waiting if id(waiting.incoming) not in chosen)
        return group

    async def _carry(self, group: list[_Waiting]) -> None:
        try:
            await self._intake.carry([waiting.incoming for waiting in group])
        except Exception as error:
            self.healthy = False
            if isinstance(error, Unavailable):
                self._outage.begin()
                log.error("the database is in trouble", error=str(error))
                self._alarms.sound("database")
            for waiting in group:
                if not waiting.done.done():
                    waiting.done.set_exception(error)
            return
        self.healthy = True
        for waiting in group:
            if not waiting.done.done():
                waiting.done.set_result(None)
        await self._outage.end()


def parse(body: bytes) -> Any:
    """The JSON of a body. Raises ValueError for what is none, or too deep to be an update."""
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_too_deep(body):
        raise ValueError("too deep")
    return json.loads(body)


def known_of(body: bytes) -> Any:
    """What is known of an update that cannot be read: its number, which comes first; {} where it has none."""
    found = _NUMBER.match(body)
    return {"update_id": int(found[1])} if found else {}


def _is_too_deep(body: bytes) -> bool:
    """Whether too many brackets stand within one another, those in texts left out."""
    depth = 0
    for piece in _PIECES.finditer(body):
        first = body[piece.start()]
        depth += (first in b"[{") - (first in b"]}")
        if depth > DEEPEST:
            return True
    return False
