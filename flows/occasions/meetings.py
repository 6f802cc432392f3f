"""Meetings: what is near and for a person, and all that they have answered to."""

from typing import Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Say, look
from flows.occasions.calendar import CALENDAR
from flows.occasions.lists import one_listed
from flows.occasions.meeting import LIST, one_meeting
from flows.occasions.occasions import Listed, OwnAnswers, Past, Sort, Upcoming

MINE: Final = Choice("mine", Key("meetings.mine"))
PAST: Final = Choice("past", Key("meetings.past_ones"))
TO_CALENDAR: Final = Choice(CALENDAR, Key("menu.calendar"))
ALL: Final = Choice("all", Key("meetings.all"))


@conversation(LIST, command="meetings", menu=12)
def meetings() -> Flow[Next]:
    """A citizen sees which meetings there are for them, soonest first, and answers to any.

    the list -> one of them; my answers, or past ones -> one of them
    """
    coming = yield from look(Upcoming, Sort.MEETING)
    key = "meetings.list" if coming.occasions else "meetings.nothing"
    picked = yield from one_listed(key, coming.occasions, (MINE, PAST, CLOSE))
    if picked == MINE.value:
        mine = yield from look(OwnAnswers, Sort.MEETING)
        picked = yield from _others("meetings.my_answers", mine.occasions, TO_CALENDAR)
    elif picked == PAST.value:
        past = yield from look(Past, Sort.MEETING)
        picked = yield from _others("meetings.past", past.occasions)
    if picked == CLOSE.value:
        return None
    if picked == TO_CALENDAR.value:
        return CALENDAR
    return LIST if picked == ALL.value else (yield from one_meeting(int(picked)))


def _others(key: str, listed: tuple[Listed, ...], *more: Choice) -> Flow[str]:
    """The id of one of those meetings, or what else was picked."""
    if not listed:
        yield Say("meetings.none_of_them")
        return ALL.value
    return (yield from one_listed(key, listed, (*more, ALL, CLOSE)))
