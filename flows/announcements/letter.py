"""An announcement as each of its readers gets it, and what they can do with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.conversations import REST, Next, conversation
from flows.files import Medium
from flows.links import base36, id_named, link_to
from flows.moves import Arg, Effect, Flow, Key, Live, Names, Say, do
from flows.occasions.sheet import Tongue
from flows.people.territory import best
from flows.pushes.pushed import Topic
from flows.pushes.why import why

LETTER: Final = "n"
"""The letter of links to an announcement, in its buttons: `n_<id>_<deed>`."""

KIND: Final = "announcement"


class Deed(StrEnum):
    """What a reader can do."""

    INTEREST = "i"
    WHY = "w"


@dataclass(frozen=True, slots=True)
class OnPhone:
    """One of several people on a phone: a message there says for whom it is, and its buttons are theirs."""

    contact: int  # id of the way to them
    called: str


_DOOR: Final = re.compile(f"{LETTER}_([0-9a-z]+)_({'|'.join(Deed)})(?:_([0-9a-z]+))?")


class Tapped(StrEnum):
    """What came of saying that one is interested."""

    NOTED = "noted"
    GONE = "gone"  # the announcement is not there (any more), or was not sent to them


@dataclass(frozen=True, slots=True)
class TapInterest(Effect[Tapped]):
    """The person is interested in what an announcement is about."""

    id: int


@dataclass(frozen=True, slots=True, init=False)
class Letter(Say):
    """A message of its own, exactly as everybody gets it who reads in that language."""

    language: str  # BCP 47
    doors: tuple[tuple[Key, str], ...]  # buttons that lead into the bot: label, payload of a link
    links: tuple[tuple[Arg, str], ...]  # buttons that lead elsewhere: label, address
    medium: Medium | None
    called: str | None  # who gets it, on a phone of several

    def __init__(
        self,
        key: str,
        language: str,
        doors: tuple[tuple[Key, str], ...],
        links: tuple[tuple[Arg, str], ...],
        medium: Medium | None,
        called: str | None,
        /,
        **args: Arg,
    ) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "language", language)
        object.__setattr__(self, "doors", doors)
        object.__setattr__(self, "links", links)
        object.__setattr__(self, "medium", medium)
        object.__setattr__(self, "called", called)


@dataclass(frozen=True, slots=True)
class Content:
    """What an announcement says, in all its languages."""

    id: int
    place: Arg  # for which it is
    texts: Names  # by language; at least one
    links: tuple[tuple[Names, str], ...]  # label by language ({}: none), address
    asks_interest: bool
    medium: Medium | None = None  # a picture or a document that comes with it


def letter(content: Content, tongue: Tongue, to: OnPhone | None = None) -> Letter:
    """How it reads to whoever reads so. Where it is not written in their language, that is said above it.

    to  who gets it, on a phone of several; for all others it is the same
    """
    wanted = (tongue.language, *tongue.others)
    language = best(content.texts, wanted)
    args: Mapping[str, Arg] = {"place": content.place, "words": Live(content.texts[language])}
    interest = (Key("announcement.interest"), door(content.id, Deed.INTEREST, to))
    why_this = (Key("push.why"), door(content.id, Deed.WHY, to))
    doors = (interest, why_this) if content.asks_interest else (why_this,)
    links = tuple((label[best(label, wanted)] if label else at, at) for label, at in content.links)
    look = (tongue.language, doors, links, content.medium, to.called if to else None)
    if language in (tongue.language, tongue.language.partition("-")[0]):
        return Letter("announcement.letter", *look, **args)
    name = tongue.own_names.get(language, language)
    return Letter("announcement.in_other_language", *look, **args, language=name)


def door(id: int, deed: Deed, to: OnPhone | None = None) -> str:
    """What a button of an announcement carries; on a phone of several also whose it is: `n_25_w_3w5e1`."""
    payload = f"{link_to(LETTER, id)}_{deed}"
    return f"{payload}_{base36(to.contact)}" if to else payload


def read_door(payload: str) -> tuple[int, Deed, int | None] | None:
    """The announcement, the deed, and the contact of whose button it is; None for what is no such button.

    A button that stands below the same message for many does not say whose it is.
    """
    parts = _DOOR.fullmatch(payload)
    if parts is None:
        return None
    id, contact = (id_named(f"{LETTER}_{written or 0}") for written in parts.group(1, 3))
    if id is None or contact is None:
        return None
    return id, Deed(parts[2]), contact if parts[3] else None


@conversation(KIND, link=LETTER)
def announcement(payload: str) -> Flow[Next]:
    """Somebody has pressed a button below an announcement.

    they are interested: noted; they ask why it came: told, and how to stop it
    """
    found = read_door(payload)
    if found is None or found[2] is not None:  # of somebody who is not on this phone (any more)
        yield Say("announcement.gone")
        return None
    id, deed, _ = found
    if deed is Deed.WHY:
        return (yield from why(KIND, Topic.ANNOUNCEMENT, id))
    tapped = yield from do(TapInterest(id))
    yield Say(f"announcement.{tapped}")
    return REST
