"""How meetings and activities read in a list."""

from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from flows.moves import Choice, Flow, Key, Lines, Say, glance, look
from flows.occasions.deadline import own_answer as own_to_deadline
from flows.occasions.occasions import Listed, Says, Sheet, Sheets, Sort, Standing, State, When
from flows.occasions.sheet import Tongue, by_own_clock, said, title
from flows.paging import Leaf, Listing, page_by_page
from flows.planning.drafting import OwnTongue

PAGE: Final = 10
"""Meetings shown at a time: each takes several lines."""

LINED: Final = (Standing.WAITING, Standing.OFFERED, Standing.LAPSED)
SETTLED: Final = (Standing.SEATED, Standing.WAITING, Standing.OFFERED)
"""Whoever stands so need not be told whether others find a seat."""


class Stood(Protocol):
    """How somebody stands to a meeting."""

    @property
    def says(self) -> Says | None: ...

    @property
    def standing(self) -> Standing: ...


class Found(Protocol):
    """What is known of several meetings or activities."""

    @property
    def occasions(self) -> tuple[Listed, ...]: ...


def one_listed(
    key: str,
    others: tuple[Choice, ...],
    what: type[Found],
    *about: Any,
    nothing: Say | str | None = None,
    leaf: Leaf | None = None,
) -> Flow[Listed | Choice | None]:
    """One of those that are known now, or what else is offered with them; None: there are none.

    what, about  as in `look`; all else as in `page_by_page`
    """

    def list_now() -> Flow[Listing[Listed]]:
        found = (yield from look(what, *about)).occasions
        own = yield from look(OwnTongue)
        words = yield from glance(Sheets, tuple(one.id for one in found))
        return Listing(found, line_of(words, own.tongue))

    return (yield from page_by_page(key, list_now, others, nothing=nothing, leaf=leaf, at_a_time=PAGE))


def line_of(words: Sheets | None, tongue: Tongue) -> Callable[[int, Listed], Key]:
    """How each of them reads in a list: when, what, where, what the person has said, whether seats are free.

    words  of all of them; None while the conversation is replayed
    """

    def line(number: int, one: Listed) -> Key:
        sheet = words.by_id.get(str(one.id)) if words else None
        kind = words.kinds.get(str(one.id), {}) if words else {}
        named = title(sheet, kind, tongue)
        details = Lines(tuple(_details(one, sheet, tongue)))
        return Key("meetings.line", {"number": number, "title": named, "details": details})

    return line


def _details(one: Listed, sheet: Sheet | None, tongue: Tongue) -> Iterator[Key]:
    yield from times(one.when)
    if sheet and sheet.place:
        yield Key("meetings.place", {"place": said(sheet.place, tongue)})
    if one.comes_again:
        yield Key("meetings.again")
    yield state_of(one)


def times(when: When) -> Iterator[Key]:
    """When it begins by the clocks where it is, and by the reader's own where those show another time.

    Of a deadline: until when.
    """
    if when.is_deadline:
        yield Key("occasion.until", {"ends": when.ends})
    else:
        yield Key("meetings.when", {"starts": when.starts})
    yield from by_own_clock(when.own)


def state_of(one: Listed) -> Key:
    """How it stands with it."""
    if one.state is State.CANCELLED:
        return Key("meetings.cancelled")
    if one.sort is Sort.ACTIVITY and not one.is_over:
        return _state_of_activity(one)
    if one.when.is_deadline:
        return own_to_deadline(one.says) if one.says else Key("meetings.says.nothing")
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


def own_answer(one: Stood) -> Key:
    """What the person has said, or has."""
    if one.standing in LINED:
        return Key(f"meetings.standing.{one.standing}")
    return Key(f"meetings.says.{one.says}") if one.says else Key("meetings.says.nothing")


def seats(one: Listed) -> Key:
    """Whether seats are free."""
    if one.free is None:
        return Key("meetings.seats.any")
    return Key("meetings.seats.free", {"free": one.free}) if one.free else Key("meetings.seats.none")
