"""Pilot actions for citizens: which there are, what each is, following it, taking part, giving to it."""

from collections.abc import Mapping
from typing import Final

from flows.actions.actions import (
    Action,
    Actions,
    ActionWords,
    FollowAction,
    LeaveAction,
    OneAction,
)
from flows.actions.feedback import give_feedback
from flows.actions.findings import findings
from flows.actions.gifts import Cause, OwnPleas, Sake
from flows.actions.giving import give, hear_pleas
from flows.actions.sheet import in_full, in_short, known_of, title
from flows.choices import CLOSE, TO_LIST
from flows.choices import MORE as NEXT_PAGE
from flows.conversations import Next, conversation
from flows.links import id_named
from flows.moves import Arg, Choice, Flow, Key, Lines, Say, do, glance, look, pick
from flows.occasions.activity import one_activity
from flows.occasions.lists import one_listed
from flows.occasions.meeting import one_meeting
from flows.occasions.occasions import Listed, OfAction, Sort
from flows.paging import Leaf
from flows.planning.drafting import OwnTongue

PAGE: Final = 10
"""Actions shown at a time, each with a button of its own."""

GIVE: Final = Choice("give", Key("actions.give"))
PLEAS: Final = Choice("pleas", Key("actions.pleas"))
ANSWER: Final = Choice("answer", Key("actions.answer"))
LATER: Final = Choice("later", Key("actions.later"))

FEEDBACK: Final = Choice("feedback", Key("action.feedback"))
FEEDBACK_AGAIN: Final = Choice("feedback", Key("action.feedback_again"))
FOLLOW: Final = Choice("follow", Key("action.follow"))
JOIN: Final = Choice("join", Key("action.join"))
LEAVE: Final = Choice("leave", Key("action.leave"))
OFFER: Final = Choice("offer", Key("action.offer"))
FINDINGS: Final = Choice("findings", Key("action.findings"))
COMING: Final = Choice("coming", Key("action.coming"))
MORE: Final = Choice("more", Key("action.more"))


@conversation("actions", command="actions", menu=16)
def actions() -> Flow[Next]:
    """A citizen sees the pilot actions of their place, and what they can do for them.

    feedback that is asked for again -> the list -> one action -> the list again
    """
    yield from asked_again()
    leaf = Leaf()
    while True:
        there = yield from look(Actions)
        pleas = yield from look(OwnPleas)
        beside = (*((PLEAS,) if pleas.pleas else ()), GIVE)
        picked = yield from which(there, beside, leaf)
        if picked == CLOSE.value:
            return None
        if picked == GIVE.value:
            yield from give(None)
        elif picked == PLEAS.value:
            yield from hear_pleas()
        else:
            yield from one_action(there.actions[int(picked)].id)


def asked_again() -> Flow[None]:
    """Before anything else: feedback that is missing from somebody who gave some before, or takes part.

    Who takes part and has not given any before is asked in the words of the push, which says the same.
    """
    there = yield from look(Actions)
    missing = next((one for one in there.actions if one.asks_again), None)
    if missing is None:
        return
    own = yield from look(OwnTongue)
    words = yield from glance(ActionWords, (missing.id,))
    called = title(words.sheet(missing.id) if words else {}, own.tongue)
    ways = ANSWER, LATER
    if missing.answered_before:
        picked = yield from pick("actions.again", ways, title=called, n=missing.wave or 0)
    else:
        picked = yield from pick("push.feedback", ways, title=called)
    if picked == ANSWER.value:
        yield from give_feedback(missing.id)


