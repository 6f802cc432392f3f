"""Cards of meetings and activities in group chats: sent when called for, edited when their figures change."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from bot.backoff import Backoff
from bot.logs import log
from bot.rendering.voice import Voice
from bot.turns.incoming import Incoming, Removal
from storage.context import Context
from storage.database import Database
from storage.errors import Unavailable
from storage.messages import outbox
from storage.messages.outbox import Lane, Message
from storage.occasions import called_cards, cards
from storage.occasions.called_cards import Call
from storage.occasions.cards import Edition
from storage.unit import Book

LIVES: Final = timedelta(hours=1)
"""After that it is too late for what a card said; it says what is true then."""


class Cards:
    """All cards in all group chats of the bot."""

    def __init__(self, context: Context, voice: Voice, *, bot: int) -> None:
        """
        bot  id of the bot
        """
        self._context = context
        self._voice = voice
        self._bot = bot
        self._backoff = Backoff()

    def carry(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        """Carry out what happened in a group chat; returns whether something waits to be said there."""
        match incoming.chat:
            case Call() as call:
                return self._called(connection, incoming, call, now)
            case Removal(chat=chat):
                cards.end_all(connection, self._bot, chat, now)
        return False

    def _called(self, connection: Connection, incoming: Incoming, call: Call, now: datetime) -> bool:
        called = called_cards.call(connection, self._context, self._bot, incoming.arrived, call, now)
        if called is None:
            return False
        for edition in called.editions:
            self._say(connection, edition, now)
        if called.nothing:
            # once a minute, however often it is asked
            key = f"card:nothing:{called.contact}:{now:%Y%m%d%H%M}"
            payload = self._voice.no_card(called.tongue).payload()
            _put(connection, Message(key, called.contact, call.chat, payload, Lane.NOTICE), now)
        return called.nothing or bool(called.editions)

    def _say(self, connection: Connection, edition: Edition, now: datetime) -> None:
        """Say it, if it is something else than before."""
        payload = self._voice.card(edition.card, edition.tongue, self._context.address).payload()
        digest = sha256(json.dumps(payload).encode()).hexdigest()[:16]
        if not cards.note(connection, edition, digest, now):
            return
        if edition.message is not None:
            payload["edit"] = edition.message
        message = Message(edition.key, edition.contact, edition.telegram, payload, Lane.NOTICE, lives=LIVES)
        _put(connection, message, now)

    async def refresh(
        self, database: Database, now: Callable[[], datetime], alarm: Callable[[str], None]
    ) -> None:
        """Let those cards speak that have something else to say and may; each in a transaction of its own.

        alarm  tells the admins of a cause

        One that fails keeps nobody else waiting, and is tried again later and later.
        Raises what the database raises when it is in trouble.
        """
        for id in await database.read(lambda connection: cards.due(connection, now())):
            if not self._backoff.may_try(id, now()):
                continue
            try:
                await database.write(self._refreshed(id, now()))
            except Unavailable:
                raise
            except Exception as error:
                log.error("a card cannot be kept up to date", exc_info=error)
                alarm("chores_fail")
                self._backoff.failed(id, now())
            else:
                self._backoff.done(id)

    def _refreshed(self, id: int, now: datetime) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            edition = cards.look(connection, self._context, id, now)
            if edition is not None:
                self._say(connection, edition, now)

        return work


def _put(connection: Connection, message: Message, now: datetime) -> None:
    if outbox.already_there(connection, [message.key]):
        return
    book = Book(connection)
    outbox.put(book, message, now=now, worker=None)
    book.flush()
