"""Takes updates in by long polling on raw JSON, and acknowledges them once they are committed.

Asking for the next offset is the acknowledgement, and cannot be taken back; so it comes after the commit.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import aiohttp

from bot.alarms import Alarms
from bot.courier import Courier
from bot.group import Answer, in_groups
from bot.logs import log
from bot.metrics import COMMIT, GROUP, UPDATES
from bot.refusal import TOKEN_REVOKED, TOKEN_SHARED, Rival, TokenRevoked
from bot.speaker import Speaker
from bot.turns import Failed, Turns
from bot.updates import KINDS, Decoder, Incoming, Undecodable
from storage.errors import is_unavailable
from storage.faultpoints import reached
from storage.inbox import Arrived

POLL: Final = 25  # seconds Telegram keeps a request waiting for news
TIMEOUT: Final = aiohttp.ClientTimeout(sock_connect=10, sock_read=POLL + 15)
AWAY: Final = 30.0  # seconds, the longest pause after trouble
RIVAL: Final = 5  # conflicts in a row after which another bot with this token is taken to be there to stay


class Intake:
    """The ear of the bot."""

    def __init__(
        self,
        url: str,
        decoder: Decoder,
        turns: Turns,
        courier: Courier,
        speaker: Speaker,
        *,
        now: Callable[[], datetime],
        alarms: Alarms,
    ) -> None:
        """
        url  root of the Bot API, with the token: `<root>/bot<token>`
        """
        self._url = url
        self._decoder = decoder
        self._turns = turns
        self._courier = courier
        self._speaker = speaker
        self._now = now
        self._alarms = alarms
        self._offset = 0
        self._answers: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self.healthy = False  # the last group was committed, and Telegram answered

    def stop(self) -> None:
        """Take in nothing new; what was taken in is carried out first."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped. Raises TokenRevoked or Rival where waiting does not help."""
        connector = aiohttp.TCPConnector(limit=1)
        async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as session:
            while not self._stopping.is_set():
                updates = await self._unless_stopped(self._poll(session))
                if updates:
                    reached("poll_received")
                    await self._take(updates)
        if self._answers:
            await asyncio.wait(self._answers, timeout=2)

    async def _unless_stopped(self, polling: Any) -> list[Any]:
        poll = asyncio.ensure_future(polling)
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not poll.done():
            poll.cancel()  # nothing is lost: what it would have brought stays unacknowledged
            return []
        updates: list[Any] = await poll
        return updates

    async def _poll(self, session: aiohttp.ClientSession) -> list[Any]:
        """The next updates. Waits out whatever can be waited out."""
        trouble = rivals = 0
        while True:
            answer = await self._get(session)
            if isinstance(answer.get("result"), list) and answer.get("ok"):
                self.healthy = True
                return list(answer["result"])
            trouble += 1
            code = answer.get("error_code")
            if code in (401, 404):
                raise TokenRevoked(TOKEN_REVOKED)
            rivals = rivals + 1 if code == 409 else 0
            if code == 409 and "webhook" in str(answer.get("description")):
                await self._speaker.remove_webhook()
                self._alarms.sound("webhook")
            elif code == 409:
                self._alarms.sound("conflict")
            if rivals >= RIVAL:
                raise Rival(TOKEN_SHARED)
            self.healthy = trouble < 3
            wait = min(AWAY, 0.5 * 2 ** min(trouble, 6))
            asked = (answer.get("parameters") or {}).get("retry_after")
            await asyncio.sleep(float(asked) if isinstance(asked, int) else wait)

    async def _get(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        """What Telegram answers; {} where it does not, or not with JSON."""
        patience = POLL if self.healthy else 0  # whether Telegram answers is to be known at once
        form = {
            "offset": self._offset,
            "timeout": patience,
            "limit": 100,
            "allowed_updates": json.dumps(KINDS),
        }
        try:
            async with session.post(f"{self._url}/getUpdates", data=form) as response:
                answer = json.loads(await response.read())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}

    async def _take(self, updates: Sequence[Any]) -> None:
        """Carry out a batch and move the offset behind it; stays with it until it is committed."""
        batch = await self._decoded(updates)
        reached("after_parse")
        for group in in_groups(batch):
            if not await self._carry(group):
                return  # stopped while the database was away: nothing of the rest is acknowledged
        reached("after_commit_before_ack")
        known = [
            u["update_id"] for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)
        ]
        if known:
            self._offset = max(known) + 1

    async def _decoded(self, updates: Sequence[Any]) -> list[Incoming]:
        batch = []
        for raw in updates:
            try:
                incoming = await self._decoder.decode(raw if isinstance(raw, dict) else {})
            except Undecodable as error:
                await self._set_aside(raw, str(error))
                continue
            if incoming.event is None and incoming.moved is None:
                UPDATES.labels("ignored").inc()
            else:
                batch.append(incoming)
        return batch

    async def _set_aside(self, raw: Any, reason: str) -> None:
        update_id = raw.get("update_id") if isinstance(raw, dict) else None
        kind = (
            next((key for key in raw if key != "update_id"), "nothing")
            if isinstance(raw, dict)
            else "nothing"
        )
        if not isinstance(update_id, int):
            return self._report([Failed("nothing", reason)])
        incoming = Incoming(Arrived(update_id, 0), kind)
        failed = Failed(kind if kind in KINDS else "other", reason)
        while not self._stopping.is_set():
            try:
                await self._turns.set_aside(incoming, failed, self._now(), attempts=1)
                return self._report([failed])
            except Exception as error:
                if not is_unavailable(error):
                    raise
                await self._wait_for_database()
        return None

    async def _carry(self, group: Sequence[Incoming]) -> bool:
        """Carry out one group; waits as long as the database is in trouble. False: stopped meanwhile."""
        while not self._stopping.is_set():
            try:
                with COMMIT.time():
                    carried = await self._turns.take(group, self._now(), room=self._courier.room())
            except Exception as error:
                if not is_unavailable(error):
                    raise
                await self._wait_for_database(error)
                continue
            self.healthy = True
            GROUP.observe(len(group))
            UPDATES.labels("carried").inc(len(group) - len(carried.failed))
            self._courier.hand_over(carried.speak)
            if carried.waiting:
                self._courier.call()
            for answer in carried.answers:
                self._answer(answer)
            self._report(carried.failed)
            return True
        return False

    async def _wait_for_database(self, error: Exception | None = None) -> None:
        self.healthy = False
        log.error("the database is in trouble", error=type(error).__name__ if error else "unknown")
        self._alarms.sound("database")
        await asyncio.sleep(1.0)

    def _answer(self, answer: Answer) -> None:
        task = asyncio.get_running_loop().create_task(self._speaker.answer(answer.press, answer.text))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _report(self, failed: Sequence[Failed]) -> None:
        for one in failed:
            UPDATES.labels("quarantined").inc()
            log.error("an update was put in quarantine", kind=one.kind, reason=one.reason)
            self._alarms.sound("quarantine")
