"""Who comes, counted for those who prepare it, with the words and names that were given for them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlmodel import col

from flows.moves import Names
from flows.occasions.afterwards import About
from flows.occasions.occasions import HELD, Barrier, Need, Post, Says, Standing, State
from flows.people.roles import Scope
from flows.planning.responses import Attendance, AttendanceWords, ResponseLine, Responses
from storage.occasions.attended import Remark
from storage.occasions.helping import together
from storage.occasions.occasions import posts
from storage.occasions.planned import Answer, Occasion, OccasionQuestion, OccasionReply, is_deadline
from storage.occasions.series import numbered
from storage.people.permissions import scope_of
from storage.registry import loads
from storage.tables import Appointment, Citizen, table
from storage.unit import Unit

E = TypeVar("E", bound=StrEnum)

LATELY: Final = timedelta(days=60)
MOST: Final = 200
"""Lines about what was lately: the last ones."""

_SHOWN: Final[tuple[Standing, ...]] = (Standing.SEATED, Standing.WAITING, Standing.OFFERED)
_OCCASION: Final = table(Occasion)
_PEOPLE: Final = (
    select(func.coalesce(func.sum(col(Answer.party)), 0))
    .where(col(Answer.occasion_id) == _OCCASION.c.id, col(Answer.standing).in_(HELD))
    .scalar_subquery()
)
_DONE: Final = (
    select(func.count())
    .where(col(Answer.occasion_id) == _OCCASION.c.id, col(Answer.says) == Says.DONE)
    .scalar_subquery()
)
_IS_DEADLINE: Final = is_deadline(_OCCASION.c)
_FIGURE: Final = case((_IS_DEADLINE, _DONE), else_=_PEOPLE)
_COUNTED: Final = select(_OCCASION, _FIGURE.label("people"), _IS_DEADLINE.label("is_deadline"))


@loads(Responses)
def responses(unit: Unit, where: Scope) -> Responses:
    """What people can answer to there, and in what lies in it; of a series the next date.

    Of what is to come nothing is left out but dates of a series that nobody comes to yet.
    """
    there, now = (_OCCASION.c.state == State.PLANNED, *_within(where)), unit.at
    each = numbered(*there, _OCCASION.c.ends_at > now)
    coming = (
        _COUNTED.join(each, each.c.id == _OCCASION.c.id)
        .where(or_(each.c.number == 1, _PEOPLE > 0))
        .order_by(_OCCASION.c.starts_at, _OCCASION.c.id)
    )
    lately = (
        _COUNTED.where(*there, _OCCASION.c.ends_at <= now, _OCCASION.c.ends_at > now - LATELY)
        .order_by(_OCCASION.c.starts_at.desc(), _OCCASION.c.id)
        .limit(MOST)
    )
    return Responses(tuple(map(_line, [*unit.rows(coming), *unit.rows(lately)])))


def _within(where: Scope) -> Iterable[ColumnElement[bool]]:
    if where.territory is not None:
        yield _OCCASION.c.territory == where.territory
    if where.group is not None:
        yield _OCCASION.c.group_slug == where.group


def _line(row: Row[Any]) -> ResponseLine:
    starts = datetime.fromisoformat(row.starts)
    where = scope_of(row._mapping)
    return ResponseLine(row.id, where, row.kind, starts, int(row.people), is_deadline(row))


def _answers(unit: Unit, where: Scope, id: int) -> tuple[Row[Any] | None, Sequence[Row[Any]]]:
    """An occasion of exactly that scope, if there is one, and the answers to it in no telling order."""
    there = unit.rows(
        select(_OCCASION).where(
            _OCCASION.c.id == id,
            _OCCASION.c.territory.is_not_distinct_from(where.territory),
            _OCCASION.c.group_slug.is_not_distinct_from(where.group),
        )
    )
    if not there:
        return None, ()
    return there[0], unit.rows(select(table(Answer)).where(col(Answer.occasion_id) == id))


@loads(Attendance)
def attendance(unit: Unit, where: Scope, id: int) -> Attendance:
    """How many said what; nothing of what is not in that scope."""
    occasion, rows = _answers(unit, where, id)
    if occasion is None:
        return Attendance(unit.at.replace(tzinfo=None))
    people: Counter[Standing] = Counter()
    for row in rows:
        people[Standing(row.standing)] += row.party
    times, minutes = together(unit, occasion)
    names = unit.context.own_names
    languages = [names.get(row.interpretation, row.interpretation) for row in rows if row.interpretation]
    return Attendance(
        starts=datetime.fromisoformat(occasion.starts),
        is_deadline=is_deadline(occasion),
        says=_in_order(Says, (row.says for row in rows)),
        standings={standing: people[standing] for standing in _SHOWN if people[standing]},
        posts=tuple(map(_post, posts(unit.connection, [id]).get(id, ()))),
        came=sum(row.party for row in rows if row.checked_in_at is not None or row.was_there),
        barriers=_in_order(Barrier, (code for row in rows for code in row.barriers.split())),
        needs_named=_in_order(Need, (code for row in rows for code in row.needs.split())),
        interpretation=dict(sorted(Counter(languages).items())),
        sought=sum(row.stand_in_since is not None for row in rows) if occasion.starts_at > unit.at else 0,
        times=times,
        minutes=minutes,
    )


def _post(row: Row[Any]) -> Post:
    return Post(row.id, row.number, row.seats, int(row.taken), int(row.waiting), row.minutes)


def _in_order(options: type[E], found: Iterable[str]) -> Mapping[E, int]:
    """How often each option was found, in the order of the options; those alone that were."""
    counted = Counter(found)
    return {option: counted[option] for option in options if counted[option]}


@loads(AttendanceWords)
def attendance_words(unit: Unit, where: Scope, id: int) -> AttendanceWords:
    """The words and names, sorted, so that their order does not tell whose they are."""
    occasion, rows = _answers(unit, where, id)
    if occasion is None:
        return AttendanceWords((), (), (), ())
    coming = [row.citizen_id for row in rows if row.standing in HELD]
    unit.quote(table(Citizen), (row.citizen_id for row in rows))
    return AttendanceWords(
        named=_named(unit, where, coming),
        guests=tuple(sorted(row.guests for row in rows if row.guests and row.standing in HELD)),
        barriers=tuple(sorted(row.barrier for row in rows if row.barrier)),
        replies=_replies(unit, occasion),
        told=_told(unit, id),
    )


def _told(unit: Unit, occasion: int) -> Mapping[About, tuple[str, ...]]:
    """What they say of how it was."""
    rows = unit.rows(select(table(Remark)).where(col(Remark.occasion_id) == occasion))
    unit.quote(table(Remark), (row.id for row in rows))
    by_about = {about: sorted(row.text for row in rows if row.about == about) for about in About}
    return {about: tuple(sentences) for about, sentences in by_about.items() if sentences}


def _named(unit: Unit, where: Scope, coming: Sequence[int]) -> tuple[str, ...]:
    """Those of them who have a role in the territory, by the name they gave when they took it."""
    roles = table(Appointment)
    query = select(roles.c.name).where(
        roles.c.citizen_id.in_(coming),
        roles.c.until.is_(None),
        or_(roles.c.territory.is_(None), roles.c.territory == where.territory),
    )
    return tuple(sorted({row.name for row in unit.rows(query)}))


def _replies(unit: Unit, occasion: Row[Any]) -> tuple[tuple[Names, tuple[str, ...]], ...]:
    first = occasion.series or occasion.id
    asked: dict[int, dict[str, str]] = {}
    for row in unit.rows(select(table(OccasionQuestion)).where(col(OccasionQuestion.occasion_id) == first)):
        asked.setdefault(row.number, {})[row.language] = row.text
    mine = and_(
        col(Answer.occasion_id) == col(OccasionReply.occasion_id),
        col(Answer.citizen_id) == col(OccasionReply.citizen_id),
    )
    query = (
        select(col(OccasionReply.number), col(OccasionReply.text))
        .join(table(Answer), mine)
        .where(col(OccasionReply.occasion_id) == occasion.id, col(Answer.says).in_((Says.YES, Says.MAYBE)))
    )
    replies: dict[int, list[str]] = {}
    for row in unit.rows(query):
        replies.setdefault(row.number, []).append(row.text)
    return tuple(
        (names, tuple(sorted(replies[number])))
        for number, names in sorted(asked.items())
        if number in replies
    )
