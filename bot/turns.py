"""One update, one transaction; several updates of different people share it, and a bad one falls alone.

Nothing here speaks: what is said leaves after the commit, and only then is the update acknowledged.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from bot.language_id import identify
from bot.render import Reader, label, notice, render
from bot.updates import Incoming, Sender
from config.languages import fallbacks
from config.texts import Texts
from flows.events import Edited, Event, Left, Wrote
from flows.moves import Arg, Choice, Effect, Look, Say
from flows.reception import Reply, Stack, receive
from storage import inbox, outbox, people, stacks
from storage.context import Context
from storage.database import Database
from storage.errors import is_unavailable
from storage.faultpoints import reached
from storage.outbox import Claimed, Lane, Message
from storage.registry import carry_out
from storage.unit import Book, Origin, Person, Unit

ATTEMPTS: Final = 5
"""How often an update is tried alone before it is put in quarantine."""

SEEN_EVERY: Final = timedelta(hours=1)
"""How exactly it is remembered when a person was last heard: finer would be a write for each turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pressed button is answered with, at once and outside the outbox."""

    press: str
    text: str | None = None


@dataclass(slots=True)
class Carried:
    """What a committed group leaves to be said."""

    speak: list[Claimed] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    waiting: bool = False  # the outbox holds something new for the courier to claim


@dataclass(frozen=True, slots=True)
class Failed:
    """An update that could not be carried out and is in quarantine now."""

    kind: str
    reason: str


class Turns:
    """Carries updates through conversations."""

    def __init__(self, database: Database, context: Context, texts: Texts, *, bot: int, fence: int) -> None:
        self._database = database
        self._context = context
        self._texts = texts
        self._bot = bot
        self._fence = fence

    async def take(
        self, group: Sequence[Incoming], now: datetime, *, room: int
    ) -> tuple[Carried, list[Failed]]:
        """Carry out a group with at most one update of each person; returns after the commit.

        room  how many replies may be handed over to be spoken at once; others wait to be claimed

        Raises what the database raises when it is in trouble; then nothing was done and nothing may be
        acknowledged. An update that fails by itself is tried alone, then put in quarantine.
        """
        try:
            return await self._commit(group, now, room), []
        except Exception as error:
            if is_unavailable(error):
                raise
            if len(group) == 1:
                return await self._alone(group[0], now, room, error)
        together, failed = Carried(), []
        for incoming in group:
            carried, fallen = await self.take([incoming], now, room=room - len(together.speak))
            together.speak += carried.speak
            together.answers += carried.answers
            together.waiting |= carried.waiting
            failed += fallen
        return together, failed

    async def _alone(
        self, incoming: Incoming, now: datetime, room: int, error: Exception
    ) -> tuple[Carried, list[Failed]]:
        for attempt in range(1, ATTEMPTS):
            await asyncio.sleep(0.01 * 2**attempt)
            try:
                return await self._commit([incoming], now, room), []
            except Exception as again:
                if is_unavailable(again):
                    raise
                error = again
        failed = Failed(incoming.kind, type(error).__name__)
        return await self.set_aside(incoming, failed, now, attempts=ATTEMPTS), [failed]

    async def set_aside(self, incoming: Incoming, failed: Failed, now: datetime, *, attempts: int) -> Carried:
        """Put an update in quarantine and tell its sender, once, that one message went wrong."""

        def work(connection: Connection) -> bool:
            arrived = incoming.arrived
            inbox.take(connection, self._bot, [arrived], now)
            inbox.quarantine(
                connection,
                self._bot,
                arrived.update_id,
                kind=failed.kind,
                reason=failed.reason,
                attempts=attempts,
                now=now,
            )
            return self._apologise(connection, incoming, now)

        return Carried(waiting=await self._database.write(work))

    def _apologise(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        telegram = incoming.sender.telegram if incoming.sender else 0
        person = people.find(connection, self._bot, [telegram]).get(telegram)
        if person is None:
            return False
        reply = Reply((), (Say("trouble.quarantined"),))
        book = Book(connection)
        for message in self._messages(person, reply, f"q:{self._bot}:{incoming.arrived.update_id}"):
            outbox.put(book, message, now=now, worker=None)
        book.flush()
        return True

    async def _commit(self, group: Sequence[Incoming], now: datetime, room: int) -> Carried:
        return await self._database.write(lambda connection: self._carry(connection, group, now, room))

    def _carry(self, connection: Connection, group: Sequence[Incoming], now: datetime, room: int) -> Carried:
        new = inbox.take(connection, self._bot, [incoming.arrived for incoming in group], now)
        reached("after_dedupe")
        fresh = [incoming for incoming in group if incoming.arrived in new]
        for incoming in fresh:
            if incoming.moved is not None:
                outbox.follow(connection, self._bot, *incoming.moved)
        said = _Group(self, connection, now).carry([one for one in fresh if one.sender and one.event])
        carried = self._put(connection, said, now, room)
        carried.answers += [Answer(one.press) for one in group if one.press and one.arrived not in new]
        reached("after_outbox")
        return carried

    def _put(self, connection: Connection, said: "list[_Said]", now: datetime, room: int) -> Carried:
        """Put replies in the outbox: those that can be spoken at once as already claimed."""
        carried = Carried(answers=[one.answer for one in said if one.answer])
        messages = [message for one in said for message in one.messages]
        known = outbox.already_there(connection, [m.key for m in messages if m.key.startswith("a:")])
        messages = [message for message in messages if message.key not in known]
        if not messages:
            return carried
        behind = outbox.behind(connection, [message.contact for message in messages], self._fence, now)
        book = Book(connection)
        for message in messages:
            now_or_later = (
                self._fence if message.contact not in behind and len(carried.speak) < room else None
            )
            outbox.put(book, message, now=now, worker=now_or_later)
            if now_or_later is None:
                carried.waiting = True
                behind.add(message.contact)
            else:
                carried.speak.append(
                    Claimed(message.key, message.contact, message.telegram, message.payload, message.lane)
                )
        book.flush()
        return carried

    def _messages(self, person: Person, reply: Reply, key: str) -> list[Message]:
        rendered = render(self._texts, reply, self.reader(person))
        return [
            Message(f"{key}:{number}", person.contact, person.telegram, one.payload(), Lane.REPLY)
            for number, one in enumerate(rendered)
        ]

    def reader(self, person: Person) -> Reader:
        """How this person is spoken to."""
        territory = self._context.territories.get(person.territory or "")
        if territory is None:
            return Reader(person.language, person.language, "UTC")
        return Reader(person.language, territory.languages[0], territory.zone)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one turn leaves to be said."""

    messages: list[Message]
    answer: Answer | None


