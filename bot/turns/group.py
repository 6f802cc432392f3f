"""The turns of one transaction: who the events are about, their conversations, what is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.recognition.language_id import identify
from bot.rendering.voice import Voice
from bot.turns.heard import identified
from bot.turns.incoming import Incoming, Sender
from bot.turns.shared_phones import as_their_own, hand_over, other_writer
from bot.turns.world import World
from config.languages import LAST, parents
from flows.events import Event, Handed, Left, Opened, PressedInChat, Wrote
from flows.moves import Say
from flows.panels import rooms
from flows.panels.rooms import Board, Purpose
from flows.people.person import BeReachable
from flows.people.speaking import ENOUGH, SURE, Clues, How, count, to_speak
from flows.reception import receive
from flows.talks import Reply, Stack
from storage.context import Context
from storage.faultpoints import reached
from storage.messages import stacks
from storage.messages.chats import way_to
from storage.messages.outbox import Message, put
from storage.panels.rooms import Readers, message, readers, readers_in, rewrite
from storage.people import people
from storage.registry import carry_out
from storage.unit import Book, Chat, Crowd, Origin, Person, Unit

SEEN_EVERY: Final = timedelta(hours=1)
"""How exactly it is remembered when a person was last heard: finer would be a write for each turn."""

MOST: Final = 64
"""Updates in one transaction."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What stays of a question's buttons once one was pressed: that one, so that the answer can be seen."""

    telegram: int
    message: int
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pressed button is answered with, at once and outside the outbox."""

    press: str
    text: str | None = None
    trace: "Trace | None" = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one turn leaves to be said."""

    messages: list[Message]
    answer: Answer | None
    waits: bool = False  # besides, something was put in the outbox for the courier to claim


