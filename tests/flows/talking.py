"""A person in conversation, for tests: carries events through the reception and keeps what came of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from flows.events import (
    Edited,
    Event,
    Handed,
    Left,
    Opened,
    Point,
    Pressed,
    PressedInChat,
    Returned,
    Shared,
    Thing,
    TooFast,
    Wrote,
)
from flows.moves import Say
from flows.panels.rooms import Answered, answer
from flows.reception import receive
from flows.talks import Asked, Reply, Stack, Talk
from storage.unit import Chat, Person
from tests.flows.village import BEGINNING
from tests.flows.world import World

PACE: Final = timedelta(seconds=10)
"""How long each act takes."""

SEEN_EVERY: Final = timedelta(hours=1)
"""How exactly it is remembered when a person was last heard."""


CHAT: Final = -100_300
"""The group chat of a village, as Telegram calls it."""

MESSAGE: Final = 7
"""The message there whose buttons are pressed."""


@dataclass
class Talking:
    """One person's side of the chat: what they can do, and the question they see last."""

    world: World = field(default_factory=World)
    stack: Stack = ()
    name: str = "Me"  # by which others with a role know them
    messages: int = 0  # how many the person has written
    asked: list[Asked] = field(default_factory=list)  # every question so far; its buttons stay in the chat
    said: list[Say] = field(default_factory=list)  # everything so far, notices included
    talks: list[Talk] = field(default_factory=list)  # the conversation of each, as it was then
    others: dict[int, Stack] = field(default_factory=dict)  # on the same phone, by citizen: what is under way
    heard: datetime = BEGINNING  # when they did something last

    @property
    def now(self) -> datetime:
        """The clock, which is the same for everybody in the village."""
        return self.world.village.now

    def opens(self, command: str, payload: str = "") -> Reply:
        return self.meets(Opened(self.now, command, payload))

    def writes(
        self, text: str, language: str | None = None, probability: float = 0.0, second: str | None = None
    ) -> Reply:
        self.messages += 1
        return self.meets(Wrote(self.now, text, self.messages, language, probability, second))

    def edits(self, message: int, text: str) -> Reply:
        return self.meets(Edited(self.now, text, message))

    def shares(self, thing: Thing, file: str | None = None, place: Point | None = None) -> Reply:
        return self.meets(Shared(self.now, thing, file, place=place))

    def presses(self, choice: str, under: str | None = None, number: int = -1) -> Reply:
        """Press a button of the last question, of the last one with the key `under`, or of a numbered one."""
        asked = [each for each in self.asked if under in (None, each.ask.key)]
        if not asked:
            raise LookupError(f"nobody has asked '{under}' yet")
        return self.meets(Pressed(self.now, asked[number].talk, asked[number].step, choice))

    def presses_in_chat(self, data: str, topic: int | None = None) -> Answered:
        """Press a button that stands in the village's group chat, by what it carries."""
        handler, about, choice = data.removeprefix("~").split(":")
        with self.world.turn() as unit:
            unit.chat = Chat(CHAT, topic, MESSAGE)
            answered = answer(PressedInChat(self.now, handler, int(about, 36), choice), self.world)
        self.world.village.now += PACE
        self.said.extend(say for say in (answered.notice, answered.board) if say)
        return answered

    def blocks(self) -> Reply:
        return self.meets(Left(self.now))

    def unblocks(self) -> Reply:
        return self.meets(Returned(self.now))

    def floods(self) -> Reply:
        return self.meets(TooFast(self.now))

    def falls_silent(self, silence: timedelta) -> None:
        self.world.village.now += silence

    def meets(self, event: Event) -> Reply:
        reply = self.tries(event)
        self.heard = self.now
        self.world.village.now += PACE
        self.sees(reply)
        return reply

    def sees(self, reply: Reply) -> None:
        """What is said to them stays in the chat."""
        self.stack = reply.stack
        self.said.extend((*reply.said, *((reply.notice,) if reply.notice else ())))
        if reply.asked:
            self.asked.append(reply.asked)
            self.talks.append(next(talk for talk in reply.stack if talk.id == reply.asked.talk))

    def tries(self, event: Event) -> Reply:
        """What comes of an event in one transaction; the chat goes on as if nothing had been said."""
        with self.world.turn() as unit:
            me = unit.person
            if not isinstance(event, Left):
                me.reach = "open"
            silence = self.now - (me.seen_at or self.now)
            if silence > SEEN_EVERY:
                me.seen_at = self.now
            reply = receive(self.stack, event, self.world, silence=silence)
        return self.hands_over(me, reply) if me.hands_over else reply

    def hands_over(self, me: Person, reply: Reply) -> Reply:
        """Somebody else speaks from the same phone now."""
        self.others[me.citizen] = () if me.erased else reply.stack
        with self.world.turn() as unit:
            stack = self.others.get(unit.person.citizen, ())
            then = receive(stack, Handed(self.now), self.world)
        return replace(then, said=(*reply.said, *then.said))
