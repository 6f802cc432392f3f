"""After a meeting: was one there, how was it, what was good, what to do better."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from flows.actions.impact import Scale
from flows.events import Wrote
from flows.moves import (
    Ask,
    Choice,
    Effect,
    Flow,
    Key,
    Known,
    Passing,
    Reading,
    Refused,
    Say,
    do,
    glance,
    look,
    pick,
)
from flows.occasions.sheet import said
from flows.planning.drafting import OwnTongue
from flows.words.statements import Words, said_in

LONGEST: Final = 1000  # characters of a sentence

SKIP: Final = Choice("skip", Key("afterwards.skip"))


class About(StrEnum):
    """What a sentence about a meeting or an activity is about."""

    GOOD = "good"
    BETTER = "better"
    HELPING = "helping"  # how it went for somebody who helped


@dataclass(frozen=True, slots=True)
class Aftermath(Known):
    """What somebody can say about an occasion now; looked at with its id."""

    may_say: bool  # it is over, and they were there
    values: tuple[int, ...]  # the steps of the scale
    has_said: bool  # something already


@dataclass(frozen=True, slots=True)
class MeetingScale(Passing):
    """The scale that is asked with today."""

    scale: Scale


@dataclass(frozen=True, slots=True)
class SayWasThere(Effect[bool]):
    """Say whether one was there; False where nobody can say it (any more)."""

    occasion: int
    was_there: bool


@dataclass(frozen=True, slots=True)
class RateOccasion(Effect[None]):
    """Say how it was, in the place of what one said before."""

    occasion: int
    value: int  # a step of the scale


@dataclass(frozen=True, slots=True)
class RemarkOn(Effect[None]):
    """Say something about it in a sentence, in the place of an earlier one."""

    final: ClassVar[bool] = True

    occasion: int
    about: About
    words: Words  # LONGEST at the most


@dataclass(frozen=True, slots=True)
class WithdrawEvaluation(Effect[None]):
    """Nothing is kept any more of what the person said about an occasion."""

    occasion: int


def say_was_there(occasion: int) -> Flow[None]:
    """Somebody was there; they say so, and how it was."""
    if (yield from do(SayWasThere(occasion, was_there=True))):
        yield from evaluate(occasion)
    else:
        yield Say("afterwards.not_yet")


def evaluate(occasion: int) -> Flow[None]:
    """Three questions to who was there; each can be skipped.

    how it was -> what was good -> what to do better -> thanks
    """
    known = yield from look(Aftermath, occasion)
    if not known.may_say:
        yield Say("afterwards.not_yet")
        return
    own = yield from look(OwnTongue)
    today = yield from glance(MeetingScale)
    steps = today.scale.steps if today else {}
    labels = {value: said(steps[value], own.tongue) if value in steps else "" for value in known.values}
    choices = (*(Choice(str(value), label) for value, label in labels.items()), SKIP)
    picked = yield from pick("afterwards.how", choices)
    if picked != SKIP.value:
        yield from do(RateOccasion(occasion, int(picked)))
    yield from remark("afterwards.good", occasion, About.GOOD)
    yield from remark("afterwards.better", occasion, About.BETTER)
    yield Say("afterwards.thanks")


def remark(key: str, occasion: int, about: About) -> Flow[None]:
    """A sentence, if the person likes.

    key  of a question without arguments
    """

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST:
            return Refused(Say("words.too_long", length=len(words.text), most=LONGEST))
        return RemarkOn(occasion, about, said_in(words))

    yield Ask(key, choices=(SKIP,), reads=read, does=RemarkOn, numbered=False)
