"""What is planned, as those see it who plan."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlmodel import col

from flows.occasions.occasions import Sheet, Sort, State
from flows.occasions.sheet import Part
from flows.people.roles import Scope
from flows.planning.planning import PlanLine, Plans, Progress, Zones
from storage.occasions.planned import Occasion, OccasionQuestion, Post
from storage.occasions.series import numbered
from storage.occasions.sheets import words_of
from storage.people.permissions import scope_of
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit

LATELY: Final = timedelta(days=60)
"""How long something that is over is listed, for what was said and decided there."""

MOST: Final = 500
"""Lines about what is over or cancelled: what was held last stands before what will not take place."""

_OCCASION: Final = table(Occasion)


@loads(Plans)
def plans(unit: Unit, where: Scope, sort: Sort) -> Plans:
    """What is planned there, by time; of a series the next date, and those that are over.

    No draft is left out, and nothing that is to come: it could not be changed or cancelled.
    """
    there, now = (_OCCASION.c.sort == sort, *_within(where)), unit.at
    is_planned, is_over = _OCCASION.c.state == State.PLANNED, _OCCASION.c.ends_at <= now
    each = numbered(*there, is_planned, ~is_over)
    next_dates = select(each.c.id).where(each.c.number == 1)
    to_do = select(_OCCASION).where(
        *there, or_(_OCCASION.c.state == State.DRAFT, _OCCASION.c.id.in_(next_dates))
    )
    over = _OCCASION.c.state == State.CANCELLED, is_planned & is_over
    done = (
        select(_OCCASION)
        .where(*there, or_(*over), _OCCASION.c.ends_at > now - LATELY)
        .order_by(~is_over, _OCCASION.c.starts_at.desc(), _OCCASION.c.id)
        .limit(MOST)
    )
    rows = sorted([*unit.rows(to_do), *unit.rows(done)], key=lambda row: (row.starts_at, row.id))
    return Plans(tuple(_line(row, now) for row in rows))


def _within(where: Scope) -> Iterable[ColumnElement[bool]]:
    if where.territory is not None:
        yield _OCCASION.c.territory == where.territory
    if where.group is not None:
        yield _OCCASION.c.group_slug == where.group


def _line(row: Row[Any], now: datetime) -> PlanLine:
    return PlanLine(
        id=row.id,
        where=scope_of(row._mapping),
        kind=row.kind,
        state=State(row.state),
        starts=datetime.fromisoformat(row.starts),
        is_over=row.ends_at <= now and row.state != State.DRAFT,
        is_series=row.series is not None,
    )


@loads(Zones)
def zones(unit: Unit, where: Scope) -> Zones:
    """The zone of a territory, or those of all of them."""
    territories = unit.context.territories
    one = territories.get(where.territory or "")
    inside = territories.values() if one is None else [one]
    return Zones(tuple(zone for zone, _ in Counter(each.zone for each in inside).most_common()))


@loads(Progress)
def progress(unit: Unit, where: Scope, id: int) -> Progress:
    """What is there of an occasion of that scope; nothing where there is none."""
    found = unit.rows(
        select(_OCCASION).where(
            _OCCASION.c.id == id,
            _OCCASION.c.territory.is_not_distinct_from(where.territory),
            _OCCASION.c.group_slug.is_not_distinct_from(where.group),
        )
    )
    if not found:
        return Progress(Sort.MEETING)
    row = found[0]
    words = words_of(unit.connection, [row])[row.id]
    return Progress(
        sort=Sort(row.sort),
        rule=row.rule if row.state == State.DRAFT else None,
        following=_following(unit, row),
        parts={part.value: tuple(sorted(part.of(words))) for part in Part},
        posts=_names(unit, row.id, words),
        questions=_questions(unit, row.series or row.id),
    )


def _following(unit: Unit, row: Row[Any]) -> int:
    if row.series is None:
        return 0
    later = select(func.count()).where(
        _OCCASION.c.series == row.series,
        _OCCASION.c.starts_at > row.starts_at,
        _OCCASION.c.state == State.PLANNED,
    )
    return int(unit.rows(later)[0][0])


def _names(unit: Unit, id: int, words: Sheet) -> Mapping[str, tuple[str, ...]]:
    """In which languages each of its posts has a name."""
    posts = select(col(Post.number)).where(col(Post.occasion_id) == id).order_by(col(Post.number))
    numbers = (str(row.number) for row in unit.rows(posts))
    return {number: tuple(sorted(words.posts.get(number, {}))) for number in numbers}


def _questions(unit: Unit, first: int) -> Mapping[str, tuple[str, ...]]:
    asked = select(col(OccasionQuestion.number), col(OccasionQuestion.language)).where(
        col(OccasionQuestion.occasion_id) == first
    )
    found: dict[str, list[str]] = {}
    for row in unit.rows(asked.order_by(col(OccasionQuestion.number), col(OccasionQuestion.language))):
        found.setdefault(str(row.number), []).append(row.language)
    return {number: tuple(languages) for number, languages in found.items()}
