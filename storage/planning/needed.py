"""Activities, as what something can be given for: a whole series is one cause, by its first date."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlmodel import col

from flows.actions.gifts import Cause, Giving, Sake
from flows.moves import Names
from flows.occasions.occasions import Sort, State
from flows.people.roles import Scope
from flows.planning.needed import Needed
from storage.actions import causes
from storage.actions.piloted import Wanted
from storage.occasions.planned import Occasion, OccasionText
from storage.registry import loads
from storage.sql import among
from storage.tables import table
from storage.unit import Unit

_THERE: Final = table(Occasion).c
_ACTIVITY: Final = func.coalesce(_THERE.series, _THERE.id)


def _within(where: Scope) -> ColumnElement[bool]:
    return and_(
        _THERE.sort == Sort.ACTIVITY,
        _THERE.territory == where.territory if where.territory else true(),
        _THERE.group_slug == where.group if where.group else true(),
    )


@loads(Needed)
def needed(unit: Unit, cause: Cause) -> Needed:
    """The kinds that it needs."""
    query = select(col(Wanted.kind)).where(col(Wanted.cause) == cause.sake, col(Wanted.cause_id) == cause.id)
    kinds = {row.kind for row in unit.rows(query)}
    return Needed(tuple(kind for kind in Giving if kind in kinds))


class _ActivityPlans:
    """Activities, as what something can be given for."""

    def open_within(self, unit: Unit, where: Scope) -> Sequence[int]:
        """Those with dates to come."""
        coming = (_THERE.state == State.PLANNED, _THERE.ends_at > unit.at)
        query = select(_ACTIVITY.label("id")).where(_within(where), *coming).group_by(_ACTIVITY)
        newest = func.max(_THERE.created_at).desc()
        return [row.id for row in unit.rows(query.order_by(newest, _ACTIVITY))]

    def lies_in(self, unit: Unit, id: int, where: Scope) -> bool:
        """Drafts, too."""
        return bool(unit.rows(select(_THERE.id).where(_THERE.id == id, _within(where))))

    def titles(self, unit: Unit, ids: Sequence[int]) -> Mapping[int, Names]:
        """By id."""
        texts = table(OccasionText).c
        query = select(texts.occasion_id, texts.language, texts.title).where(
            among(texts.occasion_id, "ids"), texts.title != ""
        )
        found: dict[int, dict[str, str]] = {}
        for row in unit.rows(query.order_by(texts.language), {"ids": list(ids)}):
            found.setdefault(row.occasion_id, {})[row.language] = row.title
        return found


causes.sign_in(Sake.ACTIVITY, _ActivityPlans())
