"""Following an invitation to a role: what it is, for where, and whether to take it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from flows.conversations import Next, conversation
from flows.coordinate import title_of
from flows.events import Wrote
from flows.links import INVITATION, named
from flows.moves import Ask, Effect, Flow, Reading, Refused, Say, choose, do
from flows.people.roles import Role, Spot

LONGEST_NAME: Final = 40  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that a person is invited to."""

    invitation: int
    role: Role
    spot: Spot
    until: datetime  # aware UTC


class Answer(StrEnum):
    """Whether somebody takes a role."""

    TAKE = "take"
    LEAVE = "leave"


class Taken(StrEnum):
    """What came of taking a role."""

    TAKEN = "taken"
    HAD = "had"  # the person has it already; the invitation stays as it was
    GONE = "gone"  # somebody else took it meanwhile, it was revoked, or too old


@dataclass(frozen=True, slots=True)
class OpenInvitation(Effect[Offer | None]):
    """A person shows a token, by its hash. None: used, expired, revoked, unknown, or tried too often."""

    token_hash: str


@dataclass(frozen=True, slots=True)
class TakeRole(Effect[Taken]):
    """The person takes the role they are invited to; the invitation is used up."""

    invitation: int
    name: str  # by which others with a role know the person


@conversation("invitation", link=INVITATION)
def invitation(payload: str) -> Flow[Next]:
    """A person who has arrived follows an invitation.

    the role, and for where -> take it or not -> by which name -> taken

    payload  of the link, sealed
    """
    offer = yield from do(OpenInvitation(named(payload)))
    if offer is None:
        yield Say("invitation.not_valid")
        return None
    title = title_of(offer.role, offer.spot)
    answer = yield from choose("invitation.ask", Answer, title=title)
    if answer is Answer.LEAVE:
        yield Say("invitation.left", until=offer.until)
        return None

    def read(words: Wrote) -> Reading:
        name = " ".join(words.text.split())
        if len(name) > LONGEST_NAME:
            return Refused(Say("invitation.long_name", most=LONGEST_NAME))
        return TakeRole(offer.invitation, name)

    taken: Taken = yield Ask("invitation.name", reads=read, does=TakeRole)
    yield Say(f"invitation.{taken}", title=title)
    return None
