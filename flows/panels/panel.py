"""A territory's panel, for its members and those who coordinate: how many, in balance or not, what next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar, Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.coordinate import place_of, somewhere
from flows.digests.reading import past
from flows.moves import Choice, Flow, Key, Lines, Placed, Say, choose, do, look, pick
from flows.occasions.sheet import title
from flows.panels.settings import Day, PanelSettings, Rhythm
from flows.panels.sheet import PanelSheet, attendance, members
from flows.people.person import OwnRoles
from flows.people.roles import EVERYWHERE, Holding, Permission, Role, Spot
from flows.people.team import Reach
from flows.planning.responses import words_about

TOLD: Final = Choice("told", Key("panel.digests"))
MEETINGS: Final = Choice("meetings", Key("menu.meetings"))
LEAVE: Final = Choice("leave", Key("panel.leave"))


class Staying(StrEnum):
    """Whether to leave the panel."""

    LEAVE = "leave"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class LeavePanel(Placed[bool]):
    """The person is no member of a panel any more. False: they were none."""

    needs: ClassVar[Permission | None] = Permission.SEE_PANEL


@conversation("panel", command="panel", menu=24, needs=Permission.SEE_PANEL)
def panel() -> Flow[Next]:
    """A member of a panel, or somebody who coordinates, sees how it stands.

    where -> the sheet -> what the panel was told, the meetings, or leaving
    """
    reach = yield from look(Reach, Permission.SEE_PANEL)
    spot = yield from somewhere(
        "invite.territory", [spot for spot in reach.spots if spot.where != EVERYWHERE]
    )
    while True:
        sheet = yield from look(PanelSheet, spot.where)
        if sheet.settings is None:
            yield Say("panel.none", about=place_of(spot))
            return None
        gatherings = (*attendance(sheet), *(yield from coming(sheet)))
        mine = yield from look(OwnRoles)
        is_member = Holding(Role.PANEL, spot.where) in mine.held
        picked = yield from pick(
            "panel.ask",
            (TOLD, MEETINGS, *((LEAVE,) if is_member else ()), CLOSE),
            back=False,
            panel=sheet.names,
            members=Lines(tuple(members(sheet))),
            meetings=Lines(gatherings),
            told=Lines(tuple(told(sheet.settings))),
        )
        if picked == MEETINGS.value:
            return MEETINGS.value
        if picked == TOLD.value:
            yield from past(spot.where)
        elif picked == CLOSE.value or (yield from leaves(spot)):
            return None


def leaves(spot: Spot) -> Flow[bool]:
    """Whether the person leaves the panel, asked once more."""
    if (yield from choose("panel.sure", Staying, territory=spot.territory)) is Staying.STAY:
        return False
    yield from do(LeavePanel(spot.where))
    yield Say("panel.left", territory=spot.territory)
    return True


def coming(sheet: PanelSheet) -> Flow[tuple[Key, ...]]:
    """The next meeting, if one is planned."""
    if sheet.next is None:
        return (Key("panel.no_meeting"),)
    own, kinds, words = yield from words_about((sheet.next.id,))
    called = title(words.get(str(sheet.next.id)), kinds.get(sheet.next.kind, {}), own.tongue)
    return (Key("panel.next", {"title": called, "starts": sheet.next.starts}),)


def told(settings: PanelSettings) -> Iterator[Key]:
    """How the panel is told what is new."""
    yield Key("panel.told", {"how": Key(f"panel.rhythm.{settings.cadence}")})
    day = list(Day)[settings.day]
    if settings.cadence is not Rhythm.DAILY:
        yield Key("panel.told.day", {"day": Key(f"panel.day.{day}")})
    yield Key("panel.told.hour", {"hour": datetime.combine(date(2000, 1, 1), time(settings.hour))})
    yield Key("panel.told.to", {"to": Key(f"rooms.to.{settings.to}")})
