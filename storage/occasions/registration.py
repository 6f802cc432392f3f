"""Questions to those who come, and their replies. The questions of a series stand with its first date."""

from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import col

from flows.occasions.registration import Registration, RegistrationTexts, ReplyAtRegistration
from storage.occasions.occasions import seen
from storage.occasions.planned import Answer, OccasionQuestion, OccasionReply
from storage.registry import applies, loads
from storage.sql import upsert
from storage.tables import table
from storage.unit import Unit


def _asked(unit: Unit, occasion: int) -> list[Row[Any]]:
    """The questions of an occasion in every language, in order; none where it is not there for the person."""
    found = seen(unit, [occasion])
    if not found:
        return []
    query = (
        select(table(OccasionQuestion))
        .where(col(OccasionQuestion.occasion_id) == (found[0].series or found[0].id))
        .order_by(col(OccasionQuestion.number), col(OccasionQuestion.language))
    )
    return list(unit.rows(query))


@loads(Registration)
def registration(unit: Unit, occasion: int) -> Registration:
    """Which questions there are."""
    query = select(col(OccasionReply.number)).where(
        col(OccasionReply.occasion_id) == occasion, col(OccasionReply.citizen_id) == unit.person.citizen
    )
    replied = sorted(row.number for row in unit.rows(query))
    return Registration(tuple(dict.fromkeys(row.number for row in _asked(unit, occasion))), tuple(replied))


@loads(RegistrationTexts)
def registration_texts(unit: Unit, occasion: int) -> RegistrationTexts:
    """What they ask."""
    texts: dict[str, dict[str, str]] = {}
    for row in _asked(unit, occasion):
        texts.setdefault(str(row.number), {})[row.language] = row.text
    return RegistrationTexts(texts)


@applies(ReplyAtRegistration)
def reply_at_registration(unit: Unit, effect: ReplyAtRegistration) -> None:
    """Keep the reply of somebody who has answered to the occasion, to a question that there is."""
    me = unit.person.citizen
    own = select(func.count()).where(col(Answer.occasion_id) == effect.occasion, col(Answer.citizen_id) == me)
    asked = {row.number for row in _asked(unit, effect.occasion)}
    if effect.number in asked and unit.rows(own)[0][0]:
        row = {
            "occasion_id": effect.occasion,
            "number": effect.number,
            "citizen_id": me,
            "text": effect.words,
        }
        unit.connection.execute(upsert(unit.connection, OccasionReply), [row])
