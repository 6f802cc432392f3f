"""What is still to come: in lists, where the next date stands for a series, and date by date.

What a list leaves out is left out in the query, before any limit: rows that nobody is shown hide none.
"""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_
from sqlmodel import col

from flows.occasions.occasions import Dates, Listed, OfAction, OwnAnswers, Sort, State, Upcoming
from storage.occasions.occasions import FOR_THEM, WITH_OWN, WITH_PLACE, listed, seen, shown, whose
from storage.occasions.planned import Answer, Occasion
from storage.occasions.series import numbered
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit

MOST: Final = 200
"""Lines of one list: the soonest. A series is one line, and has as many dates as it may have."""

_THERE: Final = table(Occasion)
_SOONEST_FIRST: Final = (_THERE.c.starts_at, _THERE.c.id)
_TO_COME: Final = and_(_THERE.c.state == State.PLANNED, _THERE.c.ends_at > bindparam("now"))
_ANSWERED: Final = exists().where(
    col(Answer.occasion_id) == _THERE.c.id, col(Answer.citizen_id) == bindparam("citizen")
)
_OF_SORT: Final = _THERE.c.sort == bindparam("sort")


def _next_dates(which: ColumnElement[bool]) -> Select[Any]:
    """Of each series the next that is there for the person, and of how many `dates`."""
    each = numbered(_TO_COME, which, or_(FOR_THEM, _ANSWERED))
    query = WITH_OWN.add_columns(each.c.dates).join(each, each.c.id == _THERE.c.id)
    return query.where(each.c.number == 1).order_by(*_SOONEST_FIRST).limit(MOST)


_UPCOMING: Final = _next_dates(_OF_SORT)
_OF_ACTION: Final = _next_dates(_THERE.c.action == bindparam("action"))
_DATES: Final = WITH_PLACE.where(_TO_COME, _THERE.c.series == bindparam("series")).order_by(*_SOONEST_FIRST)
_ANSWERS: Final = (
    WITH_OWN.where(
        col(Answer.says).is_not(None),
        _OF_SORT,
        _THERE.c.state.in_((State.PLANNED, State.CANCELLED)),
        _THERE.c.ends_at > bindparam("now"),
    )
    .order_by(*_SOONEST_FIRST)
    .limit(MOST)
)


@loads(Upcoming)
def upcoming(unit: Unit, sort: Sort) -> Upcoming:
    """What is still to come of one sort; of a series the next that is not cancelled."""
    return Upcoming(_next(unit, _UPCOMING, sort=sort))


@loads(OfAction)
def of_action(unit: Unit, action: int) -> OfAction:
    """What is still to come of a pilot action."""
    return OfAction(_next(unit, _OF_ACTION, action=action))


def _next(unit: Unit, query: Select[Any], **about: Any) -> tuple[Listed, ...]:
    rows = unit.rows(query, {**whose(unit), "now": unit.at, **about})
    return tuple(
        replace(one, comes_again=row.dates > 1) for one, row in zip(listed(unit, rows), rows, strict=True)
    )


@loads(Dates)
def dates(unit: Unit, occasion: int) -> Dates:
    """All dates of its series, each of which is there for the person, or for them to plan."""
    found = seen(unit, [occasion])
    if not found or found[0].series is None:
        return Dates(())
    about = {**whose(unit), "now": unit.at, "series": found[0].series}
    return Dates(listed(unit, shown(unit, unit.rows(_DATES, about))))


@loads(OwnAnswers)
def own_answers(unit: Unit, sort: Sort) -> OwnAnswers:
    """All of one sort that the person has answered to, cancelled ones included."""
    about = {"citizen": unit.person.citizen, "now": unit.at, "sort": sort}
    return OwnAnswers(listed(unit, unit.rows(_ANSWERS, about)))
