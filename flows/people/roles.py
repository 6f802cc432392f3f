"""Roles, what each may do and where: data and pure rules. Who has which role is kept by storage."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody has been asked to do for others."""

    NETWORK = "network"  # coordinates the network
    TERRITORY = "territory"  # coordinates a territory
    FACILITATOR = "facilitator"  # of a homogeneous group
    PANEL = "panel"  # a member of a territory's panel


class Permission(StrEnum):
    """What not everybody may do."""

    COORDINATE = "coordinate"  # open the desk of those who coordinate
    SEE_ROLES = "see_roles"  # see who has which role
    GRANT_ROLES = "grant_roles"  # invite people to roles, withdraw roles and invitations
    PLAN = "plan"  # create, change and cancel meetings, activities and pilot actions
    SEE_ANSWERS = "see_answers"  # who comes and who does not: attendance, barriers, needs
    KEEP_ROOMS = "keep_rooms"  # say what a group chat is for; set up the panel and what it is told
    SEE_PANEL = "see_panel"  # who sits on the panel, in numbers, and when it meets
    CLASSIFY = "classify"  # say what statements are about, and where they lead
    REVIEW = "review"  # decide which words others see
    ANNOUNCE = "announce"  # tell many people something at once
    ATTEND_INQUIRIES = "attend_inquiries"  # read what citizens ask a person, and answer
    READ_DIGESTS = "read_digests"  # what panels are told: figures about many


MAY: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.NETWORK: frozenset(Permission),
        Role.TERRITORY: frozenset(Permission),
        Role.FACILITATOR: frozenset(Permission)
        - {
            Permission.GRANT_ROLES,
            Permission.KEEP_ROOMS,
            Permission.SEE_PANEL,
            Permission.REVIEW,
            Permission.ATTEND_INQUIRIES,
        },
        Role.PANEL: frozenset({Permission.SEE_PANEL, Permission.READ_DIGESTS}),
    }
)
"""The permission matrix. A permission holds where the role does: in its scope and what lies within."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something holds: in one group, in a territory with all its groups, or everywhere."""

    territory: str | None = None  # slug; None: everywhere
    group: str | None = None  # slug; None: the whole territory

    def covers(self, other: "Scope") -> bool:
        """Whether `other` lies within this scope."""
        if self.territory is None:
            return True
        return self.territory == other.territory and self.group in (None, other.group)


EVERYWHERE: Final = Scope()


@dataclass(frozen=True, slots=True)
class Spot:
    """A scope, with the names people know it by."""

    where: Scope
    territory: Mapping[str, str] = field(default_factory=dict)  # by language; {}: everywhere
    group: Mapping[str, str] = field(default_factory=dict)  # by language; {}: the whole territory


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that a person has now."""

    role: Role
    where: Scope


class NotAllowed(Exception):
    """The person may not do this, or no longer; nothing was changed."""


def may(held: Iterable[Holding], permission: Permission, where: Scope | None = None) -> bool:
    """Whether somebody with those roles has that permission.

    where  in all of that scope; None: anywhere
    """
    return any(permission in MAY[one.role] and (where is None or one.where.covers(where)) for one in held)


def fits(role: Role, where: Scope) -> bool:
    """Whether that role can be had in that scope: each has its own level."""
    match role:
        case Role.NETWORK:
            return where == EVERYWHERE
        case Role.FACILITATOR:
            return where.territory is not None and where.group is not None
        case Role.TERRITORY | Role.PANEL:
            return where.territory is not None and where.group is None


def roles_in(where: Scope) -> tuple[Role, ...]:
    """The roles by which some of the people of a scope can be meant; see `counts_in`.

    Who coordinates the network does so from no place: meant by that role are those of the whole network, and
    "those of Riverside who coordinate the network" would be nobody whom anybody has in mind.
    """
    return tuple(role for role in Role if where == EVERYWHERE or role is not Role.NETWORK)


def counts_in(held: Scope, where: Scope) -> bool:
    """Whether people of `where` are meant by a role that they have in `held`: inside it, or all around it.

    Of a territory that is who has the role there or in one of its groups. Of a group it is also who has it in
    its territory: its members who sit on the panel, say. Announcements mean the same by a role.
    """
    return where.covers(held) or (held.territory is not None and held.covers(where))


def reach(held: Iterable[Holding], permission: Permission, territories: Iterable[str]) -> Iterator[Scope]:
    """The scopes in which somebody with those roles has that permission, each once.

    territories  all there are, by slug: a permission that holds everywhere holds in each
    """
    found = dict.fromkeys(one.where for one in held if permission in MAY[one.role])
    if EVERYWHERE not in found:
        yield from found
        return
    yield EVERYWHERE
    yield from map(Scope, territories)
