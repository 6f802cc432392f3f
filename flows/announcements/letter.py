"""An announcement as each of its readers gets it, and what they can do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.conversations import REST, Next, conversation
from flows.files import Medium
from flows.links import id_named, link_to, named
from flows.moves import Arg, Effect, Flow, Key, Names, Say, do
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

    def __init__(
        self,
        key: str,
        language: str,
        doors: tuple[tuple[Key, str], ...],
        links: tuple[tuple[Arg, str], ...],
        medium: Medium | None,
        /,
        **args: Arg,
    ) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "language", language)
        object.__setattr__(self, "doors", doors)
        object.__setattr__(self, "links", links)
        object.__setattr__(self, "medium", medium)


@dataclass(frozen=True, slots=True)
class Content:
    """What an announcement says, in all its languages."""

    id: int
    place: Arg  # for which it is
    texts: Names  # by language; at least one
    links: tuple[tuple[Names, str], ...]  # label by language ({}: none), address
    asks_interest: bool
    medium: Medium | None = None  # a picture or a document that comes with it


def letter(content: Content, tongue: Tongue) -> Letter:
    """How it reads to whoever reads so. Where it is not written in their language, that is said above it."""
    wanted = (tongue.language, *tongue.others)
    language = best(content.texts, wanted)
    args: Mapping[str, Arg] = {"place": content.place, "words": content.texts[language]}
    doors = (
        ((Key("announcement.interest"), door(content.id, Deed.INTEREST)),) if content.asks_interest else ()
    )
    doors = (*doors, (Key("push.why"), door(content.id, Deed.WHY)))
    links = tuple((label[best(label, wanted)] if label else at, at) for label, at in content.links)
    look = (tongue.language, doors, links, content.medium)
    if language in (tongue.language, tongue.language.partition("-")[0]):
        return Letter("announcement.letter", *look, **args)
    name = tongue.own_names.get(language, language)
    return Letter("announcement.in_other_language", *look, **args, language=name)


def door(id: int, deed: Deed) -> str:
    """What a button of an announcement carries."""
    return f"{link_to(LETTER, id)}_{deed}"


@conversation(KIND, link=LETTER)
def announcement(payload: str) -> Flow[Next]:
    """Somebody has pressed a button below an announcement.

    they are interested: noted; they ask why it came: told, and how to stop it
    """
    written, _, deed = named(payload).partition("_")
    id = id_named(f"{LETTER}_{written}")
    if id is None or deed not in tuple(Deed):
        yield Say("announcement.gone")
        return None
    if deed == Deed.WHY:
        return (yield from why(KIND, Topic.ANNOUNCEMENT, id))
    tapped = yield from do(TapInterest(id))
    yield Say(f"announcement.{tapped}")
    return REST
