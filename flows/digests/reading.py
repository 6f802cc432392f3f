"""Digests in conversations: shown again, taken as files, and what members of a panel say to their ideas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Final

from flows.choices import CLOSE
from flows.digests.digest import Counsel, Counsels, Digest, Idea
from flows.digests.sheet import Telling, days, ideas, sections, when
from flows.files import File, Form, Hand, Medium
from flows.moves import (
    Choice,
    Flow,
    Key,
    Known,
    Passing,
    Placed,
    Say,
    choose,
    do,
    glance,
    labelled,
    look,
    pick,
)
from flows.paging import Leaf, Listing, one_of_many
from flows.panels.rooms import Board, Button, in_room
from flows.people.roles import Permission, Scope
from flows.times.periods import read_period

HANDLER: Final = "counsel"


class Paper(StrEnum):
    """What was taken as a file, in the record of what those with roles do."""

    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class DigestPeriods(Known):
    """The periods of which a territory's panel was told, the last one first; looked at with the scope."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting(Known):
    """The ideas that waited when a digest was made; looked at with the scope and its period."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    is_there: bool  # the digest
    actions: tuple[int, ...] = ()  # ids
    advises: bool = False  # the person is a member of the panel, and can say something to them


@dataclass(frozen=True, slots=True)
class ShownDigest(Passing):
    """A digest with all that it is told with; looked at with the scope and its period."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    digest: Digest | None  # None: there is none
    telling: Telling
    picture: Medium | None = None


@dataclass(frozen=True, slots=True)
class DigestFile(Passing):
    """Its figures as a table; looked at with the scope, its period and the form."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    file: File | None


@dataclass(frozen=True, slots=True)
class TakeDigest(Placed[None]):
    """Have a digest as a file; that it was done stands in the record."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS
    final: ClassVar[bool] = True


class Advised(StrEnum):
    """What came of what somebody says to an idea."""

    NOTED = "noted"
    NO_MEMBER = "no_member"  # only members of the panel say something to its ideas
    DECIDED = "decided"  # it is an idea no more


@dataclass(frozen=True, slots=True)
class Advise(Placed[Advised]):
    """A member of the panel says what should become of an idea; in the place of what they said before."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    action: int
    counsel: Counsel


@dataclass(frozen=True, slots=True)
class DigestHere(Known):
    """Which digest a board in a room belongs to; looked at with its id."""

    where: Scope | None  # None: there is none
    period: str = ""


@dataclass(frozen=True, slots=True)
class Ideas(Passing):
    """The ideas of a digest, and what members say to each now; looked at with the scope and its period."""

    needs: ClassVar[Permission | None] = Permission.READ_DIGESTS

    digest: int  # id
    ideas: tuple[Idea, ...]
    counsels: Mapping[str, Counsels]  # by id of the action
    more: int = 0  # that wait for their turn in a later digest


@dataclass(frozen=True, slots=True)
class ActionCounsels(Passing):
    """What members of the panel say to an action; looked at with its scope and its id."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    counsels: Counsels


def past(where: Scope) -> Flow[None]:
    """What the panel of a territory was told: of which period, where there are several; then all of it."""
    told = yield from look(DigestPeriods, where)
    if len(told.keys) < 2:
        yield from show(where, told.keys[0] if told.keys else "")
        return

    def line(number: int, key: str) -> Key:
        period = read_period(key)
        when = days(period.first, period.end - timedelta(days=1))
        return Key("digest.period", {"number": number, "when": when})

    def list_now() -> Flow[Listing[str]]:
        return Listing((yield from look(DigestPeriods, where)).keys, line)

    leaf = Leaf()
    while key := (yield from one_of_many("digest.past", list_now, leaf=leaf)):
        yield from show(where, key)


def show(where: Scope, period: str, others: tuple[Choice, ...] = ()) -> Flow[str]:
    """Tell of one period what was told then; from there, files, and what members say to its ideas.

    where   the territory
    period  its key; where nothing was told of it, that is said
    others  what else can be chosen; which of them was is returned, or the value of CLOSE
    """
    there = yield from look(Waiting, where, period)
    if not there.is_there:
        yield Say("digest.none")
        return CLOSE.value
    shown = yield from glance(ShownDigest, where, period)
    if shown is not None and shown.digest is not None:
        yield from _told(shown, shown.digest)
    while True:
        choices = (*_choices(there), *others, CLOSE)
        picked = yield from pick("digest.what_now", choices, columns=2, back=False)
        if picked == CLOSE.value or picked in {other.value for other in others}:
            return picked
        if picked in tuple(Form):
            yield from _take(where, period, Form(picked))
        else:
            yield from _advise(where, there.actions[int(picked)], int(picked) + 1)


def tell(digest: int, others: tuple[Choice, ...]) -> Flow[str]:
    """The same of the digest of that id, for somebody who did not ask for it."""
    here = yield from look(DigestHere, digest)
    assert here.where is not None  # nobody is told of a digest that is not kept
    return (yield from show(here.where, here.period, others))


def _told(shown: ShownDigest, digest: Digest) -> Iterator[Say]:
    if shown.picture is not None:
        yield Hand("digest.picture", shown.picture, when=when(digest))
    yield from sections(digest, shown.telling)
    if digest.ideas:
        lines = ideas(digest.ideas, shown.telling.counsels, digest.more_ideas)
        yield Say("digest.ideas", lines=lines)


def _choices(there: Waiting) -> Iterator[Choice]:
    for place in range(len(there.actions) if there.advises else 0):
        yield Choice(str(place), Key("digest.advise", {"number": place + 1}))
    yield from labelled("digest.file", Form)


def _take(where: Scope, period: str, form: Form) -> Flow[None]:
    yield from do(TakeDigest(where))
    found = yield from glance(DigestFile, where, period, form)
    if found is not None and found.file is not None:
        yield Hand("digest.file", found.file)


def _advise(where: Scope, action: int, number: int) -> Flow[None]:
    counsel = yield from choose("digest.counsel", Counsel, number=number)
    advised = yield from do(Advise(where, action, counsel))
    yield Say(f"digest.advised.{advised}")


@in_room(HANDLER, needs=Permission.READ_DIGESTS)
def counsel(digest: int, choice: str) -> Flow[None]:
    """A member of the panel presses what they think of one of the ideas on the board of a digest.

    digest  its id
    choice  the place of the idea on the board, and what they say: 0-take_up
    """
    place, _, said = choice.partition("-")
    here = yield from look(DigestHere, digest)
    board = (yield from glance(Ideas, here.where, here.period)) if here.where is not None else None
    if here.where is None or board is None or not _is_on(board, place) or said not in tuple(Counsel):
        yield Say("notice.outdated")
        return
    advised = yield from do(Advise(here.where, board.ideas[int(place)].action, Counsel(said)))
    yield Say(f"digest.advised.{advised}")
    board = yield from glance(Ideas, here.where, here.period)
    if board is not None:
        yield board_of(board)


def _is_on(board: Ideas, place: str) -> bool:
    return place.isdecimal() and len(place) < 3 and int(place) < len(board.ideas)


def board_of(board: Ideas) -> Board:
    """What stands in a room about the ideas of a digest."""
    lines = ideas(board.ideas, board.counsels, board.more)
    return Board("digest.ideas", tuple(_buttons(board)), lines=lines)


def _buttons(board: Ideas) -> Iterator[Button]:
    for place in range(len(board.ideas)):
        for counsel in Counsel:
            label = Key("digest.button", {"number": place + 1, "counsel": Key(f"digest.counsel.{counsel}")})
            yield Button(HANDLER, board.digest, Choice(f"{place}-{counsel}", label))
