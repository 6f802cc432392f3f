"""Receives every event of one person: which conversation it belongs to, and what is said and asked then.

A person's conversations form a stack: words go to the top, a button to the conversation it names, and when
one ends the one below is asked again. What we begin of our own accord, a push, waits aside until it is
answered: it never takes words that are meant for something else, and is never asked again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from flows.codec import Json
from flows.conversations import REST, Conversation, Next, Onward, commands, conversations, links
from flows.engine import Heard, Kind, Turn, advance, back, has_button
from flows.events import Edited, Event, Handed, Left, Opened, Pressed, Returned, Shared, TooFast, Wrote
from flows.links import letter, seal
from flows.moves import Effect, Flow, Key, Look, Say
from flows.people.person import BeReachable, Forget, OwnName, OwnRoles
from flows.people.roles import NotAllowed, may
from flows.talks import BACK, Asked, Reply, Stack, Talk, World

AWAY: Final = timedelta(hours=12)
"""After so long a silence a person is welcomed back and told where they were."""

MOST_ASIDE: Final = 5
"""Pushes whose buttons work at a time; those of older ones are outdated."""

_LINK: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")
_NO_LINK: Final = "-"  # stands for anything else typed after /start: words before consent are not kept


def receive(stack: Stack, event: Event, world: World, *, silence: timedelta = timedelta()) -> Reply:
    """Carry `event` into the conversation it belongs to.

    silence  since the person was last heard
    """
    desk = _Desk(stack, world)
    if silence > AWAY and desk.resumes(event):
        desk.welcome_back()
    match event:
        case Opened():
            desk.open(event)
        case Wrote() | Shared():
            desk.hear(event)
        case Pressed():
            desk.press(event)
        case Edited():
            desk.amend(event)
        case Left() | Returned():
            world.carry_out(BeReachable(isinstance(event, Returned)))
        case TooFast():
            desk.said.append(Say("flood.notice"))
        case Handed():
            desk.take_over()
    return desk.reply()


def remind(stack: Stack, world: World, why: Say) -> Reply:
    """Ask the open question once more, for a reason that lies with us."""
    desk = _Desk(stack, world)
    desk.said.append(why)
    if desk.stack:
        desk.carry(None)
    else:
        desk.go_on()
    return desk.reply()


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation begun of our own accord, up to its first question, before it is with anybody.

    It is the same for all whose world has the same in it.
    """

    flow: str
    args: tuple[Json, ...]
    turn: Turn[Next]


def begin(world: World, name: str, *args: Json) -> Opening:
    """Begin a conversation of our own accord."""
    turn = advance(_flow(name, args), (), None, world.carry_out, world.label)
    return Opening(name, args, turn)


def push(stack: Stack, opening: Opening, id: int) -> Reply:
    """Have that conversation with somebody, beside what is under way with them.

    id  of the conversation, which nobody can guess; one that was taken back before it was heard has it, too

    It lies below the question that is open, so that words still answer that one; on top where only the menu,
    or a push that nobody has answered, is.
    """
    stack, turn = _that_go_on(stack), opening.turn
    if turn.asked is None:
        return Reply(stack, turn.said)
    talk = Talk(id, opening.flow, opening.args, turn.log)
    stack = tuple(each for each in stack if each.id != id)
    asides = [each for each in stack if _waits_aside(each)]
    dropped = asides[: max(0, len(asides) + 1 - MOST_ASIDE)]
    kept = [each for each in stack if each not in dropped]
    is_free = not kept or kept[-1].flow == "menu" or _waits_aside(kept[-1])
    kept.insert(len(kept) if is_free else -1, talk)
    return Reply(tuple(kept), turn.said, Asked(turn.asked, talk.id, talk.step, can_go_back=False))


def _that_go_on(stack: Stack) -> Stack:
    """Without the conversations that only an earlier release had: their buttons are outdated."""
    return tuple(talk for talk in stack if talk.flow in conversations())


def _waits_aside(talk: Talk) -> bool:
    """Whether it is a push that nobody has answered."""
    return talk.step == 0 and conversations()[talk.flow].aside


