"""Whom an announcement is for, found in the database: its scope, its conditions, and who does not get it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, literal, not_, or_, select
from sqlmodel import col

from flows.announcements.announcement import Aim, By, Omission, Stance
from flows.codec import decode, encode
from flows.occasions.occasions import Says
from flows.people.person import Purpose
from flows.people.roles import Scope
from flows.pushes.pushed import Topic
from storage.actions.piloted import Follower
from storage.occasions.planned import Answer
from storage.people.permissions import scope_of
from storage.pushes.habits import consented
from storage.pushes.pushed import Habit
from storage.tables import Appointment, Citizen, Contact, table
from storage.types import write

OFF: Final = exists().where(
    col(Habit.citizen_id) == col(Citizen.id), col(Habit.topics_off).contains(Topic.ANNOUNCEMENT)
)
"""Whether the person has switched announcements off."""

_REASONS: Final[ColumnElement[Any]] = case(
    (col(Citizen.stopped_at).is_not(None), Omission.STOPPED),
    (func.coalesce(col(Contact.reach), "gone") != "open", Omission.BLOCKED),
    (~consented(Purpose.NEWS), Omission.NO_CONSENT),
    (OFF, Omission.OFF),
    else_=literal(None),
)


def read_aims(kept: str) -> tuple[Aim, ...]:
    """The conditions of an audience as they are kept."""
    aims: tuple[Aim, ...] = decode(tuple[Aim, ...], json.loads(kept))
    return aims


def write_aims(aims: Iterable[Aim]) -> str:
    """The same, to be kept."""
    return write(encode(tuple(aims)))


def audience(row: Row[Any]) -> Select[Any]:
    """Those whom an announcement is for: `id`, `language`, and the `omission` by which they do not get it."""
    where, aims = scope_of(row._mapping), read_aims(row.aims)
    return _people(where).where(*_meant(where, aims), not_(_left_out(where, aims)))


def excluded(row: Row[Any]) -> Select[Any]:
    """Those of its scope whom its conditions leave out, who would get it else."""
    where, aims = scope_of(row._mapping), read_aims(row.aims)
    return _people(where).where(*_meant(where, aims), _left_out(where, aims))


def _people(where: Scope) -> Select[Any]:
    """Everybody in a scope who has arrived."""
    query = (
        select(col(Citizen.id), col(Citizen.language), _REASONS.label("omission"))
        .outerjoin(table(Contact), col(Contact.citizen_id) == col(Citizen.id))
        .where(col(Citizen.arrived_at).is_not(None))
    )
    if where.territory is not None:
        query = query.where(col(Citizen.territory) == where.territory)
    if where.group is not None:
        query = query.where(col(Citizen.group) == where.group)
    return query


def _meant(where: Scope, aims: Iterable[Aim]) -> Iterator[ColumnElement[bool]]:
    """One of the conditions that go by the same, of each that any goes by."""
    alike: dict[By, list[Aim]] = defaultdict(list)
    for aim in aims:
        if not aim.out:
            alike[aim.by].append(aim)
    for each in alike.values():
        yield or_(*(_fulfils(aim, where) for aim in each))


def _left_out(where: Scope, aims: Iterable[Aim]) -> ColumnElement[bool]:
    return or_(literal(False), *(_fulfils(aim, where) for aim in aims if aim.out))


def _fulfils(aim: Aim, where: Scope) -> ColumnElement[bool]:
    """Whether a citizen fulfils a condition. Raises ValueError for a value that is none."""
    match aim.by:
        case By.TERRITORY:
            return func.coalesce(col(Citizen.territory), "") == aim.value
        case By.GROUP:
            return func.coalesce(col(Citizen.group), "") == aim.value
        case By.LANGUAGE:
            return or_(
                col(Citizen.language) == aim.value,
                col(Citizen.language).startswith(f"{aim.value}-", autoescape=True),
            )
        case By.ROLE:
            return _has_role(aim.value, where)
        case By.ANSWER:
            id, _, given = aim.value.partition(":")
            return _has_answered(int(id), Stance(given))
        case By.ACTION:
            return exists().where(
                col(Follower.citizen_id) == col(Citizen.id), col(Follower.action_id) == int(aim.value)
            )


def _has_role(role: str, where: Scope) -> ColumnElement[bool]:
    """Whether they have that role where it counts there: `counts_in`, in SQL."""
    held = table(Appointment).c
    there = [held.citizen_id == col(Citizen.id), held.role == role, held.until.is_(None)]
    if where.territory is not None:
        there.append(held.territory == where.territory)
    if where.group is not None:
        there.append(or_(held.group_slug.is_(None), held.group_slug == where.group))
    return exists().where(and_(*there))


def _has_answered(occasion: int, given: Stance) -> ColumnElement[bool]:
    answers = exists().where(col(Answer.citizen_id) == col(Citizen.id), col(Answer.occasion_id) == occasion)
    match given:
        case Stance.NONE:
            return ~answers
        case Stance.NO:
            return answers.where(col(Answer.says).in_((Says.NO, Says.CANNOT)))
        case _:
            return answers.where(col(Answer.says) == Says(given.value))
