"""What is done beside the conversations about inquiries: translating what waits for it, and watching time."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.chores.means import Means
from bot.chores.translation import AT_A_TIME, Away, Translator, Untranslatable
from bot.logs import log
from flows.inquiries.room import board
from storage.inquiries import inquiry_posts, translations, unanswered
from storage.inquiries.translations import Waiting
from storage.messages import outbox
from storage.messages.outbox import Lane, Message
from storage.unit import Book

TOGETHER: Final = 10.0
"""Seconds for all that is translated in one go."""

REST: Final = timedelta(seconds=5)
"""So long a server is left alone that has not answered."""


class Inquiries:
    """All inquiries of the bot."""

    def __init__(self, means: Means, translator: Translator | None) -> None:
        """
        translator  None: nothing is translated
        """
        self._database, self._context, self._voice = means.database, means.context, means.voice
        self._now = means.now
        self._translator = translator
        self._rests_until: datetime | None = None
        self._places = asyncio.Semaphore(AT_A_TIME)

    async def translate(self) -> None:
        """Translate what waits for it, and let it go; what cannot be translated in time goes as it is."""
        held = await self._database.read(translations.waiting)
        if held:
            with suppress(TimeoutError):
                async with asyncio.timeout(TOGETHER):
                    await asyncio.gather(*map(self._settle, held))

    async def _settle(self, message: Waiting) -> None:
        """Let one message go, unless it is worth trying again soon."""
        made = None
        if self._translator is not None and not message.is_late(self._now()):
            async with self._places:  # whoever waits here does not wait for the server: it may be well
                if self._rests():
                    return
                try:
                    made = await self._translator.translate(message.text, message.language, message.target)
                except Untranslatable:
                    log.warning(
                        "a message cannot be translated", source=message.language, target=message.target
                    )
                except Away as error:
                    log.warning("the translation server is away", reason=str(error))
                    self._rests_until = self._now() + REST
                    return
        now, context = self._now(), self._context
        await self._database.write(
            lambda connection: translations.let_go(connection, context, message.id, made, now)
        )

    def _rests(self) -> bool:
        return self._rests_until is not None and self._now() < self._rests_until

    async def watch(self) -> None:
        """Bring up what is unanswered, and give back what nobody attends to any more."""
        now, context = self._now(), self._context
        if await self._database.read(lambda connection: unanswered.is_anything_due(connection, now)):
            await self._database.write(lambda connection: unanswered.watch(connection, context, now))
        if await self._database.read(inquiry_posts.is_anything_to_say):
            await self._database.write(lambda connection: self._post(connection, now))

    def _post(self, connection: Connection, now: datetime) -> None:
        """Say in rooms what is new there."""
        book = Book(connection)
        for edition in inquiry_posts.editions(connection, self._context, now):
            payload = self._voice.board(board(edition.posted), edition.readers).payload()
            payload |= {"topic": edition.topic} if edition.topic is not None else {}
            payload |= {"edit": edition.message} if edition.message is not None else {}
            to, quotes = (edition.contact, edition.telegram), edition.quotes
            message = Message(edition.key, *to, payload, Lane.NOTICE, quotes=quotes)
            outbox.put(book, message, now=now, worker=None)
        book.flush()
