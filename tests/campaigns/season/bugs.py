"""Faults put into the bot on purpose, one at a time: the checker must catch each.

A bug is a hook for `Bot`, as in tests/campaigns/kills/bugs.py. Which promise it breaks stands beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from tests.campaigns.season.hurry import hurry
from tests.campaigns.season.verdict import Verdict

Listener = Callable[[str], None]

CAUGHT_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "quiet_hours_ignored": ("quiet", "reminded", "moved"),
    "not_decided_again": ("answered", "stopped"),
    "reminders_stay_where_they_were": ("moved", "reminded"),
    "nobody_moves_up": ("seats pass on",),
    "offers_never_lapse": ("offered", "at once"),
    "sold_twice": ("seats",),
    "deadlines_run_at_night": ("offered",),
    "said_twice": ("repeated",),
    "days_counted_in_hours": ("reminded", "moved"),
}
"""The promises that each breaks; the checker must find one of them broken."""


def is_caught(bug: str, verdict: Verdict) -> bool:
    """Whether the checker has found one of them."""
    return bool({finding.invariant for finding in verdict.findings} & {*CAUGHT_AS[bug]})


def quiet_hours_ignored() -> Listener:
    """Nothing ever is quiet."""
    from flows.pushes import deciding
    from flows.times import cadence

    vars(cadence)["out_of_quiet"] = lambda due, *_: due
    vars(deciding)["is_quiet"] = lambda *_: False
    return hurry()


def not_decided_again() -> Listener:
    """What is planned is said; and an answer plans, but takes nothing back."""
    from flows.pushes import deciding
    from flows.pushes.deciding import SAY
    from storage.pushes import pushes, pushing

    def say_all(items: Any, *_: Any) -> Any:
        return {item.id: SAY for item in items}

    vars(deciding)["decide"] = vars(pushing)["decide"] = say_all
    vars(pushes)["_is_over"] = lambda *_: False
    return hurry()


def reminders_stay_where_they_were() -> Listener:
    """A move does not move what is planned, neither at once nor when it is worked out anew."""
    from bot.chores import pushing
    from storage.planning import planning

    vars(planning)["replan"] = lambda *_, **__: None
    vars(pushing)["refresh"] = lambda *_, **__: None
    return hurry()


@contextmanager
def of_coordinators(bug: str | None) -> Iterator[None]:
    """The part of that bug which lies in what coordinators do, and they do it in our process."""
    from storage.planning import planning

    replan = vars(planning)["replan"]
    if bug == reminders_stay_where_they_were.__name__:
        vars(planning)["replan"] = lambda *_, **__: None
    try:
        yield
    finally:
        vars(planning)["replan"] = replan


def nobody_moves_up() -> Listener:
    """A seat that becomes free is offered to nobody."""
    from storage.occasions import seats

    vars(seats)["promote"] = lambda *_, **__: []
    return hurry()


def offers_never_lapse() -> Listener:
    """A seat is kept for ever."""
    from bot.chores import pushing

    vars(pushing)["lapse"] = lambda *_: {}
    return hurry()


def sold_twice() -> Listener:
    """Who says yes has a seat."""
    from flows.occasions.occasions import Standing
    from storage.occasions import seats

    vars(seats)["_seat"] = lambda *_: (Standing.SEATED, None)
    return hurry()


def deadlines_run_at_night() -> Listener:
    """A seat is kept for so long by any clock."""
    from flows.occasions import offers

    vars(offers)["waking"] = lambda start, duration, *_: start + duration
    return hurry()


def said_twice() -> Listener:
    """The key of a push's message does not name it."""
    from dataclasses import replace

    from bot.chores import pushing

    messages = vars(pushing)["_messages"]

    def doubled(*arguments: Any) -> Any:
        said = messages(*arguments)
        return [*said, *(replace(message, key=f"{message.key}:anew") for message in said)]

    vars(pushing)["_messages"] = doubled
    return hurry()


def days_counted_in_hours() -> Listener:
    """A day before is always 24 hours before, and clocks may change meanwhile."""
    from datetime import timedelta

    from flows.times.cadence import Lead, Unit

    def shifted(self: Lead, at: Any, sign: int, _zone: str) -> Any:
        return at + sign * timedelta(**{_NAMES[self.unit]: self.count})

    _NAMES = {Unit.DAYS: "days", Unit.HOURS: "hours", Unit.MINUTES: "minutes"}
    setattr(Lead, "_from", shifted)  # noqa: B010  # mypy knows it as a method
    return hurry()
