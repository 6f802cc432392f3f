"""What a group chat is for: asked when the bot comes into it, or is called; ended when it is removed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.rendering.voice import Voice
from bot.turns.incoming import Incoming, Removal, Rights
from config.languages import LAST, parents
from flows.panels.binding import question
from flows.people.speaking import Clues, to_speak
from storage.context import Context
from storage.messages import chats, outbox
from storage.messages.outbox import Lane, Message
from storage.panels import rooms
from storage.panels.roomed import ASKS
from storage.panels.rooms import Asking, Joined, Readers, Summons
from storage.unit import Book

LIVES: Final = timedelta(hours=1)
"""After that nobody waits for the question any more."""


class Rooms:
    """All group chats of the bot."""

    def __init__(self, context: Context, voice: Voice, *, bot: int) -> None:
        """
        bot  id of the bot
        """
        self._context = context
        self._voice = voice
        self._bot = bot

    def carry(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        """Carry out what happened in a group chat; returns whether something waits to be said there."""
        context, bot, arrived = self._context, self._bot, incoming.arrived
        match incoming.chat:
            case Joined() as new:
                asking = rooms.joined(connection, context, bot, arrived, new, now)
                return self._ask(connection, asking, f"{arrived.update_id}:{arrived.mark}", new, now)
            case Summons() as call:
                asking = rooms.summoned(connection, context, bot, arrived, call)
                return self._ask(connection, asking, f"{now:%Y%m%d%H%M}", call, now)  # once a minute
            case Removal(chat=chat):
                rooms.end_all(connection, bot, chat, now)
            case Rights(chat=chat, may_write=may):
                chats.may_write(connection, bot, chat, may=may)
                return may
        return False

    def _ask(
        self, connection: Connection, asking: Asking | None, once: str, by: Joined | Summons, now: datetime
    ) -> bool:
        key = f"{ASKS}{asking.contact}:{once}" if asking else ""
        if asking is None or outbox.already_there(connection, [key]):
            return False
        clues = Clues(phone=parents(by.language_code or ""))
        readers = asking.readers or Readers(to_speak(clues, self._context.own_names, LAST)[:1])
        payload = self._voice.board(question(asking.here), readers).payload()
        if isinstance(by, Summons) and by.topic is not None:
            payload["topic"] = by.topic
        book = Book(connection)
        message = Message(key, asking.contact, by.chat, payload, Lane.NOTICE, lives=LIVES)
        outbox.put(book, message, now=now, worker=None)
        book.flush()
        return True
