"""One meeting: all that a person needs to know of it, and what they can say to it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.links import id_named
from flows.moves import Choice, Flow, Key, Lines, Say, do, glance, labelled, look, pick
from flows.occasions.afterwards import evaluate, say_was_there
from flows.occasions.calendar import TAKE_DATE, hand_dates
from flows.occasions.check_in import HERE, type_code
from flows.occasions.coming import come, offered, told, with_fewer
from flows.occasions.deadline import ANSWERS, answer, own_answer
from flows.occasions.lists import one_listed
from flows.occasions.not_coming import LET_GO, TAKE, cannot, might_come, stay_away
from flows.occasions.occasions import (
    Dates,
    Listed,
    Occasion,
    One,
    Own,
    Says,
    Sheets,
    Sort,
    Standing,
    State,
    TakeOffer,
)
from flows.occasions.sheet import Tongue, sheet
from flows.planning.drafting import OwnTongue

LIST: Final = "meetings"

LEAVES: Final = Choice(Says.NO, Key("meeting.leaves"))
WAS_THERE: Final = Choice("was-there", Key("meeting.was_there"))
HOW: Final = Choice("how", Key("meeting.how"))
DATES: Final = Choice("dates", Key("meeting.dates"))

TO_MEETING: Final = (Says.YES, Says.MAYBE, Says.NO, Says.CANNOT)


@conversation("meeting", link="m")
def meeting(payload: str) -> Flow[Next]:
    """A person who has arrived follows a link to a meeting."""
    return (yield from one_meeting(id_named(payload) or 0))


def one_meeting(id: int) -> Flow[Next]:
    """A citizen sees one meeting, or a deadline, and answers to it, as often as they like.

    all about it -> I come, maybe, I do not come, I would like to but cannot -> what came of it
    all about a deadline -> remind me, done, not for me -> what came of it
    """
    occasion = (yield from look(One, id)).occasion
    if occasion is None or occasion.sort is not Sort.MEETING:
        yield Say("meeting.gone")
        return LIST
    own = yield from look(OwnTongue)
    words = yield from glance(Sheets, (id,))
    card = Lines(tuple(card_of(occasion, words, own.tongue)))
    question = "deadline.ask" if occasion.when.is_deadline else "meeting.ask"
    is_here = occasion.own is not None and occasion.own.came
    key = question if is_open(occasion) and not is_here else "meeting.look"
    picked = yield from pick(key, tuple(_choices(occasion)), back=False, card=card)
    if picked == TO_LIST.value:
        return LIST
    if picked == DATES.value:
        return (yield from _other_date(id))
    if picked == TAKE_DATE.value:
        yield from hand_dates((id,))
        return (yield from one_meeting(id))
    yield from _answer(occasion, picked)
    return None


def is_open(occasion: Occasion) -> bool:
    """Whether it can be answered to."""
    return occasion.state is State.PLANNED and not occasion.has_begun


def _choices(occasion: Occasion) -> Iterator[Choice]:
    if occasion.when.is_deadline:
        yield from ANSWERS if is_open(occasion) else ()
    else:
        yield from _about_coming(occasion)
    if not occasion.is_over:
        yield TAKE_DATE
    if occasion.series is not None:
        yield DATES
    yield TO_LIST


def _about_coming(occasion: Occasion) -> Iterator[Choice]:
    own = occasion.own
    if is_open(occasion):
        yield from _answers(own)
    if occasion.door_is_open and not (own and own.came):
        yield HERE
    if own is not None and occasion.is_over and occasion.state is State.PLANNED:
        yield HOW if own.came else WAS_THERE


def _answers(own: Own | None) -> Iterator[Choice]:
    """What can be said before it begins; who is there already can only leave."""
    if own is not None and own.came:
        yield LEAVES
    elif own is not None and own.standing is Standing.OFFERED:
        yield from (TAKE, LET_GO)
    else:
        yield from labelled("meeting.ask", TO_MEETING)


def _answer(occasion: Occasion, picked: str) -> Flow[None]:
    """What the person says to it, or of it."""
    match picked:
        case _ if occasion.when.is_deadline and picked in tuple(Says):
            yield from answer(occasion.id, Says(picked))
        case TAKE.value:
            yield from told(occasion, (yield from do(TakeOffer(occasion.id))))
        case HERE.value:
            yield from type_code(occasion.id)
        case WAS_THERE.value:
            yield from say_was_there(occasion.id)
        case HOW.value:
            yield from evaluate(occasion.id)
        case LET_GO.value | Says.NO:
            yield from stay_away(occasion)
        case Says.YES:
            yield from come(occasion)
        case Says.MAYBE:
            yield from might_come(occasion)
        case Says.CANNOT:
            yield from cannot(occasion)


def _other_date(id: int) -> Flow[Next]:
    """Another date of the same series."""
    date = yield from one_listed("meeting.dates.list", (TO_LIST,), Dates, id)
    return (yield from one_meeting(date.id)) if isinstance(date, Listed) else LIST


def card_of(occasion: Occasion, words: Sheets | None, tongue: Tongue) -> Iterator[Key]:
    """All about a meeting, line by line; what was said and decided there, for those who came."""
    own = occasion.own
    text = words.by_id.get(str(occasion.id)) if words else None  # it may be for others by now
    if words is not None and text is not None:
        shown = text if own is not None and own.reads_minutes else replace(text, minutes={})
        yield from sheet(occasion, shown, words.kinds[str(occasion.id)], tongue).texts
    if own is not None:
        yield from (own_answer(own.says),) if occasion.when.is_deadline else _own_lines(occasion, own)


def _own_lines(occasion: Occasion, own: Own) -> Iterator[Key]:
    """What the person has said to it, and what they have."""
    match own.standing:
        case _ if own.came:
            yield Key("meeting.own.came" if occasion.is_over else "meeting.own.here")
        case Standing.WAITING:
            yield Key("meeting.own.waiting", {"place": own.place})
        case Standing.OFFERED if own.own_until is not None:
            yield offered(own.own_until, occasion.when)
        case Standing.LAPSED:
            yield Key("meeting.own.lapsed")
        case _:
            yield Key(f"meeting.own.{own.says}")
    if own.says is Says.YES and own.party > 1:
        yield Key("meeting.own.party", {"people": own.party})
    if is_open(occasion):
        yield from with_fewer(occasion)
