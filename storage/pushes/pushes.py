"""Pushes planned: rows of what is to be said when, made by what people answered and what cadences say.

Nothing here speaks. What is due is decided again before it is said: storage/pushes/pushing.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, exists, or_, select, update
from sqlmodel import col

from flows.occasions.occasions import Says, Standing
from flows.occasions.occasions import State as OccasionState
from flows.pushes.pushed import BY_CADENCE, Reason, State
from flows.times.cadence import Due, due_times
from storage.context import Context
from storage.occasions.planned import Answer, Occasion
from storage.pushes import waiting
from storage.pushes.habits import COLUMNS, wants_of
from storage.pushes.pushed import Habit, Mute, Push
from storage.sql import among, insert_new, many
from storage.tables import Citizen, table
from storage.unit import WHOSE, Shared, Unit

Name = tuple[int, int, str, str]
"""What a push is, whatever its edition: citizen, about, kind, lead."""


OVER: Final = timedelta(days=5)
"""So long after its end nothing is said about an occasion any more but what somebody writes then."""

LEAVING: Final = timedelta(days=1)
"""So long at the most a message waits to leave: Telegram may ask for pauses of hours."""


EVER: Final = datetime.min.replace(tzinfo=UTC)
_name: Final = attrgetter("citizen_id", "about", "kind", "lead")

REMINDED: Final = or_(
    and_(col(Answer.says) == Says.YES, col(Answer.standing) == Standing.SEATED),
    col(Answer.says) == Says.MAYBE,
)
"""Answers whose authors are reminded: who has a seat, or might come. Who waits in line only gets offers."""

MUTED: Final = exists().where(
    col(Mute.citizen_id) == col(Answer.citizen_id),
    col(Mute.about) == col(Answer.occasion_id),
    col(Mute.at) >= col(Answer.answered_at),
)
"""Answers of which their authors want to hear no more; who answers anew wants to again."""

_ANSWERS: Final[Select[Any]] = (
    select(
        col(Answer.citizen_id),
        col(Occasion.id).label("about"),
        col(Occasion.sort),
        col(Occasion.kind),
        col(Occasion.starts),
        col(Occasion.ends),
        col(Occasion.zone),
        *COLUMNS,
    )
    .join(table(Occasion), col(Occasion.id) == col(Answer.occasion_id))
    .join(table(Citizen), col(Citizen.id) == col(Answer.citizen_id))
    .outerjoin(table(Habit), col(Habit.citizen_id) == col(Answer.citizen_id))
    .where(
        REMINDED,
        ~MUTED,
        col(Occasion.state) == OccasionState.PLANNED,
        col(Occasion.ends_at) > bindparam("since"),
    )
    .order_by(col(Occasion.id))
    .with_for_update(read=True, of=table(Occasion))  # a move that is under way is waited for
)
_PLANNED: Final = (
    select(table(Push))
    .where(col(Push.kind).in_(BY_CADENCE))
    .order_by(col(Push.edition), col(Push.id))
    .with_for_update()  # what is just being said is waited for: it may have to be said again
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The two queries of a replan about those occasions, those people, or both."""

    answers: Select[Any]
    planned: Select[Any]


def _scope(occasions: bool, citizens: bool) -> _Scope:
    answers, planned = _ANSWERS, _PLANNED
    if occasions:
        answers = answers.where(among(col(Answer.occasion_id), "occasions"))
        planned = planned.where(among(col(Push.about), "occasions"))
    if citizens:
        answers = answers.where(among(col(Answer.citizen_id), "citizens"))
        planned = planned.where(among(col(Push.citizen_id), "citizens"))
    return _Scope(answers, planned)


_SCOPES: Final = {each: _scope(*each) for each in ((True, False), (False, True), (True, True))}

_MOVE: Final = (
    update(table(Push))
    .where(col(Push.id) == bindparam("key"))
    .values(at=bindparam("due"), not_after=bindparam("until"), cadence=bindparam("version"), reason=None)
)
_REMOVE: Final = delete(table(Push)).where(among(col(Push.id), "keys"))


def replan(
    connection: Connection,
    context: Context,
    *,
    occasions: Iterable[int] = (),
    citizens: Iterable[int] = (),
    now: datetime,
) -> None:
    """Make the pushes what answers, habits and cadences say now: new ones, moved ones, none too many.

    occasions, citizens  what has changed; both given: what these people have of those occasions

    To be called in the transaction that changes an answer, the time or the state of an occasion, habits,
    consents, or where a person takes part. What was said already is said again only where it would now
    come later by as much as its lead: the notice of the change has told of less. What has not left the
    outbox yet was not said.
    """
    about, whose = list(occasions), list(citizens)
    if not about and not whose:
        return
    scope = _SCOPES[bool(about), bool(whose)]
    given = (("occasions", about), ("citizens", whose))
    values: dict[str, Any] = {name: list_ for name, list_ in given if list_}
    wanted = {
        (row.citizen_id, row.about, due.kind.value, str(due.lead)): (row.sort, due)
        for row in connection.execute(scope.answers, {**values, "since": now - OVER})
        for due in _dues(row, context)
    }
    there = {_name(row): row for row in connection.execute(scope.planned, values)}  # the newest edition
    _write(connection, context, wanted, there, now)


