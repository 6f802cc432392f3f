"""What the card of an occasion says in a group chat: what, when, where, and how many; nobody's answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flows.links import link_to
from flows.moves import Key, Lines, Names, Say
from flows.occasions.occasions import Occasion, Sheet, Sort, State
from flows.occasions.posters import LETTERS
from flows.occasions.sheet import Part, Tongue, post_line, time_of, title, written


class End(StrEnum):
    """Why nobody can answer below a card any more."""

    CANCELLED = "cancelled"
    OVER = "over"
    BEGUN = "begun"  # later it is over
    REPLACED = "replaced"  # a newer card of the same occasion stands below, in the same chat


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of an occasion that its card may say."""

    occasion: Occasion  # nobody's own
    words: Sheet
    kind: Names
    maybe: int  # people who may come, with those who would come with them
    place: Names  # for whose people it is: by their clocks, too, it says when, where those show another time
    replaced: bool = False
    done: int = 0  # people who say of a deadline that it is done

    @property
    def end(self) -> End | None:
        """Why nobody can answer any more; None: it goes on."""
        if self.occasion.state is State.CANCELLED:
            return End.CANCELLED
        if self.occasion.has_begun:
            return End.OVER if self.occasion.is_over else End.BEGUN
        return End.REPLACED if self.replaced else None

    @property
    def is_last(self) -> bool:
        """Whether it has nothing else to say after that."""
        return self.end not in (None, End.BEGUN)

    @property
    def link(self) -> str:
        """What stands after /start in the link that leads to the occasion."""
        return link_to(LETTERS[self.occasion.sort], self.occasion.id)


def said_on(card: Card, tongue: Tongue) -> Say:
    """All that a card says."""
    lines = Lines(tuple(_lines(card, tongue)))
    end = card.end
    if end is End.CANCELLED and card.occasion.when.is_deadline:
        end = End.OVER  # nobody wanted to come
    return Say(f"card.{end or 'live'}", lines=lines)


def _lines(card: Card, tongue: Tongue) -> Iterator[Key]:
    if card.end is End.CANCELLED:
        yield Key("occasion.cancelled")
    yield Key("occasion.title", {"title": title(card.words, card.kind, tongue)})
    yield time_of(card.occasion)
    if card.occasion.when.own is not None:
        yield Key("card.here", {"place": card.place, "here": card.occasion.when.own})
    yield from written((Part.PLACE,), card.words, tongue)
    if card.end is None:
        yield from _figures(card, tongue)


def _figures(card: Card, tongue: Tongue) -> Iterator[Key]:
    posts = card.occasion.posts
    if card.occasion.when.is_deadline:
        yield Key("card.done", {"n": card.done})
        return
    yield Key("card.come", {"n": sum(post.taken - post.offered for post in posts)})
    if card.maybe:
        yield Key("card.maybe", {"n": card.maybe})
    for post in posts:
        if card.occasion.sort is Sort.ACTIVITY:
            yield post_line(post, card.words, tongue)
        elif post.free is not None:
            yield Key("occasion.seats", {"n": post.free, "seats": post.seats or 0})
    if waiting := sum(post.waiting for post in posts):
        yield Key("card.waiting", {"n": waiting})
