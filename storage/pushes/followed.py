"""Who follows a pilot action, takes part in it or offered something for it hears how it goes on.

What is changed within some minutes is told together. Where an action stands again where they know it to
stand, they are told nothing of that.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, or_, select
from sqlmodel import col

from flows.actions.actions import Progress
from flows.actions.gifts import Sake
from flows.moves import Arg
from flows.pushes.pushed import Notice, State
from storage.actions.piloted import Action, Follower, Gift
from storage.planning.planning import SETTLED
from storage.pushes.notices import notify, take_back
from storage.pushes.pushed import Push
from storage.sql import among
from storage.tables import Citizen, table
from storage.unit import Unit

_FOLLOWED: Final[Any] = col(Follower.action_id).label("action")
_GIVEN_FOR: Final[Any] = col(Gift.cause_id).label("action")
_FOLLOWING: Final[Select[Any]] = select(_FOLLOWED, col(Follower.citizen_id))
_GIVING: Final[Select[Any]] = select(_GIVEN_FOR, col(Gift.citizen_id)).where(col(Gift.cause) == Sake.ACTION)
_CONCERNED: Final = (
    _FOLLOWING.where(col(Follower.action_id) == bindparam("action")),
    _GIVING.where(col(Gift.cause_id) == bindparam("action")),
)
_UNSAID: Final = select(col(Push.citizen_id), col(Push.details)).where(
    col(Push.about) == bindparam("action"),
    col(Push.kind) == Notice.PROGRESS,
    col(Push.state) == State.DUE,
)


def _seen_by(concerned: Select[Any], action: Any, citizen: Any) -> Select[Any]:
    """Of those whom some actions concern, who sees them where they take part now."""
    there, who = table(Action).c, table(Citizen).c
    return (
        concerned.join(table(Action), there.id == action)
        .join(table(Citizen), who.id == citizen)
        .where(
            among(action, "ids"),
            among(citizen, "citizens"),
            there.published_at.is_not(None),
            there.territory == who.territory,
            or_(there.group_slug.is_(None), there.group_slug == who.group_slug),
        )
    )


_SEEN: Final = (
    _seen_by(_FOLLOWING, col(Follower.action_id), col(Follower.citizen_id)),
    _seen_by(_GIVING, col(Gift.cause_id), col(Gift.citizen_id)),
)


def concerned(unit: Unit, action: int) -> set[int]:
    """Who is told of an action, but for whoever changes it now."""
    rows = [row for query in _CONCERNED for row in unit.rows(query, {"action": action})]
    return {row.citizen_id for row in rows} - {unit.person.citizen}


def tell_of_progress(
    unit: Unit,
    action: int,
    *,
    was: Progress,
    stands: Progress,
    new: Iterable[str] = (),
    but: Collection[int] = (),
) -> None:
    """Have those whom a published action concerns told soon where it stands, and what is new about it.

    was, stands  before this change, and from now on
    new          some of NEWS
    but          citizens who are told of it otherwise
    """
    people = concerned(unit, action)
    unsaid = {row.citizen_id: json.loads(row.details) for row in unit.rows(_UNSAID, {"action": action})}
    take_back(unit.connection, action, Notice.PROGRESS)
    together: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for citizen in people:
        before = unsaid.get(citizen, {"was": was, "new": ()})
        news = frozenset(before["new"]) | frozenset(() if citizen in but else new)
        if news or before["was"] != stands:
            together[before["was"], news].append(citizen)
    at = unit.now + SETTLED
    for (known, news), citizens in together.items():
        details: dict[str, Arg] = {"was": known, "new": tuple(sorted(news))}
        notify(unit.connection, unit.context, citizens, Notice.PROGRESS, action, at, details=details)


def still_concerned(
    connection: Connection, actions: Iterable[int], citizens: Iterable[int]
) -> set[tuple[int, int]]:
    """Which of those people still follow, see and hear of which of those actions: (action, citizen)."""
    about = {"ids": list(actions), "citizens": list(citizens)}
    return {(row.action, row.citizen_id) for query in _SEEN for row in connection.execute(query, about)}
