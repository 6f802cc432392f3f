"""Questions of whoever plans about time: from when to when, and whether it comes again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Key, Refused, Say, choose, glance
from flows.times.date_words import NO_WORDS, DateWords
from flows.times.local_time import Trouble, WrongTime, as_shown, check_shown, span, wall
from flows.times.recurrence import LAST, MOST, Every, Rule, Weekday, check_series
from flows.times.rrule import write_rule
from flows.times.typed_time import read_day, read_end, read_when

USUAL: Final = "usual"


class Again(StrEnum):
    """How often something comes again."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"  # on such a day of the week: the second Tuesday
    DATED = "dated"  # on such a day of the month: the 15th
    DAILY = "daily"


def ask_start(key: str, zone: str) -> Flow[datetime]:
    """When something to come begins, naive, by the clocks of the zone.

    key  of a question with the argument `zone`
    """

    words = yield from _words()

    def read(typed: Wrote) -> str:
        starts = read_when(typed.text, wall(typed.at, zone), words)
        span(starts, starts, zone, typed.at)
        check_shown(starts, zone)
        return starts.isoformat()

    answer: str = yield Ask(key, {"zone": zone}, reads=_refusing(read), numbered=False)
    return datetime.fromisoformat(answer)


def ask_day(key: str, zone: str, instead: tuple[Choice, ...]) -> Flow[date | None]:
    """A day, today by the clocks of the zone or later; None: what can be pressed instead.

    key  of a question without arguments
    """

    words = yield from _words()

    def read(typed: Wrote) -> str:
        return read_day(typed.text, wall(typed.at, zone).date(), words).isoformat()

    answer: str = yield Ask(key, {}, instead, reads=_refusing(read), numbered=False)
    return None if answer in [each.value for each in instead] else date.fromisoformat(answer)


def ask_end(key: str, starts: datetime, minutes: int, zone: str) -> Flow[datetime]:
    """When it ends, naive; the usual length is offered.

    key  of a question with the argument `starts`
    """

    words = yield from _words()

    def read(typed: Wrote) -> str:
        ends = read_end(typed.text, starts, words)
        if ends == starts:
            raise WrongTime(Trouble.END_BEFORE_START)  # it would be a deadline
        span(starts, ends, zone, typed.at)
        check_shown(ends, zone)
        return ends.isoformat()

    usual = as_shown(starts + timedelta(minutes=minutes), zone)
    choices = (Choice(USUAL, Key("plan.until_usual", {"ends": usual})),)
    answer: str = yield Ask(key, {"starts": starts}, choices, reads=_refusing(read), numbered=False)
    return usual if answer == USUAL else datetime.fromisoformat(answer)


def ask_rule(starts: datetime, zone: str) -> Flow[str | None]:
    """How something that begins at `starts`, naive, comes again, as an RRULE; None: it does not."""
    again = yield from choose("plan.again", Again, starts=starts)
    if again is Again.ONCE:
        return None

    words = yield from _words()

    def read(typed: Wrote) -> str | Refused:
        times = typed.text.strip()
        if times.isdecimal() and int(times) == 0:
            return Refused(Say("number.out_of_bounds", low=1, high=MOST))
        rule = _ending(again, starts, typed.text, words)
        check_series(starts, rule)
        return write_rule(rule, starts, zone)

    answer: str = yield Ask("plan.again_until", {"starts": starts}, reads=_refusing(read), numbered=False)
    return answer


def _words() -> Flow[DateWords]:
    """The words in which whoever is asked writes dates."""
    return (yield from glance(DateWords)) or NO_WORDS  # none while a log is replayed: nothing is read then


def _ending(again: Again, starts: datetime, text: str, words: DateWords) -> Rule:
    """The rule with the end that is written: a number of times, or the last day."""
    if text.strip().isdecimal():
        return _rule(again, starts, times=int(text))
    try:
        return _rule(again, starts, until=read_day(text, starts.date(), words))
    except WrongTime as wrong:
        if wrong.trouble is Trouble.UNREADABLE:
            raise WrongTime(Trouble.ENDLESS) from None
        if wrong.trouble is Trouble.PAST:  # before the first time, which is still to come
            raise WrongTime(Trouble.END_BEFORE_START) from None
        raise


def _rule(again: Again, starts: datetime, *, until: date | None = None, times: int | None = None) -> Rule:
    match again:
        case Again.WEEKLY:
            return Rule(Every.WEEK, until=until, count=times)
        case Again.FORTNIGHTLY:
            return Rule(Every.WEEK, interval=2, until=until, count=times)
        case Again.MONTHLY:
            nth = (starts.day - 1) // 7 + 1
            weekday = (tuple(Weekday)[starts.weekday()],)
            return Rule(Every.MONTH, nth=nth if nth < 5 else LAST, weekdays=weekday, until=until, count=times)
        case Again.DATED:
            return Rule(Every.MONTH, month_day=starts.day, until=until, count=times)
        case _:
            return Rule(Every.DAY, until=until, count=times)


def _refusing(read: Callable[[Wrote], str | Refused]) -> Callable[[Wrote], str | Refused]:
    """The same reading, where a wrong time is refused with what was expected."""

    def reads(words: Wrote) -> str | Refused:
        try:
            return read(words)
        except WrongTime as wrong:
            return Refused(trouble_with(wrong.trouble, wrong))

    return reads


def trouble_with(trouble: Trouble, wrong: WrongTime) -> Say:
    """What is wrong with a time, as its text says it."""
    return Say(f"time.{trouble}", **wrong.details)
