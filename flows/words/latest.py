"""What is new in a person's territory, for everybody: actions, meetings, figures, words that may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flows.actions.actions import ActionWords, ComponentNames, Progress
from flows.actions.sheet import title
from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Known, Lines, Link, Names, Passing, Say, glance, look, pick
from flows.occasions.lists import line_of
from flows.occasions.occasions import Sheets, Sort, Upcoming
from flows.occasions.sheet import Tongue, quoted
from flows.people.person import Myself, Place
from flows.planning.drafting import OwnTongue
from flows.words.grouped import called

MEETINGS: Final = 3
"""Of those that are near; there is a list of all."""

TO_ACTIONS: Final = Choice("actions", Key("menu.actions"))
TO_MEETINGS: Final = Choice("meetings", Key("menu.meetings"))
SAY: Final = Choice("wellbeing", Key("menu.wellbeing"))


@dataclass(frozen=True, slots=True)
class ActionNews:
    """A pilot action about which something has changed."""

    id: int
    progress: Progress
    at: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class Figures:
    """How many statements there are, as far as that may be shown."""

    statements: int
    people: int
    dimensions: Mapping[str, int]  # statements by code, those alone that may be shown
    on: date  # when they were worked out


@dataclass(frozen=True, slots=True)
class Latest(Known):
    """What is new where the person takes part."""

    actions: tuple[ActionNews, ...]  # what changed last first
    figures: Figures | None  # None: nothing may be shown yet
    quotes: tuple[int, ...]  # ids of statements that may be shown, the newest first
    smallest: int  # people of whom a figure is told at the least
    feeds: tuple[str, ...]  # addresses of what can be read elsewhere


@dataclass(frozen=True, slots=True)
class Quotes(Passing):
    """The words of statements that may be shown, by id; of others none."""

    texts: Mapping[str, Names]  # by the language they are in
    tongue: Tongue  # of who reads them


@conversation("latest", command="latest", menu=18)
def latest() -> Flow[Next]:
    """A citizen sees what is new in their territory, and goes on from there."""
    me = yield from look(Myself)
    place = yield from look(Place, me.territory or "")
    news = yield from look(Latest)
    is_news = yield from actions(news)
    is_news |= yield from meetings()
    is_news |= yield from figures(news)
    is_news |= yield from quotes(news)
    if not is_news:
        yield Say("latest.nothing")
    if news.feeds:
        addresses = tuple(Key("latest.feed", {"address": Link(address)}) for address in news.feeds)
        yield Say("latest.feeds", lines=Lines(addresses))
    picked = yield from pick(
        "latest.ask", (TO_ACTIONS, TO_MEETINGS, SAY, CLOSE), back=False, territory=place.names
    )
    return None if picked == CLOSE.value else picked


def actions(news: Latest) -> Flow[bool]:
    """Pilot actions that are new or got further; whether there are any."""
    if not news.actions:
        return False
    own = yield from look(OwnTongue)
    words = yield from glance(ActionWords, tuple(one.id for one in news.actions))
    lines = []
    for one in news.actions:
        name = title(words.sheet(one.id) if words else {}, own.tongue)
        status = Key(f"action.progress.{one.progress}")
        lines.append(Key("latest.action", {"title": name, "status": status, "at": one.at.date()}))
    yield Say("latest.actions", lines=Lines(tuple(lines)))
    return True


def meetings() -> Flow[bool]:
    """The meetings that are near; whether there are any."""
    coming = yield from look(Upcoming, Sort.MEETING)
    near = coming.occasions[:MEETINGS]
    if not near:
        return False
    own = yield from look(OwnTongue)
    words = yield from glance(Sheets, tuple(one.id for one in near))
    lines = map(line_of(words, own.tongue), range(1, len(near) + 1), near)
    yield Say("latest.meetings", lines=Lines(tuple(lines)))
    return True


def figures(news: Latest) -> Flow[bool]:
    """How much was said, and about what; whether that may be shown."""
    found = news.figures
    if found is None:
        return False
    names = yield from glance(ComponentNames)
    lines = tuple(
        Key("latest.dimension", {"dimension": called(code, names), "count": count})
        for code, count in found.dimensions.items()
    )
    yield Say(
        "latest.figures",
        n=found.statements,
        people=found.people,
        on=found.on,
        lines=Lines(lines),
        smallest=news.smallest,
    )
    return True


def quotes(news: Latest) -> Flow[bool]:
    """What people said, word for word, who agreed that it is shown; whether there is anything."""
    if not news.quotes:
        return False
    words = yield from glance(Quotes, news.quotes)
    found = [words.texts[str(id)] for id in news.quotes if str(id) in words.texts] if words else []
    lines = (quoted("latest.quote", each, words.tongue) for each in found) if words else ()
    yield Say("latest.quotes", lines=Lines(tuple(lines)))
    return True
