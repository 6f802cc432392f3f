"""What those are asked who say that they come: up to three questions of whoever plans it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from flows.events import Wrote
from flows.moves import (
    Ask,
    Choice,
    Effect,
    Flow,
    Key,
    Known,
    Names,
    Passing,
    Reading,
    Refused,
    Say,
    glance,
    look,
)
from flows.occasions.sheet import said
from flows.occasions.still_open import still_open
from flows.planning.drafting import OwnTongue

LONGEST: Final = 500  # characters of a reply

SKIP: Final = Choice("skip", Key("registration.skip"))


@dataclass(frozen=True, slots=True)
class Registration(Known):
    """The questions to those who come to an occasion, by number; looked at with its id."""

    numbers: tuple[int, ...]
    replied: tuple[int, ...]  # those of them that the person has replied to


@dataclass(frozen=True, slots=True)
class RegistrationTexts(Passing):
    """What they ask; looked at with the id of the occasion."""

    by_number: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class ReplyAtRegistration(Effect[None]):
    """Keep what the person replies, in the place of an earlier reply."""

    final: ClassVar[bool] = True

    occasion: int
    number: int
    words: str  # LONGEST at the most


def ask_who_helps(occasion: int) -> Flow[None]:
    """Ask whoever has taken something on at an activity what they have not replied to yet, if they can."""
    known = yield from look(Registration, occasion)
    if set(known.numbers) <= set(known.replied):
        return
    if (yield from still_open(occasion, "activity.answered")):
        yield from reply_to_all(occasion, "activity.answered")


def reply_to_all(occasion: int, answered: str = "meeting.answered") -> Flow[bool]:
    """Ask whoever comes what they have not replied to yet; each can be skipped.

    answered  what the keys begin with that say why it cannot be answered to any more

    Returns whether the occasion can be answered to still after that.
    """
    last = 0
    while True:
        known = yield from look(Registration, occasion)
        left = (each for each in known.numbers if each > last and each not in known.replied)
        last = next(left, 0)
        if not last:
            return True
        yield from _reply(occasion, last)
        if not (yield from still_open(occasion, answered)):
            return False


def _reply(occasion: int, number: int) -> Flow[None]:
    own = yield from look(OwnTongue)
    texts = yield from glance(RegistrationTexts, occasion)
    names = texts.by_number.get(str(number), {}) if texts else {}

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST:
            return Refused(Say("words.too_long", length=len(words.text), most=LONGEST))
        return ReplyAtRegistration(occasion, number, words.text)

    question = said(names, own.tongue) if names else ""
    yield Ask(
        "registration.ask",
        {"question": question},
        (SKIP,),
        reads=read,
        does=ReplyAtRegistration,
        numbered=False,
    )
