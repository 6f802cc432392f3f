"""Roles: invited to, taken, withdrawn, and shown to those who work with them."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlmodel import col

from flows.links import INVITATION, token_hash
from flows.panels.colleges import College
from flows.people.invitation import Offer, OpenInvitation, Taken, TakeRole
from flows.people.inviting import Invitations, Invite, Made, Revoke, Unused
from flows.people.person import OwnRoles
from flows.people.roles import Holding, Permission, Role, Scope, fits, reach
from flows.people.team import Member, OwnTitle, OwnTitles, Reach, Team, TeamNames, Withdrawn, WithdrawRole
from storage.occasions.spots import spot
from storage.panels.members import college_of
from storage.people import audit
from storage.people.audit import CONSOLE, What
from storage.people.permissions import held, scope_of
from storage.registry import applies, loads
from storage.sql import insert_new
from storage.tables import Appointment, Audit, Invitation, Knock, Pseudonym, table
from storage.unit import Unit

VALID: Final = timedelta(days=7)
"""How long an invitation can be used."""

MOST_KNOCKS: Final = 5
"""Wrong tokens of one person within `WITHIN`; until it is over, no token opens anything for them."""

WITHIN: Final = timedelta(minutes=1)

PURPOSE: Final = "roles"
"""The pseudonym of whoever makes invitations; they are erased with them."""

_ROLES: Final = table(Appointment)
_INVITATIONS: Final = table(Invitation)


@loads(OwnRoles)
def own_roles(unit: Unit) -> OwnRoles:
    """The roles the person has now."""
    return OwnRoles(held(unit))


@loads(OwnTitles)
def own_titles(unit: Unit) -> OwnTitles:
    """The same as others with a role see them, oldest first."""
    mine = _ROLES.c.citizen_id == unit.person.citizen
    query = select(_ROLES).where(mine, _ROLES.c.until.is_(None)).order_by(_ROLES.c.since, _ROLES.c.id)
    return OwnTitles(
        tuple(
            OwnTitle(
                Role(row.role), spot(unit.context, scope_of(row._mapping)), row.name, _college(unit, row)
            )
            for row in unit.rows(query)
        )
    )


@loads(Reach)
def places_in_reach(unit: Unit, permission: Permission) -> Reach:
    """Where the person has that permission."""
    scopes = reach(held(unit), permission, unit.context.territories)
    return Reach(tuple(spot(unit.context, where) for where in scopes))


@applies(Invite)
def invite(unit: Unit, effect: Invite) -> Made:
    """Make an invitation. Its token is nowhere but in the link that is returned.

    Raises ValueError for a role that nobody can have in that scope.
    """
    if not fits(effect.role, effect.where):
        raise ValueError(f"nobody can be {effect.role} in {effect.where}")
    author, id, token = _author(unit, unit.person.citizen), unit.new_id(), new_token()
    known = {"pseudonym": author, "citizen_id": unit.person.citizen, "purpose": PURPOSE}
    unit.connection.execute(insert_new(unit.connection.dialect.name, Pseudonym), [known])
    row = _new(id, token_hash(token), effect.role, effect.where, author, unit.at)
    unit.add(Invitation, **{**row, "college": effect.college})
    audit.note(unit, What.INVITED, effect.role, effect.where, id)
    return Made(f"{unit.context.address}?start={INVITATION}_{token}", unit.at + VALID)


def _author(unit: Unit, citizen: int) -> str:
    return unit.context.keys.pseudonym(PURPOSE, citizen)


def new_token() -> str:
    """128 random bits, as a link can hold them."""
    return secrets.token_urlsafe(16)


def invite_from_console(connection: Connection, hashed: str, role: Role, where: Scope, now: datetime) -> None:
    """Make an invitation in the name of whoever has access to the server; the same one twice is made once.

    hashed  the token, by `token_hash`
    """
    id = int(hashed[:16], 16) >> 1
    row = _new(id, hashed, role, where, CONSOLE, now)
    if connection.execute(insert_new(connection.dialect.name, Invitation), row).rowcount:
        done = audit.entry(What.INVITED, role, where, id)
        connection.execute(insert(table(Audit)), {"at": now, "actor": CONSOLE, **done})


def _new(id: int, hashed: str, role: Role, where: Scope, author: str, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "token_hash": hashed,
        "role": role,
        "territory": where.territory,
        "group_slug": where.group,
        "author": author,
        "made_at": now,
        "until": now + VALID,
        "ended_at": None,
        "college": None,
    }


_KNOCKS: Final = select(func.count()).where(
    col(Knock.citizen_id) == bindparam("citizen"), col(Knock.at) > bindparam("since")
)
_USABLE: Final = _INVITATIONS.c.ended_at.is_(None) & (_INVITATIONS.c.until > bindparam("at"))
_BY_TOKEN: Final = select(_INVITATIONS).where(_INVITATIONS.c.token_hash == bindparam("hashed"), _USABLE)


@applies(OpenInvitation)
def open_invitation(unit: Unit, effect: OpenInvitation) -> Offer | None:
    """What the token leads to. Whatever is wrong with it, the answer is the same."""
    me = unit.person.citizen
    knocks: int = unit.rows(_KNOCKS, {"citizen": me, "since": unit.at - WITHIN})[0][0]
    if knocks >= MOST_KNOCKS:
        return None
    found = unit.rows(_BY_TOKEN, {"hashed": effect.token_hash, "at": unit.at})
    if not found:
        unit.add(Knock, id=unit.new_id(), citizen_id=me, at=unit.at)
        return None
    row = found[0]._mapping
    return Offer(row["id"], Role(row["role"]), spot(unit.context, scope_of(row)), row["until"])


_BY_ID: Final = select(_INVITATIONS).where(_INVITATIONS.c.id == bindparam("id"), _USABLE).with_for_update()
_END: Final = (
    update(_INVITATIONS).where(_INVITATIONS.c.id == bindparam("of")).values(ended_at=bindparam("ended"))
)


@applies(TakeRole)
def take_role(unit: Unit, effect: TakeRole) -> Taken:
    """Give the person the role, unless the invitation was used, revoked or became too old meanwhile."""
    found = unit.rows(_BY_ID, {"id": effect.invitation, "at": unit.at})
    if not found:
        return Taken.GONE
    row = found[0]._mapping
    role, where = Role(row["role"]), scope_of(row)
    if Holding(role, where) in held(unit):
        return Taken.HAD
    unit.change(_END, {"of": row["id"], "ended": unit.at})
    unit.add(
        Appointment,
        id=row["id"],
        citizen_id=unit.person.citizen,
        role=role,
        territory=where.territory,
        group_slug=where.group,
        name=effect.name,
        granted_by=row["author"],
        since=unit.at,
        until=None,
        college=row["college"],
    )
    audit.note(unit, What.TAKEN, role, where, row["id"])
    return Taken.TAKEN


@loads(Invitations)
def invitations(unit: Unit, where: Scope) -> Invitations:
    """What can still be used there, oldest first."""
    query = (
        select(_INVITATIONS)
        .where(_INVITATIONS.c.territory.is_not_distinct_from(where.territory), _USABLE)
        .order_by(_INVITATIONS.c.made_at, _INVITATIONS.c.id)
    )
    rows = (row._mapping for row in unit.rows(query, {"at": unit.at}))
    return Invitations(
        tuple(
            Unused(row["id"], Role(row["role"]), spot(unit.context, scope_of(row)), row["until"])
            for row in rows
        )
    )


@applies(Revoke)
def revoke(unit: Unit, effect: Revoke) -> None:
    """End an invitation to a role in that scope, unless it has ended already."""
    _revoke(unit, _INVITATIONS.c.id == effect.id, _within(_INVITATIONS, effect.where))


def _revoke(unit: Unit, *which: Any) -> None:
    query = select(_INVITATIONS).where(*which, _INVITATIONS.c.ended_at.is_(None)).with_for_update()
    for row in (found._mapping for found in unit.rows(query)):
        unit.change(_END, {"of": row["id"], "ended": unit.at})
        audit.note(unit, What.REVOKED, Role(row["role"]), scope_of(row), row["id"])


def _within(target: Any, where: Scope) -> Any:
    """Rows of exactly that scope."""
    return target.c.territory.is_not_distinct_from(where.territory) & (
        target.c.group_slug.is_not_distinct_from(where.group)
    )


@loads(Team)
def team(unit: Unit, where: Scope) -> Team:
    """Who has a role there, oldest first."""
    return Team(
        tuple(
            Member(
                row.id,
                Role(row.role),
                spot(unit.context, scope_of(row._mapping)),
                row.since,
                row.citizen_id == unit.person.citizen,
                _college(unit, row),
            )
            for row in _members(unit, where)
        )
    )


def _college(unit: Unit, row: Row[Any]) -> College | None:
    """Of a member of a panel, if it is said."""
    territory = unit.context.territories.get(row.territory or "")
    return college_of(territory.panel, row.college) if territory and territory.panel else None


@loads(TeamNames)
def team_names(unit: Unit, where: Scope) -> TeamNames:
    """What they call themselves, by id of the role."""
    rows = _members(unit, where)
    unit.quote(_ROLES, (row.id for row in rows))
    return TeamNames({str(row.id): row.name for row in rows})


def _members(unit: Unit, where: Scope) -> Any:
    query = select(_ROLES).where(
        _ROLES.c.territory.is_not_distinct_from(where.territory), _ROLES.c.until.is_(None)
    )
    if where.group is not None:
        query = query.where(_ROLES.c.group_slug == where.group)
    return unit.rows(query.order_by(_ROLES.c.since, _ROLES.c.id))


@applies(WithdrawRole)
def withdraw_role(unit: Unit, effect: WithdrawRole) -> Withdrawn:
    """End somebody's role in that scope, and with it the invitations they made."""
    held_now = select(_ROLES).where(_ROLES.c.until.is_(None)).with_for_update()
    found = unit.rows(held_now.where(_ROLES.c.id == effect.id, _within(_ROLES, effect.where)))
    if not found:
        return Withdrawn.GONE
    row = found[0]
    if row.role == Role.NETWORK and not effect.although_last:
        others = unit.rows(held_now.where(_ROLES.c.role == Role.NETWORK, _ROLES.c.id != row.id))
        if not others:
            return Withdrawn.LAST
    unit.change(update(_ROLES).where(_ROLES.c.id == row.id).values(until=unit.at))
    audit.note(unit, What.WITHDRAWN, Role(row.role), effect.where, row.id)
    _revoke(unit, _INVITATIONS.c.author == _author(unit, row.citizen_id))
    return Withdrawn.DONE
