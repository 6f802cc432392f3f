"""Planning meetings and activities at the desk: what there is, one of them, and what can be done with it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, anew, place_in, place_of, somewhere
from flows.moves import Choice, Flow, Key, Say, choose, do, glance, look, pick
from flows.occasions.check_in import door
from flows.occasions.kinds import names_of_kinds
from flows.occasions.occasions import Dates, Listed, Occasion, One, Sheet, Sheets, Sort, State
from flows.occasions.posters import poster
from flows.occasions.sheet import Part, time_of, title
from flows.paging import Listing, one_of_many
from flows.people.roles import Permission, Scope, Spot
from flows.people.team import Reach
from flows.planning.cancelling import cancel
from flows.planning.changing import change, extent_of, new_times, write_part
from flows.planning.confirming import Confirmed, Really, card, confirmed, show_foreseen, told_to
from flows.planning.creating import new
from flows.planning.drafting import OwnTongue, PlaceLanguages, preview
from flows.planning.planning import (
    CopyOccasion,
    Discard,
    Foreseen,
    Move,
    PlanLine,
    Plans,
    Progress,
    Publish,
    Target,
    TellMinutes,
)
from flows.times.asking_time import ask_start
from flows.times.recurrence import occurrences
from flows.times.rrule import read_rule

PLAN_MEETINGS: Final = "plan_meetings"
PLAN_ACTIVITIES: Final = "plan_activities"


class Pile(StrEnum):
    """The piles in which lies what is planned."""

    DRAFTS = "drafts"
    COMING = "coming"
    OVER = "over"  # or cancelled

    def holds(self, line: PlanLine) -> bool:
        """Whether something lies in it."""
        if line.state is State.DRAFT:
            return self is Pile.DRAFTS
        return self is (Pile.OVER if line.is_over or line.state is State.CANCELLED else Pile.COMING)


class Wish(StrEnum):
    """What can be done with one of them."""

    PUBLISH = "publish"
    CHANGE = "change"
    MOVE = "move"
    MINUTES = "minutes"
    DATES = "dates"  # go to another date of the series
    COPY = "copy"
    POSTER = "poster"
    DOOR = "door"  # what hangs there, for those who come to check in
    CANCEL = "cancel"
    DISCARD = "discard"


class Tell(StrEnum):
    """Whether people are told that minutes can be read."""

    NOW = "now"
    LATER = "later"


TO_DESK: Final = Choice("desk", Key("list.close"))
NEW: Final = "new"


@conversation(PLAN_MEETINGS, desk=40, needs=Permission.PLAN)
def plan_meetings(territory: str | None = None, group: str | None = None) -> Flow[Next]:
    """A person who coordinates plans meetings."""
    return (yield from plan(PLAN_MEETINGS, Sort.MEETING, place_in(territory, group)))


@conversation(PLAN_ACTIVITIES, desk=50, needs=Permission.PLAN)
def plan_activities(territory: str | None = None, group: str | None = None) -> Flow[Next]:
    """A person who coordinates plans co-responsibility activities."""
    return (yield from plan(PLAN_ACTIVITIES, Sort.ACTIVITY, place_in(territory, group)))


def plan(name: str, sort: Sort, at: Scope | None) -> Flow[Next]:
    """Plan what is of one sort, in one place.

    where -> a new one, or one of those that are there -> that one, until it is done -> from the top

    name  of the conversation
    at    where they are at work already; None: nowhere yet
    """
    reach = yield from look(Reach, Permission.PLAN)
    spot = yield from somewhere("plan.where", reach.spots, at)
    there = (yield from look(Plans, spot.where, sort)).lines
    piles = (pile for pile in Pile if any(map(pile.holds, there)))
    choices = (Choice(NEW, Key(f"plan.new.{sort}")), *map(_pile_choice, piles), TO_DESK)
    wish = yield from pick(f"plan.what.{sort}", choices, back=False, about=place_of(spot))
    if wish == TO_DESK.value:
        return DESK
    if wish == NEW:
        id = yield from new(spot, sort)
    else:
        id = yield from one_in(spot, sort, Pile(wish).holds)
    while id is not None:
        id = yield from one(id)
    return anew(name, spot)


def _pile_choice(pile: Pile) -> Choice:
    return Choice(pile, Key(f"plan.pile.{pile}"))


def one_in(
    spot: Spot, sort: Sort, holds: Callable[[PlanLine], bool], nothing: Say | None = None
) -> Flow[int | None]:
    """One of those there that the list holds; None: none of them.

    nothing  said where it holds none
    """

    def list_now() -> Flow[Listing[PlanLine]]:
        there = (yield from look(Plans, spot.where, sort)).lines
        lines = tuple(filter(holds, there))
        own = yield from look(OwnTongue)
        kinds = yield from names_of_kinds()
        known = yield from glance(Sheets, tuple(line.id for line in lines))
        words = known.by_id if known else {}

        def line_of(number: int, one: PlanLine) -> Key:
            called = title(words.get(str(one.id)), kinds.get(one.kind, {}), own.tongue)
            key = "plan.line_series" if one.is_series and not one.is_over else "plan.line"
            return Key(key, {"number": number, "title": called, "starts": one.starts})

        return Listing(lines, line_of)

    picked = yield from one_of_many("plan.list", list_now, nothing, about=place_of(spot))
    return None if picked is None else picked.id


def one(id: int) -> Flow[int | None]:
    """One of them, and one wish about it; returns which one to go on with, None for the list.

    A choice may be pressed days after it was shown: what can be done then is looked up anew.
    """
    occasion = (yield from look(One, id)).occasion
    if occasion is None:
        yield Say("plan.gone")
        return None
    progress = yield from look(Progress, occasion.where, id)
    known = yield from glance(Sheets, (id,))
    yield from shown(occasion, known.by_id.get(str(id)) if known else None, progress)
    choices = (*map(_wish_choice, wishes(occasion)), TO_LIST)
    picked = yield from pick(f"plan.one.{occasion.state}", choices, back=False, when=time_of(occasion))
    if picked == TO_LIST.value:
        return None
    wish, now = Wish(picked), (yield from look(One, id)).occasion
    if now is None or wish not in wishes(now):
        yield from too_late(wish, now)
        return id
    progress = yield from look(Progress, now.where, id)
    return (yield from fulfil(wish, now, progress))


def wishes(occasion: Occasion) -> tuple[Wish, ...]:
    """What can be done with it as it stands."""
    if occasion.state is State.DRAFT:
        return Wish.PUBLISH, Wish.CHANGE, Wish.DISCARD
    again = (Wish.DATES, Wish.COPY) if occasion.series else (Wish.COPY,)
    if occasion.state is State.CANCELLED:
        return again
    if occasion.when.is_deadline:
        return again if occasion.is_over else (Wish.CHANGE, Wish.MOVE, *again, Wish.POSTER, Wish.CANCEL)
    if occasion.is_over:
        return Wish.MINUTES, *again
    if occasion.has_begun:
        return Wish.MINUTES, Wish.CHANGE, *again, Wish.DOOR, Wish.CANCEL
    return Wish.CHANGE, Wish.MOVE, *again, Wish.POSTER, Wish.DOOR, Wish.CANCEL


def too_late(wish: Wish, occasion: Occasion | None) -> Flow[None]:
    """Say why it cannot be done any more, where its sheet, shown anew, does not tell."""
    if wish is Wish.MOVE and occasion is not None and occasion.has_begun:
        yield Say("plan.moved.over")
    if wish is Wish.CANCEL and occasion is not None and occasion.is_over:
        yield Say("plan.cancelled.over")


def _wish_choice(wish: Wish) -> Choice:
    return Choice(wish, Key(f"plan.wish.{wish}"))


def shown(occasion: Occasion, words: Sheet | None, progress: Progress) -> Flow[None]:
    """How it reads: a draft in every language of the place, anything else in the person's own.

    words  None while the conversation is replayed: then it was shown already
    """
    kinds = yield from names_of_kinds()
    languages = yield from look(PlaceLanguages, occasion.where)
    own = yield from look(OwnTongue)
    if words is None:
        return
    lines = card(occasion, words, kinds.get(occasion.kind, {}))
    if occasion.state is State.DRAFT:
        yield from preview(languages, lines, progress.parts.get(Part.TITLE, ()))
    else:
        yield Say("plan.sheet", text=lines(own.tongue))
    if progress.rule:
        dates = tuple(occurrences(occasion.when.starts, read_rule(progress.rule, *_begins(occasion))))
        yield Say("plan.series_draft", n=len(dates), last=dates[-1])
    elif progress.following:
        yield Say("plan.series", n=progress.following)


def _begins(occasion: Occasion) -> tuple[datetime, str]:
    return occasion.when.starts, occasion.when.zone


def fulfil(wish: Wish, occasion: Occasion, progress: Progress) -> Flow[int | None]:
    """Do what is wished; returns which occasion to go on with."""
    match wish:
        case Wish.PUBLISH:
            return (yield from publish(occasion))
        case Wish.CHANGE:
            return (yield from change(occasion, progress))
        case Wish.MOVE:
            return (yield from move(occasion, progress))
        case Wish.MINUTES:
            return (yield from minutes(occasion, progress))
        case Wish.DATES:
            return (yield from another_date(occasion))
        case Wish.COPY:
            return (yield from copy(occasion))
        case Wish.POSTER | Wish.DOOR:
            yield from poster(occasion) if wish is Wish.POSTER else door(occasion.where, occasion.id)
            return occasion.id
        case Wish.CANCEL:
            return (yield from cancel(occasion, progress))
        case Wish.DISCARD:
            return (yield from discard(occasion))


def publish(occasion: Occasion) -> Flow[int | None]:
    """Show a draft to whom it is for; what is missing is said."""
    came = yield from do(Publish(occasion.where, occasion.id))
    yield Say(f"plan.published.{came}")
    return occasion.id


def move(occasion: Occasion, progress: Progress) -> Flow[int | None]:
    """Another time for what is published, once it was seen so; who comes is told."""
    extent = yield from extent_of(progress)
    starts, ends = yield from new_times(occasion.when)
    change = Move(occasion.where, occasion.id, starts, ends, extent)
    then = yield from look(Foreseen, occasion.where, occasion.id, after=change)
    if is_moved(occasion, then.occasion):
        yield from show_foreseen(then, change)
        if (yield from confirmed(then.told, Confirmed.YES, Confirmed.NO)) is Confirmed.NO:
            yield Say("plan.not_carried_out")
            return occasion.id
    came = yield from do(change)
    yield Say(f"plan.moved.{came}", told=told_to(then.told))
    return occasion.id


def is_moved(occasion: Occasion, then: Occasion | None) -> bool:
    """Whether it would be at another time than it is."""
    now = occasion.when
    return then is not None and (then.when.starts, then.when.ends) != (now.starts, now.ends)


def minutes(occasion: Occasion, progress: Progress) -> Flow[int | None]:
    """What was said and decided there, and whether those who came are told that they can read it."""
    yield from write_part(Part.MINUTES, Target(occasion.where, occasion.id), progress)
    if (yield from choose("plan.tell", Tell)) is Tell.NOW:
        told = yield from do(TellMinutes(occasion.where, occasion.id))
        yield Say("plan.told", n=told)
    return occasion.id


def another_date(occasion: Occasion) -> Flow[int | None]:
    """Another date of the same series that is still to come."""

    def line(number: int, date: Listed) -> Key:
        return Key("plan.date", {"number": number, "starts": date.when.starts})

    def list_now() -> Flow[Listing[Listed]]:
        return Listing((yield from look(Dates, occasion.id)).occasions, line)

    date = yield from one_of_many("plan.dates", list_now, about=Key("plan.dates_about"))
    return occasion.id if date is None else date.id


def copy(occasion: Occasion) -> Flow[int | None]:
    """The same for another time, as a draft."""
    starts = yield from ask_start("plan.copy_start", occasion.when.zone)
    drafted = yield from do(CopyOccasion(occasion.where, occasion.id, starts))
    yield Say("plan.copied" if drafted.id else "plan.past")
    return drafted.id or occasion.id


def discard(occasion: Occasion) -> Flow[int | None]:
    """A draft is thrown away."""
    if (yield from choose("plan.discard", Really)) is Really.NO:
        return occasion.id
    yield from do(Discard(occasion.where, occasion.id))
    yield Say("plan.discarded")
    return None
