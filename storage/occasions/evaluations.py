"""What people say of an occasion that is over, under a pseudonym that serves for that occasion alone."""

from typing import Any, Final

from sqlalchemy import delete, select
from sqlmodel import SQLModel, col

from flows.actions.impact import Scale
from flows.occasions.afterwards import Aftermath, MeetingScale, RateOccasion, RemarkOn, WithdrawEvaluation
from flows.occasions.occasions import State
from storage.occasions.answering import own_answer
from storage.occasions.attended import Evaluation, Remark
from storage.occasions.occasions import seen
from storage.registry import applies, loads
from storage.sql import insert_new
from storage.tables import Pseudonym, table
from storage.unit import Unit
from storage.words.statements import language_of

PURPOSE: Final = "evaluation "
"""What the purposes of these pseudonyms begin with; the id of the occasion follows."""


def author(unit: Unit, occasion: int) -> str:
    """The name that what the person says of an occasion carries."""
    return unit.context.keys.pseudonym(purpose(occasion), unit.person.citizen)


def purpose(occasion: int) -> str:
    """What that pseudonym is for."""
    return f"{PURPOSE}{occasion}"


def _today(unit: Unit) -> Scale:
    """The scale that is asked with today."""
    scales = unit.context.meeting_scales
    return scales[[*scales][-1]] if scales else Scale("")


@loads(MeetingScale)
def meeting_scale(unit: Unit) -> MeetingScale:
    """Its steps, with their names."""
    return MeetingScale(_today(unit))


@loads(Aftermath)
def aftermath(unit: Unit, occasion: int) -> Aftermath:
    """Whether the person can say something of it."""
    said = any(_mine(unit, model, occasion) for model in (Evaluation, Remark))
    return Aftermath(_may_say(unit, occasion), tuple(_today(unit).steps), said)


def _may_say(unit: Unit, occasion: int) -> bool:
    """Whether it has begun, and the person was there."""
    found = seen(unit, [occasion])
    if not found or found[0].state != State.PLANNED or found[0].starts_at > unit.at:
        return False
    mine = own_answer(unit, occasion)
    return mine is not None and (mine.checked_in_at is not None or bool(mine.was_there))


def _mine(unit: Unit, model: type[SQLModel], occasion: int) -> Any:
    target = table(model)
    here = (target.c.occasion_id == occasion, target.c.author == author(unit, occasion))
    return unit.rows(select(target).where(*here))


@applies(RateOccasion)
def rate_occasion(unit: Unit, effect: RateOccasion) -> None:
    """Keep how it was."""
    scale = _today(unit)
    if effect.value in scale.steps and _may_say(unit, effect.occasion):
        _replace(unit, Evaluation, effect.occasion, scale=scale.version, value=effect.value)


@applies(RemarkOn)
def remark_on(unit: Unit, effect: RemarkOn) -> None:
    """Keep the words as they came."""
    if _may_say(unit, effect.occasion):
        language = language_of(unit, effect.words)
        _replace(unit, Remark, effect.occasion, about=effect.about, text=effect.words.text, **language)


def _replace(unit: Unit, model: type[SQLModel], occasion: int, **values: Any) -> None:
    """One row of the person for an occasion, and for what it is about, in the place of an earlier one."""
    name, target = author(unit, occasion), table(model)
    known = {"pseudonym": name, "citizen_id": unit.person.citizen, "purpose": purpose(occasion)}
    unit.connection.execute(insert_new(unit.connection.dialect.name, Pseudonym), [known])
    same = [target.c.occasion_id == occasion, target.c.author == name]
    if "about" in values:
        same.append(target.c.about == values["about"])
    unit.change(delete(target).where(*same))
    unit.add(model, id=unit.new_id(), occasion_id=occasion, author=name, at=unit.at, **values)


@applies(WithdrawEvaluation)
def withdraw_evaluation(unit: Unit, effect: WithdrawEvaluation) -> None:
    """Delete it, and the pseudonym with it."""
    name = author(unit, effect.occasion)
    for model in (Remark, Evaluation):
        unit.change(delete(table(model)).where(table(model).c.author == name))
    unit.change(delete(table(Pseudonym)).where(col(Pseudonym.pseudonym) == name))
