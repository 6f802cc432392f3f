"""Changing one thing after the other about a draft of an announcement: texts, audience, buttons, time."""

from collections.abc import Collection, Iterator
from datetime import datetime, time
from enum import StrEnum
from functools import partial
from typing import Final

from flows.actions.listed import published_pilots
from flows.announcements.announcement import (
    LONGEST,
    LONGEST_LABEL,
    MOST_LINKS,
    Announcement,
    AnnouncementWords,
    By,
    OneAnnouncement,
    Stance,
)
from flows.announcements.sheet import sheet
from flows.announcements.steps import (
    AimAt,
    AskInterest,
    AttachFile,
    Came,
    KeepFor,
    LabelLink,
    Schedule,
    ScheduleByMeeting,
    SetLink,
    WriteAnnouncement,
)
from flows.choices import NONE, READY
from flows.coordinate import place_of
from flows.events import Shared, Wrote
from flows.moves import (
    Arg,
    Ask,
    Choice,
    Flow,
    Key,
    Lines,
    Names,
    Refused,
    Say,
    choose,
    do,
    glance,
    look,
    pick,
)
from flows.occasions.occasions import Sort, State
from flows.paging import one_of_many
from flows.people.person import Place, Places
from flows.people.roles import EVERYWHERE, Scope, Spot, roles_in
from flows.planning.creating import zone_of
from flows.planning.desk import one_in
from flows.planning.drafting import Draft, OwnTongue, PlaceLanguages, texts_in
from flows.planning.planning import PlanLine
from flows.planning.typed_place import read_link
from flows.times.asking_time import ask_day, ask_rule, ask_start
from flows.times.leads import ONE, LeadWords, read_one, said
from flows.times.local_time import WrongTime

INTEREST: Final = Choice("interest", Key("announcement.interest"))
NEW_LINK: Final = Choice("new", Key("announce.new_link"))
LEADS: Final = ("7d", "1d", "2h")


class Way(StrEnum):
    """What a condition of an audience does."""

    ONLY = "only"  # only they get it
    BUT = "but"  # they do not


NOTHING: Final = Say("meetings.none_of_them")
"""Where there is no meeting that it could go by."""


class Timing(StrEnum):
    """When an announcement can come."""

    AT_ONCE = "at_once"
    AT = "at"  # a moment, maybe again and again
    MEETING = "meeting"  # so long before or after one


class Beside(StrEnum):
    """On which side of a meeting."""

    BEFORE = "before"
    AFTER = "after"


def write(where: Scope, id: int, have: Collection[str]) -> Flow[None]:
    """What it says, in each language of the place.

    have  the languages in which it is written already
    """
    languages = yield from look(PlaceLanguages, where)

    def keep(language: str, text: str) -> WriteAnnouncement:
        return WriteAnnouncement(where, id, language, text)

    def words() -> Flow[Names]:
        known = yield from glance(AnnouncementWords, where)
        return known.texts.get(str(id), {}) if known else {}

    draft = Draft(Key("announce.text"), WriteAnnouncement, keep, LONGEST, needed=True)
    yield from texts_in(languages, draft, have=have, words=words)


def choose_audience(spot: Spot, id: int) -> Flow[None]:
    """For whom it is of all in its scope: conditions, one after the other."""
    own = yield from look(OwnTongue)
    while True:
        found = (yield from look(OneAnnouncement, spot.where, id)).announcement
        if found is None:
            return
        words = yield from glance(AnnouncementWords, spot.where)
        ways = (Choice(by, Key(f"announce.by.{by}")) for by in _criteria(spot.where))
        about = Lines(tuple(sheet(found, words, own.tongue)))
        picked = yield from pick("announce.aim", (*ways, READY), columns=2, back=False, about=about)
        if picked == READY.value:
            return
        way = yield from choose("announce.way", Way)
        value = yield from _value_of(By(picked), spot)
        if value is not None:
            yield from do(AimAt(spot.where, id, By(picked), value, out=way is Way.BUT))


def _criteria(where: Scope) -> Iterator[By]:
    """What an audience can go by in a scope."""
    for by in By:
        of_network, of_territory = by is By.TERRITORY, by in (By.GROUP, By.ACTION)
        if (where == EVERYWHERE and of_territory) or (where != EVERYWHERE and of_network):
            continue
        if by is not By.GROUP or where.group is None:
            yield by


def _value_of(by: By, spot: Spot) -> Flow[str | None]:
    """One of those it can go by; None: none of them."""
    match by:
        case By.TERRITORY:
            names = (yield from look(Places)).names
            return (yield from _one_of(tuple(names), tuple(names.values())))
        case By.GROUP:
            groups = (yield from look(Place, spot.where.territory or "")).groups
            return (yield from _one_of(tuple(groups), tuple(groups.values())))
        case By.LANGUAGE:
            codes = (yield from look(PlaceLanguages, spot.where)).own_names
            return (yield from _one_of(tuple(codes), tuple(codes.values())))
        case By.ROLE:
            roles = roles_in(spot.where)
            return (yield from _one_of(roles, tuple(Key(f"role.{role}") for role in roles)))
        case By.ANSWER:
            meeting = yield from one_in(spot, Sort.MEETING, _is_published, NOTHING)
            stance = None if meeting is None else (yield from choose("announce.stance", Stance))
            return None if stance is None else f"{meeting}:{stance}"
        case By.ACTION:
            return (yield from _one_action(spot))


