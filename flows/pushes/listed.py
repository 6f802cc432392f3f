"""Several things that are told in one message, a line each."""

from collections.abc import Iterator

from flows.inquiries.telling import ABOUT_INQUIRIES
from flows.moves import Key, Lines
from flows.occasions.lists import own_answer
from flows.occasions.occasions import HELD, Sort, State
from flows.occasions.sheet import by_own_clock
from flows.pushes.calls import CALLS
from flows.pushes.pushed import Notice
from flows.pushes.things import Thing, Things, ThingWords, time_of, title_of
from flows.pushes.told import Told, ends_otherwise, is_known_there, is_settled, kept_until, where_of


def lines_of(number: int, told: Told, there: Things, words: ThingWords | None) -> Iterator[Key]:
    """One of several things, in a list; below it when that is by the person's own clock, where it differs."""
    kind, thing = told.kind, there.by_id.get(str(told.about))
    if thing is not None and is_settled(told, thing):
        yield from _as_it_stands(number, told, thing, words)
        return
    if thing is not None and ends_otherwise(told, thing):
        kind = Notice.CHANGED  # a line names the beginning alone
    key = f"push.line.{kind}"
    if told.kind in (*CALLS, *ABOUT_INQUIRIES):
        yield Key(key, {"number": number})
    elif thing is None:
        yield Key(key, {"number": number, "where": where_of(told)})
    else:
        key = "push.line.how_was_it" if is_known_there(told.kind, thing) else key
        yield Key(key, {"number": number, "title": title_of(thing, words), "starts": thing.starts})
        yield from by_own_clock(thing.here)
        yield from kept_until(kind, thing)


def _as_it_stands(number: int, told: Told, thing: Thing, words: ThingWords | None) -> Iterator[Key]:
    """One of several things that asks nothing any more: how it stands with it now."""
    state = own_answer(thing)
    if thing.state is State.CANCELLED:
        state = Key("meetings.cancelled")
    elif thing.has_begun:
        state = Key("deadline.answered.over" if thing.is_deadline else "push.answered.over")
    elif told.kind == Notice.STAND_IN and thing.standing not in HELD:
        state = Key("activity.stood_in.gone")
    elif thing.sort is Sort.ACTIVITY:
        state = Key(f"activities.own.{thing.standing}")
    details = Lines((time_of(thing), *by_own_clock(thing.here), state))
    yield Key("meetings.line", {"number": number, "title": title_of(thing, words), "details": details})
