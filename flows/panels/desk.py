"""The panel and its rooms, for those who set them up: when and how it is told what is new, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.moves import (
    Ask,
    Choice,
    Flow,
    Key,
    Known,
    Lines,
    Placed,
    Say,
    choose,
    do,
    look,
    number,
    pick,
)
from flows.paging import Listing, one_of_many
from flows.panels.binding import EndRoom
from flows.panels.panel import told
from flows.panels.rooms import Purpose
from flows.panels.settings import Day, PanelSettings, Rhythm, SentTo, WhenNothing
from flows.people.roles import EVERYWHERE, Permission, Spot
from flows.people.team import Reach

UNBIND: Final = Choice("unbind", Key("rooms.unbind"))
DONE: Final = Choice("done", Key("rooms.languages.done"))


class Matter(StrEnum):
    """What can be set, in the order of the buttons."""

    RHYTHM = "rhythm"
    DAY = "day"
    HOUR = "hour"
    LANGUAGES = "languages"
    NOTHING = "nothing"
    TO = "to"
    CHATS = "chats"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One room as those see it who keep rooms."""

    id: int
    purpose: Purpose
    since: datetime  # aware UTC
    is_open: bool  # False: it could not be written to


@dataclass(frozen=True, slots=True)
class PanelDesk(Known):
    """How the panel of a scope is told what is new, and the rooms there are."""

    needs: ClassVar[Permission | None] = Permission.KEEP_ROOMS

    settings: PanelSettings | None  # None: the territory has no panel
    languages: Mapping[str, str]  # of the territory, by code, each called by itself
    rooms: tuple[RoomLine, ...]


@dataclass(frozen=True, slots=True)
class KeepPanel(Placed[None]):
    """A panel is told what is new in another way."""

    needs: ClassVar[Permission | None] = Permission.KEEP_ROOMS

    settings: PanelSettings


@conversation("rooms", desk=90, needs=Permission.KEEP_ROOMS)
def rooms() -> Flow[Next]:
    """A person who coordinates sets up the panel of a territory, and sees its rooms.

    where -> all of it in one view -> one part -> the view again
    """
    reach = yield from look(Reach, Permission.KEEP_ROOMS)
    spot = yield from somewhere(
        "invite.territory", [spot for spot in reach.spots if spot.where != EVERYWHERE]
    )
    while True:
        desk = yield from look(PanelDesk, spot.where)
        parts = [part for part in Matter if desk.settings or part in (Matter.CHATS, Matter.CLOSE)]
        picked: str = yield Ask(
            "rooms.ask",
            {"about": place_of(spot), "view": Lines(tuple(view(desk)))},
            tuple(Choice(part, Key(f"rooms.part.{part}")) for part in parts),
            columns=2,
            back=False,
        )
        if picked == Matter.CLOSE:
            return DESK
        if picked == Matter.CHATS:
            yield from one_room(spot)
        elif desk.settings is not None:
            changed = yield from another(Matter(picked), desk.settings, desk.languages)
            yield from do(KeepPanel(spot.where, changed))


def view(desk: PanelDesk) -> Iterator[Key]:
    """All that is set, a line each."""
    if desk.settings is None:
        yield Key("rooms.no_panel")
    else:
        yield from told(desk.settings)
        languages = tuple(desk.languages[code] for code in desk.settings.languages)
        yield Key("rooms.languages.are", {"languages": languages})
        nothing = WhenNothing.SILENCE if desk.settings.silence else WhenNothing.LINE
        yield Key("rooms.nothing.is", {"what": Key(f"rooms.nothing.{nothing}")})
    yield Key("rooms.count", {"n": len(desk.rooms)})


def another(matter: Matter, settings: PanelSettings, languages: Mapping[str, str]) -> Flow[PanelSettings]:
    """The settings with one of them as it is chosen now."""
    match matter:
        case Matter.RHYTHM:
            return replace(settings, cadence=(yield from choose("panel.rhythm", Rhythm)))
        case Matter.DAY:
            day = yield from choose("panel.day", Day)
            return replace(settings, day=list(Day).index(day))
        case Matter.HOUR:
            return replace(settings, hour=(yield from number("rooms.hour", between=(0, 23))))
        case Matter.LANGUAGES:
            return replace(settings, languages=(yield from which_languages(settings.languages, languages)))
        case Matter.NOTHING:
            said = yield from choose("rooms.nothing", WhenNothing)
            return replace(settings, silence=said is WhenNothing.SILENCE)
        case _:
            return replace(settings, to=(yield from choose("rooms.to", SentTo)))


def which_languages(before: tuple[str, ...], languages: Mapping[str, str]) -> Flow[tuple[str, ...]]:
    """One language at least, in the order of choosing."""
    chosen = list(before)
    while True:
        ticked = tuple(_language(code, name, is_chosen=code in chosen) for code, name in languages.items())
        picked = yield from pick("rooms.languages", (*ticked, *((DONE,) if chosen else ())))
        if picked == DONE.value:
            return tuple(chosen)
        chosen.remove(picked) if picked in chosen else chosen.append(picked)


def _language(code: str, name: str, *, is_chosen: bool) -> Choice:
    return Choice(code, Key("choice.ticked", {"choice": name}) if is_chosen else name)


def one_room(spot: Spot) -> Flow[None]:
    """The rooms, and one of them to be none any more."""

    def line(number: int, room: RoomLine) -> Key:
        key = "rooms.line" if room.is_open else "rooms.line.shut"
        return Key(key, {"number": number, "room": called(room, spot), "since": room.since})

    def list_now() -> Flow[Listing[RoomLine]]:
        return Listing((yield from look(PanelDesk, spot.where)).rooms, line)

    room = yield from one_of_many("rooms.list", list_now, Say("rooms.none"), about=place_of(spot))
    if room is None:
        return
    answer = yield from pick("rooms.one", (UNBIND, TO_LIST), back=False, room=called(room, spot))
    if answer == UNBIND.value:
        yield from do(EndRoom(spot.where, room.id))
        yield Say("rooms.unbound")


def called(room: RoomLine, spot: Spot) -> Key:
    """What a room is called; of its chat not even the name is known."""
    return Key(f"room.is.{room.purpose}", {"territory": spot.territory})