_ANSWERED: Final = Shared(
    table(Answer),
    select(col(Answer.citizen_id)).where(among(col(Answer.citizen_id), WHOSE)).distinct(),
    key=lambda _context, citizen: citizen,
)


def replan_own(unit: Unit) -> None:
    """The same for the person of a turn in which something about them has changed."""
    person = unit.person
    if person.arrived_at is None or not person.known or not unit.own(_ANSWERED):
        return  # nothing is planned for who has answered nothing
    here = {"territory": person.territory, "group_slug": person.group, "stopped_at": person.stopped_at}
    unit.change(update(table(Citizen)).where(col(Citizen.id) == person.citizen).values(here))
    replan(unit.connection, unit.context, citizens=[person.citizen], now=unit.now)


def _dues(row: Row[Any], context: Context) -> tuple[Due, ...]:
    """All the pushes that this answer ever asks for."""
    person = wants_of(row, context, row.zone)
    kind = context.occasion_kinds.get(row.kind)
    cadence = context.cadences.by_name.get(kind.cadence if kind else row.sort)
    if cadence is None or not person.reminders_of(row.sort):
        return ()
    starts, ends = datetime.fromisoformat(row.starts), datetime.fromisoformat(row.ends)
    return due_times(starts, ends, row.zone, cadence, person.habits, EVER)


def _write(
    connection: Connection,
    context: Context,
    wanted: Mapping[Name, tuple[str, Due]],
    there: Mapping[Name, Row[Any]],
    now: datetime,
) -> None:
    version = context.cadences.version
    changed = [
        row.id
        for name, row in there.items()
        if _may_wait_to_leave(row, now) and _differs(row, wanted.get(name))
    ]
    again = waiting.take_back(connection, changed) if changed else set()
    new, moved = [], []
    for name, (topic, due) in sorted(wanted.items(), key=lambda item: item[0]):
        row = there.get(name)
        if row is not None and (row.state == State.DUE or row.id in again):
            if (row.at, row.not_after) != (due.at, due.not_after) and due.at >= now:
                moved.append({"key": row.id, "due": due.at, "until": due.not_after, "version": version})
        elif due.at >= now and (row is None or _anew(row, due)):
            edition = row.edition + 1 if row is not None else 0
            new.append(a_push(name, topic, due.at, due.not_after, version, now, edition=edition))
    removed = [row.id for name, row in there.items() if row.state == State.DUE and _is_over(row, wanted, now)]
    removed += [row.id for name, row in there.items() if row.id in again and name not in wanted]
    if removed:
        connection.execute(_REMOVE, {"keys": sorted(removed)})
    if moved:
        many(connection, _MOVE, sorted(moved, key=lambda row: row["key"]))
    if new:
        many(connection, insert_new(connection.dialect.name, Push), new)


def _may_wait_to_leave(row: Row[Any], now: datetime) -> bool:
    """Whether a push was said so shortly ago that its message may be in the outbox still."""
    return bool(row.state == State.SAID and row.settled_at > now - LEAVING)


def _differs(row: Row[Any], found: tuple[str, Due] | None) -> bool:
    """Whether a push that was said would not be any more, or at another time.

    One that was put off came later than planned, and is as good as ever.
    """
    if found is None:
        return True
    _, due = found
    return bool(due.not_after != row.not_after or due.at > row.at)


def _anew(row: Row[Any], due: Due) -> bool:
    """Whether what was settled is to come once more, for the time that holds now."""
    return bool(row.state == State.MISSED or due.at - row.at >= due.lead.length)


def _is_over(row: Row[Any], wanted: Mapping[Name, tuple[str, Due]], now: datetime) -> bool:
    """Whether a push that is due is not any more.

    One whose moment has just come is left to be said, and one that waits for quiet hours to end.
    """
    found = wanted.get(_name(row))
    return found is None or (found[1].at < now and found[1].at != row.at and row.reason != Reason.QUIET)


def a_push(
    name: Name,
    topic: str,
    at: datetime,
    not_after: datetime,
    version: str,
    now: datetime,
    *,
    edition: int = 0,
) -> dict[str, Any]:
    """A row of something that is to be said."""
    citizen, about, kind, lead = name
    return {
        "citizen_id": citizen,
        "topic": topic,
        "about": about,
        "kind": kind,
        "lead": lead,
        "edition": edition,
        "details": None,
        "cadence": version,
        "at": at,
        "not_after": not_after,
        "state": State.DUE,
        "reason": None,
        "planned_at": now,
        "settled_at": None,
    }
