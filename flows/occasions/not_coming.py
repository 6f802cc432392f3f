"""Saying that one does not come, may not, or cannot; giving up a seat that others wait for, or the line."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.events import Wrote
from flows.moves import (
    Ask,
    Choice,
    Flow,
    Key,
    Lines,
    Reading,
    Refused,
    Say,
    choose,
    choose_many,
    do,
    look,
    pick,
)
from flows.occasions.coming import offered, tell_of_fewer, told
from flows.occasions.occasions import (
    Answered,
    AnswerOccasion,
    Barrier,
    Occasion,
    One,
    Own,
    Says,
    Standing,
    TakeOffer,
)
from flows.occasions.still_open import still_open
from flows.occasions.wishes import LONGEST_BARRIER, DescribeBarrier, NameBarriers

TAKE: Final = Choice("take", Key("meeting.take"))
LET_GO: Final = Choice("let-go", Key("meeting.let_go"))
SKIP: Final = Choice("skip", Key("meeting.barrier.skip"))
NOTED: Final = (Answered.NOTED, Answered.LEFT)


class Seat(StrEnum):
    """Whether to give up a seat, or to go on waiting for one."""

    LEAVE = "leave"
    STAY = "stay"


def stay_away(occasion: Occasion) -> Flow[None]:
    """A citizen does not come."""
    if (yield from gives_up(occasion)):
        yield from told(occasion, (yield from do(AnswerOccasion(occasion.id, Says.NO))))


def might_come(occasion: Occasion) -> Flow[None]:
    """A citizen may come: who may not is kept no seat."""
    if (yield from gives_up(occasion)):
        yield from told(occasion, (yield from do(AnswerOccasion(occasion.id, Says.MAYBE))))


def gives_up(occasion: Occasion) -> Flow[bool]:
    """Whether somebody gives up what others wait for with them: a seat, or their place in line.

    Not asked where they have neither, or nobody waits for their seat: then it can be had again.
    """
    own = occasion.own
    waits = own is not None and own.standing is Standing.WAITING
    if own is None or not (waits or (own.standing is Standing.SEATED and _is_waited_for(own.post, occasion))):
        return True
    if not (yield from still_open(occasion.id)):
        return False
    if waits:
        seat = yield from choose("meeting.leave_line", Seat, before=own.place - 1)
    else:
        seat = yield from choose("meeting.leave_seat", Seat)
    if seat is Seat.STAY and (yield from still_open(occasion.id)):
        yield from keeps(occasion)
    return seat is Seat.LEAVE


def keeps(occasion: Occasion) -> Flow[None]:
    """What somebody has who gives nothing up: by now maybe something else than they were asked about.

    the seat, or the place in line; or a seat that is kept for them -> take it, or let it go
    """
    now = (yield from look(One, occasion.id)).occasion or occasion
    match now.own:
        case Own(standing=Standing.SEATED):
            yield Say("meeting.seat_kept")
        case Own(standing=Standing.WAITING, place=place):
            yield Say("meeting.still_waiting", place=place)
            yield from tell_of_fewer(now)
        case Own(standing=Standing.OFFERED, own_until=datetime() as until):
            yield from take_or_let_go(now, until)
        case _:
            yield Say("meeting.answered.gone")


def take_or_let_go(occasion: Occasion, until: datetime) -> Flow[None]:
    """A seat is kept for somebody.

    until  by the clocks they live by
    """
    card = Lines((offered(until, occasion.when),))
    picked = yield from pick("meeting.ask", (TAKE, LET_GO), card=card)
    taken = TakeOffer(occasion.id) if picked == TAKE.value else AnswerOccasion(occasion.id, Says.NO)
    yield from told(occasion, (yield from do(taken)))


def _is_waited_for(post: int, occasion: Occasion) -> bool:
    return any(each.waiting for each in occasion.posts if each.id == post)


def cannot(occasion: Occasion) -> Flow[None]:
    """A citizen would like to come, but something is in the way.

    noted -> what it is -> in their words, if it is something else -> thanks
    """
    if not (yield from gives_up(occasion)):
        return
    answered = yield from do(AnswerOccasion(occasion.id, Says.CANNOT))
    if answered not in NOTED:
        yield from told(occasion, answered)
        return
    before = occasion.own.barriers if occasion.own else ()
    barriers = yield from choose_many("meeting.barriers", Barrier, before)
    yield from do(NameBarriers(occasion.id, barriers))
    if Barrier.OTHER in barriers:
        yield from describe(occasion.id)
    yield Say("meeting.barriers.thanks")


def describe(occasion: int) -> Flow[None]:
    """What is in the way, in a sentence, if the person wants to say it."""

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST_BARRIER:
            return Refused(Say("words.too_long", length=len(words.text), most=LONGEST_BARRIER))
        return DescribeBarrier(occasion, words.text)

    yield Ask("meeting.barrier", choices=(SKIP,), reads=read, does=DescribeBarrier, numbered=False)