class _Group:
    """The turns of one transaction."""

    def __init__(self, turns: Turns, connection: Connection, now: datetime) -> None:
        self._turns = turns
        self._connection = connection
        self._now = now
        self._book = Book(connection)

    def carry(self, group: Sequence[Incoming]) -> list[_Said]:
        if not group:
            return []
        turns, connection = self._turns, self._connection
        found = self._people(group)
        before = {telegram: replace(person) for telegram, person in found.items()}
        known = stacks.load(connection, [person.citizen for person in found.values() if person.known])
        after: dict[int, Stack] = {}
        said = []
        for incoming in group:
            assert incoming.sender is not None
            person = found[incoming.sender.telegram]
            reply = self._turn(incoming, person, known.get(person.citizen, ()))
            if not person.erased:
                after[person.citizen] = reply.stack
            said.append(self._said(incoming, person, reply))
        people.write(
            connection, self._book, turns._bot, {key: (before[key], person) for key, person in found.items()}
        )
        stacks.save(connection, after, self._now)
        reached("after_state")
        return said

    def _people(self, group: Sequence[Incoming]) -> dict[int, Person]:
        """Everybody in the group, strangers included; each with the language to speak until they choose."""
        senders = {incoming.sender.telegram: incoming for incoming in group if incoming.sender}
        found = people.find(self._connection, self._turns._bot, senders)
        strangers = [telegram for telegram in senders if telegram not in found]
        ways = people.orphans(self._connection, self._turns._bot, strangers) if strangers else {}
        for telegram in strangers:
            incoming = senders[telegram]
            assert incoming.sender is not None
            found[telegram] = self._stranger(incoming, incoming.sender, ways.get(telegram))
        return found

    def _stranger(self, incoming: Incoming, sender: Sender, way: int | None) -> Person:
        keys, arrived = self._turns._context.keys, incoming.arrived
        origin = (self._turns._bot, sender.telegram, arrived.update_id, arrived.mark)
        return Person(
            citizen=keys.row_id(0, *origin),
            contact=way or keys.row_id(1, *origin),
            telegram=sender.telegram,
            language=fallbacks(sender.language_code, self._linked_languages(incoming.event))[0],
            created_at=self._now,
            seen_at=self._now,
            known=False,
            way_known=way is not None,
        )

    def _linked_languages(self, event: Event | None) -> tuple[str, ...]:
        payload: str = getattr(event, "payload", "")
        parts = payload.split("_")
        territory = self._turns._context.territories.get(parts[1]) if len(parts) > 1 else None
        return territory.languages if territory else ()

    def _turn(self, incoming: Incoming, person: Person, stack: Stack) -> Reply:
        arrived = incoming.arrived
        event = self._identified(incoming.event, person)
        unit = Unit(
            connection=self._connection,
            book=self._book,
            context=self._turns._context,
            person=person,
            origin=Origin(self._turns._bot, arrived.update_id, arrived.mark),
            at=event.at,
            now=self._now,
        )
        if person.reach != "open" and not isinstance(event, Left):
            person.reach = "open"
        silence = max(self._now - (person.seen_at or self._now), timedelta())
        reply = receive(stack, event, _World(unit, self._turns), silence=silence)
        if silence > SEEN_EVERY:
            person.seen_at = self._now
        return reply

    def _identified(self, event: Any, person: Person) -> Any:
        """The event with what its words seem to be written in, once words are for keeping."""
        if not isinstance(event, Wrote | Edited) or person.arrived_at is None:
            return event
        territory = self._turns._context.territories.get(person.territory or "")
        candidates = dict.fromkeys([person.language, *(territory.languages if territory else ())])
        guess = identify(event.text, list(candidates), person.language)
        return replace(event, language=guess.language, probability=guess.probability) if guess else event

    def _said(self, incoming: Incoming, person: Person, reply: Reply) -> _Said:
        turns, arrived = self._turns, incoming.arrived
        key = f"u:{turns._bot}:{arrived.update_id}:{arrived.mark}"
        if incoming.album is not None:
            key = f"a:{turns._bot}:{incoming.album}"
        answer = None
        if incoming.press is not None:
            text = notice(turns._texts, reply.notice, turns.reader(person)) if reply.notice else None
            answer = Answer(incoming.press, text)
        return _Said(turns._messages(person, reply, key), answer)


class _World:
    """The world as one person's conversations see it."""

    def __init__(self, unit: Unit, turns: Turns) -> None:
        self._unit = unit
        self._turns = turns

    @property
    def arrived(self) -> bool:
        return self._unit.person.arrived_at is not None

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        return carry_out(self._unit, move)

    def label(self, words: Arg) -> str:
        return label(self._turns._texts, Choice("", words), self._turns.reader(self._unit.person))

    def new_id(self) -> int:
        return self._unit.new_id()


def in_groups(batch: Iterable[Incoming], most: int = 64) -> Iterable[list[Incoming]]:
    """A batch as groups with at most one update of each person, each person's in their order."""
    waves: list[list[Incoming]] = []
    place: dict[int, int] = {}
    for incoming in batch:
        whose = incoming.sender.telegram if incoming.sender else -incoming.arrived.update_id - 1
        wave = place.get(whose, 0)
        while wave < len(waves) and len(waves[wave]) >= most:
            wave += 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(incoming)
        place[whose] = wave + 1
    return waves