class _Desk:
    def __init__(self, stack: Stack, world: World) -> None:
        self.stack = list(_that_go_on(stack))
        self.world = world
        self.said: list[Say] = []
        self.asked: Asked | None = None
        self.notice: Say | None = None

    def reply(self) -> Reply:
        return Reply(tuple(self.stack), tuple(self.said), self.asked, self.notice)

    def resumes(self, event: Event) -> bool:
        """Whether an event is for what the person was at before they fell silent."""
        if not self.stack or not isinstance(event, Wrote | Pressed):
            return False
        meant = self.named(event) or self.stack[-1] if isinstance(event, Wrote) else self.pressed(event)
        return meant is None or not _waits_aside(meant)

    def wake(self) -> bool:
        """Let what is under way lie above the pushes that nobody has answered; whether there is anything."""
        under_way = [talk for talk in self.stack if not _waits_aside(talk)]
        self.stack = [*(talk for talk in self.stack if _waits_aside(talk)), *under_way]
        return bool(under_way)

    def open(self, event: Opened) -> None:
        if event.command == "start":
            self.start(event.payload)
        elif event.command == "cancel":
            self.cancel()
        elif wanted := commands().get(event.command):
            self.enter(wanted)
        else:
            self.unknown()

    def unknown(self) -> None:
        self.said.append(Say("reception.unknown_command"))
        self.go_on()

    def start(self, typed: str) -> None:
        payload = seal(typed) if _LINK.fullmatch(typed) else _NO_LINK
        if self.wake() and (not payload or self.arriving_by(payload)):
            self.welcome_back()
            self.ask_again()
        elif payload or not self.world.arrived:
            door = links().get(letter(payload)) if self.world.arrived else None
            self.begin(door.name if door else "arrival", payload)
        else:
            self.said.append(Say("reception.welcome_again"))
            self.go_on()

    def take_over(self) -> None:
        """The person speaks from a phone from which somebody else spoke: it is said who they are here."""
        me: OwnName = self.world.carry_out(Look(OwnName))
        self.said.append(Say("profiles.now", name=me.name) if me.name else Say("profiles.alone"))
        self.go_on()

    def cancel(self) -> None:
        if not self.wake():
            self.said.append(Say("reception.nothing_to_cancel"))
            return
        self.stack.pop()
        self.said.append(Say("reception.cancelled"))
        if self.wake():
            self.ask_again()

    def enter(self, wanted: Conversation, *args: Json) -> None:
        """Begin a conversation, or come back to it where it is already under way."""
        if not self.open_to(wanted):
            self.unknown()
        elif not (self.world.arrived or wanted.before_consent):
            self.said.append(Say("reception.arrive_first"))
            self.resume("arrival") if self.under_way("arrival") else self.begin("arrival", "")
        elif self.under_way(wanted.name):
            self.resume(wanted.name)
        else:
            self.begin(wanted.name, *args)

    def open_to(self, wanted: Conversation) -> bool:
        """Whether the person has the permission that a conversation needs."""
        if wanted.needs is None:
            return True
        mine: OwnRoles = self.world.carry_out(Look(OwnRoles))
        return may(mine.held, wanted.needs)

    def arriving_by(self, payload: str) -> bool:
        return any(talk.flow == "arrival" and talk.args == (payload,) for talk in self.stack)

    def under_way(self, name: str) -> bool:
        return any(talk.flow == name for talk in self.stack)

    def resume(self, name: str) -> None:
        self.lift(next(talk for talk in self.stack if talk.flow == name))
        self.ask_again()

    def lift(self, talk: Talk) -> None:
        self.stack.remove(talk)
        self.stack.append(talk)

    def begin(self, name: str, *args: Json) -> None:
        self.stack = [talk for talk in self.stack if talk.flow != name]
        self.stack.append(Talk(self.world.new_id(), name, args))
        self.carry(None)

    def hear(self, event: Wrote | Shared) -> None:
        before, said = list(self.stack), list(self.said)
        if self.stack and _waits_aside(self.stack[-1]):
            if self.carry(event) is not Heard.REFUSED:
                return
            self.stack, self.said, self.asked = before, said, None  # the words were not for the push
        named = self.named(event) if isinstance(event, Wrote) else None
        if named is not None:
            self.lift(named)
            self.carry(event)
        elif self.wake():
            self.carry(event)
        else:
            self.go_on()

    def named(self, event: Wrote) -> Talk | None:
        """The push on a button of which these words stand, while they stand on none of the open question."""
        asides = [talk for talk in reversed(self.stack) if _waits_aside(talk)]
        found = next((talk for talk in asides if self.has_button(talk, event.text)), None)
        if found is None:
            return None
        under_way = [talk for talk in self.stack if not _waits_aside(talk)]
        return None if under_way and self.has_button(under_way[-1], event.text) else found

    def has_button(self, talk: Talk, text: str) -> bool:
        """Whether these words stand on a button of the open question of a conversation."""
        flow, label = _flow(talk.flow, talk.args), self.world.label
        try:
            return has_button(flow, talk.log, text, self.carry_out, label)
        except NotAllowed:
            return False

    def pressed(self, event: Pressed) -> Talk | None:
        return next((talk for talk in self.stack if talk.id == event.talk), None)

    def press(self, event: Pressed) -> None:
        talk = self.pressed(event)
        if talk is None or talk.step != event.step:
            self.outdated()
            return
        before = list(self.stack)
        self.lift(talk)
        heard = self.go_back(talk) if event.choice == BACK else self.carry(event)
        if heard is Heard.NOT_OFFERED:
            self.stack, self.asked = before, None
            self.outdated()

    def outdated(self) -> None:
        """An old or forged button: answered kindly, and nothing has changed."""
        self.said.clear()
        self.notice = Say("notice.outdated")

    def go_back(self, talk: Talk) -> Heard:
        earlier = back(talk.log)
        if earlier is None:
            return Heard.NOT_OFFERED
        self.stack[-1] = replace(talk, log=earlier, step=talk.step + 1)
        self.carry(None, afresh=talk.log[len(earlier)].kind is Kind.WRITTEN)  # to what it says by now
        return Heard.TAKEN

    def amend(self, event: Edited) -> None:
        """A message edited in the chat: its own short conversation, beside whatever is being asked."""
        if self.world.arrived:
            flow = conversations()["amend"].start(event)
            self.said.extend(advance(flow, (), None, self.world.carry_out, self.world.label).said)

    def welcome_back(self) -> None:
        where = self.stack[-1].flow
        self.said.append(
            Say("reception.welcome_again")
            if where == "menu"
            else Say("reception.welcome_back", where=Key(f"menu.{where}"))
        )

    def carry(self, event: Wrote | Pressed | Shared | None, *, afresh: bool = False) -> Heard:
        """Carry an event through the top conversation, and on to what follows it."""
        talk = self.stack[-1]
        if not self.open_to(conversations()[talk.flow]):
            return self.not_allowed()
        try:
            flow, label = _flow(talk.flow, talk.args), self.world.label
            turn = advance(flow, talk.log, event, self.carry_out, label, afresh=afresh)
        except NotAllowed:
            return self.not_allowed()
        self.said.extend(turn.said)
        step = talk.step + 1 if turn.heard in (Heard.TAKEN, Heard.OVERTAKEN) else talk.step
        if turn.asked is not None:
            self.stack[-1] = replace(talk, log=turn.log, step=step)
            can_go_back = turn.asked.back and back(turn.log) is not None
            self.asked = Asked(turn.asked, talk.id, step, can_go_back)
        else:
            self.stack.pop()
            self.follow(turn.result)
        return turn.heard

    def not_allowed(self) -> Heard:
        """The role that the top conversation needs is no more: the conversation ends where it is."""
        self.stack.pop()
        self.said.append(Say("reception.not_allowed"))
        self.follow(None)
        return Heard.TAKEN

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        """Nothing under way outlives the person it was with: what lies below is forgotten with them."""
        if isinstance(move, Forget):
            self.stack = self.stack[-1:]
        return self.world.carry_out(move)

    def follow(self, next_one: Next) -> None:
        """What comes after a conversation that ended."""
        if next_one == REST:
            return
        if isinstance(next_one, Onward):
            self.enter(conversations()[next_one.name], *next_one.args)
        elif next_one is not None:
            self.enter(conversations()[next_one])
        elif self.wake():
            self.ask_again()
        elif self.world.arrived:
            self.begin("menu")

    def ask_again(self) -> None:
        """Ask the open question once more, by what is known now; a changed one has new buttons."""
        self.carry(None, afresh=True)

    def go_on(self) -> None:
        """Ask what is open; where nothing is, offer what can be done here."""
        if self.wake():
            self.ask_again()
        else:
            self.begin("menu") if self.world.arrived else self.begin("arrival", "")


def _flow(name: str, args: tuple[Json, ...]) -> Flow[Next]:
    start: Callable[..., Flow[Next]] = conversations()[name].start
    return start(*args)
