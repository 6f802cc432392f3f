"""Who comes, seen by those who prepare it: how many said what, what is in the way, what is needed.

Nobody is named but those who gave a name for it: guests, and whoever has a role there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.moves import Flow, Key, Known, Lines, Names, Passing, Say, glance, look, pick
from flows.occasions.afterwards import About
from flows.occasions.deadline import as_of_deadline, label
from flows.occasions.kinds import names_of_kinds
from flows.occasions.occasions import Barrier, Need, Post, Says, Sheet, Sheets, Standing
from flows.occasions.sheet import Tongue, in_hours, post_name, said, title
from flows.paging import Leaf, Listing, one_of_many
from flows.people.roles import Permission, Scope, Spot
from flows.people.team import Reach
from flows.planning.drafting import OwnTongue
from flows.words.rewording import shortened

MOST_TOLD: Final = 20
"""Sentences of each sort that are shown of how it was."""

LONGEST_TOLD: Final = 200  # characters of each


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """One occasion in the list of those that people can answer to."""

    id: int
    where: Scope
    kind: str
    starts: datetime  # naive
    people: int  # who come, those with them included; of a deadline, who say that it is done
    is_deadline: bool = False


@dataclass(frozen=True, slots=True)
class Responses(Known):
    """What is to come in a scope, soonest first, then what was lately, the last first; looked at with it."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS

    lines: tuple[ResponseLine, ...]