class Group:
    """A group of events, at most one of each person."""

    def __init__(
        self, connection: Connection, context: Context, voice: Voice, *, bot: int, now: datetime
    ) -> None:
        self._connection = connection
        self._context = context
        self._voice = voice
        self._bot = bot
        self._now = now
        self._book = Book(connection)
        self._crowd = Crowd()

    def carry(self, group: Sequence[Incoming]) -> list[Said]:
        """Carry each event through its person's conversations, and write what came of it."""
        if not group:
            return []
        found = self._people(group)
        before = {telegram: person.copy() for telegram, person in found.items()}
        self._crowd = Crowd([person.citizen for person in found.values() if person.known])
        known = stacks.load(self._connection, self._crowd.citizens)
        after: dict[int, Stack] = {}
        changes: dict[int, tuple[Person, Person]] = {}
        said = []
        for incoming in group:
            assert incoming.sender is not None
            person = found[incoming.sender.telegram]
            if isinstance(incoming.event, PressedInChat):
                said.append(self._in_chat(incoming, incoming.event, person))
                continue
            if writer := other_writer(self._connection, self._bot, incoming, person):
                said.append(self._amended(incoming, writer, changes))
                continue
            stack = known.get(person.citizen, ())
            greeting: tuple[Say, ...] = ()
            if hand_over(self._connection, self._bot, incoming, person, stack):
                person = found[person.telegram] = self._people([incoming])[person.telegram]
                before[person.telegram] = person.copy()
                stack = stacks.load(self._connection, [person.citizen])[person.citizen]
                greeting = (Say("profiles.now", name=person.called or ""),)
            reply, unit = self._turn(as_their_own(incoming, person), person, stack)
            reply = replace(reply, said=(*greeting, *reply.said)) if greeting else reply
            said.append(self._said(incoming, unit, reply))
            if person.known or reply.stack or said[-1].messages:  # an old button of a stranger leaves nothing
                changes[person.telegram] = (before[person.telegram], person)
                if not person.erased:
                    after[person.citizen] = reply.stack
        people.write(self._connection, self._book, self._bot, changes)
        stacks.save(self._connection, after, self._now)
        reached("after_state")
        return said + self._handed_over(group, found)

    def _amended(self, incoming: Incoming, writer: Person, changes: dict[int, tuple[Person, Person]]) -> Said:
        """An edit of what somebody wrote who does not speak now: it is theirs, and they are named."""
        before = writer.copy()
        reply, unit = self._turn(incoming, writer, ())
        changes[writer.telegram] = (before, writer)
        named = (Say("profiles.for", name=writer.called or ""),) if reply.said else ()
        return self._said(incoming, unit, replace(reply, said=(*named, *reply.said)))

    def _handed_over(self, group: Sequence[Incoming], found: Mapping[int, Person]) -> list[Said]:
        """Whoever speaks from now on from a phone that was handed over goes on where they were."""
        handed = [
            replace(
                incoming,
                arrived=replace(incoming.arrived, mark=-1 - incoming.arrived.mark),  # a turn of its own
                event=Handed(incoming.event.at),
                press=None,
                album=None,
            )
            for incoming in group
            if incoming.sender and incoming.event and found[incoming.sender.telegram].hands_over
        ]
        again = Group(self._connection, self._context, self._voice, bot=self._bot, now=self._now)
        return again.carry(handed)

    def _people(self, group: Sequence[Incoming]) -> dict[int, Person]:
        """Everybody in the group, strangers included; those with the language to speak until they choose."""
        senders = {incoming.sender.telegram: incoming for incoming in group if incoming.sender}
        found = people.find(self._connection, self._bot, senders)
        strangers = [telegram for telegram in senders if telegram not in found]
        ways = people.orphans(self._connection, self._bot, strangers) if strangers else {}
        for telegram in strangers:
            incoming = senders[telegram]
            assert incoming.sender is not None
            found[telegram] = self._stranger(incoming, incoming.sender, ways.get(telegram))
        return found

    def _stranger(self, incoming: Incoming, sender: Sender, way: int | None) -> Person:
        keys, arrived = self._context.keys, incoming.arrived
        origin = (self._bot, sender.telegram, arrived.update_id, arrived.mark)
        language, _ = self._to_speak(incoming.event, sender)
        return Person(
            citizen=keys.row_id(0, *origin),
            contact=way or keys.row_id(1, *origin),
            telegram=sender.telegram,
            language=language,
            created_at=self._now,
            seen_at=self._now,
            known=False,
            way_known=way is not None,
        )

    def _to_speak(self, event: Event | PressedInChat | None, sender: Sender) -> tuple[str, How]:
        """The language to speak with a stranger until they choose; their words tell if nothing else does."""
        ours = self._context.own_names
        clues = Clues(phone=parents(sender.language_code or ""), territory=self._linked_languages(event))
        known = to_speak(clues, ours, LAST)
        if known[1] is not How.LAST or not isinstance(event, Wrote) or count(event.text) < ENOUGH:
            return known
        guess = identify(event.text, list(ours))
        is_certain = guess is not None and guess.probability >= SURE
        return to_speak(replace(clues, written=guess.language if guess and is_certain else None), ours, LAST)

    def _linked_languages(self, event: Event | PressedInChat | None) -> tuple[str, ...]:
        """The languages of the territory whose link a stranger came by."""
        slug = event.payload.split("_")[1:2] if isinstance(event, Opened) else []
        territory = self._context.territories.get(slug[0]) if slug else None
        return territory.languages if territory else ()

    def _unit(self, incoming: Incoming, person: Person, at: datetime, chat: Chat | None = None) -> Unit:
        return Unit(
            connection=self._connection,
            book=self._book,
            context=self._context,
            person=person,
            origin=Origin(self._bot, incoming.arrived.update_id, incoming.arrived.mark),
            at=at,
            now=self._now,
            crowd=self._crowd,
            chat=chat,
        )

    def _in_chat(self, incoming: Incoming, event: PressedInChat, person: Person) -> Said:
        """A press in a group chat: carried to its end, beside whatever the person is in the middle of."""
        press = incoming.press
        assert press is not None
        assert press.chat is not None
        unit = self._unit(incoming, person, event.at, press.chat)
        answered = rooms.answer(event, World(unit, self._voice))
        if answered.board is not None:
            self._rewrite(unit, press.chat, answered.board)
        notice = self._voice.notice(person, answered.notice) if answered.notice else None
        return Said([], Answer(press.id, notice), waits=answered.board is not None)

    def _rewrite(self, unit: Unit, chat: Chat, board: Board) -> None:
        """The pressed message says something else, once the courier comes by: a later press replaces it."""
        contact = way_to(self._connection, self._bot, chat.telegram, unit.new_id())
        unit.book.flush()  # the handler may just have made it a room
        own = Readers((unit.person.language,))
        here = readers_in(self._connection, self._context, self._bot, chat.telegram) or own
        payload = self._voice.board(board, here).payload()
        key = f"{unit.origin.update_id}:{unit.origin.mark}"
        edit = rewrite(self._connection, contact, chat, payload, key, self._now)
        put(unit.book, replace(edit, quotes=frozenset(unit.quotes)), now=self._now, worker=None)

    def _take_leave(self, unit: Unit) -> bool:
        """Say in rooms that were ended at the desk what comes there from now on; whether there were any."""
        for room in unit.ended_rooms:
            territory = self._context.territories[room.territory]
            spoken = readers(self._connection, territory, Purpose(room.purpose))
            payload = self._voice.board(Board("room.bound.cards", ()), spoken).payload()
            put(unit.book, message(room, f"room:ended:{room.id}", payload), now=self._now, worker=None)
        return bool(unit.ended_rooms)

    def _turn(self, incoming: Incoming, person: Person, stack: Stack) -> tuple[Reply, Unit]:
        """What the person is told, and what was done and read for it."""
        assert incoming.event is not None
        unit = self._unit(incoming, person, incoming.event.at)
        event = identified(incoming.event, unit, incoming.sender)
        if person.reach != "open" and not isinstance(event, Left):
            carry_out(unit, BeReachable(True))
        silence = max(self._now - (person.seen_at or self._now), timedelta())
        if silence > SEEN_EVERY:
            person.seen_at = self._now
        return receive(stack, event, World(unit, self._voice), silence=silence), unit

    def _said(self, incoming: Incoming, unit: Unit, reply: Reply) -> Said:
        arrived, person = incoming.arrived, unit.person
        key = f"u:{self._bot}:{arrived.update_id}:{arrived.mark}"
        if incoming.album is not None:
            key = f"a:{self._bot}:{person.contact}:{incoming.album}"
        messages = self._voice.messages(person, reply, key, unit.quotes)
        return Said(messages, self._answer(incoming, person, reply), waits=self._take_leave(unit))

    def _answer(self, incoming: Incoming, person: Person, reply: Reply) -> Answer | None:
        press = incoming.press
        if press is None:
            return None
        if reply.notice is not None:
            return Answer(press.id, self._voice.notice(person, reply.notice))
        if press.message is None or press.label is None:
            return Answer(press.id)
        return Answer(press.id, trace=Trace(person.telegram, press.message, press.label))


def in_groups(batch: Iterable[Incoming]) -> Iterable[list[Incoming]]:
    """A batch as groups with at most one update of each person, each person's in their order."""
    waves: list[list[Incoming]] = []
    place: dict[int, int] = {}
    for incoming in batch:
        whose = incoming.sender.telegram if incoming.sender else -incoming.arrived.update_id - 1
        wave = place.get(whose, 0)
        while wave < len(waves) and len(waves[wave]) >= MOST:
            wave += 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(incoming)
        place[whose] = wave + 1
    return waves
