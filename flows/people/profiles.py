"""Several people on one phone: each with a name there, and with words, consents and messages of their own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.conversations import REST, Next, conversation
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
    labelled,
    look,
    pick,
)
from flows.people.leaving import Sure

MOST: Final = 6
"""People on one phone."""

LONGEST_NAME: Final = 24  # characters; names stand on buttons


@dataclass(frozen=True, slots=True)
class OnThisPhone(Known):
    """The people on the phone that the person speaks from, in the order in which they came."""

    people: int
    me: int  # the person's place among them, from 1 on
    named: bool  # whether the person has a name here


@dataclass(frozen=True, slots=True)
class PhoneNames(Passing):
    """What they call themselves there, in the same order; empty for who has no name yet."""

    names: tuple[str, ...]


class Named(StrEnum):
    """What came of a name."""

    NAMED = "named"
    SAME = "same"  # somebody else on the phone is called so
    FULL = "full"  # there are as many people as can be


@dataclass(frozen=True, slots=True)
class CallMe(Effect[Named]):
    """The person has a name on their phone."""

    name: str


@dataclass(frozen=True, slots=True)
class AddPerson(Effect[Named]):
    """Somebody new speaks from the phone from now on; nothing is known of them but a name."""

    name: str


@dataclass(frozen=True, slots=True)
class SwitchTo(Effect[None]):
    """Somebody else on the phone speaks from now on."""

    place: int  # among the people on the phone, from 1 on


@dataclass(frozen=True, slots=True)
class ForgetPerson(Effect[None]):
    """Everything kept about somebody else on the phone is erased."""

    place: int


class PhoneWish(StrEnum):
    """What can be done beside switching."""

    ADD = "add"
    RENAME = "rename"
    REMOVE = "remove"
    CLOSE = "close"


@conversation("profiles", menu=26)
def profiles() -> Flow[Next]:
    """People share a phone: another one speaks, is added, or is removed.

    who is here -> another one speaks, from their own beginning or from where they were
                -> a name for each, and the new one arrives
                -> one is erased
    """
    while True:
        phone = yield from look(OnThisPhone)
        others = tuple(place for place in range(1, phone.people + 1) if place != phone.me)
        names = yield from _names(phone)
        wishes = (each for each in labelled("profiles.ask", PhoneWish) if each.value in _wishes(phone))
        people = (Choice(str(place), names[place - 1]) for place in others)
        me = names[phone.me - 1] or Key("profiles.you")
        picked = yield from pick("profiles.ask", (*people, *wishes), back=False, n=phone.people, me=me)
        match picked:
            case PhoneWish.CLOSE:
                return None
            case PhoneWish.ADD:
                if (yield from add(phone)):
                    return REST
            case PhoneWish.RENAME:
                yield from name_oneself()
            case PhoneWish.REMOVE:
                yield from remove(others)
            case _:
                yield from do(SwitchTo(int(picked)))
                return REST


def _wishes(phone: OnThisPhone) -> tuple[PhoneWish, ...]:
    there = {
        PhoneWish.ADD: phone.people < MOST,
        PhoneWish.RENAME: phone.named,
        PhoneWish.REMOVE: phone.people > 1,
    }
    return tuple(wish for wish in PhoneWish if there.get(wish, True))


def _names(phone: OnThisPhone) -> Flow[tuple[str, ...]]:
    found = yield from glance(PhoneNames)
    return found.names if found else ("",) * phone.people


def add(phone: OnThisPhone) -> Flow[bool]:
    """Somebody new: how both are called here; returns whether they are there now."""
    yield Say("profiles.about")
    if not phone.named:
        yield from name_oneself()
    named = yield from _name("profiles.name_other", AddPerson)
    return named is Named.NAMED


def name_oneself() -> Flow[None]:
    """What the person is called on this phone."""
    yield from _name("profiles.name_me", CallMe)


def _name(key: str, effect: type[CallMe] | type[AddPerson]) -> Flow[Named]:
    """A name that nobody else here has; asked again until it is one."""

    def read(words: Wrote) -> Reading:
        name = " ".join(words.text.split())
        if len(name) > LONGEST_NAME:
            return Refused(Say("invitation.long_name", most=LONGEST_NAME))
        return effect(name)

    while True:
        named: Named = yield Ask(key, reads=read, does=effect, numbered=False)
        if named is not Named.SAME:
            return named
        yield Say("profiles.same_name")


def remove(others: tuple[int, ...]) -> Flow[None]:
    """Everything about one of the others is erased, once the person is sure."""
    found = yield from glance(PhoneNames)
    names = found.names if found else ()
    choices = tuple(Choice(str(place), names[place - 1] if names else str(place)) for place in others)
    place = int((yield from pick("profiles.remove", choices)))
    found = yield from glance(PhoneNames)
    name = found.names[place - 1] if found else ""
    sure = yield from pick("profiles.sure", labelled("forget.ask", Sure), back=False, name=name)
    if sure == Sure.KEEP:
        yield Say("forget.kept")
        return
    yield from do(ForgetPerson(place))
    yield Say("profiles.removed")
