"""Media as they are sent: their bytes the first time, from then on what Telegram calls them."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from bot.logs import log
from bot.rendering.files import Attachment, Known
from bot.speaking.landing import Landed
from bot.speaking.outcomes import Delivered, Outcome, Rejected
from bot.speaking.speaker import Speaker
from flows.files import Kind
from storage.database import Database
from storage.errors import Unavailable
from storage.messages import media

T = TypeVar("T")

MOST: Final = 256  # media whose names are at hand; of others the database is asked
UNKNOWN_THERE: Final = ("wrong file", "wrong remote file")  # said of a name that is worth nothing


class Shelf:
    """What is at hand of the media that messages name.

    One message of this run uploads a medium, others wait for it. Those of another run do not know of that:
    each may upload it once, which costs some traffic and does no harm.
    """

    def __init__(self, database: Database, speaker: Speaker, *, bot: int) -> None:
        """
        bot  id of the bot, for whom alone Telegram's names for files are good
        """
        self._database = database
        self._speaker = speaker
        self._bot = bot
        self._names: dict[int, str] = {}
        self._fetched: set[int] = set()

    def lets_go(self, payload: dict[str, Any]) -> bool:
        """Whether a message may be said now; else another one is uploading its medium.

        If so it must be said: others may wait for it.
        """
        medium = _medium(payload)
        if medium is None or medium in self._names:
            return True
        if medium in self._fetched:
            return False
        self._fetched.add(medium)
        return True

    async def say(self, chat: int, payload: dict[str, Any]) -> Outcome:
        """Send a message, with its medium if it names one; where that is gone, with its text alone."""
        medium = _medium(payload)
        if medium is None:
            return await self._speaker.say(chat, payload)
        try:
            return await self._say(chat, payload, medium)
        finally:
            self._fetched.discard(medium)

    async def _say(self, chat: int, payload: dict[str, Any], medium: int) -> Outcome:
        is_picture = payload["media"]["kind"] == Kind.PHOTO
        name = self._names.get(medium) or await self._read(partial(media.file_id, id=medium, bot=self._bot))
        if name is not None:
            outcome = await self._speaker.say(chat, payload, Known(name, is_picture))
            if not _is_unknown(outcome):
                self._learn(medium, name)
                return outcome
        found = await self._read(partial(media.content, id=medium))
        if found is None:
            log.error("a medium is gone", medium=medium)
            return (
                await self._speaker.say(chat, payload) if payload["text"] else Rejected("its medium is gone")
            )
        file = Attachment(found.name, found.mime, found.content, is_picture)
        outcome = await self._speaker.say(chat, payload, file)
        if isinstance(outcome, Delivered) and outcome.file_id is not None:
            self._learn(medium, outcome.file_id)
        return outcome

    def _learn(self, medium: int, name: str) -> None:
        self._names[medium] = name
        if len(self._names) > MOST:
            del self._names[next(iter(self._names))]

    async def _read(self, work: Callable[[Connection], T]) -> T:
        """Read, however long it takes until the database is there."""
        pause = 0.1
        while True:
            with suppress(Unavailable):
                return await self._database.read(work)
            await asyncio.sleep(pause)
            pause = min(5.0, 2 * pause)

    def note(self, connection: Connection, landed: Collection[Landed], now: datetime) -> None:
        """Write down what Telegram calls the media of messages that were delivered."""
        uploaded, used = {}, set()
        for message, outcome in landed:
            medium = _medium(message.payload)
            if medium is None or not isinstance(outcome, Delivered):
                continue
            used.add(medium)
            if outcome.file_id is not None:
                uploaded[medium] = outcome.file_id
        if used:
            media.note(connection, self._bot, uploaded, used, now)


def _medium(payload: dict[str, Any]) -> int | None:
    named = payload.get("media")
    return named["id"] if named else None


def _is_unknown(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected) and outcome.reason.lower().startswith(UNKNOWN_THERE)
