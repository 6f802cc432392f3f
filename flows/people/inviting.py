"""Inviting somebody to a role by a link that works once, or everybody to a place by a link for posters.

Links to roles that nobody has used can be taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere, title_of
from flows.files import Hand, QrCode
from flows.links import link_to_place
from flows.moves import Choice, Flow, Key, Known, Link, Placed, Say, do, look, pick
from flows.occasions.posters import BotAddress
from flows.paging import Leaf, Listing, one_of_many
from flows.panels.colleges import which_college
from flows.people.person import OwnRoles, Place
from flows.people.roles import EVERYWHERE, Permission, Role, Scope, Spot, may
from flows.people.team import Reach

TAKING_PART: Final = Choice("taking-part", Key("invite.taking_part"))
ALL: Final = Choice("all", Key("plan.for_all"))
REVOKE: Final = Choice("revoke", Key("invitations.revoke"))


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation that was made."""

    link: str  # holds the token: said once, and in no log, because nothing is asked after it
    until: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class Invite(Placed[Made]):
    """Whoever opens the link first can take the role."""

    needs: ClassVar[Permission | None] = Permission.GRANT_ROLES

    role: Role
    college: str | None = None  # slug, of a member of a panel; None: not said yet


@dataclass(frozen=True, slots=True)
class Unused:
    """An invitation that can still be used."""

    id: int
    role: Role
    spot: Spot
    until: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class Invitations(Known):
    """The invitations to roles in a scope that can still be used; of the network only to coordinate it."""

    needs: ClassVar[Permission | None] = Permission.GRANT_ROLES

    unused: tuple[Unused, ...]


@dataclass(frozen=True, slots=True)
class Revoke(Placed[None]):
    """A link to a role of exactly that scope opens nothing any more."""

    needs: ClassVar[Permission | None] = Permission.GRANT_ROLES

    id: int


@conversation("invite", desk=20, needs=Permission.PLAN)
def invite() -> Flow[Next]:
    """A person who coordinates invites somebody to a role, where they may, or everybody to take part.

    role -> territory -> group, or college -> link; taking part -> territory -> group -> link and picture
    """
    mine = yield from look(OwnRoles)
    everywhere = may(mine.held, Permission.GRANT_ROLES, EVERYWHERE)
    roles = [role for role in Role if role is not Role.NETWORK or everywhere]
    choices = (*(Choice(role, Key(f"role.{role}")) for role in roles), TAKING_PART)
    grants = may(mine.held, Permission.GRANT_ROLES)
    picked = (yield from pick("invite.role", choices)) if grants else TAKING_PART.value
    if picked == TAKING_PART.value:
        yield from to_take_part()
        return DESK
    role = Role(picked)
    spot = yield from where_for(role)
    if spot is None:
        yield Say("invite.no_groups")
        return DESK
    college = (yield from which_college(spot.where)) if role is Role.PANEL else None
    made = yield from do(Invite(spot.where, role, college))
    yield Say("invite.link", title=title_of(role, spot), link=Link(made.link), until=made.until)
    return DESK


def where_for(role: Role) -> Flow[Spot | None]:
    """Where somebody is to have that role; None: in a group, and the territory has none."""
    if role is Role.NETWORK:
        return Spot(EVERYWHERE)
    reach = yield from look(Reach, Permission.GRANT_ROLES)
    territories = [spot for spot in reach.spots if spot.where != EVERYWHERE]
    spot = yield from somewhere("invite.territory", territories)
    if role is not Role.FACILITATOR:
        return spot
    groups = yield from groups_in(spot)
    return (yield from somewhere("invite.group", groups)) if groups else None


def groups_in(spot: Spot) -> Flow[list[Spot]]:
    """The groups of a territory."""
    slug = spot.where.territory
    place = yield from look(Place, slug or "")
    return [Spot(Scope(slug, group), spot.territory, names) for group, names in place.groups.items()]


def to_take_part() -> Flow[None]:
    """The link by which everybody comes to a territory or a group, and its picture for a poster."""
    reach = yield from look(Reach, Permission.PLAN)
    spots = [spot for spot in reach.spots if spot.where != EVERYWHERE]
    has_territories = any(spot.where.group is None for spot in spots)
    spot = yield from somewhere("invite.territory" if has_territories else "invite.group", spots)
    groups = (yield from groups_in(spot)) if spot.where.group is None else []
    if groups:
        called = (Choice(str(number), one.group) for number, one in enumerate(groups))
        picked = yield from pick("plan.for_whom", (ALL, *called), about=place_of(spot))
        spot = spot if picked == ALL.value else groups[int(picked)]
    bot = yield from look(BotAddress)
    link = f"{bot.address}?start={link_to_place(spot.where.territory or '', spot.where.group)}"
    yield Hand("poster.place", QrCode(link), about=place_of(spot), link=Link(link))


@conversation("invitations", desk=30, needs=Permission.GRANT_ROLES)
def invitations() -> Flow[Next]:
    """A person who coordinates sees which invitations can still be used, and revokes them.

    where -> the list -> one of them -> revoke -> the list again
    """
    reach = yield from look(Reach, Permission.GRANT_ROLES)
    spot = yield from somewhere("invitations.where", reach.spots)
    leaf = Leaf()
    while (one := (yield from one_unused(spot, leaf))) is not None:
        yield from one_invitation(one)
    return DESK


def one_unused(spot: Spot, leaf: Leaf) -> Flow[Unused | None]:
    """One of the invitations to roles there; None for none of them."""

    def list_now() -> Flow[Listing[Unused]]:
        return Listing((yield from look(Invitations, spot.where)).unused, line_of)

    about = place_of(spot)
    nothing = Say("invitations.none", about=about)
    return (yield from one_of_many("invitations.list", list_now, nothing, leaf=leaf, about=about))


def line_of(number: int, one: Unused) -> Key:
    """How an invitation reads in a list."""
    title = title_of(one.role, one.spot)
    return Key("invitations.line", {"number": number, "title": title, "until": one.until})


def one_invitation(one: Unused) -> Flow[None]:
    """One invitation, to revoke it."""
    title = title_of(one.role, one.spot)
    picked = yield from pick("invitations.one", (REVOKE, TO_LIST), back=False, title=title, until=one.until)
    if picked == REVOKE.value:
        yield from do(Revoke(one.spot.where, one.id))
        yield Say("invitations.revoked", title=title)
