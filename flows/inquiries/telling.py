"""Pushes about inquiries: what each tells those who ask and those who answer, and where it leads."""

from typing import Final

from flows.choices import SEE, WHY
from flows.conversations import REST, Next
from flows.inquiries.ask_person import one_own
from flows.inquiries.attending import ANSWER, answer, attend
from flows.inquiries.inquiries import Exchange, NewLines, PassOn, State, Whose, written
from flows.moves import Choice, Flow, Key, Lines, do, glance, look, pick
from flows.people.roles import Scope
from flows.pushes.pushed import Notice
from flows.pushes.why import why

WRITE: Final = Choice("write", Key("push.write_back"))

ABOUT_INQUIRIES: Final = (
    Notice.INQUIRY,
    Notice.INQUIRY_WORDS,
    Notice.INQUIRY_HANDED,
    Notice.INQUIRY_UNANSWERED,
    Notice.INQUIRY_ENDED,
)
"""What is told here."""


def tell_of_inquiry(kind: str, topic: str, inquiry: int) -> Flow[Next]:
    """One push: what it says, and where the person goes from there."""
    whose = yield from look(Whose, inquiry)
    if whose.asks:
        picked = yield from told_asker(kind, inquiry, whose.state)
    else:
        picked = yield from told_attendant(kind, inquiry, whose.where, mine=whose.attends)
    match picked:
        case WHY.value:
            return (yield from why(kind, topic, inquiry))
        case ANSWER.value:
            yield from answer(whose.where, inquiry)
        case _ if whose.asks:
            yield from one_own(inquiry)
        case _:
            yield from attend(whose.where, inquiry)
    return REST


def told_asker(kind: str, inquiry: int, state: State) -> Flow[str]:
    """What whoever asked is told; returns what they picked."""
    if kind != Notice.INQUIRY_WORDS:
        return (yield from pick(f"push.{kind}", (SEE, WHY), back=False))
    lines = yield from passed_on(inquiry)
    key = "push.inquiry_last_words" if state is State.CLOSED else "push.inquiry_words"
    return (yield from pick(key, (WRITE, WHY), back=False, lines=lines))


def told_attendant(kind: str, inquiry: int, where: Scope, *, mine: bool) -> Flow[str]:
    """What those are told who answer; returns what they picked."""
    if kind == Notice.INQUIRY_WORDS:
        lines = yield from passed_on(inquiry)
        return (yield from pick("push.inquiry_more", (ANSWER, SEE, WHY), back=False, lines=lines))
    new = yield from glance(NewLines, inquiry)
    if kind == Notice.INQUIRY_HANDED:
        yield from do(PassOn(inquiry))
    known = yield from glance(Exchange, where, inquiry)
    shown = max(new.lines if new else (), known.lines if known else (), key=len)  # all that nobody has read
    lines = written(shown, by_asker="inquiry.line.asker", by_person="inquiry.line.person")
    if kind == Notice.INQUIRY_HANDED:
        return (yield from pick("push.inquiry_handed", (ANSWER, SEE, WHY), back=False, lines=lines))
    if kind == Notice.INQUIRY_ENDED:
        return (yield from pick("push.inquiry_settled", (WHY,), back=False, lines=lines))
    key = "push.inquiry_waits" if mine else "push.inquiry"
    return (yield from pick(key, (SEE, WHY), back=False, lines=lines))


def passed_on(inquiry: int) -> Flow[Lines]:
    """What the other side has written since; from now on it counts as passed on."""
    new = yield from glance(NewLines, inquiry)
    yield from do(PassOn(inquiry))
    return written(new.lines if new else (), by_asker="inquiry.line.asker", by_person="inquiry.line.person")