def which(there: Actions, beside: tuple[Choice, ...], leaf: Leaf) -> Flow[str]:
    """One of the actions by its place in the list, or one of the choices beside it; page by page.

    leaf  the page to begin with, and after that the one the person was on
    """
    if not there.actions:
        return (yield from pick("actions.none", (*beside, CLOSE), back=False))
    own = yield from look(OwnTongue)
    count, turned = len(there.actions), False
    leaf.first = min(leaf.first, (count - 1) // PAGE * PAGE)
    while True:
        page = there.actions[leaf.first : leaf.first + PAGE]
        words = yield from glance(ActionWords, tuple(one.id for one in page))
        called = [title(words.sheet(one.id) if words else {}, own.tongue) for one in page]
        numbers = range(leaf.first, leaf.first + len(page))
        lines = Lines(tuple(map(line, numbers, page, called)))
        listed = (Choice(str(number), name) for number, name in zip(numbers, called, strict=True))
        is_last = numbers.stop == count
        onward = () if is_last and (turned or not leaf.first) else (NEXT_PAGE,)  # from the last to the first
        choices = (*listed, *onward, *beside, CLOSE)
        picked = yield from pick("actions.list", choices, back=turned, lines=lines)
        if picked != NEXT_PAGE.value:
            return picked
        leaf.first, turned = 0 if is_last else numbers.stop, True


def line(number: int, one: Action, called: Arg) -> Key:
    """How an action reads in the list."""
    status = Key(f"action.progress.{one.progress}")
    args: Mapping[str, Arg] = {"number": number + 1, "title": called, "status": status}
    if one.asks:
        return Key("actions.line_asks", args)
    return Key("actions.line_mine" if one.takes_part else "actions.line", args)


@conversation("action", link="p")
def action(payload: str) -> Flow[Next]:
    """A citizen follows a link to one action.

    payload  of the link
    """
    yield from one_action(id_named(payload) or 0)
    return None


def one_action(id: int) -> Flow[None]:
    """One action's sheet, and what the person can do for it, until they go back."""
    whole = False
    while True:
        known = yield from look(OneAction, id)
        if known.action is None:
            yield Say("action.gone")
            return
        coming = (yield from look(OfAction, id)).occasions
        picked = yield from shown(known.action, whole=whole, comes=bool(coming))
        whole = picked == MORE.value
        match picked:
            case TO_LIST.value:
                return
            case COMING.value:
                yield from come_to(id)
            case FEEDBACK.value:
                yield from give_feedback(id)
            case FINDINGS.value:
                yield from findings(id)
            case OFFER.value:
                yield from give(Cause(Sake.ACTION, id))
            case FOLLOW.value | JOIN.value:
                following = yield from do(FollowAction(id, takes_part=picked == JOIN.value))
                yield Say(f"action.{following}")
            case LEAVE.value:
                yield from do(LeaveAction(id))
                yield Say("action.left")


def come_to(action: int) -> Flow[None]:
    """One of the meetings and activities that belong to an action."""
    picked = yield from one_listed("action.coming_list", (TO_LIST,), OfAction, action)
    if isinstance(picked, Listed):
        yield from (one_meeting if picked.sort is Sort.MEETING else one_activity)(picked.id)


def shown(one: Action, *, whole: bool, comes: bool) -> Flow[str]:
    """The sheet, in short or whole, with what can be done.

    comes  whether a meeting or an activity of it is still to come
    """
    own = yield from look(OwnTongue)
    words = yield from glance(ActionWords, (one.id,))
    known = yield from known_of(words.sheet(one.id) if words else {}, one.id)
    lines = (in_full if whole else in_short)(one, known, own.tongue)
    more = (*((COMING,) if comes else ()), *((MORE,) if one.is_long and not whole else ()))
    return (yield from pick("action.sheet", (*ways(one), *more, TO_LIST), back=False, lines=lines))


def ways(one: Action) -> tuple[Choice, ...]:
    """What a person can do for an action, and with it."""
    found = []
    if one.wave is not None:
        found.append(FEEDBACK_AGAIN if one.answered else FEEDBACK)
    if one.has_findings:
        found.append(FINDINGS)
    if not one.takes_part:
        found.append(JOIN)
    if not one.follows:
        found.append(FOLLOW)
    found.append(OFFER)
    if one.follows:
        found.append(LEAVE)
    return tuple(found)
