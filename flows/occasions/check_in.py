"""Checking in at the door of a meeting or an activity: by the link that hangs there, or its code typed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from flows.conversations import Next, conversation
from flows.events import Wrote
from flows.links import base36, named
from flows.moves import Ask, Choice, Effect, Flow, Key, Passing, Reading, Refused, Say, do, glance, look, pick
from flows.occasions.occasions import Sheet
from flows.occasions.posters import hand_link
from flows.occasions.sheet import name_of_post
from flows.people.roles import Permission, Scope
from flows.planning.drafting import OwnTongue

OPENS: Final = timedelta(hours=2)
"""How long before the beginning people can check in; they can until the end."""

LETTER: Final = "c"
"""The letter of links that hang at a door: `c_<occasion>_<code>`."""

LATER: Final = Choice("later", Key("check_in.later"))

HERE: Final = Choice("here", Key("meeting.here"))

_CODE: Final = re.compile(r"[0-9a-f]{8}")


class Entrance(StrEnum):
    """What came of checking in."""

    WELCOME = "welcome"
    AGAIN = "again"  # the person had checked in already
    EARLY = "early"
    OVER = "over"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # no occasion has that code
    WHICH = "which"  # there is more than one thing to do: for which are they here?


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What came of it, and of which occasion."""

    what: Entrance
    occasion: int | None = None
    starts: datetime | None = None  # naive, by the clocks where it is
    opens: datetime | None = None  # the same: from when on one can check in
    posts: tuple[int, ...] = ()  # numbers of those to choose from, where there are several


@dataclass(frozen=True, slots=True)
class CheckIn(Effect[CheckedIn]):
    """The person is at the door. They come, whatever they had said before."""

    code: str  # as in a link, without its letter
    post: int | None = None  # its number; None: the one they have, or that alone has room


@dataclass(frozen=True, slots=True)
class DoorSheet(Passing):
    """What there is to do behind a door; looked at with the code of its link."""

    sheet: Sheet | None  # None: no occasion has that code


@dataclass(frozen=True, slots=True)
class DoorCode(Passing):
    """What the link at the door carries; looked at with the scope and the id of an occasion."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS

    payload: str | None  # None: there is no such occasion


@conversation("check_in", link=LETTER)
def check_in(payload: str) -> Flow[Next]:
    """A person who has arrived follows the link at the door."""
    yield from enter(named(payload))
    return None


def enter(code: str) -> Flow[Entrance]:
    """Check in by the code of a link; who has nothing to do there yet says what they are here for."""
    checked = yield from do(CheckIn(code))
    while checked.what is Entrance.WHICH:
        checked = yield from do(CheckIn(code, (yield from _which(code, checked.posts))))
    if checked.starts is None or checked.opens is None:
        yield Say("check_in.unknown")
    else:
        yield Say(f"check_in.{checked.what}", starts=checked.starts, opens=checked.opens)
    return checked.what


def _which(code: str, posts: tuple[int, ...]) -> Flow[int]:
    own = yield from look(OwnTongue)
    known = yield from glance(DoorSheet, code)
    sheet = known.sheet if known else None
    choices = (Choice(str(number), name_of_post(number, sheet, own.tongue)) for number in posts)
    return int((yield from pick("check_in.which", choices)))


def type_code(occasion: int) -> Flow[None]:
    """Ask for the code that is written at the door, until it is one."""

    def read(words: Wrote) -> Reading:
        code = re.sub(r"[^0-9a-z]", "", words.text.lower())
        if not _CODE.fullmatch(code):
            return Refused(Say("check_in.no_code"))
        return code

    entrance = Entrance.UNKNOWN
    while entrance is Entrance.UNKNOWN:
        code: str = yield Ask("check_in.ask", choices=(LATER,), reads=read, numbered=False)
        if code == LATER.value:
            return
        entrance = yield from enter(f"{base36(occasion)}_{code}")


def door(where: Scope, occasion: int) -> Flow[None]:
    """Hand whoever keeps the door of an occasion the picture and the code to hang there."""
    known = yield from glance(DoorCode, where, occasion)
    if known is not None and known.payload is not None:
        yield from hand_link("check_in.poster", known.payload)
        code = known.payload.rpartition("_")[2]
        yield Say("check_in.code", code=f"{code[:4]} {code[4:]}")
