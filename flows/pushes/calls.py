"""Pushes about actions, gifts, announcements, panels and rooms: what each says, and what it leads to."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from flows.actions.actions import ActionWords, OneAction
from flows.actions.feedback import give_feedback, title_of
from flows.actions.findings import findings
from flows.actions.giving import hear_pleas
from flows.actions.sheet import news, title
from flows.actions.taking_part import one_action
from flows.announcements.announcement import AnnouncementPlace, OneAnnouncement
from flows.announcements.desk import one_announcement
from flows.announcements.sheet import told
from flows.choices import SEE, WHY
from flows.conversations import REST, Next
from flows.digests.reading import tell
from flows.moves import Choice, Flow, Key, Lines, Say, glance, look, pick
from flows.planning.drafting import OwnTongue
from flows.pushes.pushed import Notice
from flows.pushes.why import why
from flows.words.telling import tell_course

ANSWER: Final = Choice("answer", Key("push.answer_now"))

CALLS: Final = (
    Notice.FEEDBACK, Notice.FINDINGS, Notice.PROGRESS, Notice.WITHDRAWN, Notice.PLEA, Notice.REPLY,
    Notice.COURSE, Notice.CONFIRM, Notice.GREW, Notice.SENT, Notice.DIGEST, Notice.SHUT,
)  # fmt: skip
"""What is told here."""


def call(kind: str, topic: str, about: int, details: Mapping[str, Any]) -> Flow[Next]:
    """One push: what it says, and where the person goes from there.

    about    id of the action, announcement, digest or room; of what is asked for, of what needs it; else 0
    details  what was known when it was planned
    """
    match kind:
        case Notice.DIGEST:
            picked = yield from tell(about, (WHY,))
        case Notice.FEEDBACK | Notice.FINDINGS | Notice.PROGRESS | Notice.WITHDRAWN:
            picked = yield from of_action(kind, about, details)
        case Notice.PLEA:
            picked = yield from pick("push.plea", (ANSWER, WHY), back=False)
        case Notice.COURSE:
            return (yield from tell_course(kind, topic, about))
        case Notice.GREW:
            key = "push.grew" if details["asked"] else "push.grew_alone"
            picked = yield from pick(key, (SEE, WHY), back=False)
        case Notice.SENT:
            lines = yield from report(about)
            picked = yield from pick("push.sent", (SEE, WHY), back=False, lines=lines)
        case Notice.SHUT:
            room = Key(f"room.is.{details['purpose']}", {"territory": details["place"]})
            picked = yield from pick("push.shut", (SEE, WHY), back=False, room=room)
        case _:
            picked = yield from pick(f"push.{kind}", (SEE, WHY), back=False)
    if picked == WHY.value:
        return (yield from why(kind, topic, about))
    return (yield from answered(kind, about))


def of_action(kind: str, action: int, details: Mapping[str, Any]) -> Flow[str]:
    """What is told of a pilot action; returns what is pressed."""
    if kind == Notice.PROGRESS:
        return (yield from progress(action, details["new"]))
    called = yield from title_of(action)
    first = {Notice.FEEDBACK.value: (ANSWER,), Notice.FINDINGS.value: (SEE,)}.get(kind, ())
    return (yield from pick(f"push.{kind}", (*first, WHY), back=False, title=called))


def answered(kind: str, about: int) -> Flow[Next]:
    """Where a push leads to."""
    match kind:
        case Notice.FEEDBACK:
            yield from give_feedback(about)
        case Notice.FINDINGS:
            yield from findings(about)
        case Notice.PROGRESS:
            yield from one_action(about)
        case Notice.PLEA:
            if not (yield from hear_pleas()):
                yield Say("ask.gone")
        case Notice.DIGEST:
            return REST
        case Notice.CONFIRM | Notice.GREW | Notice.SENT:
            where = (yield from look(AnnouncementPlace, about)).where
            if where is not None:
                yield from one_announcement(where, about)
        case Notice.SHUT:
            return "rooms"
        case _:
            return "gifts"
    return REST


def progress(action: int, new: Collection[str]) -> Flow[str]:
    """Where an action stands now, and what there is new to read about it; returns what is pressed."""
    known = yield from look(OneAction, action)
    own = yield from look(OwnTongue)
    words = yield from glance(ActionWords, (action,))
    sheet = words.sheet(action) if words else {}
    called, lines = title(sheet, own.tongue), news(known.action, new, sheet, own.tongue)
    return (yield from pick("push.progress", (SEE, WHY), back=False, title=called, lines=lines))


def report(about: int) -> Flow[Lines]:
    """What has become of an announcement, for how many.

    How many are interested is left to the desk while it would say nothing: this comes with the last message.
    """
    where = (yield from look(AnnouncementPlace, about)).where
    found = None if where is None else (yield from look(OneAnnouncement, where, about)).announcement
    return Lines(tuple(told(found.figures, asked=found.figures.tapped > 0)) if found else ())
