"""Why somebody is told something, and how to be told less."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flows.choices import CLOSE
from flows.conversations import REST, Next
from flows.moves import Choice, Effect, Flow, Key, Say, do, pick
from flows.people.person import RefuseConsent, StopPushes
from flows.pushes.pushed import BY_CADENCE, Notice, Topic, asks_consent, is_switched, purpose_of
from flows.times.cadence import Kind

STOP_THIS: Final = Choice("this", Key("why.stop_this"))
STOP_ALL: Final = Choice("all", Key("why.stop_all"))
SETTINGS: Final = Choice("settings", Key("why.settings"))
STOP_TOPIC: Final = "topic"
WITHDRAW: Final = "withdraw"

_REASONS: Final[Mapping[str, str]] = {
    Kind.REMINDER: "why.reminder",
    Kind.STILL_COMING: "why.reminder",
    Kind.AFTERWARDS: "why.afterwards",
    Kind.NUDGE: "why.nudge",
    Notice.ANOTHER_TIME: "why.another_time",
    Notice.MINUTES: "why.minutes",
    Notice.STAND_IN: "why.stand_in",
    Notice.MISSING: "why.missing",
    Notice.FULL: "why.missing",
    Notice.FEW: "why.missing",
    Notice.FEEDBACK: "why.feedback",
    Notice.FINDINGS: "why.findings",
    Notice.PROGRESS: "why.progress",
    Notice.WITHDRAWN: "why.progress",
    Notice.PLEA: "why.plea",
    Notice.REPLY: "why.reply",
    Notice.COURSE: "why.course",
    Notice.CONFIRM: "why.missing",
    Notice.GREW: "why.missing",
    Notice.SENT: "why.missing",
    "announcement": "why.announcement",
    Notice.INQUIRY: "why.inquiry_to_answer",
    Notice.INQUIRY_WORDS: "why.inquiry",
    Notice.INQUIRY_HANDED: "why.inquiry_to_answer",
    Notice.INQUIRY_UNANSWERED: "why.inquiry",
    Notice.INQUIRY_ENDED: "why.inquiry",
    Notice.DIGEST: "why.digest",
    Notice.SHUT: "why.missing",
}


@dataclass(frozen=True, slots=True)
class LeaveInPeace(Effect[None]):
    """No more reminders about one thing until one answers to it anew; notices of changes come still."""

    about: int


@dataclass(frozen=True, slots=True)
class SwitchTopic(Effect[None]):
    """No more reminders of one topic, or again some."""

    topic: Topic
    on: bool


def why(kind: str, topic: str, about: int | None) -> Flow[Next]:
    """Why a person got a push; they stop this one, all of the kind, or what they had agreed to at all.

    about  None: there is nothing that can be meant by "this one"
    """
    picked = yield from _told_why(kind, topic, about)
    return "settings" if picked == SETTINGS.value else REST


def why_several(told: Iterable[tuple[str, str]]) -> Flow[Next]:
    """Why a person got several pushes at once: each reason in turn, until they stop more than its topic.

    told  kind and topic of each
    """
    reasons = {(_reason(kind), topic): kind for kind, topic in told}
    off: set[str] = set()
    for (_, topic), kind in reasons.items():
        if topic in off and is_switched(kind, topic):
            continue
        picked = yield from _told_why(kind, topic, None)
        if picked == SETTINGS.value:
            return "settings"
        if picked == STOP_TOPIC:
            off.add(topic)
        elif picked != CLOSE.value:
            return REST
    return REST


def _reason(kind: str) -> str:
    return _REASONS.get(kind, "why.notice")


def _told_why(kind: str, topic: str, about: int | None) -> Flow[str]:
    """One reason, and what the person stops of it; returns what they picked."""
    picked = yield from pick(_reason(kind), _choices(kind, topic, is_one=about is not None))
    match picked:
        case STOP_THIS.value:
            assert about is not None
            yield from do(LeaveInPeace(about))
            yield Say("why.stopped_this")
        case _ if picked == STOP_TOPIC:
            yield from do(SwitchTopic(Topic(topic), on=False))
            yield Say("why.stopped_topic")
        case _ if picked == WITHDRAW:
            purpose = purpose_of(topic)
            yield from do(RefuseConsent(purpose))
            yield Say(f"why.withdrawn.{purpose}")
        case STOP_ALL.value:
            yield from do(StopPushes())
            yield Say("stop.done")
    return picked


def _choices(kind: str, topic: str, *, is_one: bool) -> Iterator[Choice]:
    """What is about changes of what they take part in cannot be switched off but with everything."""
    if kind in BY_CADENCE and is_one:
        yield STOP_THIS
    if is_switched(kind, topic):
        yield Choice(STOP_TOPIC, Key(f"why.stop_topic.{topic}"))
    yield Choice(WITHDRAW, Key("why.withdraw")) if asks_consent(kind, topic) else STOP_ALL
    yield SETTINGS
    yield CLOSE
