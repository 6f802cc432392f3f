"""Settings: each person decides when, how often and about what they are written to."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from flows.conversations import Next, conversation
from flows.events import Wrote
from flows.moves import (
    Arg,
    Ask,
    Choice,
    Flow,
    Key,
    Lines,
    Reading,
    Refused,
    Say,
    choose_many,
    do,
    glance,
    labelled,
    look,
)
from flows.people.consent import ask_consent
from flows.people.person import PUSHED, Myself, Place
from flows.people.themes import follow_themes
from flows.pushes.habits import CityNames, OwnHabits, kept, read_leads, read_quiet, read_zone, shown_zone
from flows.pushes.pushed import Topic
from flows.times.leads import SEVERAL, LeadWords, said
from flows.times.local_time import WrongTime

MOST: Final = 50  # reminders in a week that somebody can want

USUAL: Final = Choice("usual", Key("settings.as_usual"))
NONE: Final = Choice("none", Key("settings.none"))
LEADS: Final = ("7d", "1d", "2h")


class Setting(StrEnum):
    """What can be set, in the order of the buttons."""

    REMINDERS = "reminders"
    ZONE = "zone"
    QUIET = "quiet"
    LEADS = "leads"
    TOPICS = "topics"
    MOST = "most"
    THEMES = "themes"
    CLOSE = "close"


@conversation("settings", command="settings", menu=28)
def settings() -> Flow[Next]:
    """A person sees how they are written to, and changes it.

    all of it in one view -> one part -> the view again
    """
    while True:
        own = yield from look(OwnHabits)
        choices = labelled("settings.ask", Setting)
        picked: str = yield Ask("settings.ask", {"view": Lines(view(own))}, choices, columns=2, back=False)
        match Setting(picked):
            case Setting.CLOSE:
                return None
            case Setting.REMINDERS:
                yield from consent()
            case Setting.ZONE:
                yield from zone(own)
            case Setting.QUIET:
                yield from quiet(own)
            case Setting.LEADS:
                yield from leads(own)
            case Setting.TOPICS:
                yield from topics(own)
            case Setting.MOST:
                yield from most(own)
            case Setting.THEMES:
                yield from follow_themes()


def view(own: OwnHabits) -> tuple[Key, ...]:
    """All that is set, a line each."""
    shown_quiet = own.usual_quiet if own.quiet is None else own.quiet
    return (
        Key("settings.reminders.on" if own.reminded else "settings.reminders.off"),
        Key("settings.zone.is", {"zone": shown_zone(own.zone or own.home)}),
        Key("settings.quiet.is", {"quiet": shown_quiet}) if shown_quiet else Key("settings.quiet.never"),
        _leads_line(own.leads),
        _topics_line(own),
        Key("settings.most.is", {"n": own.usual_most if own.most is None else own.most}),
    )


def _leads_line(leads: str | None) -> Key:
    if leads is None:
        return Key("settings.leads.usual")
    told = tuple(map(said, leads.split()))
    return Key("settings.leads.are", {"leads": told}) if told else Key("settings.leads.never")


def _topics_line(own: OwnHabits) -> Key:
    off = tuple(Key("settings.topics.off", {"topic": Key(f"settings.topics.{topic}")}) for topic in own.off)
    return Key("settings.topics.all") if not off else Key("settings.topics.but", {"lines": Lines(off)})


def consent() -> Flow[None]:
    """Whether the person is written to at all, and what for."""
    me = yield from look(Myself)
    place = yield from look(Place, me.territory or "")
    for purpose in PUSHED:
        yield from ask_consent(purpose, place.names)


def zone(own: OwnHabits) -> Flow[None]:
    """By whose clocks the person lives."""
    zones = tuple(dict.fromkeys(name for name in own.zones if name != own.home))
    here = Choice("home", Key("settings.zone.home"))
    choices = (here, *(Choice(str(number), name) for number, name in enumerate(zones)))
    named = yield from glance(CityNames)

    def read(text: str) -> str:
        return read_zone(text, named.zones) if named else read_zone(text)

    picked: str = yield Ask("settings.zone.ask", choices=choices, reads=_reading(read), numbered=False)
    chosen = None if picked == here.value else zones[int(picked)] if picked.isdecimal() else picked
    yield from do(kept(own, zone=chosen))


def quiet(own: OwnHabits) -> Flow[None]:
    """When nothing may come."""
    picked = yield from _one_of("settings.quiet.ask", (USUAL, NONE), read_quiet, usual=own.usual_quiet)
    yield from do(kept(own, quiet=_chosen(picked)))


def leads(own: OwnHabits) -> Flow[None]:
    """How long before something begins the person is reminded of it."""
    words = yield from look(LeadWords)
    offered = (Choice(lead, Key(f"settings.lead.{lead}")) for lead in LEADS)

    def read(text: str) -> str:
        return read_leads(text, words)

    picked = yield from _one_of("settings.leads.ask", (USUAL, *offered, NONE), read, example=SEVERAL)
    yield from do(kept(own, leads=_chosen(picked)))


def topics(own: OwnHabits) -> Flow[None]:
    """What the person is reminded of."""
    before = tuple(topic for topic in Topic if topic not in own.off)
    on = yield from choose_many("settings.topics", Topic, before)
    yield from do(kept(own, off=tuple(topic.value for topic in Topic if topic not in on)))


def most(own: OwnHabits) -> Flow[None]:
    """How many reminders at the most come in a week."""

    def read(words: Wrote) -> Reading:
        written = words.text.strip()
        if written.isdecimal() and 1 <= int(written) <= MOST:
            return int(written)
        return Refused(Say("number.out_of_bounds", low=1, high=MOST))

    choices = (USUAL, *(Choice(str(number), str(number)) for number in (1, 2, 3, 5)))
    args: dict[str, Arg] = {"usual": own.usual_most, "most": MOST}
    picked: str | int = yield Ask("settings.most.ask", args, choices, reads=read, columns=5, numbered=False)
    yield from do(kept(own, most=None if picked == USUAL.value else int(picked)))


def _one_of(key: str, choices: tuple[Choice, ...], read: Callable[[str], str], **args: Arg) -> Flow[str]:
    picked: str = yield Ask(key, args, choices, reads=_reading(read), numbered=False)
    return picked


def _chosen(picked: str) -> str | None:
    """As it is kept: nothing for as usual, empty for none."""
    return None if picked == USUAL.value else "" if picked == NONE.value else picked


def _reading(read: Callable[[str], str]) -> Callable[[Wrote], Reading]:
    """How words are read, with what is wrong with them said."""

    def reading(words: Wrote) -> Reading:
        try:
            return read(words.text)
        except WrongTime as wrong:
            return Refused(Say(f"time.{wrong.trouble}", **wrong.details))

    return reading
