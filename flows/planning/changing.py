"""Changing one thing after the other about what is planned; of a series for one date or all that follow."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.actions.gifts import Cause, Sake
from flows.actions.pilots import Pilot, Pilots, PilotWords
from flows.actions.sheet import title as action_title
from flows.choices import NONE, READY
from flows.events import Point, Wrote
from flows.moves import Ask, Choice, Flow, Key, Names, Refused, Say, choose, do, glance, look, pick
from flows.occasions.occasions import Occasion, Sheets, Sort, State, When
from flows.occasions.registration import RegistrationTexts
from flows.occasions.sheet import Part, time_of
from flows.paging import Listing, page_by_page
from flows.people.roles import Role, roles_in
from flows.people.themes import Themes
from flows.planning.confirming import pending, settle, show_foreseen
from flows.planning.drafting import Draft, OwnTongue, PlaceLanguages, texts_in
from flows.planning.needed import ask_needed
from flows.planning.planning import (
    MOST_QUESTIONS,
    Address,
    AskThem,
    BelongTo,
    Dedicate,
    Describe,
    Extent,
    Foreseen,
    LinkOnline,
    Move,
    PinPlace,
    Planned,
    Progress,
    Repeat,
    Target,
)
from flows.planning.posts import ask_seats, change_posts
from flows.planning.proposing import CarryOut
from flows.planning.typed_place import read_link, read_pin
from flows.times.asking_time import ask_end, ask_rule, ask_start

EVERYBODY: Final = Choice("everybody", Key("plan.role_everybody"))

MOST: Final = {
    Part.TITLE: 80,
    Part.PLACE: 120,
    Part.HOST: 80,
    Part.DESCRIPTION: 1000,
    Part.AGENDA: 1000,
    Part.RESOURCES: 300,
    Part.MINUTES: 3000,
}
"""Characters of each part."""

ONE_LINE: Final = (Part.TITLE, Part.PLACE, Part.HOST)
LONGEST_QUESTION: Final = 200


class About(StrEnum):
    """What can be changed."""

    TITLE = "title"
    TIME = "time"
    PLACE = "place"
    PIN = "pin"
    LINK = "link"
    SEATS = "seats"
    POSTS = "posts"
    DESCRIPTION = "description"
    AGENDA = "agenda"
    HOST = "host"
    RESOURCES = "resources"
    NEEDED = "needed"  # the kinds of gifts
    QUESTIONS = "questions"
    ACTION = "action"
    ROLE = "role"
    THEME = "theme"


def change(occasion: Occasion, progress: Progress) -> Flow[int]:
    """Change things until the person is ready, who sees first how it will read; returns the occasion's id."""
    extent = yield from extent_of(progress)
    if occasion.state is State.DRAFT:
        yield from change_things("plan.change", occasion, Target(occasion.where, occasion.id, extent))
        return occasion.id
    target = Target(occasion.where, occasion.id, extent, proposed=True)
    if (yield from pending(target.where, target.occasion)):
        yield Say("plan.pending")

    def show(effect: CarryOut) -> Flow[int]:
        then = yield from look(Foreseen, target.where, target.occasion, after=effect)
        yield from show_foreseen(then, effect)
        return then.told

    while True:
        yield from change_things("plan.change_published", occasion, target)
        if (yield from settle(target.where, target.occasion, show)):
            return occasion.id


def change_things(key: str, occasion: Occasion, target: Target) -> Flow[None]:
    """One thing after the other.

    key  of the question which one
    """
    while True:
        choices = (*map(_about_choice, changeable(occasion)), READY)
        about = yield from pick(key, choices, columns=2, back=False)
        if about == READY.value:
            return
        now = yield from look(Progress, target.where, target.occasion, after=target.after)
        yield from change_one(About(about), target, occasion, now)


def extent_of(progress: Progress) -> Flow[Extent]:
    """Whether a change is for one date of a series or for all that follow; not asked where none does."""
    if not progress.following:
        return Extent.ONE
    return (yield from choose("plan.extent", Extent, n=progress.following))


def changeable(occasion: Occasion) -> Iterator[About]:
    """What can be changed as it stands."""
    is_draft = occasion.state is State.DRAFT
    of_others = {About.POSTS, About.NEEDED} if occasion.sort is Sort.MEETING else {About.SEATS}
    of_coming = {About.SEATS, About.QUESTIONS} if occasion.when.is_deadline else set()
    only_in_drafts = set() if is_draft else {About.TIME, About.ROLE, About.THEME}
    yield from (about for about in About if about not in of_others | of_coming | only_in_drafts)


def _about_choice(about: About) -> Choice:
    return Choice(about, Key(f"plan.about.{about}"))


def change_one(about: About, target: Target, occasion: Occasion, progress: Progress) -> Flow[None]:
    """One thing."""
    match about:
        case About.TIME:
            yield from another_time(occasion)
        case About.PIN:
            yield from ask_pin(target)
        case About.LINK:
            yield from ask_link(target)
        case About.SEATS:
            yield from ask_seats("plan.seats", target, occasion.posts[0].number)
        case About.POSTS:
            own = yield from look(OwnTongue)
            yield from change_posts(target, own.tongue)
        case About.NEEDED:
            cause = Cause(Sake.ACTIVITY, occasion.series or occasion.id)
            yield from ask_needed(occasion.where, cause)
        case About.QUESTIONS:
            yield from ask_questions(target, progress)
        case About.ACTION:
            yield from ask_action(target)
        case About.ROLE | About.THEME:
            yield from ask_role(occasion) if about is About.ROLE else ask_theme(occasion)
        case _:
            yield from write_part(Part(about.value), target, progress)


