"""Tells the admins' chats what an operator must know, once an hour for each cause."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bot.logs import log, report
from bot.metrics import ALARMS
from bot.speaking.outcomes import Delivered
from bot.speaking.speaker import Speaker
from storage.database import Database
from storage.errors import Unavailable
from storage.instance import may_tell, not_told

QUIET: Final = timedelta(hours=1)
AGAIN: Final = timedelta(minutes=5)
"""So soon, at its next occasion, an alarm is tried again that has reached nobody."""

CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "database": "The database is in trouble: nothing is lost, but nobody is answered until it works.",
        "quarantine": "An update could not be carried out and was set aside (see `together_updates_total`).",
        "message_refused": "Telegram refused a message for its form; this is a mistake of the bot's.",
        "marks_refused": "Telegram refused a message's marks; it went as plain text. A mistake of the bot's.",
        "conflict": "Another bot uses the same token; this one waits. Stop the other, or revoke the token.",
        "chores_fail": "Something done regularly (reminders, digests, retention) fails; the log names it.",
        "key": "The secret key is not the one the database was written with: put the right one back, soon.",
        "webhook_fails": "Telegram cannot deliver to the webhook; `together check --online` says why.",
        "webhook": "A webhook is set for this bot, so nothing can be polled; it was removed.",
    }
)
"""For operators, in English, as everything in logs and commands."""


class Alarms:
    """Sounds alarms. They are spoken outside the outbox: it may be the outbox that is in trouble."""

    def __init__(
        self, speaker: Speaker, database: Database, admins: Sequence[int], now: Callable[[], datetime]
    ) -> None:
        self._speaker = speaker
        self._database = database
        self._admins = admins
        self._now = now
        self._told: dict[str, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def sound(self, cause: str) -> None:
        """Tell the admins about one of CAUSES, unless one of them was told within the hour."""
        ALARMS.labels(cause).inc()
        now = self._now()
        told = self._told.get(cause)
        if told is not None and now - QUIET < told <= now:  # later than now: the clock was set back since
            return
        self._told[cause] = now
        log.warning("alarm", cause=cause)
        task = asyncio.get_running_loop().create_task(self._tell(cause, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(report)

    async def _tell(self, cause: str, now: datetime) -> None:
        if await self._was_told_by_earlier_run(cause, now):
            return
        reached = [await self._reaches(admin, cause) for admin in self._admins]
        if self._admins and not any(reached):
            self._told[cause] = now - QUIET + AGAIN
            await self._take_back(cause)

    async def _reaches(self, admin: int, cause: str) -> bool:
        """Whether that admin gets it. Who has not pressed START, or has blocked the bot, gets nothing."""
        outcome = await self._speaker.say(admin, {"text": CAUSES[cause], "buttons": []})
        if isinstance(outcome, Delivered):
            return True
        log.warning("an alarm was not delivered", cause=cause, outcome=type(outcome).__name__.lower())
        return False

    async def _take_back(self, cause: str) -> None:
        with suppress(Unavailable):
            await self._database.write(lambda connection: not_told(connection, cause))

    async def _was_told_by_earlier_run(self, cause: str, now: datetime) -> bool:
        """A bot that is restarted again and again must not ring again and again."""
        try:
            return not await self._database.write(lambda connection: may_tell(connection, cause, now, QUIET))
        except Unavailable:
            return False
