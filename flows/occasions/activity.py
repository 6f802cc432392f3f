"""One activity: what it is, what there is to do, and what a person can take on."""

from collections.abc import Iterator
from typing import Final

from flows.actions.gifts import Cause, Sake
from flows.actions.giving import give
from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.links import id_named
from flows.moves import Choice, Flow, Key, Lines, Say, glance, look, pick
from flows.occasions.calendar import TAKE_DATE, hand_dates
from flows.occasions.check_in import HERE, type_code
from flows.occasions.helping import report
from flows.occasions.lists import one_listed
from flows.occasions.occasions import (
    HELD,
    Dates,
    Listed,
    Occasion,
    One,
    Own,
    Post,
    Sheet,
    Sheets,
    Sort,
    Standing,
    State,
)
from flows.occasions.sheet import Tongue, post_name, sheet
from flows.occasions.standing_in import KEEP, SEEK, keep, seek, stand_in
from flows.occasions.swapping import swaps
from flows.occasions.taking_posts import GIVE_BACK, LET_GO, TAKE_OFFER, give_back, let_go, take, take_offer
from flows.planning.drafting import OwnTongue
from flows.planning.needed import Needed
from flows.times.local_time import WrongTime
from flows.times.recurrence import Every
from flows.times.rrule import read_rule

LIST: Final = "activities"

DATES: Final = Choice("dates", Key("activity.dates"))
GIVE: Final = Choice("give", Key("activity.give"))
HOURS: Final = Choice("hours", Key("activity.hours"))

TAKE: Final = "take-"
STAND_IN: Final = "stand-in-"
"""What the buttons begin with that end in the number of a post."""


@conversation("activity", link="a")
def activity(payload: str) -> Flow[Next]:
    """A person who has arrived follows a link to an activity.

    payload  of the link
    """
    return (yield from one_activity(id_named(payload) or 0))


def one_activity(id: int) -> Flow[Next]:
    """A citizen sees one activity and takes a post, or does with theirs what can be done.

    all about it -> a post, another one, giving it back, a stand-in, another date, something to give
    """
    occasion = (yield from look(One, id)).occasion
    if occasion is None or occasion.sort is not Sort.ACTIVITY:
        yield Say("activity.gone")
        return LIST
    own = yield from look(OwnTongue)
    dates = (yield from look(Dates, id)).occasions
    needed = yield from look(Needed, cause_of(occasion))
    known = yield from glance(Sheets, (id,))
    words = known.by_id.get(str(id)) if known else None  # it may be for others by now
    kind = known.kinds.get(str(id), {}) if known else {}
    lines = sheet(occasion, words, kind, own.tongue).texts if words else ()
    wanted = tuple(Key(f"give.kind.{kind}") for kind in needed.kinds)
    needs = (Key("action.wanted", {"kinds": Lines(wanted)}),) if wanted else ()
    card = Lines((*lines, *needs, *_own_lines(occasion, dates, words, own.tongue)))
    key = "activity.ask" if is_open(occasion) else "activity.look"
    picked = yield from pick(key, tuple(_choices(occasion, dates, words, own.tongue)), back=False, card=card)
    if picked == TO_LIST.value:
        return LIST
    if picked == DATES.value:
        date = yield from one_listed("activity.dates.list", (TO_LIST,), Dates, id)
        return (yield from one_activity(date.id)) if isinstance(date, Listed) else LIST
    if picked == TAKE_DATE.value:
        yield from hand_dates((id,))
        return (yield from one_activity(id))
    if not (yield from _may_swap(picked, occasion)):
        return (yield from one_activity(id))
    yield from _do(picked, occasion, dates)
    return None


def _may_swap(picked: str, occasion: Occasion) -> Flow[bool]:
    """Whether the person loses nothing by the post they want, or agrees to that."""
    own = occasion.own
    wanted = next((picked.removeprefix(each) for each in (STAND_IN, TAKE) if picked.startswith(each)), None)
    if own is None or wanted is None:
        return True
    (had,) = (post.number for post in occasion.posts if post.id == own.post)
    return (yield from swaps(occasion.id, own.standing, had, int(wanted)))


def cause_of(occasion: Occasion) -> Cause:
    """What something is given for: the activity with all its dates."""
    return Cause(Sake.ACTIVITY, occasion.series or occasion.id)


def is_open(occasion: Occasion) -> bool:
    """Whether posts can be taken and given back."""
    return occasion.state is State.PLANNED and not occasion.has_begun


