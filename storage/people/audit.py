"""The record of what those with roles did: by whom, about what and where, never in whose words."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from flows.digests.reading import Paper
from flows.occasions.occasions import Sort
from flows.panels.rooms import Purpose
from flows.people.roles import Permission, Role, Scope
from flows.planning.exporting import Subject
from flows.words.reviews import Verdict
from storage.sheet import Line, Sheet
from storage.tables import Audit, table
from storage.unit import Unit

PURPOSE: Final = "audit"
"""A person has one pseudonym in the record; no table leads back from it, so it can outlive them."""

About = Role | Permission | Sort | Subject | Purpose | Verdict | Paper

CONSOLE: Final = "console"
"""Who acts where a command did: somebody with access to the server."""

AUDIT: Final = Sheet("audit", ("at", "actor", "what", "about", "territory", "group", "grant"))


class What(StrEnum):
    """What was done."""

    INVITED = "invited"
    REVOKED = "revoked"  # an invitation, by somebody or because its author lost their role
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"  # a role ended because the person had everything erased
    REFUSED = "refused"
    PLANNED = "planned"  # a meeting or an activity was published
    MOVED = "moved"
    CANCELLED = "cancelled"
    EXPORTED = "exported"  # had as a file, in the chat or from a command
    LEFT = "left"  # a role, by who had it
    BOUND = "bound"  # a group chat became a room
    UNBOUND = "unbound"  # it is none any more, because somebody said so
    SET_UP = "set_up"  # what a panel is told, and when
    REVIEWED = "reviewed"  # a statement: whether and how it may be shown
    CONFIRMED = "confirmed"  # an announcement: by its author, or by the second person it needs
    RECALLED = "recalled"  # before it had begun
    PAUSED = "paused"
    RESUMED = "resumed"
    HALTED = "halted"
    CLAIMED = "claimed"  # an inquiry
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


def actor(unit: Unit) -> str:
    """The name that the person has in the record."""
    return unit.context.keys.pseudonym(PURPOSE, unit.person.citizen)


def note(unit: Unit, what: What, about: About, where: Scope, grant: int | None = None) -> None:
    """Record what the person did, or was refused.

    grant  id of the invitation, which is that of the role that comes of it; or of what was planned
    """
    unit.add(Audit, at=unit.at, actor=actor(unit), **entry(what, about, where, grant))


def entry(what: What, about: About | str, where: Scope, grant: int | None) -> dict[str, Any]:
    """The columns that say what was done."""
    return {
        "what": what,
        "about": about,
        "territory": where.territory,
        "group_slug": where.group,
        "grant_id": grant,
    }


def listed(connection: Connection) -> list[Line]:
    """The whole record, oldest first: roles, announcements, files, reviews, what was planned and refused.

    `grant` names an invitation and the role that came of it, or what was planned.
    """
    query = select(table(Audit)).order_by(col(Audit.at), col(Audit.id))
    rows = connection.execute(query).mappings()
    return [
        {
            "at": row["at"].isoformat(),
            **{name: row[name] for name in ("actor", "what", "about", "territory")},
            "group": row["group_slug"],
            "grant": str(row["grant_id"]) if row["grant_id"] is not None else None,
        }
        for row in rows
    ]
