"""Pushes as conversations: what is said without having been asked for, and what a person can answer to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flows.choices import CLOSE, WHY
from flows.conversations import REST, Next, conversation, conversations
from flows.inquiries.telling import ABOUT_INQUIRIES, tell_of_inquiry
from flows.links import link_to
from flows.moves import Arg, Ask, Choice, Flow, Key, Lines, Say, do, glance, look
from flows.occasions.afterwards import SayWasThere, evaluate, say_was_there
from flows.occasions.deadline import AFTER_REMINDER, answer
from flows.occasions.helping import ReportDone, report_hours
from flows.occasions.occasions import HELD, Answered, AnswerOccasion, Says, Sort, Standing, TakeOffer
from flows.occasions.registration import ask_who_helps
from flows.occasions.sheet import name_of_post
from flows.occasions.standing_in import refuse, stand_in
from flows.occasions.swapping import swaps
from flows.pushes.calls import CALLS, call
from flows.pushes.listed import lines_of
from flows.pushes.pushed import Notice, Topic
from flows.pushes.things import Thing, Things, ThingWords, as_they_are, sheet
from flows.pushes.told import Told, ends_otherwise, is_found, is_known_there, is_settled, kept_until, where_of
from flows.pushes.why import why, why_several
from flows.times.cadence import Kind

OPEN: Final = Choice("open", Key("push.open"))
COMES: Final = Choice("yes", Key("push.comes"))
STAYS_AWAY: Final = Choice("no", Key("push.stays_away"))
NOT_THEN: Final = Choice("cannot", Key("push.not_then"))
WAS: Final = Choice("yes", Key("push.was_there"))
HOW_IT_WAS: Final = Choice("how", Key("push.say_how"))
WAS_NOT: Final = Choice("no", Key("push.was_not_there"))
TAKE: Final = Choice("take", Key("push.take"))
LET_GO: Final = Choice("let-go", Key("push.let_go"))
STAND_IN: Final = Choice("stand-in", Key("push.stands_in"))
REFUSE: Final = Choice("refuse", Key("push.refuses"))
GO_ON: Final = Choice("go-on", Key("push.go_on"))
LATER: Final = Choice("later", Key("push.later"))

_CHOICES: Final[Mapping[str, tuple[Choice, ...]]] = {  # all others: OPEN, WHY
    Kind.STILL_COMING: (COMES, STAYS_AWAY, OPEN, WHY),
    Kind.AFTERWARDS: (WAS, WAS_NOT, WHY),
    Kind.NUDGE: (GO_ON, LATER, WHY),
    Notice.CANCELLED: (WHY,),
    Notice.MOVED: (COMES, STAYS_AWAY, OPEN, WHY),
    Notice.ANOTHER_TIME: (COMES, NOT_THEN, OPEN, WHY),
    Notice.OFFER: (TAKE, LET_GO, OPEN, WHY),
    Notice.STAND_IN: (STAND_IN, REFUSE, OPEN, WHY),
}

_WITH_POST: Final = (
    Kind.REMINDER, Kind.STILL_COMING,
    Notice.OFFER, Notice.NO_SEAT, Notice.UNRELIEVED, Notice.MOVED, Notice.CHANGED,
)  # fmt: skip
"""What those are told who have taken something on or wait for it, before it begins."""

_DOORS: Final = {Sort.MEETING: ("meeting", "m"), Sort.ACTIVITY: ("activity", "a")}
"""The conversation about one occasion, and the letter of the links that lead to it."""


@conversation("push", aside=True)
def push(items: Sequence[Sequence[Any]]) -> Flow[Next]:
    """A person is told of one thing or of several, and answers, or not.

    items  kind, topic, what it is about, and details of each

    one: what it is -> what they say to it; several: the list -> one of them, or why -> the list again
    """
    told = tuple(Told(*item) for item in items)
    ids = tuple(each.about for each in told if each.topic != Topic.CONVERSATION)
    there = yield from look(Things, ids)
    if len(told) == 1:
        return (yield from one(told[0], there))
    while True:
        words = yield from glance(ThingWords, ids)
        numbered = enumerate(told, start=1)
        lines = tuple(line for number, each in numbered for line in lines_of(number, each, there, words))
        numbers = (Choice(str(number), str(number + 1)) for number in range(len(told)))
        choices = (*numbers, WHY, CLOSE)
        args = {"lines": Lines(lines)}
        picked: str = yield Ask("push.several", args, choices, columns=5, numbered=False, back=False)
        if picked == CLOSE.value:
            return REST
        if picked == WHY.value:
            after = yield from why_several((each.kind, each.topic) for each in told)
        else:
            there = yield from as_they_are(there)  # days may have passed
            after = yield from one(told[int(picked)], there)
        if after != REST:
            return after
        there = yield from as_they_are(there)  # they may have answered


def one(told: Told, there: Things) -> Flow[Next]:
    """One thing: what it is, and what the person says to it."""
    if told.kind in CALLS:
        return (yield from call(told.kind, told.topic, told.about, told.details))
    if told.kind in ABOUT_INQUIRIES:
        return (yield from tell_of_inquiry(told.kind, told.topic, told.about))
    thing = there.by_id.get(str(told.about))
    if thing is None:
        return (yield from unfinished(told))
    if is_settled(told, thing):
        return (yield from all_about(thing))
    words = yield from glance(ThingWords, (thing.id,))
    about = (*sheet(thing, words), *post_of(told, thing, words))
    args: dict[str, Arg] = {"about": Lines(about)}
    for kept in kept_until(told.kind, thing):
        args["kept"] = kept
    if ends_otherwise(told, thing):
        args["ended"] = datetime.fromisoformat(told.details["ended"])
    elif told.kind == Notice.MOVED:
        args["was"] = datetime.fromisoformat(told.details["was"])
    if told.kind == Notice.NO_SEAT and thing.too_few is not None:
        args["n"] = thing.too_few
    picked: str = yield Ask(_question(told, thing), args, _choices(told.kind, thing), back=False)
    return (yield from answered(picked, told, thing))


def _choices(kind: str, thing: Thing) -> tuple[Choice, ...]:
    """What can be said to it; whether they come to a meeting, only by who has a seat or might come."""
    if thing.is_deadline and kind == Kind.REMINDER:
        return (*AFTER_REMINDER, OPEN, WHY)
    if is_known_there(kind, thing):
        return (HOW_IT_WAS, WHY)
    if kind == Notice.MOVED and (thing.sort is Sort.ACTIVITY or thing.is_deadline or not thing.may_come):
        return (OPEN, WHY)
    return _CHOICES.get(kind, (OPEN, WHY))


def _question(told: Told, thing: Thing) -> str:
    kind = told.kind
    if ends_otherwise(told, thing):
        return "push.moved.end"
    if thing.is_deadline and kind in (Kind.REMINDER, Notice.MOVED):
        return f"push.{kind}.deadline"
    if is_known_there(kind, thing):
        return "push.how_was_it"
    if kind in (Kind.REMINDER, Kind.STILL_COMING) and thing.says is Says.MAYBE:
        return f"push.{kind}.maybe"
    if kind == Notice.NO_SEAT and thing.too_few is not None:
        return "push.no_seat.too_few"
    if kind == Notice.LAPSED and thing.has_room:
        return "push.lapsed.free"
    return f"push.{kind}"


def answered(picked: str, told: Told, thing: Thing) -> Flow[Next]:
    """What the person has said to it."""
    match picked:
        case OPEN.value:
            return (yield from all_about(thing))
        case WHY.value:
            return (yield from why(told.kind, told.topic, told.about))
        case _ if thing.is_deadline:
            yield from answer(thing.id, Says(picked))
        case STAND_IN.value:
            return (yield from stands_in(told, thing))
        case REFUSE.value:
            yield from refuse(thing.id)
        case HOW_IT_WAS.value:
            yield from evaluate(thing.id)
        case _ if told.kind == Kind.AFTERWARDS:
            yield from after(thing, was_there=picked == WAS.value)
        case _:
            result = yield from do(_answer(picked, thing))
            yield Say(f"push.answered.{result}")
            if thing.sort is Sort.ACTIVITY and result is Answered.SEATED:
                yield from ask_who_helps(thing.id)
    return REST


def all_about(thing: Thing) -> Flow[Next]:
    """All that there is to know of it, and to do about it."""
    name, letter = _DOORS[thing.sort]
    return (yield from conversations()[name].start(link_to(letter, thing.id)))


def stands_in(told: Told, thing: Thing) -> Flow[Next]:
    """The person takes a post over, unless they have one there, or would rather wait for another one."""
    post: int = told.details["post"]
    there = yield from as_they_are(Things({str(thing.id): thing}))  # days may have passed
    thing = there.by_id[str(thing.id)]
    if thing.standing in HELD:
        return (yield from all_about(thing))
    waits = thing.post if thing.standing is Standing.WAITING and not is_found(told, thing) else None
    if waits is not None and not (yield from swaps(thing.id, thing.standing, waits, post)):
        return (yield from all_about(thing))
    yield from stand_in(thing.id, post)
    return REST


def _answer(picked: str, thing: Thing) -> TakeOffer | AnswerOccasion:
    if picked == TAKE.value:
        return TakeOffer(thing.id)
    if picked == COMES.value:
        return AnswerOccasion(thing.id, Says.YES, party=thing.party)
    return AnswerOccasion(thing.id, Says.CANNOT if picked == NOT_THEN.value else Says.NO)


def after(thing: Thing, *, was_there: bool) -> Flow[None]:
    """Whether they were there; who was is asked how it was, or how many hours it took."""
    if was_there and thing.sort is Sort.ACTIVITY:
        yield from report_hours(thing.id)
    elif was_there:
        yield from say_was_there(thing.id)
    else:
        missed = (
            SayWasThere(thing.id, was_there=False) if thing.sort is Sort.MEETING else ReportDone(thing.id, 0)
        )
        yield from do(missed)
        yield Say("push.missed_you")


def unfinished(told: Told) -> Flow[Next]:
    """A conversation that the person has not finished: they go on with it, or not."""
    picked: str = yield Ask("push.nudge", {"where": where_of(told)}, _CHOICES[Kind.NUDGE], back=False)
    if picked == WHY.value:
        return (yield from why(told.kind, told.topic, told.about))
    if picked == LATER.value:
        yield Say("push.later.noted")
        return REST
    return None  # what is under way is asked again


def post_of(told: Told, thing: Thing, words: ThingWords | None) -> Sequence[Key]:
    """What there is to do for whom it is told: what is sought, or what they have taken on."""
    number = told.details.get("post", thing.post if told.kind in _WITH_POST else None)
    if number is None or words is None:
        return ()
    return (Key("push.post", {"post": name_of_post(number, words.sheets.get(thing.id), words.tongue)}),)
