"""What is kept of a person's answers, for the person: also of what is long over."""

from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from flows.occasions.afterwards import About
from flows.occasions.my_meetings import KeptAnswers, OwnNotes
from flows.occasions.occasions import Past, Sort
from storage.occasions.answering import own_answer
from storage.occasions.attended import Evaluation, Remark
from storage.occasions.evaluations import PURPOSE, author
from storage.occasions.occasions import WITH_OWN, listed
from storage.occasions.planned import Answer, Occasion, OccasionReply
from storage.registry import loads
from storage.sql import among
from storage.tables import Pseudonym, table
from storage.unit import Unit

MOST: Final = 200
"""Answers that are shown: the last ones."""

_NEWEST: Final = (col(Occasion.starts_at).desc(), col(Occasion.id))
_KEPT: Final = (
    WITH_OWN.where(or_(col(Answer.says).is_not(None), among(col(Occasion.id), "said")))
    .order_by(*_NEWEST)
    .limit(MOST)
)
_PAST: Final = (
    WITH_OWN.where(
        col(Answer.says).is_not(None),
        col(Occasion.ends_at) <= bindparam("now"),
        col(Occasion.sort) == bindparam("sort"),
    )
    .order_by(*_NEWEST)
    .limit(MOST)
)
_SAID: Final = select(col(Pseudonym.purpose)).where(
    col(Pseudonym.citizen_id) == bindparam("citizen"), col(Pseudonym.purpose).startswith(PURPOSE)
)


@loads(KeptAnswers)
def kept_answers(unit: Unit) -> KeptAnswers:
    """All that there is a row of."""
    me = unit.person.citizen
    said = [int(row.purpose.removeprefix(PURPOSE)) for row in unit.rows(_SAID, {"citizen": me})]
    return KeptAnswers(listed(unit, unit.rows(_KEPT, {"citizen": me, "said": said})))


@loads(Past)
def past(unit: Unit, sort: Sort) -> Past:
    """Of one sort."""
    values = {"citizen": unit.person.citizen, "now": unit.at, "sort": sort}
    return Past(listed(unit, unit.rows(_PAST, values)))


@loads(OwnNotes)
def own_notes(unit: Unit, occasion: int) -> OwnNotes:
    """The words that stand with one."""
    mine, name = own_answer(unit, occasion), author(unit, occasion)
    replies = (
        select(col(OccasionReply.text))
        .where(
            col(OccasionReply.occasion_id) == occasion, col(OccasionReply.citizen_id) == unit.person.citizen
        )
        .order_by(col(OccasionReply.number))
    )
    remarks = {row.about: row.text for row in unit.rows(select(table(Remark)).where(_by(Remark, name)))}
    rated = unit.rows(select(table(Evaluation)).where(_by(Evaluation, name)))
    scale = unit.context.meeting_scales.get(rated[0].scale) if rated else None
    return OwnNotes(
        guests=mine.guests if mine is not None else None,
        barrier=mine.barrier if mine is not None else None,
        replies=tuple(row.text for row in unit.rows(replies)),
        rating=scale.steps.get(rated[0].value) if scale else None,
        good=remarks.get(About.GOOD),
        better=remarks.get(About.BETTER),
        helping=remarks.get(About.HELPING),
        minutes=mine.minutes if mine is not None else None,
    )


def _by(model: Any, name: str) -> Any:
    return col(model.author) == name