def _do(picked: str, occasion: Occasion, dates: tuple[Listed, ...]) -> Flow[None]:
    """What the person wants."""
    later = sum(1 for date in dates if date.when.starts > occasion.when.starts)
    match picked:
        case GIVE.value:
            yield from give(cause_of(occasion))
        case HOURS.value:
            yield from report(occasion.id)
        case HERE.value:
            yield from type_code(occasion.id)
        case TAKE_OFFER.value:
            yield from take_offer(occasion)
        case LET_GO.value:
            yield from let_go(occasion)
        case GIVE_BACK.value:
            yield from give_back(occasion, later)
        case SEEK.value:
            yield from seek(occasion)
        case KEEP.value:
            yield from keep(occasion)
        case _ if picked.startswith(STAND_IN):
            yield from stand_in(occasion.id, int(picked.removeprefix(STAND_IN)))
        case _:
            yield from take(occasion, int(picked.removeprefix(TAKE)), later)


def _choices(
    occasion: Occasion, dates: tuple[Listed, ...], words: Sheet | None, tongue: Tongue
) -> Iterator[Choice]:
    own = occasion.own if occasion.own and occasion.own.standing is not Standing.NONE else None
    if is_open(occasion):
        if own is not None:
            yield from _with_own(own)
        for post in occasion.posts:
            name = post_name(post, words, tongue)
            if _may_take(post, own):
                yield Choice(f"{TAKE}{post.number}", Key(_taking(post, own), {"post": name}))
            if post.sought and not _holds(own):
                yield Choice(f"{STAND_IN}{post.number}", Key("activity.stand_in", {"post": name}))
        yield GIVE
    if occasion.door_is_open and not (own and own.came):
        yield HERE
    if occasion.is_over and own and (own.came or own.stayed_away):
        yield HOURS
    if not occasion.is_over:
        yield TAKE_DATE
    if dates:
        yield DATES
    yield TO_LIST


def _with_own(own: Own) -> Iterator[Choice]:
    """What can be done with a post that one has, or waits for."""
    match own.standing:
        case Standing.OFFERED:
            yield from (TAKE_OFFER, LET_GO)
        case Standing.WAITING:
            yield LET_GO
        case Standing.SEATED:
            yield KEEP if own.seeks else SEEK
            yield GIVE_BACK


def _holds(own: Own | None) -> bool:
    return own is not None and own.standing in HELD


def _may_take(post: Post, own: Own | None) -> bool:
    """Whether a post is offered; who has one, or is kept one, can swap it for a free one, but not wait."""
    if own is not None and own.post == post.id and own.standing is not Standing.LAPSED:
        return False
    return post.free != 0 or not _holds(own)


def _taking(post: Post, own: Own | None) -> str:
    """What a button says by which a post can be taken, or waited for."""
    if post.free == 0:
        return "activity.wait"
    return "activity.swap" if _holds(own) else "activity.take"


def _own_lines(
    occasion: Occasion, dates: tuple[Listed, ...], words: Sheet | None, tongue: Tongue
) -> Iterator[Key]:
    """How it comes again, and what one has there."""
    if dates:
        last = dates[-1].when.starts
        yield Key("activity.again", {"again": again(occasion), "until": last})
    own = occasion.own
    if own is None or own.standing is Standing.NONE or occasion.state is State.CANCELLED:
        return
    (post,) = (each for each in occasion.posts if each.id == own.post)
    name = post_name(post, words, tongue)
    match own.standing:
        case Standing.WAITING:
            yield Key("activity.own.waiting", {"post": name, "place": own.place})
        case Standing.OFFERED if own.own_until is not None:
            key = "activity.own.offered" if occasion.when.own is None else "activity.own.offered.here"
            yield Key(key, {"post": name, "until": own.own_until})
        case Standing.SEATED if own.seeks and not occasion.has_begun:
            yield Key("activity.own.seeks", {"post": name})
        case _:
            yield Key(f"activity.own.{own.standing}", {"post": name})
    if own.came:
        yield Key("meeting.own.came" if occasion.is_over else "meeting.own.here")


def again(occasion: Occasion) -> Key:
    """How an activity comes again, such as every week."""
    when = occasion.when
    try:
        rule = read_rule(occasion.rule or "", when.starts, when.zone)
    except WrongTime:
        return Key("activity.again.otherwise")
    match rule.every, rule.interval:
        case Every.DAY, 1:
            return Key("plan.again.daily")
        case Every.WEEK, 1:
            return Key("plan.again.weekly")
        case Every.WEEK, 2:
            return Key("plan.again.fortnightly")
        case Every.MONTH, 1:
            return Key("plan.again.monthly" if rule.nth else "plan.again.dated")
    return Key("activity.again.otherwise")
