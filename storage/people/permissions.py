"""Who may do what, decided by the roles that stand in the database in this very transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, or_, select
from sqlmodel import col

from flows.people.roles import MAY, Holding, NotAllowed, Permission, Role, Scope, may
from storage.people.audit import What, note
from storage.sql import among
from storage.tables import Appointment, table
from storage.unit import Unit

_ROLES: Final = table(Appointment).c
_HELD: Final = (
    select(_ROLES.role, _ROLES.territory, _ROLES.group_slug)
    .where(col(Appointment.citizen_id) == bindparam("citizen"), col(Appointment.until).is_(None))
    .order_by(col(Appointment.since), col(Appointment.id))
)
_HELD_LOCKED: Final = _HELD.with_for_update()
_HELD_BY: Final = select(_ROLES.citizen_id, _ROLES.role, _ROLES.territory, _ROLES.group_slug).where(
    among(col(Appointment.citizen_id), "citizens"), col(Appointment.until).is_(None)
)


def held(unit: Unit, *, locked: bool = False) -> tuple[Holding, ...]:
    """The roles that the person has, oldest first.

    locked  nobody else can end them before this transaction does
    """
    if unit.person.arrived_at is None:
        return ()
    rows = unit.rows(_HELD_LOCKED if locked else _HELD, {"citizen": unit.person.citizen})
    return tuple(Holding(Role(row.role), scope_of(row._mapping)) for row in rows)


def held_by(connection: Connection, citizens: Iterable[int]) -> dict[int, list[Holding]]:
    """The roles that those people have, by person; who has none is not in it."""
    found: dict[int, list[Holding]] = defaultdict(list)
    for row in connection.execute(_HELD_BY, {"citizens": list(citizens)}):
        found[row.citizen_id].append(Holding(Role(row.role), scope_of(row._mapping)))
    return dict(found)


def is_permitted(permission: Permission, citizen: Any, territory: Any, group: Any) -> ColumnElement[bool]:
    """Whether somebody has that permission in all of a scope: a condition, of columns."""
    roles = [role for role in Role if permission in MAY[role]]
    group_too = or_(_ROLES.group_slug.is_(None), _ROLES.group_slug == group)
    covers = or_(_ROLES.territory.is_(None), and_(_ROLES.territory == territory, group_too))
    return exists().where(
        _ROLES.citizen_id == citizen, _ROLES.until.is_(None), _ROLES.role.in_(roles), covers
    )


def scope_of(row: Mapping[Any, Any]) -> Scope:
    """The scope that a row of any of our tables stands for."""
    return Scope(row["territory"], row["group_slug"])


def require(unit: Unit, permission: Permission, where: Scope) -> None:
    """Raise NotAllowed, and record it, unless the person has that permission in all of that scope."""
    if not may(held(unit, locked=True), permission, where):
        note(unit, What.REFUSED, permission, where)
        raise NotAllowed(f"{permission} in {where} needs a role that the person does not have")