def write_part(part: Part, target: Target, progress: Progress) -> Flow[None]:
    """One part of the sheet in each language of the place."""
    languages = yield from look(PlaceLanguages, target.where)

    def write(language: str, text: str) -> Describe:
        return target.change(Describe, part, language, text)

    def words() -> Flow[Names]:
        known = yield from glance(Sheets, (target.occasion,), after=target.after)
        sheet = known.by_id.get(str(target.occasion)) if known else None
        return part.of(sheet) if sheet else {}

    what = Key(f"plan.part.{part}")
    draft = Draft(what, Describe, write, MOST[part], one_line=part in ONE_LINE, needed=part is Part.TITLE)
    yield from texts_in(languages, draft, have=progress.parts.get(part, ()), words=words)


def another_time(occasion: Occasion) -> Flow[None]:
    """Another time for a draft, and whether it comes again from there."""
    starts, ends = yield from new_times(occasion.when)
    came = yield from do(Move(occasion.where, occasion.id, starts, ends))
    if came is not Planned.DONE:
        yield Say("plan.past")
        return
    rule = yield from ask_rule(starts, occasion.when.zone)
    yield from do(Repeat(occasion.where, occasion.id, rule))


def new_times(when: When) -> Flow[tuple[datetime, datetime]]:
    """Another beginning and end, naive; a deadline ends as it begins."""
    starts = yield from ask_start("plan.new_start", when.zone)
    if when.is_deadline:
        return starts, starts
    minutes = int((when.ends - when.starts).total_seconds() // 60)
    return starts, (yield from ask_end("plan.ends", starts, minutes, when.zone))


def ask_pin(target: Target) -> Flow[None]:
    """A point on the map, typed or sent as a place."""

    def put(pin: Point | None) -> PinPlace:
        return target.change(PinPlace, pin)

    def read(words: Wrote) -> PinPlace | Refused:
        pin = read_pin(words.text)
        return Refused(Say("plan.pin_wrong")) if pin is None else put(pin)

    answer = yield Ask("plan.pin", {}, (NONE,), reads=read, pins=put, does=PinPlace, numbered=False)
    if answer == NONE.value:
        yield from do(put(None))


def ask_link(target: Target) -> Flow[None]:
    """Where one takes part online."""

    def put(link: str) -> LinkOnline:
        return target.change(LinkOnline, link)

    def read(words: Wrote) -> LinkOnline | Refused:
        link = read_link(words.text)
        if link is None:
            return Refused(Say("plan.link_wrong"))
        return put(link)

    answer = yield Ask("plan.link", {}, (NONE,), reads=read, does=LinkOnline, numbered=False)
    if answer == NONE.value:
        yield from do(put(""))


def ask_questions(target: Target, progress: Progress) -> Flow[None]:
    """One of the questions to those who come, in each language."""
    asked = len(progress.questions)
    numbers = range(1, min(asked + 1, MOST_QUESTIONS) + 1)
    choices = (Choice(str(number), str(number)) for number in numbers)
    number = int((yield from pick("plan.question", choices, columns=MOST_QUESTIONS, n=asked)))
    languages = yield from look(PlaceLanguages, target.where)

    def write(language: str, text: str) -> AskThem:
        return AskThem(target.where, target.occasion, number, language, text, proposed=target.proposed)

    def words() -> Flow[Names]:
        known = yield from glance(RegistrationTexts, target.occasion, after=target.after)
        return known.by_number.get(str(number), {}) if known else {}

    draft = Draft(Key("plan.question_text"), AskThem, write, LONGEST_QUESTION, one_line=True)
    yield from texts_in(languages, draft, have=progress.questions.get(str(number), ()), words=words)


def ask_action(target: Target) -> Flow[None]:
    """The pilot action that it is part of."""

    def list_now() -> Flow[Listing[Pilot]]:
        there = yield from look(Pilots, target.where)
        own = yield from look(OwnTongue)
        words = yield from glance(PilotWords, target.where)

        def line(number: int, one: Pilot) -> Key:
            called = action_title(words.sheet(one.action.id) if words else {}, own.tongue)
            return Key("plan.action_line", {"number": number, "title": called})

        return Listing(tuple(one for one in there.pilots if one.is_published), line)

    picked = yield from page_by_page("plan.action", list_now, (NONE,), nothing=Say("plan.no_action"))
    if picked is not None:
        action = picked.action.id if isinstance(picked, Pilot) else None
        yield from do(target.change(BelongTo, action))


def ask_role(occasion: Occasion) -> Flow[None]:
    """For whom of all those in the place it is."""
    roles = (Choice(role, Key(f"role.{role}")) for role in roles_in(occasion.where))
    picked = yield from pick("plan.role", (EVERYBODY, *roles), when=time_of(occasion))
    role = None if picked == EVERYBODY.value else Role(picked)
    yield from do(Address(occasion.where, occasion.id, role))


def ask_theme(occasion: Occasion) -> Flow[None]:
    """For whom of all those in the place it is, by the theme they follow."""
    themes = yield from look(Themes)
    choices = (Choice(code, name) for code, name in themes.names.items())
    picked = yield from pick("plan.theme", (EVERYBODY, *choices), when=time_of(occasion))
    theme = None if picked == EVERYBODY.value else picked
    yield from do(Dedicate(occasion.where, occasion.id, theme))
