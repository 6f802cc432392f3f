"""Brings updates in by long polling on raw JSON.

Asking for the next offset is the acknowledgement, and cannot be taken back; so it comes after the commit.
"""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final

import aiohttp

from bot.listening.intake import Intake
from bot.listening.outage import Outage
from bot.listening.reading import Reading
from bot.listening.updates import KINDS
from bot.logs import log
from bot.refusal import TOKEN_REVOKED, TOKEN_SHARED, Rival, TokenRevoked
from bot.speaking.absence import Absence
from bot.speaking.alarms import Alarms
from bot.speaking.speaker import Speaker
from storage.errors import Unavailable
from storage.faultpoints import reached

POLL: Final = 25  # seconds Telegram keeps a request waiting for news
TIMEOUT: Final = aiohttp.ClientTimeout(sock_connect=10, sock_read=POLL + 15)
AWAY: Final = 30.0  # seconds, the longest pause after trouble
RIVAL: Final = 5  # conflicts in a row after which another bot with this token is taken to be there to stay


class Polling:
    """Asks Telegram for updates, one batch after the other."""

    def __init__(self, url: str, intake: Intake, speaker: Speaker, alarms: Alarms, outage: Outage) -> None:
        """
        url     root of the Bot API, with the token: `<root>/bot<token>`
        outage  is told when nothing can be taken, and when it can again
        """
        self._url = url
        self._intake = intake
        self._speaker = speaker
        self._alarms = alarms
        self._outage = outage
        self._offset = 0
        self._reading = Reading()
        self._absence = Absence("updates")
        self._broke = ""  # what became of the last request, where it came to nothing
        self._stopping = asyncio.Event()
        self.healthy = False  # the last batch was committed, and Telegram answered

    def stop(self) -> None:
        """Ask no more; what was taken in is carried out first."""
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
                if not self._stopping.is_set():
                    await self._outage.end()
        await self._intake.finish()

    async def _unless_stopped(self, polling: Coroutine[Any, Any, list[Any]]) -> list[Any]:
        poll = asyncio.ensure_future(polling)
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not poll.done():
            poll.cancel()  # nothing is lost: what it would have brought stays unacknowledged
            return []
        return await poll

    async def _poll(self, session: aiohttp.ClientSession) -> list[Any]:
        """The next updates. Waits out whatever can be waited out."""
        trouble = rivals = 0
        while True:
            answer = await self._get(session)
            if isinstance(answer.get("result"), list) and answer.get("ok"):
                self.healthy = True
                self._absence.ended()
                return list(answer["result"])
            self._outage.begin()
            trouble += 1
            rivals = rivals + 1 if answer.get("error_code") == 409 else 0
            await self._understand(answer)
            if rivals >= RIVAL:
                raise Rival(TOKEN_SHARED)
            self.healthy = trouble < 3
            asked = _asked(answer)
            await asyncio.sleep(min(AWAY, 0.5 * 2 ** min(trouble, 6)) if asked is None else asked)

    async def _understand(self, answer: dict[str, Any]) -> None:
        """Do what can be done about a refusal. Raises TokenRevoked where nothing can."""
        code = None if answer.get("ok") else answer.get("error_code")
        if code in (401, 404):
            raise TokenRevoked(TOKEN_REVOKED)
        if code == 409 and "webhook" in str(answer.get("description")):
            await self._speaker.remove_webhook()
            self._alarms.sound("webhook")
        elif code == 409:
            self._alarms.sound("conflict")
        else:
            status = f"status {code}" if isinstance(code, int) else "none of its answers"
            self._absence.noticed(self._broke or status)

    async def _get(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        """What Telegram answers; {} where it does not."""
        patience = POLL if self.healthy else 0  # whether Telegram answers is to be known at once
        form = {
            "offset": self._offset,
            "timeout": patience,
            "limit": self._reading.limit,
            "allowed_updates": json.dumps(KINDS),
        }
        try:
            async with session.post(f"{self._url}/getUpdates", data=form) as response:
                body = await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._broke = type(error).__name__
            return {}
        self._broke = ""
        return self._reading.read(body)

    async def _take(self, updates: Sequence[Any]) -> None:
        """Carry out a batch, however long the database is in trouble, and move the offset behind it."""
        while not self._stopping.is_set():
            try:
                await self._intake.take(updates)
            except Unavailable as error:
                self.healthy = False
                self._outage.begin()
                log.error("the database is in trouble", error=str(error))
                self._alarms.sound("database")
                await asyncio.sleep(1.0)
                continue
            self.healthy = True
            reached("after_commit_before_ack")
            self._offset = 1 + max(_ids(updates), default=self._offset - 1)
            return


def _asked(answer: Mapping[str, Any]) -> float | None:
    """Seconds for which Telegram does not want to be asked again, if it says so."""
    parameters = answer.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(asked) if isinstance(asked, int) else None


def _ids(updates: Sequence[Any]) -> list[int]:
    """The ids of updates that have one; they may be lower than before: Telegram counts anew now and then."""
    found = [update.get("update_id") for update in updates if isinstance(update, dict)]
    return [id for id in found if isinstance(id, int)]
