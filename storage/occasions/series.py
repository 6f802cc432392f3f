"""Series: of many dates of the same, the next one is enough for a list."""

from typing import Final

from sqlalchemy import ColumnElement, Subquery, func, select

from storage.occasions.planned import Occasion
from storage.tables import table

_THERE: Final = table(Occasion)


def numbered(*those: ColumnElement[bool]) -> Subquery:
    """Those occasions by `id`, each with its `number` among the dates of its series, soonest first from 1 on.

    `dates` is how many of them the series has; what takes place once is the first of one.
    """
    series = func.coalesce(_THERE.c.series, _THERE.c.id)
    number = func.row_number().over(partition_by=series, order_by=(_THERE.c.starts_at, _THERE.c.id))
    dates = func.count().over(partition_by=series)
    return select(_THERE.c.id, number.label("number"), dates.label("dates")).where(*those).subquery()
