"""Telling those who came to something that what was said and decided there can be read."""

from sqlalchemy import and_, or_, select
from sqlmodel import col

from flows.occasions.occasions import Standing, State
from flows.planning.planning import TellMinutes
from flows.pushes.pushed import Notice
from storage.occasions.planned import Answer
from storage.planning.planning import found
from storage.pushes.notices import notify
from storage.registry import applies
from storage.unit import Unit


@applies(TellMinutes)
def tell_minutes(unit: Unit, effect: TellMinutes) -> int:
    """Tell everybody who was there, and whoever had a seat and does not say that they stayed away.

    Whoever has blocked the bot counts, too: that number must not tell of them.
    """
    row = found(unit, effect)
    if row is None or row.state != State.PLANNED or row.starts_at > unit.at:
        return 0
    had_a_seat = and_(col(Answer.was_there).is_(None), col(Answer.standing) == Standing.SEATED)
    came = or_(col(Answer.checked_in_at).is_not(None), col(Answer.was_there).is_(True), had_a_seat)
    query = select(col(Answer.citizen_id)).where(col(Answer.occasion_id) == row.id, came)
    people = [citizen for (citizen,) in unit.rows(query.order_by(col(Answer.citizen_id)))]
    notify(unit.connection, unit.context, people, Notice.MINUTES, row.id, unit.now)
    return len(people)