def _one_of(values: tuple[str, ...], labels: tuple[Arg, ...]) -> Flow[str | None]:
    """One of several, or none."""
    choices = (Choice(str(number), label) for number, label in enumerate(labels))
    picked = yield from pick("announce.which", (*choices, NONE), columns=2)
    return None if picked == NONE.value else values[int(picked)]


def _is_published(line: PlanLine) -> bool:
    return line.state is State.PLANNED


def _is_coming(line: PlanLine) -> bool:
    return _is_published(line) and not line.is_over


def _one_action(spot: Spot) -> Flow[str | None]:
    """One of the pilot actions there."""
    picked = yield from one_of_many(
        "pilots.list", partial(published_pilots, spot.where), Say("grouped.no_actions"), about=place_of(spot)
    )
    return None if picked is None else str(picked.action.id)


def buttons(where: Scope, id: int) -> Flow[None]:
    """What stands below it: whether one is interested, and up to three links."""
    while True:
        found = (yield from look(OneAnnouncement, where, id)).announcement
        if found is None:
            return
        label = Key("choice.ticked", {"choice": INTEREST.label}) if found.asks_interest else INTEREST.label
        links = (Choice(str(link.number), link.address) for link in found.links)
        more = (NEW_LINK,) if len(found.links) < MOST_LINKS else ()
        picked = yield from pick(
            "announce.buttons", (Choice(INTEREST.value, label), *links, *more, READY), back=False
        )
        if picked == READY.value:
            return
        if picked == INTEREST.value:
            yield from do(AskInterest(where, id, on=not found.asks_interest))
        elif picked == NEW_LINK.value:
            free = next(n for n in range(1, MOST_LINKS + 1) if n not in [link.number for link in found.links])
            yield from one_link(where, id, free, ())
        else:
            link = next(link for link in found.links if str(link.number) == picked)
            yield from one_link(where, id, link.number, link.languages)


def one_link(where: Scope, id: int, number: int, have: Collection[str]) -> Flow[None]:
    """Where a button leads, and what stands on it in each language."""

    def read(words: Wrote) -> SetLink | Refused:
        address = read_link(words.text)
        return Refused(Say("plan.link_wrong")) if address is None else SetLink(where, id, number, address)

    answer = yield Ask("announce.link", {}, (NONE,), reads=read, does=SetLink, numbered=False)
    if answer == NONE.value:
        yield from do(SetLink(where, id, number, ""))
        return
    languages = yield from look(PlaceLanguages, where)

    def keep(language: str, text: str) -> LabelLink:
        return LabelLink(where, id, number, language, text)

    def words() -> Flow[Names]:
        known = yield from glance(AnnouncementWords, where)
        return known.labels.get(f"{id}:{number}", {}) if known else {}

    draft = Draft(Key("announce.link_text"), LabelLink, keep, LONGEST_LABEL, one_line=True)
    yield from texts_in(languages, draft, have=have, words=words)


def ask_picture(where: Scope, id: int) -> Flow[None]:
    """A picture or a document that comes with it."""

    def take(shared: Shared) -> AttachFile:
        return AttachFile(where, id, shared.file or "")

    answer = yield Ask("announce.picture", {}, (NONE,), takes=take, does=AttachFile)
    if answer == NONE.value:
        yield from do(AttachFile(where, id, ""))


def schedule(found: Announcement) -> Flow[None]:
    """When it comes: once it is confirmed, at a moment, again and again, or beside a meeting."""
    timing = yield from choose("announce.when", Timing)
    if timing is Timing.MEETING:
        came = yield from _by_meeting(found)
    elif timing is Timing.AT:
        zone = yield from zone_of(found.where)
        starts = yield from ask_start("announce.starts", zone)
        rule = yield from ask_rule(starts, zone)
        came = yield from do(Schedule(found.where, found.id, starts, zone, rule))
    else:
        came = yield from do(Schedule(found.where, found.id, None, found.zone, None))
    if came is not Came.DONE:
        yield Say(f"announce.came.{came}")


def _by_meeting(found: Announcement) -> Flow[Came]:
    meeting = yield from one_in(found.spot, Sort.MEETING, _is_coming, NOTHING)
    if meeting is None:
        return Came.DONE
    beside = yield from choose("announce.beside", Beside)
    typed = yield from look(LeadWords)

    def read(words: Wrote) -> str | Refused:
        try:
            return str(read_one(words.text, typed))
        except WrongTime as wrong:
            return Refused(Say(f"time.{wrong.trouble}", **wrong.details))

    choices = tuple(Choice(lead, said(lead)) for lead in LEADS)
    lead: str = yield Ask("announce.lead", {"example": ONE}, choices, reads=read, numbered=False)
    sign = "-" if beside is Beside.BEFORE else ""
    return (yield from do(ScheduleByMeeting(found.where, found.id, meeting, sign + lead)))


def keep_for(found: Announcement) -> Flow[None]:
    """Until when it is worth reading for those who join later."""
    day = yield from ask_day("announce.late", found.zone, (NONE,))
    until = None if day is None else datetime.combine(day, time(23, 59))
    came = yield from do(KeepFor(found.where, found.id, until))
    if came is not Came.DONE:
        yield Say(f"announce.came.{came}")
