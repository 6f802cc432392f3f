"""Announcements at the desk: those there are, one of them, and what can be done with it as it stands."""

from enum import StrEnum
from typing import Final

from flows.announcements.announcement import (
    Announcement,
    AnnouncementLine,
    Announcements,
    AnnouncementWords,
    OneAnnouncement,
    Reached,
    Stage,
)
from flows.announcements.changing import ask_picture, buttons, choose_audience, keep_for, schedule, write
from flows.announcements.letter import letter
from flows.announcements.sheet import content_of, counted, figures_of, sheet
from flows.announcements.steps import (
    Came,
    ConfirmAnnouncement,
    CopyAnnouncement,
    DiscardAnnouncement,
    DraftAnnouncement,
    RecallAnnouncement,
    Steer,
    Steering,
)
from flows.choices import CLOSE, TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.moves import Arg, Choice, Flow, Key, Lines, Say, choose, do, glance, look, pick
from flows.paging import Leaf, Listing, page_by_page
from flows.people.roles import Permission, Scope, Spot
from flows.people.team import Reach
from flows.people.territory import best
from flows.planning.confirming import Really
from flows.planning.creating import scope_in
from flows.planning.drafting import OwnTongue, PlaceLanguages
from flows.words.rewording import shortened

NEW: Final = Choice("new", Key("announce.new"))


class Option(StrEnum):
    """What can be done with an announcement."""

    TEXTS = "texts"
    AUDIENCE = "audience"
    BUTTONS = "buttons"
    PICTURE = "picture"  # or a document
    WHEN = "when"
    LATE = "late"  # those who join later
    PREVIEW = "preview"
    SEND = "send"
    CONFIRM = "confirm"  # what somebody else has confirmed
    RECALL = "recall"
    PAUSE = "pause"
    RESUME = "resume"
    HALT = "halt"
    COPY = "copy"
    DISCARD = "discard"


OPTIONS: Final = {
    Stage.DRAFT: (
        Option.PREVIEW, Option.SEND, Option.TEXTS, Option.AUDIENCE, Option.BUTTONS,
        Option.PICTURE, Option.WHEN, Option.LATE, Option.DISCARD,
    ),
    Stage.ASKED: (Option.PREVIEW, Option.CONFIRM, Option.RECALL),
    Stage.WAITING: (Option.PREVIEW, Option.RECALL, Option.COPY),
    Stage.SENDING: (Option.PREVIEW, Option.PAUSE, Option.HALT),
    Stage.PAUSED: (Option.PREVIEW, Option.RESUME, Option.HALT),
    Stage.SENT: (Option.PREVIEW, Option.COPY),
    Stage.HALTED: (Option.PREVIEW, Option.COPY),
}  # fmt: skip


@conversation("announcements", desk=44, needs=Permission.ANNOUNCE)
def announcements() -> Flow[Next]:
    """A person who coordinates tells many people something.

    where -> a new one, or one of those that are there -> that one, until it is done -> the list again
    """
    reach = yield from look(Reach, Permission.ANNOUNCE)
    spot = yield from somewhere("announce.where", reach.spots)
    leaf = Leaf()
    while True:
        picked = yield from which(spot, leaf)
        if picked is None:
            return DESK
        if isinstance(picked, Choice):  # NEW
            where = yield from scope_in(spot)
            id = yield from do(DraftAnnouncement(where))
            yield from write(where, id, ())
        else:
            where, id = picked.where, picked.id
        yield from one_announcement(where, id)


def which(spot: Spot, leaf: Leaf) -> Flow[AnnouncementLine | Choice | None]:
    """One of them, NEW, or None for none of them."""

    def list_now() -> Flow[Listing[AnnouncementLine]]:
        there = yield from look(Announcements, spot.where)
        own = yield from look(OwnTongue)
        words = yield from glance(AnnouncementWords, spot.where)

        def line(number: int, one: AnnouncementLine) -> Key:
            texts = words.texts.get(str(one.id)) if words else None
            text = texts[best(texts, (own.tongue.language, *own.tongue.others))] if texts else ""
            args: dict[str, Arg] = {"number": number, "words": shortened(text)}
            key = "announce.line.mine" if one.is_mine else "announce.line"
            return Key(key, {**args, "stage": Key(f"announce.stage.{one.stage}")})

        return Listing(there.lines, line)

    picked = yield from page_by_page(
        "announce.list",
        list_now,
        (NEW, CLOSE),
        nothing="announce.none",
        leaf=leaf,
        about=place_of(spot),
    )
    return None if picked == CLOSE else picked


