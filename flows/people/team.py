"""Who has which role, for those who work with them; a role can be withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere, title_of
from flows.moves import Choice, Flow, Key, Known, Passing, Placed, Say, choose, do, glance, look, pick
from flows.paging import Leaf, Listing, one_of_many
from flows.panels.colleges import AssignCollege, College, Colleges, which_college
from flows.people.person import OwnRoles
from flows.people.roles import Permission, Role, Spot, may

WITHDRAW: Final = Choice("withdraw", Key("team.withdraw"))
COLLEGE: Final = Choice("college", Key("team.college"))


@dataclass(frozen=True, slots=True)
class Reach(Known):
    """The places in which the person has one permission."""

    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's role, without their name."""

    id: int  # of the role they have
    role: Role
    spot: Spot
    since: datetime  # aware UTC
    is_me: bool
    college: College | None = None  # of a member of a panel, where it is said

    @property
    def title(self) -> Key:
        """What they are called, with place and college."""
        return title_of(self.role, self.spot, self.college)


@dataclass(frozen=True, slots=True)
class Team(Known):
    """Who has a role in a scope; of the network only its own coordinators."""

    needs: ClassVar[Permission | None] = Permission.SEE_ROLES

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class TeamNames(Passing):
    """The names that they gave themselves."""

    needs: ClassVar[Permission | None] = Permission.SEE_ROLES

    names: Mapping[str, str]  # by id of the role


@dataclass(frozen=True, slots=True)
class OwnTitle:
    """A role of the person, as others with a role see it."""

    role: Role
    spot: Spot
    name: str
    college: College | None = None  # of a member of a panel, where it is said


@dataclass(frozen=True, slots=True)
class OwnTitles(Passing):
    """All of them."""

    titles: tuple[OwnTitle, ...]


class Withdrawn(StrEnum):
    """What came of withdrawing a role."""

    DONE = "done"
    GONE = "gone"  # it had ended already
    LAST = "last"  # nobody would coordinate the network any more; nothing was changed


@dataclass(frozen=True, slots=True)
class WithdrawRole(Placed[Withdrawn]):
    """Somebody's role of exactly that scope ends, and with it the invitations they made."""

    needs: ClassVar[Permission | None] = Permission.GRANT_ROLES

    id: int
    although_last: bool = False


class EvenSo(StrEnum):
    """Whether to withdraw a role that is the last of its kind."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


@conversation("team", desk=10, needs=Permission.SEE_ROLES)
def team() -> Flow[Next]:
    """A person with a role sees who else has one, and withdraws roles where they may.

    where -> the list -> one of them -> withdraw -> the list again
    """
    reach = yield from look(Reach, Permission.SEE_ROLES)
    spot = yield from somewhere("team.where", reach.spots)
    leaf = Leaf()
    while True:
        member = yield from one_member(spot, leaf)
        if member is None:
            return DESK
        ended = yield from one_role(member)
        if ended and member.is_me:
            return None


def own_name() -> Flow[str]:
    """By which name others read what the person writes for a place; empty: they have no role any more."""
    mine = yield from glance(OwnTitles)
    return next((one.name for one in mine.titles), "") if mine else ""


def one_member(spot: Spot, leaf: Leaf) -> Flow[Member | None]:
    """One of those who have a role there; None for none of them."""

    def list_now() -> Flow[Listing[Member]]:
        there = yield from look(Team, spot.where)
        known = yield from glance(TeamNames, spot.where)
        names = known.names if known else {}

        def line(number: int, member: Member) -> Key:
            name = names.get(str(member.id), "")
            return Key("team.line", {"number": number, "name": name, "title": member.title})

        return Listing(there.members, line)

    about = place_of(spot)
    nothing = Say("team.nobody", about=about)
    return (yield from one_of_many("team.list", list_now, nothing, leaf=leaf, about=about))


def one_role(member: Member) -> Flow[bool]:
    """One role, to withdraw it, or to say of which college it is; returns whether it was withdrawn."""
    mine = yield from look(OwnRoles)
    title, choices = member.title, (TO_LIST,)
    if may(mine.held, Permission.GRANT_ROLES, member.spot.where):
        panel = (yield from look(Colleges, member.spot.where)) if member.role is Role.PANEL else None
        choices = (*((COLLEGE,) if panel and panel.colleges else ()), WITHDRAW, TO_LIST)
    picked = yield from pick("team.one", choices, back=False, title=title, since=member.since)
    if picked == COLLEGE.value:
        college = yield from which_college(member.spot.where)
        yield from do(AssignCollege(member.spot.where, member.id, college))
    if picked != WITHDRAW.value:
        return False
    withdrawn = yield from do(WithdrawRole(member.spot.where, member.id))
    if withdrawn is Withdrawn.LAST:
        if (yield from choose("team.last", EvenSo)) is EvenSo.KEEP:
            return False
        withdrawn = yield from do(WithdrawRole(member.spot.where, member.id, although_last=True))
    yield Say("team.withdrawn", title=title)
    return withdrawn is Withdrawn.DONE
