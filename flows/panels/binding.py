"""What a group chat is for: asked when the bot comes into it, said with a press by who keeps rooms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from flows.coordinate import place_of
from flows.moves import Choice, Flow, Key, Known, Placed, Say, do, look
from flows.panels.rooms import Board, Button, Purpose, in_room
from flows.people.roles import Permission, Spot
from flows.people.team import Reach

HANDLER: Final = "room"


class Use(StrEnum):
    """What a group chat can be used for."""

    PANEL = "panel"
    COORDINATORS = "coordinators"
    CARDS = "cards"  # of meetings, when they are called for; nothing else


@dataclass(frozen=True, slots=True)
class RoomHere(Known):
    """The room that the group chat is in which something was pressed."""

    use: Use
    spot: Spot | None  # None: it is no room


class Bound(StrEnum):
    """What came of binding a group chat."""

    DONE = "done"
    NO_PANEL = "no_panel"  # the territory's file describes none; nothing was changed
    NOWHERE = "nowhere"  # it was not in a group chat


@dataclass(frozen=True, slots=True)
class BindRoom(Placed[Bound]):
    """The group chat in which this was pressed becomes a room; what it was before, it is no more."""

    needs: ClassVar[Permission | None] = Permission.KEEP_ROOMS

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class EndRoom(Placed[bool]):
    """A group chat is a room no more. False: it was none of that scope any more."""

    needs: ClassVar[Permission | None] = Permission.KEEP_ROOMS

    room: int | None = None  # id; None: the one in which this was pressed


def question(here: RoomHere | None) -> Board:
    """What a group chat is for, asked in it.

    here  what it is now; None: the bot has just come, and introduces itself
    """
    buttons = tuple(Button(HANDLER, 0, Choice(use, Key(f"room.use.{use}"))) for use in Use)
    if here is None:
        return Board("room.hello", buttons)
    territory = here.spot.territory if here.spot else {}
    return Board("room.what_for", buttons, now=Key(f"room.is.{here.use}", {"territory": territory}))


@in_room(HANDLER, needs=Permission.KEEP_ROOMS)
def room(_chat: int, choice: str) -> Flow[None]:
    """Somebody says what the group chat is for.

    what for -> in which territory, where there are several -> bound
    """
    letter, _, slug = choice.partition("_")
    use = next((use for use in Use if letter in (use, use[0])), None)
    if use is None:
        yield Say("notice.outdated")
    elif use is Use.CARDS:
        yield from only_cards()
    else:
        yield from bind(Purpose(use), slug)


def bind(purpose: Purpose, slug: str) -> Flow[None]:
    """The chat becomes a room of the territory; "": of the one in which the person keeps rooms."""
    reach = yield from look(Reach, Permission.KEEP_ROOMS)
    spots = {spot.where.territory: spot for spot in reach.spots if spot.where.territory is not None}
    if not slug and len(spots) > 1:
        yield Board("invite.territory", tuple(_territories(purpose, spots.values())))
        return
    spot = spots.get(slug or next(iter(spots), ""))
    if spot is None:
        yield Say("notice.not_yours")
        return
    bound = yield from do(BindRoom(spot.where, purpose))
    if bound is Bound.NO_PANEL:
        yield Say("notice.no_panel")
    else:
        yield Board(f"room.bound.{purpose}", (), territory=spot.territory)


def _territories(purpose: Purpose, spots: Iterable[Spot]) -> Iterator[Button]:
    for spot in spots:
        yield Button(HANDLER, 0, Choice(f"{purpose[0]}_{spot.where.territory}", place_of(spot)))


def only_cards() -> Flow[None]:
    """The chat is no room, or no more."""
    here = yield from look(RoomHere)
    if here.spot is not None:
        yield from do(EndRoom(here.spot.where))
    yield Board("room.bound.cards", ())