def one_announcement(where: Scope, id: int) -> Flow[None]:
    """One of them, until the person goes back to the list."""
    on = id
    while on:
        found = (yield from look(OneAnnouncement, where, on)).announcement
        if found is None:
            yield Say("announce.gone")
            return
        own = yield from look(OwnTongue)
        words = yield from glance(AnnouncementWords, where)
        about = Lines((*sheet(found, words, own.tongue), *figures_of(found)))
        choices = (*map(_option_choice, options(found)), TO_LIST)
        option = yield from pick(f"announce.one.{found.stage}", choices, columns=2, back=False, about=about)
        if option == TO_LIST.value:
            return
        on = yield from fulfil(Option(option), found)


def options(found: Announcement) -> tuple[Option, ...]:
    """What the person can do with it as it stands: nobody confirms as a second what they have written."""
    return tuple(
        option for option in OPTIONS[found.stage] if option is not Option.CONFIRM or not found.is_mine
    )


def _option_choice(option: Option) -> Choice:
    return Choice(option, Key(f"announce.do.{option}"))


def fulfil(option: Option, found: Announcement) -> Flow[int]:
    """Do what is wished; returns the id of the one to go on with, 0 for the list."""
    match option:
        case Option.PREVIEW:
            yield from preview(found)
        case Option.SEND | Option.CONFIRM:
            yield from send(found)
        case Option.COPY:
            return (yield from do(CopyAnnouncement(found.where, found.id)))
        case Option.DISCARD:
            return (yield from discard(found))
        case Option.RECALL | Option.PAUSE | Option.RESUME | Option.HALT:
            yield from steer(option, found)
        case _:
            yield from change(option, found)
    return found.id


def change(option: Option, found: Announcement) -> Flow[None]:
    """Change one thing about a draft."""
    match option:
        case Option.TEXTS:
            yield from write(found.where, found.id, found.languages)
        case Option.AUDIENCE:
            yield from choose_audience(found.spot, found.id)
        case Option.BUTTONS:
            yield from buttons(found.where, found.id)
        case Option.PICTURE:
            yield from ask_picture(found.where, found.id)
        case Option.WHEN:
            yield from schedule(found)
        case _:
            yield from keep_for(found)


def preview(found: Announcement) -> Flow[None]:
    """Each language's message exactly as it will be sent, and where it falls back on another one."""
    languages = yield from look(PlaceLanguages, found.where)
    words = yield from glance(AnnouncementWords, found.where)
    content = content_of(found, words)
    if content is not None:
        for tongue in languages.tongues():
            yield Say("announce.preview", language=languages.own_names[tongue.language])
            yield letter(content, tongue)
    yield from missing(found, languages)


def missing(found: Announcement, languages: PlaceLanguages) -> Flow[None]:
    """Say in which languages of the place it is not written."""
    names = tuple(name for code, name in languages.own_names.items() if code not in found.languages)
    if names:
        yield Say("draft.missing", languages=names)


def send(found: Announcement) -> Flow[None]:
    """Confirm it, having seen how many it reaches, by language, and whom it does not."""
    languages = yield from look(PlaceLanguages, found.where)
    yield from missing(found, languages)
    reached = yield from look(Reached, found.where, found.id)
    lines = Lines(tuple(counted(reached, languages.own_names)))
    if (yield from choose("announce.send", Really, lines=lines)) is Really.YES:
        came = yield from do(ConfirmAnnouncement(found.where, found.id))
        yield Say(f"announce.came.{came}")


def steer(option: Option, found: Announcement) -> Flow[None]:
    """Take it back before it has begun; pause, resume or stop it."""
    if option is Option.HALT and (yield from choose("announce.halt", Really)) is Really.NO:
        return
    if option is Option.RECALL:
        came = yield from do(RecallAnnouncement(found.where, found.id))
    else:
        came = yield from do(Steer(found.where, found.id, Steering(option.value)))
    done = option.value
    yield Say(f"announce.done.{done}" if came is Came.DONE else "announce.came.gone")


def discard(found: Announcement) -> Flow[int]:
    """Throw a draft away."""
    if (yield from choose("plan.discard", Really)) is Really.NO:
        return found.id
    yield from do(DiscardAnnouncement(found.where, found.id))
    yield Say("plan.discarded")
    return 0
