"""How meetings and activities read in a list."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from flows.coordinate import page_by_page
from flows.moves import Choice, Flow, Key, Lines, glance, look
from flows.occasions.occasions import Listed, Sheet, Sheets, Sort, Standing, State
from flows.occasions.sheet import Tongue, said, title
from flows.planning.drafting import OwnTongue

PAGE: Final = 10
"""Meetings shown at a time: each takes several lines."""

LINED: Final = (Standing.WAITING, Standing.OFFERED, Standing.LAPSED)
SETTLED: Final = (Standing.SEATED, Standing.WAITING, Standing.OFFERED)
"""Whoever stands so need not be told whether others find a seat."""


def one_listed(key: str, listed: Sequence[Listed], others: tuple[Choice, ...]) -> Flow[str]:
    """The id of one of them, or what else is offered with them.

    key  of a question with the argument `lines`
    """
    own = yield from look(OwnTongue)
    words = yield from glance(Sheets, tuple(one.id for one in listed))
    line = line_of(listed, words, own.tongue)
    picked = yield from page_by_page(key, len(listed), line, others, at_a_time=PAGE)
    return str(listed[int(picked)].id) if picked.isdecimal() else picked


def line_of(listed: Sequence[Listed], words: Sheets | None, tongue: Tongue) -> Callable[[int], Key]:
    """How each of them reads in a list: when, what, where, what the person has said, whether seats are free.

    words  of all of them; None while the conversation is replayed
    """

    def line(number: int) -> Key:
        one = listed[number]
        sheet = words.by_id.get(str(one.id)) if words else None
        kind = words.kinds.get(str(one.id), {}) if words else {}
        named = title(sheet, kind, tongue)
        details = Lines(tuple(_details(one, sheet, tongue)))
        return Key("meetings.line", {"number": number + 1, "title": named, "details": details})

    return line


def _details(one: Listed, sheet: Sheet | None, tongue: Tongue) -> Iterator[Key]:
    yield Key("meetings.when", {"starts": one.when.starts})
    if sheet and sheet.place:
        yield Key("meetings.place", {"place": said(sheet.place, tongue)})
    if one.comes_again:
        yield Key("meetings.again")
    yield state_of(one)


def state_of(one: Listed) -> Key:
    """How it stands with it."""
    if one.state is State.CANCELLED:
        return Key("meetings.cancelled")
    if one.sort is Sort.ACTIVITY and not one.is_over:
        return _state_of_activity(one)
    own = own_answer(one)
    if one.is_over or one.standing in SETTLED:
        return own
    return Key("meetings.state", {"own": own, "seats": seats(one)})


def _state_of_activity(one: Listed) -> Key:
    """What the person has to do there, if anything; and whether people are wanted."""
    wanted = Key("activities.wanted.any")
    if one.free is not None:
        wanted = (
            Key("activities.wanted.some", {"free": one.free}) if one.free else Key("activities.wanted.none")
        )
    if one.standing is Standing.NONE:
        return wanted
    return Key("activities.state", {"own": Key(f"activities.own.{one.standing}"), "wanted": wanted})


def own_answer(one: Listed) -> Key:
    """What the person has said, or has."""
    if one.standing in LINED:
        return Key(f"meetings.standing.{one.standing}")
    return Key(f"meetings.says.{one.says}") if one.says else Key("meetings.says.nothing")


def seats(one: Listed) -> Key:
    """Whether seats are free."""
    if one.free is None:
        return Key("meetings.seats.any")
    return Key("meetings.seats.free", {"free": one.free}) if one.free else Key("meetings.seats.none")
