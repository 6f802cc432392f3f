"""What a person may do next, as plain values: for walks through all conversations, drawn or random."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from flows.conversations import commands
from flows.events import Pressed, Thing
from flows.talks import BACK, Reply
from tests.flows.talking import Talking

PAYLOADS: Final = (
    "", "t_riverside", "t_riverside_youth", "t_riverside_nobody", "t_montbell", "m_7", "t_", "i_", "i_guess",
    "i_secret",
)  # fmt: skip
WORDS: Final = ("A path along the river", "1", "2", "yes", "next", "a job that I like and a garden near home")


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the last question, by its place; places begin anew after the last. -1: back."""

    place: int


@dataclass(frozen=True, slots=True)
class PressOld:
    """A button of any earlier question."""

    question: int
    place: int


@dataclass(frozen=True, slots=True)
class Forge:
    """A button that was never shown, near the ones that were."""

    talk: int
    step: int
    choice: str


@dataclass(frozen=True, slots=True)
class Write:
    """Words in a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """New words in an earlier message."""

    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """Something that is not words."""

    thing: Thing


@dataclass(frozen=True, slots=True)
class Open:
    """A command, maybe with a payload."""

    command: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence before the next act."""

    hours: int


@dataclass(frozen=True, slots=True)
class Block:
    """Blocking the bot, or taking that back."""

    ends: bool


Act = Press | PressOld | Forge | Write | Edit | Share | Open | Wait | Block


def perform(talking: Talking, act: Act) -> Reply | None:
    """Do `act`; None where it is nothing yet, such as a press before any question."""
    match act:
        case Press():
            return press(talking, len(talking.asked) - 1, act.place) if talking.asked else None
        case PressOld():
            return press(talking, act.question % len(talking.asked), act.place) if talking.asked else None
        case Forge():
            return talking.meets(Pressed(talking.now, act.talk, act.step, act.choice))
        case Write():
            return talking.writes(act.text)
        case Edit():
            return talking.edits(act.message, act.text)
        case Share():
            return talking.shares(act.thing)
        case Open():
            return talking.opens(act.command, act.payload)
        case Wait():
            talking.falls_silent(timedelta(hours=act.hours))
            return None
        case Block():
            return talking.unblocks() if act.ends else talking.blocks()


def press(talking: Talking, question: int, place: int) -> Reply | None:
    asked = talking.asked[question]
    values = [choice.value for choice in asked.ask.choices] + [BACK] * asked.can_go_back
    return talking.presses(values[place % len(values)], number=question) if values else None


def chance(random: Random) -> Act:
    """An act by chance, mostly one that leads somewhere."""
    match random.randrange(20):
        case 0:
            return Open("start", random.choice(PAYLOADS))
        case 1:
            return Open(random.choice((*commands(), "cancel", "dance")))
        case 2:
            return Edit(random.randrange(9), random.choice(WORDS))
        case 3:
            return Share(random.choice(tuple(Thing)))
        case 4:
            return PressOld(random.randrange(50), random.randrange(6))
        case 5:
            return Press(-1)
        case 6 | 7 | 8 | 9:
            return Write(random.choice(WORDS))
        case _:
            return Press(random.randrange(6))
