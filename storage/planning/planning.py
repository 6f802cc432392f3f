"""Occasions drafted, published, moved, cancelled. A change locks its occasion first, then later dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, select, update
from sqlmodel import col

from flows.occasions.occasions import MOST_PARTY, Sort, State
from flows.planning.planning import (
    Cancel,
    Discard,
    Drafted,
    DraftOccasion,
    Extent,
    Move,
    Plan,
    Planned,
    Publish,
    Repeat,
)
from flows.pushes.pushed import Notice
from flows.times.local_time import WrongTime, moment, span, span_shown
from flows.times.recurrence import check_series, occurrences
from flows.times.rrule import read_rule
from storage.occasions.carded import mark
from storage.occasions.planned import Answer, Occasion, OccasionText, Post
from storage.people import audit
from storage.people.audit import What
from storage.planning import occupancy
from storage.planning.drafts import drop_occasions
from storage.pushes.moved import MOVES, tell_of_move
from storage.pushes.notices import call_back, take_back, tell
from storage.pushes.pushes import replan
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit

SETTLED: Final = timedelta(minutes=5)
"""So long after a change people are told of it: who plans may still be changing something else."""

_OCCASION: Final = table(Occasion)
_WALL: Final = "%Y-%m-%dT%H:%M"


def found(unit: Unit, effect: Plan[Any]) -> Row[Any] | None:
    """The occasion that a change is about, locked; None where there is none in exactly that scope.

    Of a draft it is noted that somebody works on it: it is kept that much longer.
    """
    where = effect.where
    query = select(_OCCASION).where(
        _OCCASION.c.id == effect.occasion,
        _OCCASION.c.territory.is_not_distinct_from(where.territory),
        _OCCASION.c.group_slug.is_not_distinct_from(where.group),
    )
    rows = unit.rows(query.with_for_update())
    set_columns(unit, (row for row in rows if row.state == State.DRAFT))
    return rows[0] if rows else None


def found_draft(unit: Unit, effect: Plan[Any]) -> Row[Any] | None:
    """The same, where it is a draft still."""
    row = found(unit, effect)
    return row if row is not None and row.state == State.DRAFT else None


def dates(unit: Unit, row: Row[Any], extent: Extent) -> Sequence[Row[Any]]:
    """The dates that a change is for, locked, soonest first: those that are not cancelled."""
    if extent is Extent.ONE or row.series is None:
        return [row]
    query = select(_OCCASION).where(
        _OCCASION.c.series == row.series,
        _OCCASION.c.starts_at >= row.starts_at,
        _OCCASION.c.state == State.PLANNED,
    )
    return unit.rows(query.order_by(_OCCASION.c.starts_at, _OCCASION.c.id).with_for_update())


def set_columns(unit: Unit, rows: Iterable[Row[Any]], **values: Any) -> None:
    """Give all these occasions the same values."""
    for row in rows:
        unit.change(update(_OCCASION).where(_OCCASION.c.id == row.id).values(changed_at=unit.at, **values))


def changed(unit: Unit, rows: Iterable[Row[Any]]) -> None:
    """Something about these occasions is otherwise that calendars must know, and people who come.

    They are told once of what is changed in a row, some time after the last of it.
    """
    for row in rows:
        if row.state == State.PLANNED:
            set_columns(unit, [row], sequence=row.sequence + 1)
            call_back(unit.connection, row.id, Notice.CHANGED, now=unit.now)
            take_back(unit.connection, row.id, Notice.CHANGED)
            tell(unit.connection, unit.context, row.id, Notice.CHANGED, unit.now + SETTLED)
            mark(unit.connection, row.id, unit.now)


@applies(DraftOccasion)
def draft(unit: Unit, effect: DraftOccasion) -> Drafted:
    """Make a draft; a meeting has one post from the beginning."""
    kind = unit.context.occasion_kinds.get(effect.kind)
    if kind is None:
        return Drafted(None)
    try:
        when = time_columns(effect.starts, effect.ends, effect.zone, unit.now)
    except WrongTime:
        return Drafted(None)
    id = unit.new_id()
    unit.add(
        Occasion,
        **blank(unit, id),
        sort=kind.sort,
        kind=kind.code,
        territory=effect.where.territory,
        group_slug=effect.where.group,
        zone=effect.zone,
        **when,
    )
    if kind.sort is Sort.MEETING:
        unit.add(Post, id=unit.new_id(), occasion_id=id, number=1, seats=None, minutes=None)
    return Drafted(id)


def blank(unit: Unit, id: int) -> dict[str, Any]:
    """The columns that every draft begins with."""
    return {
        "id": id,
        "state": State.DRAFT,
        "role": None,
        "theme": None,
        "link": None,
        "latitude": None,
        "longitude": None,
        "most_party": MOST_PARTY,
        "series": None,
        "rule": None,
        "action": None,
        "sequence": 0,
        "planner": audit.actor(unit),
        "created_at": unit.at,
        "changed_at": unit.at,
    }


def lasting(row: Row[Any]) -> timedelta:
    """How long an occasion is on the wall."""
    return datetime.fromisoformat(row.ends) - datetime.fromisoformat(row.starts)


def time_columns(starts: datetime, ends: datetime, zone: str, now: datetime) -> dict[str, Any]:
    """The columns that say when, as the clocks show it. Raises WrongTime as `span` does."""
    starts, ends = span_shown(starts, ends, zone)
    begins, is_over = span(starts, ends, zone, now)
    return {
        "starts": f"{starts:{_WALL}}",
        "ends": f"{ends:{_WALL}}",
        "starts_at": begins,
        "ends_at": is_over,
    }


@applies(Repeat)
def repeat(unit: Unit, effect: Repeat) -> Planned:
    """Note the rule of a draft."""
    row = found_draft(unit, effect)
    if row is None:
        return Planned.GONE
    set_columns(unit, [row], rule=effect.rule)
    return Planned.DONE


@applies(Publish)
def publish(unit: Unit, effect: Publish) -> Planned:
    """Show a draft that has a time to come, a title and a post; make the dates of its series."""
    row = found_draft(unit, effect)
    if row is None:
        return Planned.GONE
    if row.starts_at <= unit.now:
        return Planned.PAST
    if not unit.rows(_TITLED.where(col(OccasionText.occasion_id) == row.id)):
        return Planned.NO_TITLE
    posts = unit.rows(select(table(Post)).where(col(Post.occasion_id) == row.id))
    if not posts:
        return Planned.NO_POST
    starts = datetime.fromisoformat(row.starts)
    later = []
    if row.rule is not None:
        try:
            later = _later(starts, row.rule, row.zone)
        except WrongTime:
            return Planned.PAST
    set_columns(unit, [row], state=State.PLANNED, series=row.id if row.rule else None)
    for begins in later:
        _add_date(unit, row, posts, begins)
    audit.note(unit, What.PLANNED, Sort(row.sort), effect.where, row.id)
    return Planned.DONE


_TITLED: Final = select(col(OccasionText.language)).where(
    col(OccasionText.title).is_not(None), col(OccasionText.title) != ""
)


def _later(starts: datetime, rule: str, zone: str) -> list[datetime]:
    """The dates of a series after the first. Raises WrongTime for one that nobody can mean."""
    read = read_rule(rule, starts, zone)
    check_series(starts, read)
    return [when for when in occurrences(starts, read) if when > starts]


def _add_date(unit: Unit, first: Row[Any], posts: Iterable[Row[Any]], starts: datetime) -> None:
    """One more date of a series; its words are those of the first."""
    id = unit.new_id()
    starts, ends = span_shown(starts, starts + lasting(first), first.zone)
    times = {
        "starts": f"{starts:{_WALL}}",
        "ends": f"{ends:{_WALL}}",
        "starts_at": moment(starts, first.zone),
        "ends_at": moment(ends, first.zone),
    }
    date = {"id": id, "state": State.PLANNED, "series": first.id, "rule": None, "changed_at": unit.at}
    unit.add(Occasion, **{**first._mapping, **date, **times})
    for post in posts:
        unit.add(Post, **{**post._mapping, "id": unit.new_id(), "occasion_id": id})


@applies(Discard)
def discard(unit: Unit, effect: Discard) -> Planned:
    """Delete a draft with its words and posts."""
    row = found_draft(unit, effect)
    if row is None:
        return Planned.GONE
    for statement in drop_occasions([row.id]):
        unit.change(statement)
    return Planned.DONE


@applies(Move)
def move(unit: Unit, effect: Move) -> Planned:
    """Give a date, or it and all that follow, another time; tell who comes, and move their reminders."""
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return Planned.GONE
    if row.state == State.PLANNED and row.starts_at <= unit.now:
        return Planned.OVER
    earlier, length = effect.starts - datetime.fromisoformat(row.starts), effect.ends - effect.starts
    moved = dates(unit, row, effect.extent)
    try:
        times = [_moved(each, earlier, length, unit.now) for each in moved]
    except WrongTime:
        return Planned.PAST
    if row.state == State.PLANNED and all(map(_is_then, moved, times)):
        return Planned.SAME
    for each, new in zip(moved, times, strict=True):
        set_columns(unit, [each], **new, sequence=each.sequence + (each.state == State.PLANNED))
        _shorten_offers(unit, each.id, new["starts_at"])
    if row.state == State.PLANNED:
        for each, new in zip(moved, times, strict=True):
            tell_of_move(unit.connection, unit.context, each, new, unit.now)
            mark(unit.connection, each.id, unit.now)
        replan(unit.connection, unit.context, occasions=[each.id for each in moved], now=unit.now)
        audit.note(unit, What.MOVED, Sort(row.sort), effect.where, row.id)
    return Planned.DONE


def _moved(row: Row[Any], by: Any, length: Any, now: datetime) -> dict[str, Any]:
    starts = datetime.fromisoformat(row.starts) + by
    times = time_columns(starts, starts + length, row.zone, now)
    return {**times, "weighed_at": occupancy.weighed_at(row, times["starts_at"], now)}


def _is_then(row: Row[Any], times: Mapping[str, Any]) -> bool:
    """Whether a date begins and ends at those times already."""
    return bool(row.starts == times["starts"] and row.ends == times["ends"])


def _shorten_offers(unit: Unit, occasion: int, starts_at: datetime) -> None:
    """No seat is kept for anybody beyond the new beginning."""
    late = col(Answer.occasion_id) == occasion, col(Answer.offered_until) > starts_at
    unit.change(update(table(Answer)).where(*late).values(offered_until=starts_at))


@applies(Cancel)
def cancel(unit: Unit, effect: Cancel) -> Planned:
    """Cancel a date, or it and all that follow; tell who said they come or might, and let reminders die."""
    row = found(unit, effect)
    if row is None or row.state != State.PLANNED:
        return Planned.GONE
    if row.ends_at <= unit.now:
        return Planned.OVER
    cancelled = dates(unit, row, effect.extent)
    for each in cancelled:
        set_columns(unit, [each], state=State.CANCELLED, sequence=each.sequence + 1)
        call_back(unit.connection, each.id, *MOVES, Notice.CHANGED, now=unit.now)
        tell(unit.connection, unit.context, each.id, Notice.CANCELLED, unit.now)
        mark(unit.connection, each.id, unit.now)
    replan(unit.connection, unit.context, occasions=[each.id for each in cancelled], now=unit.now)
    audit.note(unit, What.CANCELLED, Sort(row.sort), effect.where, row.id)
    return Planned.DONE
