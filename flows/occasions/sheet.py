"""How an occasion reads, the same for who plans it as for who is invited, and in which language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from flows.moves import Arg, Key, Lines, Link, Live, Names, Tag
from flows.occasions.occasions import Occasion, Post, Sheet, Sort, State

Words = TypeVar("Words", str, Key, Live)


class Part(StrEnum):
    """What is written about an occasion, in each language, in the order in which it reads."""

    TITLE = "title"
    PLACE = "place"
    HOST = "host"  # the body that invites
    DESCRIPTION = "description"
    AGENDA = "agenda"
    RESOURCES = "resources"  # what is needed
    MINUTES = "minutes"  # what was said and decided there

    def of(self, words: Sheet) -> Names:
        """What is written of it, by language."""
        names: Names = getattr(words, self)
        return names


@dataclass(frozen=True, slots=True)
class Tongue:
    """In which language somebody reads, and which come next where something is not there in it."""

    language: str  # BCP 47
    others: tuple[str, ...]  # those of the territory, in its order
    own_names: Mapping[str, str]  # of our languages by code, each called by itself

    def called(self, language: str) -> Arg:
        """What a language is called: one of ours by itself, another one as the reader's language calls it."""
        return self.own_names.get(language) or Tag(language)


def sheet(occasion: Occasion, words: Sheet, kind: Names, tongue: Tongue) -> Lines:
    """All that there is to read about an occasion, line by line."""
    return Lines(tuple(_lines(occasion, words, kind, tongue)))


def title(words: Sheet | None, kind: Names, tongue: Tongue) -> Arg:
    """What an occasion is called; what is not called anything, by its kind."""
    return said(words.title, tongue) if words and words.title else kind


def said(names: Names, tongue: Tongue) -> Arg:
    """Words in the reader's language; if they are in another one, with its name.

    names  by language, not empty
    """
    language = _read(names, tongue)
    return _with_its_name(names[language], language, tongue)


def live(names: Names, tongue: Tongue) -> Arg:
    """The same of what those write who plan: what is an address in it can be tapped."""
    language = _read(names, tongue)
    return _with_its_name(Live(names[language]), language, tongue)


def quoted(key: str, words: Names, tongue: Tongue) -> Key:
    """Words of a citizen in the text of that key, which has {words}; behind it, as above, their language."""
    language = _read(words, tongue)
    return _with_its_name(Key(key, {"words": words[language]}), language, tongue)


def _read(names: Names, tongue: Tongue) -> str:
    """In which of the languages that it is there in somebody reads it."""
    wanted = (*_own(tongue), *tongue.others)
    return next((each for each in wanted if each in names), next(iter(names)))


def _own(tongue: Tongue) -> tuple[str, str]:
    return tongue.language, tongue.language.partition("-")[0]


def _with_its_name(text: Words, language: str, tongue: Tongue) -> Words | Key:
    if language in _own(tongue):
        return text
    return Key("text.in_other_language", {"text": text, "language": tongue.called(language)})


def _lines(occasion: Occasion, words: Sheet, kind: Names, tongue: Tongue) -> Iterator[Key]:
    if occasion.state is State.CANCELLED:
        yield Key("occasion.cancelled")
    yield Key("occasion.title", {"title": title(words, kind, tongue)})
    if words.title:
        yield Key("occasion.kind", {"kind": kind})
    if words.action:
        yield Key("occasion.action", {"title": said(words.action, tongue)})
    yield time_of(occasion)
    yield from by_own_clock(occasion.when.own)
    yield from where_it_is(words, occasion.pin, occasion.link, tongue)
    yield from written((Part.HOST, Part.DESCRIPTION, Part.AGENDA, Part.RESOURCES), words, tongue)
    if not occasion.is_over and occasion.state is not State.CANCELLED:
        yield from _seats(occasion, words, tongue)
    yield from written((Part.MINUTES,), words, tongue)


def written(parts: Iterable[Part], words: Sheet, tongue: Tongue) -> Iterator[Key]:
    """Those of the parts that are written in any language."""
    for part in parts:
        if names := part.of(words):
            yield Key(f"occasion.{part}", {"words": live(names, tongue)})


def where_it_is(
    words: Sheet | None, pin: tuple[float, float] | None, link: str | None, tongue: Tongue
) -> Iterator[Key]:
    """Its place, a map, and where one takes part online, as far as they are known."""
    if words is not None:
        yield from written((Part.PLACE,), words, tongue)
    if pin:
        yield Key("occasion.pin", {"map": map_of(pin)})
    if link:
        yield Key("occasion.link", {"link": Link(link)})


def time_of(occasion: Occasion) -> Key:
    """When it is, by the clocks where it is."""
    when = occasion.when
    if when.is_deadline:
        return Key("occasion.until", {"ends": when.ends})
    args: Mapping[str, Arg] = {"starts": when.starts, "ends": when.ends}
    return Key("occasion.time" if when.starts.date() == when.ends.date() else "occasion.days", args)


def by_own_clock(begins: datetime | None) -> Iterator[Key]:
    """A line that says when it begins by the reader's own clocks, where those show another time.

    begins  naive; None: they show the same
    """
    if begins is not None:
        yield Key("occasion.here", {"here": begins})


def map_of(pin: tuple[float, float]) -> Link:
    """A map with a point on it.

    pin  latitude and longitude
    """
    latitude, longitude = (f"{degrees:.5f}" for degrees in pin)
    return Link(
        f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    )


def _seats(occasion: Occasion, words: Sheet, tongue: Tongue) -> Iterator[Key]:
    if occasion.when.is_deadline:
        return
    if occasion.sort is Sort.MEETING:
        limited = (post for post in occasion.posts if post.seats is not None)
        yield from (
            Key("occasion.seats", {"n": post.free or 0, "seats": post.seats or 0}) for post in limited
        )
        return
    for post in occasion.posts:
        yield post_line(post, words, tongue)


def post_line(post: Post, words: Sheet, tongue: Tongue) -> Key:
    """What one can be there, how many are still wanted, and for how long."""
    name = post_name(post, words, tongue)
    line = Key("occasion.post", {"name": name})
    if post.free is not None:
        line = Key("occasion.post_of", {"name": name, "n": post.free, "seats": post.seats or 0})
    if post.minutes is not None:
        line = Key("occasion.post_for", {"post": line, "hours": in_hours(post.minutes)})
    return Key("occasion.post_sought", {"post": line}) if post.sought else line


def post_name(post: Post, words: Sheet | None, tongue: Tongue) -> Arg:
    """What a post is called; what is not called anything, by its number."""
    return name_of_post(post.number, words, tongue)


def name_of_post(number: int, words: Sheet | None, tongue: Tongue) -> Arg:
    """The same by the number of the post."""
    names = words.posts.get(str(number), {}) if words else {}
    return said(names, tongue) if names else str(number)


def in_hours(minutes: int) -> float:
    """Minutes as hours: 1.5, and 2 without a fraction."""
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 2)
