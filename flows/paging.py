"""Numbered lists, page by page: each page as it is when it is shown, and kept while things are done on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flows.choices import CLOSE, MORE
from flows.moves import Arg, Ask, Choice, Flow, Key, Lines, Say

T = TypeVar("T")

PAGE: Final = 25
"""Lines shown at a time: with a button for each, more would be hard to press and to read."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What there is to choose from now."""

    things: Sequence[T]
    line: Callable[[int, T], Key]  # how one of them reads, with its number from 1 on


ListNow = Callable[[], Flow[Listing[T]]]
"""Looks at what there is to choose from, for each page anew."""


@dataclass(slots=True)
class Leaf:
    """The page of a list that somebody is on; a flow that shows the list again keeps it."""

    first: int = 0  # index of the first thing on it


def one_of_many(
    key: str,
    list_now: ListNow[T],
    nothing: Say | None = None,
    *,
    leaf: Leaf | None = None,
    about: Arg | None = None,
) -> Flow[T | None]:
    """One of a numbered list; None: none of them.

    key      of a question with the arguments `lines` and, where it is given, `about`
    nothing  said where there is nothing to choose from
    leaf     the page to begin with, and after that the one the person was on
    """
    picked = yield from page_by_page(key, list_now, (CLOSE,), nothing=nothing, leaf=leaf, about=about)
    return None if picked is None or isinstance(picked, Choice) else picked


def page_by_page(
    key: str,
    list_now: ListNow[T],
    others: tuple[Choice, ...],
    *,
    nothing: Say | str | None = None,
    leaf: Leaf | None = None,
    at_a_time: int = PAGE,
    about: Arg | None = None,
) -> Flow[T | Choice | None]:
    """One of a numbered list, or one of what else is offered with each page; None: there is nothing to list.

    key      of a question with the arguments `lines` and, where it is given, `about`
    nothing  where there is nothing to list: what is said; or the key of what is asked with the others alone
    leaf     the page to begin with, and after that the one the person was on
    """
    leaf, turned = leaf or Leaf(), False
    named: dict[str, Arg] = {} if about is None else {"about": about}
    while True:
        there = yield from list_now()
        count = len(there.things)
        if not count:
            return (yield from _instead(nothing, others, named))
        leaf.first = min(leaf.first, (count - 1) // at_a_time * at_a_time)
        page = range(leaf.first, min(leaf.first + at_a_time, count))
        lines = Lines(tuple(there.line(index + 1, there.things[index]) for index in page))
        numbers = (Choice(str(index), str(index + 1)) for index in page)
        onward = (MORE,) if page.stop < count or (page.start and not turned) else ()  # or round to the first
        choices, args = (*numbers, *onward, *others), {**named, "lines": lines}
        picked: str = yield Ask(key, args, choices, columns=5, numbered=False, back=turned)
        if picked.isdecimal():
            return there.things[int(picked)]
        if picked != MORE.value:
            return next(other for other in others if other.value == picked)
        leaf.first, turned = page.stop if page.stop < count else 0, True


def _instead(
    nothing: Say | str | None, others: tuple[Choice, ...], named: dict[str, Arg]
) -> Flow[Choice | None]:
    """What is said or asked where there is nothing to list."""
    if isinstance(nothing, str):
        picked: str = yield Ask(nothing, named, others, back=False)
        return next(other for other in others if other.value == picked)
    if nothing is not None:
        yield nothing
    return None
