"""Who follows a pilot action, takes part in it or offered something for it hears how it goes on.

What is changed within some minutes is told together. Where an action stands again where they know it to
stand, they are told nothing of that.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, or_, select
from sqlmodel import col

from flows.actions.actions import Progress
from flows.actions.gifts import Sake
from flows.moves import Arg
from flows.pushes.pushed import Notice, State
from storage.actions.piloted import PUBLISHED, Action, Follower, Gift
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


_THERE: Final = table(Action).c
_WHO: Final = table(Citizen).c
_LIVES_THERE: Final = and_(
    among(_THERE.id, "ids"),
    among(_WHO.id, "citizens"),
    _THERE.territory == _WHO.territory,
    or_(_THERE.group_slug.is_(None), _THERE.group_slug == _WHO.group_slug),
)
_SEEN: Final = (
    _FOLLOWING.join(table(Action), _THERE.id == col(Follower.action_id))
    .join(table(Citizen), _WHO.id == col(Follower.citizen_id))
    .where(_LIVES_THERE, PUBLISHED),
    _GIVING.join(table(Action), _THERE.id == col(Gift.cause_id))
    .join(table(Citizen), _WHO.id == col(Gift.citizen_id))
    .where(_LIVES_THERE, PUBLISHED),
)
_WITHDRAWN: Final = (
    select(_THERE.id.label("action"), _WHO.id.label("citizen_id"))
    .join(table(Citizen), _WHO.territory == _THERE.territory)
    .where(_LIVES_THERE, _THERE.status == Progress.WITHDRAWN)
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


def what_can_be_told(
    connection: Connection, actions: Iterable[int], citizens: Iterable[int]
) -> Iterator[tuple[int, int, Notice]]:
    """What those people can be told of those actions where they take part now: (action, citizen, notice).

    How one goes on, while they follow it or give something for it; and that it is there no more.
    """
    about = {"ids": list(actions), "citizens": list(citizens)}
    for query in _SEEN:
        for row in connection.execute(query, about):
            yield row.action, row.citizen_id, Notice.PROGRESS
    for row in connection.execute(_WITHDRAWN, about):
        yield row.action, row.citizen_id, Notice.WITHDRAWN
