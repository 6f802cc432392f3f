"""Announcements: what those who coordinate say to many at once, to whom, when, and what became of it.

One is drafted and seen by nobody else but those who may announce in its scope, confirmed (above a set size by
a second person), begun at its moment, and sent to each of its recipients once. What can be done to one stands
in flows/announcements/steps.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from flows.files import Medium
from flows.moves import Known, Names, Passing
from flows.people.roles import Permission, Scope, Spot

LONGEST: Final = 3000  # characters of one text
LONGEST_LABEL: Final = 30  # of what stands on a button
MOST_LINKS: Final = 3


class Stage(StrEnum):
    """Where an announcement stands."""

    DRAFT = "draft"
    ASKED = "asked"  # its author has confirmed it; somebody else is to confirm it, too
    WAITING = "waiting"  # confirmed; it begins at its moment
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    HALTED = "halted"  # for good, before everybody had it


class Fate(StrEnum):
    """What has become of an announcement for one recipient."""

    DUE = "due"  # it is still to be sent
    OUT = "out"  # on its way: in the outbox
    DELIVERED = "delivered"
    UNSURE = "unsure"  # it may have been delivered, and is not sent again
    GONE = "gone"  # they have blocked the bot, or left Telegram, as sending has shown
    SKIPPED = "skipped"  # never sent; the omission says why


class Omission(StrEnum):
    """Why somebody who could be meant does not get an announcement."""

    EXCLUDED = "excluded"  # by its audience
    STOPPED = "stopped"  # they have stopped everything
    BLOCKED = "blocked"  # the bot
    NO_CONSENT = "no_consent"  # to being written to first
    OFF = "off"  # they have switched announcements off
    QUIET = "quiet"  # quiet hours, and after them it would have been too late
    LATE = "late"  # it could not be sent in time
    REFUSED = "refused"  # Telegram did not take it
    HALTED = "halted"  # somebody stopped it before
    ERASED = "erased"  # they had everything about them erased meanwhile


class By(StrEnum):
    """What an audience can go by, in the order in which it is offered."""

    TERRITORY = "territory"  # slug; only where it is for the whole network
    GROUP = "group"  # slug; only where it is for a whole territory
    LANGUAGE = "language"  # BCP 47: in which they read
    ROLE = "role"  # that they have in its scope; the panel is one
    ANSWER = "answer"  # to a meeting: its id and what they said, as in 7:yes
    ACTION = "action"  # the id of one that they follow or take part in


class Stance(StrEnum):
    """What somebody has said to a meeting."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"  # or that they would like to, and cannot
    NONE = "none"  # nothing


@dataclass(frozen=True, slots=True)
class Aim:
    """One condition of an audience.

    People must fulfil one of those that go by the same, of each that any condition goes by, and none of those
    that leave people out.
    """

    by: By
    value: str
    out: bool = False  # whom it is about are left out


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that leads to a page."""

    number: int  # from 1 on
    address: str
    languages: tuple[str, ...]  # in which its label is written


@dataclass(frozen=True, slots=True)
class Figures:
    """What has become of an announcement so far, in people."""

    all: int = 0  # how many it was for
    due: int = 0  # it is not settled yet for so many
    delivered: int = 0
    unsure: int = 0
    gone: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)  # by omission
    tapped: int = 0  # who have said that they are interested


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement as those see it who may announce in its scope; its words are in AnnouncementWords."""

    id: int
    spot: Spot
    stage: Stage
    is_mine: bool
    languages: tuple[str, ...] = ()  # in which it is written
    aims: tuple[Aim, ...] = ()
    links: tuple[LinkButton, ...] = ()
    asks_interest: bool = False  # there is a button to say that one is interested
    medium: Medium | None = None  # a picture or a document that comes with it
    zone: str = "UTC"  # IANA name: by whose clocks its times are
    starts: datetime | None = None  # naive; None: ten minutes after it is confirmed
    rule: str | None = None  # RFC 5545: it comes again
    first: datetime | None = None  # naive: when it came, or comes, for the first time, if it comes again
    occasion: int | None = None  # id of the meeting before or after which it comes
    lead: str = ""  # how long: -2d is two days before, 3h three hours after
    until: datetime | None = None  # naive; who joins until then gets it, too
    figures: Figures = field(default_factory=Figures)

    @property
    def where(self) -> Scope:
        return self.spot.where


@dataclass(frozen=True, slots=True)
class AnnouncementLine:
    """One of them in a list."""

    id: int
    where: Scope
    stage: Stage
    is_mine: bool
    starts: datetime | None  # naive


@dataclass(frozen=True, slots=True)
class Announcements(Known):
    """Those of a scope and what lies in it: what is not settled first, then the newest; looked at with it."""

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE

    lines: tuple[AnnouncementLine, ...]


@dataclass(frozen=True, slots=True)
class OneAnnouncement(Known):
    """One of exactly that scope; looked at with both."""

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE

    announcement: Announcement | None


@dataclass(frozen=True, slots=True)
class AnnouncementWords(Passing):
    """What is written of those within a scope; looked at with it."""

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE

    texts: Mapping[str, Names]  # by id
    labels: Mapping[str, Names]  # by id and number of a link: 7:1
    names: Mapping[str, Names]  # of what audiences go by: by what and value, as in group:youth


@dataclass(frozen=True, slots=True)
class Reached(Known):
    """How many people an announcement would reach now, give or take a few; looked at with its scope and id.

    0: fewer than may be told of. Languages and omissions of so few are not in it.
    """

    needs: ClassVar[Permission | None] = Permission.ANNOUNCE

    all: int
    by_language: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)  # by omission


@dataclass(frozen=True, slots=True)
class AnnouncementPlace(Known):
    """The scope of an announcement; looked at with its id. None: there is none (any more)."""

    where: Scope | None
