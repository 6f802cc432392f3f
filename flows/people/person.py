"""What is known of the person a conversation is with, and what can change about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.moves import Effect, Known, Names, Passing
from flows.people.roles import Holding


class Purpose(StrEnum):
    """What a person consents to, each by itself (GDPR, article 7)."""

    STATEMENTS = "statements"
    REMINDERS = "reminders"  # and results
    QUOTES = "quotes"
    NEWS = "news"  # of those who coordinate, to many


PUSHED: Final = (Purpose.REMINDERS, Purpose.NEWS)
"""What people agree to be written to for without having written first."""


@dataclass(frozen=True, slots=True)
class Myself(Known):
    """The person this conversation is with."""

    language: str
    language_chosen: bool  # False: only guessed so far
    territory: str | None
    group: str | None
    arrived: bool
    consents: tuple[Purpose, ...]  # given and not withdrawn
    stopped: bool


@dataclass(frozen=True, slots=True)
class OwnName(Known):
    """What the person is called by the others on their phone; None: there are none."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Unasked(Known):
    """The purposes that the person was never asked to consent to: they came before these were there."""

    purposes: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class OwnRoles(Known):
    """The roles that the person has."""

    held: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Languages(Known):
    """The languages a person can choose from, those of their territory first."""

    own_names: Mapping[str, str]  # by code, each in its own language and script
    nearest: tuple[str, ...] = ()  # of those codes: the one spoken now, then what is spoken where they are


@dataclass(frozen=True, slots=True)
class OwnLanguage(Passing):
    """The language that is spoken with the person."""

    name: str  # in its own language and script


@dataclass(frozen=True, slots=True)
class Places(Known):
    """The territories a person can choose from."""

    names: Mapping[str, Names]  # by slug


@dataclass(frozen=True, slots=True)
class Place(Known):
    """One territory, as far as arriving needs it; `slug` is None where the link named none that exists."""

    slug: str | None
    names: Names
    adult_from: int  # years
    groups: Mapping[str, Names]  # by slug


@dataclass(frozen=True, slots=True)
class LinkedPlace(Known):
    """Where that lies to which a link leads; looked at with its payload.

    None: nowhere in particular, or it leads to nothing that everybody may know of.
    """

    territory: str | None = None  # slug
    group: str | None = None  # slug: it is for that group alone


@dataclass(frozen=True, slots=True)
class SpeakLanguage(Effect[None]):
    """The person chose a language; the choice is kept for ever."""

    language: str


@dataclass(frozen=True, slots=True)
class Join(Effect[None]):
    """The person takes part in a territory, and maybe in one of its homogeneous groups."""

    territory: str
    group: str | None


@dataclass(frozen=True, slots=True)
class ConfirmAge(Effect[None]):
    """The person said they are old enough to decide alone; only the yes is kept."""


@dataclass(frozen=True, slots=True)
class GiveConsent(Effect[None]):
    """The person agreed to one purpose, having read the text of that key in their language."""

    purpose: Purpose
    text: str


@dataclass(frozen=True, slots=True)
class RefuseConsent(Effect[None]):
    """The person did not agree to one purpose, or no longer does."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class StopPushes(Effect[None]):
    """Nothing is sent to the person any more unless they write first."""


@dataclass(frozen=True, slots=True)
class Forget(Effect[None]):
    """Everything kept about the person is erased (GDPR, article 17)."""


@dataclass(frozen=True, slots=True)
class BeReachable(Effect[None]):
    """The person blocked the bot, or took the block back."""

    reachable: bool
