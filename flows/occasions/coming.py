"""Saying that one comes: with how many, who they are, and what one needs there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Key, Reading, Refused, Say, choose_many, do, look
from flows.occasions.occasions import Answered, AnswerOccasion, Need, Occasion, One, Says, Standing, When
from flows.occasions.registration import reply_to_all
from flows.occasions.sheet import by_own_clock
from flows.occasions.still_open import still_open
from flows.occasions.wishes import LONGEST_GUESTS, LONGEST_LANGUAGE, NameGuests, NameNeeds
from flows.people.language import a_language

HAS_PLACE: Final = (Answered.SEATED, Answered.WAITING)

SKIP: Final = Choice("skip", Key("meeting.guests.skip"))


def come(occasion: Occasion) -> Flow[None]:
    """A citizen wants to come to a meeting.

    how many -> a seat, or a place in line -> who else -> what they need -> questions of who plans it

    Each may be answered days after it was asked: who comes back to what is over or cancelled is told so.
    """
    most = most_of(occasion)
    if most > 1 and not (yield from still_open(occasion.id)):
        return
    party = yield from how_many(most)
    answered = yield from do(AnswerOccasion(occasion.id, Says.YES, party=party))
    if answered not in HAS_PLACE:
        yield from told(occasion, answered)
    elif (yield from still_open(occasion.id)):
        yield from told(occasion, answered)
        yield from ask_more(occasion, party)


def ask_more(occasion: Occasion, party: int) -> Flow[None]:
    """What those want to know who prepare it, as long as it can be answered to."""
    if party > 1:
        yield from guests(occasion.id)
        if not (yield from still_open(occasion.id)):
            return
    yield from needs(occasion)
    if (yield from still_open(occasion.id)) and (yield from reply_to_all(occasion.id)):
        yield Say("meeting.can_change")


def told(occasion: Occasion, answered: Answered) -> Flow[None]:
    """Say what came of an answer; of who waits, how many wait before them."""
    if answered is Answered.WAITING:
        now = (yield from look(One, occasion.id)).occasion or occasion
        place = now.own.place if now.own else 0
        yield Say("meeting.answered.waiting", starts=occasion.when.starts, place=place)
        yield from tell_of_fewer(now)
        return
    yield Say(f"meeting.answered.{answered}", starts=occasion.when.starts, place=0)
    if answered is Answered.SEATED:
        yield from tell_own_clock(occasion)


def tell_of_fewer(occasion: Occasion) -> Flow[None]:
    """Say that fewer people may have a seat sooner, where that is so."""
    for line in with_fewer(occasion):
        yield Say(line.key, **line.args)


def with_fewer(occasion: Occasion) -> Iterator[Key]:
    """What those in line are to know who wait with more people than find a seat."""
    own = occasion.own
    if own is not None and own.standing is Standing.WAITING:
        for post in occasion.posts:
            if post.id == own.post and post.is_too_small(own.party):
                yield Key("meeting.own.too_few", {"n": post.free or 0})


def offered(until: datetime, when: When) -> Key:
    """A seat is kept for the person: until when by their own clocks, named as such where it is by others.

    until  naive
    """
    return Key("meeting.own.offered" if when.own is None else "meeting.own.offered.here", {"until": until})


def tell_own_clock(occasion: Occasion) -> Flow[None]:
    """Say when it begins by the person's own clocks, where those show another time."""
    for line in by_own_clock(occasion.when.own):
        yield Say(line.key, **line.args)


def most_of(occasion: Occasion) -> int:
    """How many people one answer can be for: more than there are seats in all would wait in vain."""
    return min([occasion.most_party, *(post.seats for post in occasion.posts if post.seats is not None)])


def how_many(most: int) -> Flow[int]:
    """How many people come by this answer, the person included; not asked where nobody can be brought."""
    if most == 1:
        return 1
    alone, *more = (str(number) for number in range(1, most + 1))
    choices = (Choice(alone, Key("meeting.party.alone")), *(Choice(each, each) for each in more))

    def read(words: Wrote) -> Reading:
        if words.text.isdecimal():
            return Refused(Say("meeting.party.out_of_bounds", most=most))
        return Refused(Say("meeting.party.not_a_number", most=most))

    picked: str = yield Ask("meeting.party", {"most": most}, choices, reads=read, columns=4)
    return int(picked)


def guests(occasion: int) -> Flow[None]:
    """Who they are that come with the person, if they want to say it."""

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST_GUESTS:
            return Refused(Say("words.too_long", length=len(words.text), most=LONGEST_GUESTS))
        return NameGuests(occasion, words.text)

    yield Ask("meeting.guests", choices=(SKIP,), reads=read, does=NameGuests, numbered=False)


def needs(occasion: Occasion) -> Flow[None]:
    """What the person needs there; one press if it is nothing."""
    before = occasion.own.needs if occasion.own else ()
    wanted = yield from choose_many("meeting.needs", Need, before)
    language = None
    if Need.INTERPRETATION in wanted:
        language = yield from a_language("meeting.interpretation", longest=LONGEST_LANGUAGE)
    if wanted or before:
        yield from do(NameNeeds(occasion.id, wanted, language))
        yield Say("meeting.needs.kept")
