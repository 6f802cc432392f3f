"""What people report of activities, and what all have given together."""

from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlmodel import col

from flows.occasions.helping import Helped, ReportDone
from flows.occasions.occasions import Sort, Standing, State
from flows.small_cells import showable
from storage.occasions.helped import Tally
from storage.occasions.planned import Answer, Occasion, Post
from storage.occasions.posts import REPORTABLE
from storage.registry import applies, loads
from storage.tables import table
from storage.unit import Unit

_MINE: Final = (
    select(
        col(Occasion.id),
        col(Occasion.series),
        col(Occasion.territory),
        col(Occasion.starts_at),
        col(Occasion.ends_at),
        col(Post.minutes),
    )
    .join(table(Answer), col(Answer.occasion_id) == col(Occasion.id))
    .join(table(Post), col(Post.id) == col(Answer.post_id))
    .where(
        col(Occasion.id) == bindparam("occasion"),
        col(Occasion.sort) == Sort.ACTIVITY,
        col(Answer.citizen_id) == bindparam("citizen"),
        col(Answer.standing) == Standing.SEATED,
        col(Occasion.state) == State.PLANNED,
        col(Occasion.starts_at) <= bindparam("now"),
        col(Occasion.ends_at) > bindparam("since"),
    )
)
_DATES: Final = or_(col(Occasion.id) == bindparam("activity"), col(Occasion.series) == bindparam("activity"))
_REPORTS: Final = (
    select(col(Answer.occasion_id), col(Answer.citizen_id), col(Answer.minutes), col(Answer.tally))
    .join(table(Occasion), col(Occasion.id) == col(Answer.occasion_id))
    .where(_DATES, col(Answer.minutes) > 0)
)


def _reportable(unit: Unit, occasion: int) -> Row[Any] | None:
    """An activity in which the person has a post, once it has begun and until it is long over."""
    values = {
        "occasion": occasion,
        "citizen": unit.person.citizen,
        "now": unit.at,
        "since": unit.at - REPORTABLE,
    }
    found = unit.rows(_MINE, values)
    return found[0] if found else None


@loads(Helped)
def helped(unit: Unit, occasion: int) -> Helped:
    """What the person could report, has given, and what all have given."""
    there = _reportable(unit, occasion)
    if there is None:
        return Helped(None)
    activity = there.series or there.id
    mine = _REPORTS.where(col(Answer.citizen_id) == unit.person.citizen)
    times, all_minutes = together(unit, there)
    length = there.ends_at - there.starts_at
    return Helped(
        usual=there.minutes or int(length.total_seconds() // 60),
        minutes=sum(row.minutes for row in unit.rows(mine, {"activity": activity})),
        times=times,
        all_minutes=all_minutes,
    )


def together(unit: Unit, occasion: Row[Any]) -> tuple[int, int]:
    """How often anybody has helped, and for how many minutes in all; at all dates of a series together."""
    sums = select(func.sum(col(Tally.times)).label("times"), func.sum(col(Tally.minutes)).label("minutes"))
    found = unit.rows(sums.where(col(Tally.activity) == (occasion.series or occasion.id)))[0]
    return int(found.times or 0), int(found.minutes or 0)


@applies(ReportDone)
def report_done(unit: Unit, effect: ReportDone) -> bool:
    """Keep the hours with the person's answer; count them with those of others once there are enough."""
    there = _reportable(unit, effect.occasion)
    if there is None:
        return False
    mine = (col(Answer.occasion_id) == effect.occasion, col(Answer.citizen_id) == unit.person.citizen)
    done = {"minutes": effect.minutes, "was_there": effect.minutes > 0}
    unit.change(update(table(Answer)).where(*mine).values(**done))
    _tally(unit, there.series or there.id, unit.context.territories.smallest_cell(there.territory))
    return True


def _tally(unit: Unit, activity: int, smallest: int) -> None:
    """Add up the reports that are in no tally yet, once they are of enough people to say nothing of one."""
    unit.rows(select(col(Occasion.id)).where(col(Occasion.id) == activity).with_for_update())
    new = [row for row in unit.rows(_REPORTS, {"activity": activity}) if row.tally is None]
    if not showable({"new": {row.citizen_id for row in new}}, smallest=smallest).names:
        return
    before = select(func.max(col(Tally.number))).where(col(Tally.activity) == activity)
    number = (unit.rows(before)[0][0] or 0) + 1
    minutes = sum(row.minutes for row in new)
    unit.add(Tally, activity=activity, number=number, times=len(new), minutes=minutes, at=unit.at)
    for row in new:
        whose = (col(Answer.occasion_id) == row.occasion_id, col(Answer.citizen_id) == row.citizen_id)
        unit.change(update(table(Answer)).where(*whose).values(tally=number))
