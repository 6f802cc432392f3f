"""One update, one transaction; several updates of different people share it, and a bad one falls alone.

Nothing here speaks: what is said leaves after the commit, and only then is the update acknowledged.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.rendering.voice import Voice
from bot.turns.cards import Cards
from bot.turns.group import Answer, Group, Said
from bot.turns.incoming import Incoming
from bot.turns.rooms import Rooms
from flows.moves import Say
from flows.talks import Reply
from storage.context import Context
from storage.database import Database
from storage.errors import Unavailable
from storage.faultpoints import reached
from storage.messages import inbox, moving, outbox
from storage.messages.outbox import Claimed
from storage.people import people
from storage.unit import Book

ATTEMPTS: Final = 5
"""How often an update is tried alone before it is put in quarantine."""


@dataclass(slots=True)
class Carried:
    """What a committed group leaves to be said."""

    speak: list[Claimed] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    waiting: bool = False  # the outbox holds something new for the courier to claim
    failed: "list[Failed]" = field(default_factory=list)

    def add(self, other: "Carried") -> None:
        """Take in what another group left."""
        self.speak += other.speak
        self.answers += other.answers
        self.waiting |= other.waiting
        self.failed += other.failed


@dataclass(frozen=True, slots=True)
class Failed:
    """An update that could not be carried out and is in quarantine now."""

    kind: str
    reason: str  # the class of the error
    error: Exception | None = field(default=None, compare=False)  # for the log, which tells its place


class Turns:
    """Carries updates through conversations."""

    def __init__(self, database: Database, context: Context, voice: Voice, *, bot: int, fence: int) -> None:
        """
        bot    id of the bot
        fence  number of this run; what is handed over to be spoken at once carries it
        """
        self._database = database
        self._context = context
        self._voice = voice
        self._cards = Cards(context, voice, bot=bot)
        self._rooms = Rooms(context, voice, bot=bot)
        self._bot = bot
        self._fence = fence

    async def take(self, group: Sequence[Incoming], now: datetime, *, room: int) -> Carried:
        """Carry out a group with at most one update of each person; returns after the commit.

        room  how many replies may be handed over to be spoken at once; others wait to be claimed

        Raises what the database raises when it is in trouble; then nothing may be acknowledged, and the
        same group may be taken again. An update that fails by itself is tried alone, then quarantined.
        """
        try:
            return await self._commit(group, now, room)
        except Unavailable:
            raise
        except Exception as error:
            if len(group) == 1:
                return await self._alone(group[0], now, room, error)
        together = Carried()
        for incoming in group:
            # No room: what is handed over would be lost, should the database fail for one of the next.
            together.add(await self.take([incoming], now, room=0))
        return together

    async def _alone(self, incoming: Incoming, now: datetime, room: int, error: Exception) -> Carried:
        for attempt in range(1, ATTEMPTS):
            await asyncio.sleep(0.01 * 2**attempt)
            try:
                return await self._commit([incoming], now, room)
            except Unavailable:
                raise
            except Exception as again:
                error = again
        failed = Failed(incoming.kind, type(error).__name__, error)
        return await self.set_aside(incoming, failed, now, attempts=ATTEMPTS)

    async def set_aside(self, incoming: Incoming, failed: Failed, now: datetime, *, attempts: int) -> Carried:
        """Put an update in quarantine and tell its sender that one message went wrong."""
        answers = [Answer(incoming.press.id)] if incoming.press else []  # else its button seems to wait

        def work(connection: Connection) -> Carried:
            arrived = incoming.arrived
            if not inbox.take(connection, self._bot, [arrived], now):
                # It was set aside before, by a run that ended before acknowledging it.
                return Carried(answers=answers)
            inbox.quarantine(
                connection,
                self._bot,
                arrived.update_id,
                kind=failed.kind,
                reason=failed.reason,
                attempts=attempts,
                now=now,
            )
            carried = self._put(connection, self._apology(connection, incoming), now, room=0)
            carried.answers += answers
            carried.failed.append(failed)
            return carried

        return await self._database.write(work)

    def _apology(self, connection: Connection, incoming: Incoming) -> list[Said]:
        if incoming.sender is None:
            return []
        telegram = incoming.sender.telegram
        person = people.find(connection, self._bot, [telegram]).get(telegram)
        if person is None:
            return []
        reply = Reply((), (Say("trouble.quarantined"),))
        key = f"q:{self._bot}:{incoming.arrived.update_id}:{incoming.arrived.mark}"
        return [Said(self._voice.messages(person, reply, key), None)]

    async def _commit(self, group: Sequence[Incoming], now: datetime, room: int) -> Carried:
        return await self._database.write(lambda connection: self._carry(connection, group, now, room))

    def _carry(self, connection: Connection, group: Sequence[Incoming], now: datetime, room: int) -> Carried:
        new = inbox.take(connection, self._bot, [incoming.arrived for incoming in group], now)
        reached("after_dedupe")
        fresh = [incoming for incoming in group if incoming.arrived in new]
        for incoming in fresh:
            if incoming.moved is not None:
                moving.follow(connection, self._bot, *incoming.moved, now)
        in_chats = [self._in_chat(connection, incoming, now) for incoming in fresh if incoming.chat]
        events = [incoming for incoming in fresh if incoming.sender and incoming.event]
        said = Group(connection, self._context, self._voice, bot=self._bot, now=now).carry(events)
        album = any(incoming.album is not None for incoming in fresh)
        carried = self._put(connection, said, now, room, album=album)
        carried.waiting |= any(in_chats) or any(one.waits for one in said)
        carried.answers += [Answer(one.press.id) for one in group if one.press and one.arrived not in new]
        reached("after_outbox")
        return carried

    def _in_chat(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        """What happened in a group chat; returns whether something waits to be said there."""
        in_room = self._rooms.carry(connection, incoming, now)
        return self._cards.carry(connection, incoming, now) or in_room

    def _put(
        self, connection: Connection, said: Sequence[Said], now: datetime, room: int, *, album: bool = False
    ) -> Carried:
        """Put replies in the outbox; those that can be spoken at once as claimed by this run already.

        album  one of them may be there: all pictures of an album have one reply, every other update its own
        """
        carried = Carried(answers=[one.answer for one in said if one.answer])
        messages = [message for one in said for message in one.messages]
        if album:
            known = outbox.already_there(connection, [message.key for message in messages])
            messages = [message for message in messages if message.key not in known]
        if not messages:
            return carried
        contacts = [message.contact for message in messages]
        behind = outbox.behind(connection, contacts, self._fence, now)
        book = Book(connection)
        for message in messages:
            at_once = message.contact not in behind and len(carried.speak) < room
            if not outbox.put(book, message, now=now, worker=self._fence if at_once else None):
                continue
            if at_once:
                carried.speak.append(message.claimed())
            carried.waiting |= not at_once
        book.flush()
        return carried
