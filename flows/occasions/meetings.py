"""Meetings: what is near and for a person, and all that they have answered to."""

from typing import Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Say
from flows.occasions.calendar import CALENDAR
from flows.occasions.lists import one_listed
from flows.occasions.meeting import LIST, one_meeting
from flows.occasions.occasions import Listed, OwnAnswers, Past, Sort, Upcoming

MINE: Final = Choice("mine", Key("meetings.mine"))
PAST: Final = Choice("past", Key("meetings.past_ones"))
TO_CALENDAR: Final = Choice(CALENDAR, Key("menu.calendar"))
ALL: Final = Choice("all", Key("meetings.all"))

NONE: Final = Say("meetings.none_of_them")


@conversation(LIST, command="meetings", menu=12)
def meetings() -> Flow[Next]:
    """A citizen sees which meetings there are for them, soonest first, and answers to any.

    the list -> one of them; my answers, or past ones -> one of them
    """
    picked = yield from one_listed(
        "meetings.list", (MINE, PAST, CLOSE), Upcoming, Sort.MEETING, nothing="meetings.nothing"
    )
    if picked == MINE:
        others = (TO_CALENDAR, ALL, CLOSE)
        picked = yield from one_listed("meetings.my_answers", others, OwnAnswers, Sort.MEETING, nothing=NONE)
    elif picked == PAST:
        picked = yield from one_listed("meetings.past", (ALL, CLOSE), Past, Sort.MEETING, nothing=NONE)
    if isinstance(picked, Listed):
        return (yield from one_meeting(picked.id))
    if picked == CLOSE:
        return None
    return CALENDAR if picked == TO_CALENDAR else LIST
