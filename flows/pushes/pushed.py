"""Pushes: what is said to people without them having written. Their topics, and what each of them is for."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flows.people.person import Purpose
from flows.times.cadence import Kind


class Topic(StrEnum):
    """What a push can be about; each can be switched off, but for notices."""

    MEETING = "meeting"
    ACTIVITY = "activity"
    STAND_IN = "stand_in"  # somebody looks for one at an activity
    ACTION = "action"
    CONVERSATION = "conversation"  # one that is unfinished
    COURSE = "course"  # what becomes of one's words
    ANNOUNCEMENT = "announcement"  # what those who coordinate tell many at once
    DIGEST = "digest"  # what is new for a panel, to its members
    PLANNING = "planning"  # how full it gets what one plans


class Notice(StrEnum):
    """What people are told because somebody has changed what they said they take part in.

    A notice comes whatever they have switched off, unless they have stopped everything.
    """

    CANCELLED = "cancelled"
    MOVED = "moved"  # to another time
    ANOTHER_TIME = "another_time"  # the same, to who could not come before: could they then?
    CHANGED = "changed"  # place, text, link
    OFFER = "offer"  # a seat is kept for them
    LAPSED = "lapsed"  # it was, and they did not take it in time
    NO_SEAT = "no_seat"  # they are in line still, and it begins soon
    MINUTES = "minutes"  # what was said and decided there can be read
    STAND_IN = "stand_in"  # somebody looks for a stand-in
    RELIEVED = "relieved"  # somebody has taken their post over
    UNRELIEVED = "unrelieved"  # nobody has, and all who were asked have refused, or it begins soon
    FULL = "full"  # for who coordinates: nobody can be seated any more
    FEW = "few"  # for who coordinates: three days before, few have answered
    MISSING = "missing"  # for who coordinates: somebody is missing at a post, and others can hardly be found
    FEEDBACK = "feedback"  # a pilot action asks what it does for people
    WITHDRAWN = "withdrawn"  # a pilot action is there no more
    FINDINGS = "findings"  # what came of that can be seen
    PROGRESS = "progress"  # a pilot action stands elsewhere now, or there is something new to read about it
    PLEA = "plea"  # somebody asks for what they can give
    REPLY = "reply"  # a giver has answered
    COURSE = "course"  # what one has said or offered got further, or is held back
    CONFIRM = "confirm"  # for who coordinates: somebody else's announcement is to be confirmed
    GREW = "grew"  # for its author: an announcement is for so many by now that a second person confirms it
    SENT = "sent"  # for its author: what has become of an announcement
    INQUIRY = "inquiry"  # for who coordinates: somebody asks for a person, or waits still
    INQUIRY_WORDS = "inquiry_words"  # there is something new to read in an inquiry
    INQUIRY_HANDED = "inquiry_handed"  # for who coordinates: they look after it now
    INQUIRY_UNANSWERED = "inquiry_unanswered"  # nobody has answered so far
    INQUIRY_ENDED = "inquiry_ended"  # it is closed
    DIGEST = "digest"  # a panel is told what is new
    SHUT = "shut"  # for who coordinates: one of their group chats cannot be written to any more


class State(StrEnum):
    """Where a push stands."""

    DUE = "due"  # to be said at its moment, or as soon as possible after it
    SAID = "said"  # put in the outbox
    SKIPPED = "skipped"  # not said; the reason says why
    MISSED = "missed"  # its moment passed while nobody could say it


class Reason(StrEnum):
    """Why a push was not said."""

    CAP = "cap"  # enough reminders for these days
    MERGED = "merged"  # something that came with it says the same, or more
    QUIET = "quiet"  # quiet hours, and after them it would be too late
    ANSWERED = "answered"  # the person has answered otherwise, or already
    GONE = "gone"  # what it is about is cancelled, over, or not there for the person
    BLOCKED = "blocked"  # the bot
    STOPPED = "stopped"  # all pushes
    UNWANTED = "unwanted"  # no consent to reminders, or the topic is switched off
    TROUBLE = "trouble"  # it could not be made; the log says why


INQUIRIES: Final = "inquiry"
"""What pushes about inquiries are about: no topic that can be switched off, for they answer somebody."""

NOTICES: Final = frozenset(Notice)

ANSWERS: Final = frozenset(
    (Notice.INQUIRY_WORDS, Notice.INQUIRY_HANDED, Notice.INQUIRY_UNANSWERED, Notice.INQUIRY_ENDED)
)
"""What is said to somebody who has asked, or taken something on, since they stopped all pushes, too."""

SWITCHED: Final = frozenset((Topic.STAND_IN, Topic.ACTION, Topic.COURSE, Topic.DIGEST, Topic.PLANNING))
"""Topics whose notices can be switched off: they ask for something, or help with what somebody plans."""

WISHED: Final = frozenset((Notice.ANOTHER_TIME,))
"""Notices that come as reminders do: to who wants those of the topic, and never at night."""

BY_DAY: Final = WISHED | {Notice.STAND_IN}
"""Notices that are never said at night: they ask for something, and change nothing one takes part in."""

OWN_TOPIC: Final[Mapping[Notice, Topic]] = MappingProxyType(
    {
        Notice.STAND_IN: Topic.STAND_IN,
        Notice.FULL: Topic.PLANNING,
        Notice.FEW: Topic.PLANNING,
        Notice.MISSING: Topic.PLANNING,
    }
)
"""Notices of an occasion that are of another topic than it is."""


OF_GIFTS: Final = frozenset((Notice.PLEA, Notice.REPLY))
"""Notices to those who give and those who ask them, for an action or an activity."""

FOR_PLANNERS: Final = frozenset((Notice.FULL, Notice.FEW, Notice.MISSING))
"""Notices of an occasion to those who plan it."""


def is_switched(kind: str, topic: str) -> bool:
    """Whether it comes no more to who has switched its topic off; notices of changes come still."""
    return kind not in NOTICES or kind in WISHED or topic in SWITCHED


def asks_consent(kind: str, topic: str) -> bool:
    """Whether it comes only to who wants to hear from us; what helps to plan comes with the role."""
    return is_switched(kind, topic) and topic != Topic.PLANNING


def purpose_of(topic: str) -> Purpose:
    """The consent that is needed to write about a topic."""
    return Purpose.NEWS if topic == Topic.ANNOUNCEMENT else Purpose.REMINDERS


UNCAPPED: Final = frozenset((Kind.STILL_COMING, *Notice))
"""What is said however much was said before."""

BY_CADENCE: Final = (Kind.REMINDER, Kind.STILL_COMING, Kind.AFTERWARDS)
"""What is planned from when an occasion takes place."""

WEIGHT: Final[Mapping[str, int]] = MappingProxyType(
    {
        kind: weight
        for weight, kind in enumerate(
            (
                Notice.CANCELLED,
                Notice.OFFER,
                Notice.RELIEVED,
                Notice.STAND_IN,
                Notice.MISSING,
                Notice.FEW,
                Notice.FULL,
                Notice.CONFIRM,
                Notice.GREW,
                Notice.MOVED,
                Notice.ANOTHER_TIME,
                Notice.LAPSED,
                Notice.NO_SEAT,
                Notice.UNRELIEVED,
                Notice.CHANGED,
                Kind.STILL_COMING,
                Kind.REMINDER,
                Notice.INQUIRY_WORDS,
                Notice.INQUIRY_HANDED,
                Notice.INQUIRY,
                Notice.INQUIRY_ENDED,
                Notice.INQUIRY_UNANSWERED,
                Notice.SHUT,
                Notice.PLEA,
                Notice.REPLY,
                Notice.SENT,
                Notice.MINUTES,
                Notice.WITHDRAWN,
                Notice.PROGRESS,
                Notice.FINDINGS,
                Notice.FEEDBACK,
                Notice.COURSE,
                Notice.DIGEST,
                Kind.AFTERWARDS,
                Kind.NUDGE,
            )
        )
    }
)
"""Of several pushes about one thing at once, the one that stands first here comes first."""

WHETHER_AND_WHEN: Final = frozenset(
    (
        Notice.CANCELLED,
        Notice.OFFER,
        Notice.RELIEVED,
        Notice.STAND_IN,
        Notice.MOVED,
        Notice.ANOTHER_TIME,
        Notice.LAPSED,
        Notice.NO_SEAT,
        Notice.UNRELIEVED,
        Notice.CHANGED,
        Kind.STILL_COMING,
        Kind.REMINDER,
    )
)
"""Of these about one occasion, the first in weight says what the others do; what asks or tells of something
else is said beside it."""
