"""Saying that one does not come, or would like to but cannot; leaving the line."""

from enum import StrEnum
from typing import Final

from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Key, Reading, Refused, Say, choose, choose_many, do
from flows.occasions.coming import told
from flows.occasions.occasions import Answered, AnswerOccasion, Barrier, Occasion, Says, Standing
from flows.occasions.wishes import LONGEST_BARRIER, DescribeBarrier, NameBarriers

SKIP: Final = Choice("skip", Key("meeting.barrier.skip"))
NOTED: Final = (Answered.NOTED, Answered.LEFT)


class InLine(StrEnum):
    """Whether to go on waiting for a seat."""

    LEAVE = "leave"
    STAY = "stay"


def stay_away(occasion: Occasion) -> Flow[None]:
    """A citizen does not come; who waits in line is told first where in it they are."""
    own = occasion.own
    in_line = InLine.LEAVE
    if own is not None and own.standing is Standing.WAITING:
        in_line = yield from choose("meeting.leave_line", InLine, before=own.place - 1)
    if own is not None and in_line is InLine.STAY:
        yield Say("meeting.still_waiting", place=own.place)
        return
    yield from told(occasion, (yield from do(AnswerOccasion(occasion.id, Says.NO))))


def cannot(occasion: Occasion) -> Flow[None]:
    """A citizen would like to come, but something is in the way.

    noted -> what it is -> in their words, if it is something else -> thanks
    """
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
