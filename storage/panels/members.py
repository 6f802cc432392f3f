"""Who sits on panels, counted by college: as members, and as those who came."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlmodel import col

from flows.occasions.occasions import Sort, State
from flows.panels.colleges import AssignCollege, College, Colleges
from flows.panels.panel import LeavePanel
from flows.panels.sheet import Gathering, PanelSheet
from flows.people.roles import Role, Scope
from flows.people.territory import Panel, Territory
from storage.occasions.planned import Answer, Occasion
from storage.panels.panels import panel_of
from storage.people import audit
from storage.people.audit import What
from storage.registry import applies, loads
from storage.tables import Appointment, table
from storage.unit import Unit

KIND: Final = "panel"
"""The kind of occasions that are meetings of a panel (config/occasions), whoever may come."""

LATELY: Final = 5
"""Meetings whose attendance is counted together."""

_ROLES: Final = table(Appointment)
_MEMBERS: Final = select(_ROLES.c.citizen_id, _ROLES.c.college).where(
    _ROLES.c.role == Role.PANEL,
    _ROLES.c.territory == bindparam("territory"),
    _ROLES.c.until.is_(None),
)
_MEETINGS: Final = select(table(Occasion)).where(
    col(Occasion.territory) == bindparam("territory"),
    table(Occasion).c.group_slug.is_(None),
    col(Occasion.sort) == Sort.MEETING,
    col(Occasion.state) == State.PLANNED,
    or_(col(Occasion.role) == Role.PANEL, col(Occasion.kind) == KIND),
)
_NEXT: Final = (
    _MEETINGS.where(col(Occasion.starts_at) > bindparam("now"))
    .order_by(col(Occasion.starts_at), col(Occasion.id))
    .limit(1)
)
_CAME: Final = or_(col(Answer.checked_in_at).is_not(None), col(Answer.was_there).is_(True))
_HELD: Final = (
    _MEETINGS.where(
        col(Occasion.ends_at) <= bindparam("now"),
        select(col(Answer.occasion_id)).where(col(Answer.occasion_id) == col(Occasion.id), _CAME).exists(),
    )
    .order_by(col(Occasion.ends_at).desc(), col(Occasion.id))
    .limit(LATELY)
)


def college_of(panel: Panel, slug: str | None) -> College | None:
    """One of the colleges of a panel; None for what is none of them, such as one that it had before."""
    if slug is None or slug not in panel.colleges:
        return None
    return College(slug, panel.college_names.get(slug, {}))


@loads(Colleges)
def colleges(unit: Unit, where: Scope) -> Colleges:
    """The colleges of the panel of a territory."""
    territory = unit.context.territories.get(where.territory or "")
    return Colleges(_colleges(territory.panel) if territory and territory.panel else ())


def _colleges(panel: Panel) -> tuple[College, ...]:
    return tuple(College(slug, panel.college_names.get(slug, {})) for slug in panel.colleges)


@loads(PanelSheet)
def panel_sheet(unit: Unit, where: Scope) -> PanelSheet:
    """The panel of a territory in numbers."""
    territory = unit.context.territories.get(where.territory or "")
    if territory is None or territory.panel is None:
        return PanelSheet({}, (), {}, 0, 0, None, 0, {}, None)
    unit.book.flush()
    return sheet_of(unit.connection, territory, territory.panel, unit.now)


def sheet_of(connection: Connection, territory: Territory, panel: Panel, now: datetime) -> PanelSheet:
    """The same, for nobody in particular."""
    slug = territory.slug
    members = {row.citizen_id: row.college for row in connection.execute(_MEMBERS, {"territory": slug})}
    held = [row.id for row in connection.execute(_HELD, {"territory": slug, "now": now})]
    counts = _by_college(panel, members.values())
    return PanelSheet(
        names=panel.names,
        colleges=_colleges(panel),
        members=counts,
        elsewhere=len(members) - sum(counts.values()),
        gap=panel.gap,
        settings=panel_of(connection, territory),
        meetings=len(held),
        came=_by_college(panel, _who_came(connection, held, members)),
        next=_next(connection, slug, now),
    )


def _by_college(panel: Panel, found: Iterable[str | None]) -> Mapping[str, int]:
    counted = Counter(found)
    return {college: counted[college] for college in panel.colleges}


def _who_came(
    connection: Connection, meetings: list[int], members: Mapping[int, str | None]
) -> Iterable[str | None]:
    """The college of each member for each of the meetings at which they were."""
    came = select(col(Answer.citizen_id)).where(col(Answer.occasion_id).in_(meetings), _CAME)
    return [members[row.citizen_id] for row in connection.execute(came) if row.citizen_id in members]


def _next(connection: Connection, territory: str, now: datetime) -> Gathering | None:
    found = connection.execute(_NEXT, {"territory": territory, "now": now}).first()
    return Gathering(found.id, found.kind, datetime.fromisoformat(found.starts)) if found else None


@applies(AssignCollege)
def assign_college(unit: Unit, effect: AssignCollege) -> bool:
    """Note the college of a member of the panel of exactly that scope; only one that there is."""
    territory = unit.context.territories.get(effect.where.territory or "")
    known = territory.panel.colleges if territory and territory.panel else ()
    if effect.college is not None and effect.college not in known:
        return False
    return bool(unit.change(_of(effect.where, _ROLES.c.id == effect.id).values(college=effect.college)))


@applies(LeavePanel)
def leave_panel(unit: Unit, effect: LeavePanel) -> bool:
    """End the person's own role."""
    mine = _of(effect.where, _ROLES.c.citizen_id == unit.person.citizen)
    if not unit.change(mine.values(until=unit.at)):
        return False
    audit.note(unit, What.LEFT, Role.PANEL, effect.where)
    return True


def _of(where: Scope, which: Any) -> Any:
    """Members of the panel of that scope."""
    return update(_ROLES).where(
        which,
        _ROLES.c.role == Role.PANEL,
        _ROLES.c.territory == where.territory,
        _ROLES.c.group_slug.is_(None),
        _ROLES.c.until.is_(None),
    )