@dataclass(frozen=True, slots=True)
class Attendance(Known):
    """How many said what to one occasion of a scope; looked at with both."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS

    starts: datetime  # naive
    is_deadline: bool = False
    says: Mapping[Says, int] = field(default_factory=dict)  # answers, by what was said
    standings: Mapping[Standing, int] = field(default_factory=dict)  # people, by what they have of the seats
    posts: tuple[Post, ...] = ()
    came: int = 0  # people who checked in or say that they were there
    barriers: Mapping[Barrier, int] = field(default_factory=dict)
    needs_named: Mapping[Need, int] = field(default_factory=dict)
    interpretation: Mapping[str, int] = field(default_factory=dict)  # by own name of the language
    sought: int = 0  # people who look for a stand-in
    times: int = 0  # how often anybody has helped, at all dates together; 0: too few people for a figure
    minutes: int = 0  # of work, in those times


@dataclass(frozen=True, slots=True)
class AttendanceWords(Passing):
    """What those people wrote for who prepares it, without saying who wrote it; and the names they gave."""

    needs: ClassVar[Permission | None] = Permission.SEE_ANSWERS

    named: tuple[str, ...]  # who come and have a role there, by the name they gave for it
    guests: tuple[str, ...]  # as they were written
    barriers: tuple[str, ...]  # in their words
    replies: tuple[tuple[Names, tuple[str, ...]], ...]  # each question in its languages, and the replies
    told: Mapping[About, tuple[str, ...]] = field(default_factory=dict)  # how it was, by what that is about


@conversation("answers", desk=70, needs=Permission.SEE_ANSWERS)
def answers() -> Flow[Next]:
    """A person who prepares something sees who comes.

    where -> the list -> one of them -> the list again
    """
    reach = yield from look(Reach, Permission.SEE_ANSWERS)
    spot = yield from somewhere("answers.where", reach.spots)
    leaf = Leaf()
    while (line := (yield from one_of_them(spot, leaf))) is not None:
        yield from one(line)
    return DESK


def one_of_them(spot: Spot, leaf: Leaf) -> Flow[ResponseLine | None]:
    """One of a list; None: none of them."""

    def list_now() -> Flow[Listing[ResponseLine]]:
        lines = (yield from look(Responses, spot.where)).lines
        own, kinds, words = yield from words_about(tuple(line.id for line in lines))

        def line(number: int, one: ResponseLine) -> Key:
            called = title(words.get(str(one.id)), kinds.get(one.kind, {}), own.tongue)
            args = {"number": number, "title": called, "starts": one.starts, "n": one.people}
            return Key("answers.line_deadline" if one.is_deadline else "answers.line", args)

        return Listing(lines, line)

    about = place_of(spot)
    nothing = Say("answers.none", about=about)
    return (yield from one_of_many("answers.list", list_now, nothing, leaf=leaf, about=about))


def words_about(ids: tuple[int, ...]) -> Flow[tuple[OwnTongue, Mapping[str, Names], Mapping[str, Sheet]]]:
    """What is needed to say what occasions are called."""
    own = yield from look(OwnTongue)
    kinds = yield from names_of_kinds()
    known = yield from glance(Sheets, ids)
    return own, kinds, known.by_id if known else {}


def one(line: ResponseLine) -> Flow[None]:
    """All that is known of who comes to one of them."""
    there = yield from look(Attendance, line.where, line.id)
    written = yield from glance(AttendanceWords, line.where, line.id)
    own, kinds, words = yield from words_about((line.id,))
    sheet = words.get(str(line.id))
    called = title(sheet, kinds.get(line.kind, {}), own.tongue)
    yield Say("answers.about", title=called, starts=there.starts)
    figures = (*counts(there), *posts(there, sheet, own.tongue))
    yield Say("answers.counts", lines=Lines(figures)) if figures else Say("answers.nobody")
    if reasons := (*barriers(there), *needs(there)):
        yield Say("answers.reasons", lines=Lines(reasons))
    if written and not there.is_deadline and (notes := tuple(wordings(written, own.tongue))):
        yield Say("answers.words", lines=Lines(notes))
    yield from pick("answers.one", (TO_LIST,), back=False)


def counts(there: Attendance) -> Iterator[Key]:
    """How many said what, and how many of them have a seat."""
    if there.is_deadline:
        for what, n in as_of_deadline(there.says.items()).items():
            yield Key("answers.post", {"name": label(what), "n": n})
        return
    for what, n in there.says.items():
        yield Key(f"answers.said.{what}", {"n": n})
    for standing, n in there.standings.items():
        yield Key(f"answers.has.{standing}", {"n": n})
    if there.came:
        yield Key("answers.came", {"n": there.came})
    if there.sought:
        yield Key("answers.sought", {"n": there.sought})
    if there.times:
        yield Key("answers.hours", {"n": there.times, "hours": in_hours(there.minutes)})


def posts(there: Attendance, sheet: Sheet | None, tongue: Tongue) -> Iterator[Key]:
    """How full each post is; where there is one alone, its people were counted already."""
    for post in there.posts if len(there.posts) > 1 else ():
        name = post_name(post, sheet, tongue)
        if post.seats is None:
            yield Key("answers.post", {"name": name, "n": post.taken})
        else:
            yield Key("answers.post_of", {"name": name, "n": post.taken, "seats": post.seats})


def barriers(there: Attendance) -> Iterator[Key]:
    """What is in the way of those who would like to come."""
    for barrier, n in there.barriers.items():
        yield Key("answers.barrier", {"barrier": Key(f"meeting.barriers.{barrier}"), "n": n})


def needs(there: Attendance) -> Iterator[Key]:
    """What those need who come."""
    for need, n in there.needs_named.items():
        yield Key("answers.need", {"need": Key(f"meeting.needs.{need}"), "n": n})
    for language, n in there.interpretation.items():
        yield Key("answers.interpretation", {"language": language, "n": n})


def wordings(written: AttendanceWords, tongue: Tongue) -> Iterator[Key]:
    """What they wrote."""
    if written.named:
        yield Key("answers.named", {"names": written.named})
    if written.guests:
        yield Key("answers.guests", {"names": written.guests})
    for words in written.barriers:
        yield Key("answers.in_the_way", {"words": words})
    for question, replies in written.replies:
        yield Key("answers.question", {"question": said(question, tongue)})
        for reply in replies:
            yield Key("answers.reply", {"words": reply})
    for about, sentences in written.told.items():
        for words in sentences[:MOST_TOLD]:
            yield Key(f"answers.told.{about}", {"words": shortened(words, LONGEST_TOLD)})
