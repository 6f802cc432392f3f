"""A citizen's dates in the calendar they already have: as a file, or by an address that it looks at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.conversations import Next, conversation
from flows.files import CalendarFile, Entries, Hand
from flows.moves import Choice, Effect, Flow, Key, Known, Link, Passing, Say, do, glance, look, pick

CALENDAR: Final = "calendar"

FILE: Final = Choice("file", Key("calendar.ask.file"))
ADDRESS: Final = Choice("address", Key("calendar.ask.address"))
RENEW: Final = Choice("renew", Key("calendar.ask.renew"))
CLOSE: Final = Choice("close", Key("calendar.ask.close"))
TAKE_DATE: Final = Choice("calendar", Key("calendar.take_date"))
"""Offered with one date: have it as a file."""

DONE: Final = Choice("done", Key("calendar.ask.done"))


class Feed(StrEnum):
    """How it stands with the address of somebody's calendar."""

    NOWHERE = "nowhere"  # this installation has no place for it
    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class OwnCalendar(Known):
    """What there is for a person's calendar."""

    dates: tuple[int, ...]  # occasions to which they said yes or maybe, soonest first
    feed: Feed


@dataclass(frozen=True, slots=True)
class FeedAddress(Passing):
    """Where a person's calendar lies; whoever knows it sees it, so it enters no log."""

    address: str | None  # None: nowhere


@dataclass(frozen=True, slots=True)
class OpenFeed(Effect[None]):
    """Give the person's calendar an address, a new one if it had one: that leads nowhere any more."""


@dataclass(frozen=True, slots=True)
class CloseFeed(Effect[None]):
    """Let the address of the person's calendar lead nowhere."""


@conversation(CALENDAR, command="calendar")
def calendar() -> Flow[Next]:
    """A citizen takes their dates into their own calendar, as often as they like.

    file -> again; address -> shown, made where there is none; a new one, or none any more -> again
    """
    while True:
        mine = yield from look(OwnCalendar)
        if not mine.dates and mine.feed is Feed.NOWHERE:
            yield Say("calendar.empty")
            return None
        picked = yield from pick("calendar.ask", tuple(_choices(mine)), back=False)
        if picked == DONE.value:
            return None
        if picked == FILE.value:
            yield from hand_dates(mine.dates)
        elif picked == CLOSE.value:
            yield from do(CloseFeed())
            yield Say("calendar.closed")
        else:
            if picked == RENEW.value or mine.feed is Feed.CLOSED:
                yield from do(OpenFeed())
            yield from _show_address()


def hand_dates(occasions: tuple[int, ...]) -> Flow[None]:
    """Those of these occasions that the person may see, as one file for their calendar."""
    found = yield from glance(Entries, occasions)
    if found and found.entries:
        yield Hand("calendar.file", CalendarFile(found.entries))


def _choices(mine: OwnCalendar) -> list[Choice]:
    by_feed = {Feed.NOWHERE: [], Feed.CLOSED: [ADDRESS], Feed.OPEN: [ADDRESS, RENEW, CLOSE]}
    return [*([FILE] if mine.dates else []), *by_feed[mine.feed], DONE]


def _show_address() -> Flow[None]:
    feed = yield from glance(FeedAddress)
    if feed and feed.address:
        yield Say("calendar.address", address=Link(feed.address))
