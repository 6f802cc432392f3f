"""Where a pilot action stood since which day, out of its history."""

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, select
from sqlmodel import col

from flows.actions.actions import Progress, Station, Stations
from flows.actions.pilots import Change
from storage.actions.actions import seen
from storage.actions.piloted import ActionChange
from storage.registry import loads
from storage.unit import Unit

_STOOD: Final = (
    select(col(ActionChange.about), col(ActionChange.at))
    .where(
        col(ActionChange.action_id) == bindparam("action"),
        col(ActionChange.what).in_((Change.DRAFTED, Change.PROGRESS)),
    )
    .order_by(col(ActionChange.at), col(ActionChange.id))
)


@loads(Stations)
def stations(unit: Unit, id: int) -> Stations:
    """Those of an action that the person may see, by the clocks of its territory, the newest first."""
    found: list[Station] = []
    for action in seen(unit, (id,)):
        zone = ZoneInfo(unit.context.territories[action.territory].zone)
        rows = _visible(action, unit.rows(_STOOD, {"action": id}))
        by_day = {row.at.astimezone(zone).date(): row.about for row in rows}  # of several on one day the last
        for day, status in by_day.items():
            progress = Progress(status or Progress.IDEA)
            if not found or found[-1].progress is not progress:
                found.append(Station(progress, day))
    return Stations(tuple(reversed(found)))


def _visible(action: Row[Any], rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """What people could see of it: of what was before it was published, the last."""
    since = action.published_at
    before = [row for row in rows if since is None or row.at <= since]
    return [*before[-1:], *rows[len(before) :]]
