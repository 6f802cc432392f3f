"""Meetings: what is near and for a person, and all that they have answered to."""

from typing import Final

from flows.conversations import Next, conversation
from flows.coordinate import CLOSE
from flows.meeting import LIST, one_meeting
from flows.meeting_list import one_listed
from flows.moves import Choice, Flow, Key, Say, look
from flows.occasions import OwnAnswers, Sort, Upcoming

MINE: Final = Choice("mine", Key("meetings.mine"))
ALL: Final = Choice("all", Key("meetings.all"))


@conversation(LIST, command="meetings", menu=12)
def meetings() -> Flow[Next]:
    """A citizen sees which meetings there are for them, soonest first, and answers to any.

    the list -> one of them; my answers -> one of them
    """
    coming = yield from look(Upcoming, Sort.MEETING)
    key = "meetings.list" if coming.occasions else "meetings.nothing"
    picked = yield from one_listed(key, coming.occasions, (MINE, CLOSE))
    if picked != MINE.value:
        return None if picked == CLOSE.value else (yield from one_meeting(int(picked)))
    mine = yield from look(OwnAnswers, Sort.MEETING)
    if not mine.occasions:
        yield Say("meetings.no_answers")
        return LIST
    picked = yield from one_listed("meetings.my_answers", mine.occasions, (ALL, CLOSE))
    if picked == ALL.value:
        return LIST
    return None if picked == CLOSE.value else (yield from one_meeting(int(picked)))
