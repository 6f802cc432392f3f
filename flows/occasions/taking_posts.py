"""Taking posts of an activity for one date or for all that follow, swapping them, giving them back."""

from enum import StrEnum
from typing import Final

from flows.moves import Choice, Flow, Key, Lines, Say, choose, do, look, pick
from flows.occasions.coming import tell_own_clock
from flows.occasions.occasions import Answered, AnswerOccasion, Occasion, One, Says, TakeOffer, When
from flows.occasions.posts import Dated, GiveBack, GiveBackLater, GivenBack, TakeAllDates
from flows.occasions.registration import ask_who_helps
from flows.occasions.standing_in import seek
from flows.occasions.still_open import still_open

TAKE_OFFER: Final = Choice("take", Key("activity.take_offer"))
LET_GO: Final = Choice("let-go", Key("activity.let_go"))
GIVE_BACK: Final = Choice("give-back", Key("activity.give_back"))
ALL_DATES: Final = Choice("all", Key("activity.all_dates"))
THIS_ONE: Final = Choice("one", Key("activity.this_date"))

MOST_LINES: Final = 20
"""Dates that are named one by one."""


class SoonAnyway(StrEnum):
    """What to do with a post so soon before it begins."""

    STAND_IN = "stand-in"
    GIVE_BACK = "give-back"
    KEEP = "keep"


def take(occasion: Occasion, post: int, later: int) -> Flow[None]:
    """A citizen takes a post, or a place in line for it; then, if they like, at the later dates, too.

    post   its number
    later  dates that follow

    a post -> the later dates -> questions of who plans it
    """
    id = next((each.id for each in occasion.posts if each.number == post), None)
    answered = yield from do(AnswerOccasion(occasion.id, Says.YES, post=id))
    yield from told(occasion, answered)
    if answered not in (Answered.SEATED, Answered.WAITING):
        return
    if later:
        picked = yield from pick("activity.also_later", (ALL_DATES, THIS_ONE), back=False, more=later)
        if picked == ALL_DATES.value:
            yield from tell_dates((yield from do(TakeAllDates(occasion.id, post))), later, occasion.when)
    yield from ask_who_helps(occasion.id)


def told(occasion: Occasion, answered: Answered) -> Flow[None]:
    """Say what came of wanting a post; of who waits, how many wait before them."""
    place = 0
    if answered is Answered.WAITING:
        now = (yield from look(One, occasion.id)).occasion
        place = now.own.place if now and now.own else 0
    yield Say(f"activity.answered.{answered}", starts=occasion.when.starts, place=place)
    if answered is Answered.SEATED:
        yield from tell_own_clock(occasion)


def tell_dates(dates: tuple[Dated, ...], later: int, first: When) -> Flow[None]:
    """Say what came of taking a post at many dates: which are the person's, where they wait, if not at all.

    later  how many dates there are
    first  when the date is after which they follow; where the person's clocks show another time then, it is
           said once by which clocks all these dates are
    """
    seated = [each for each in dates if each.answered is Answered.SEATED]
    waiting = [each for each in dates if each.answered is Answered.WAITING]
    if seated:
        yield Say("activity.all_seated", dates=_lines(seated))
    if waiting:
        yield Say("activity.all_waiting", dates=_lines(waiting))
    if len(dates) < later:
        yield Say("activity.all_had")
    if dates and first.own is not None:
        yield Say("activity.clocks", zone=first.zone)


def _lines(dates: list[Dated]) -> Lines:
    named = [Key("activity.date", {"starts": each.starts}) for each in dates[:MOST_LINES]]
    more = [Key("activity.more_dates", {"more": len(dates) - MOST_LINES})] if len(dates) > MOST_LINES else []
    return Lines((*named, *more))


def take_offer(occasion: Occasion) -> Flow[None]:
    """A citizen takes the place that is kept for them."""
    answered = yield from do(TakeOffer(occasion.id))
    yield from told(occasion, answered)
    if answered is Answered.SEATED:
        yield from ask_who_helps(occasion.id)


def let_go(occasion: Occasion) -> Flow[None]:
    """A citizen does not want the place that is kept for them, or does not wait any more."""
    came = yield from do(GiveBack(occasion.id))
    yield Say(f"activity.given_back.{came}")


def give_back(occasion: Occasion, later: int) -> Flow[None]:
    """A citizen gives a post back, simply if others have time to take it; else they can ask for a stand-in.

    for which dates -> given back; or, where it begins soon: a stand-in, all the same, or not at all

    A stand-in is sought for this date alone: the later ones leave others time.
    """
    all_dates = False
    if later:
        if not (yield from still_open(occasion.id, "activity.given_back")):
            return
        picked = yield from pick("activity.give_back_which", (THIS_ONE, ALL_DATES), more=later)
        all_dates = picked == ALL_DATES.value
    came = yield from do(GiveBack(occasion.id, all_dates))
    if came is GivenBack.LATE:
        if not (yield from still_open(occasion.id, "activity.given_back")):
            return
        anyway = yield from choose("activity.soon", SoonAnyway)
        if anyway is SoonAnyway.STAND_IN:
            if all_dates and (yield from do(GiveBackLater(occasion.id))):
                yield Say("activity.given_back.later")
            yield from seek(occasion)
            return
        if anyway is SoonAnyway.KEEP:
            yield Say("activity.kept")
            return
        came = yield from do(GiveBack(occasion.id, all_dates, late=True))
    yield Say(f"activity.given_back.{came}")
