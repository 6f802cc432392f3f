"""Feedback to pilot actions: kept under a pseudonym for one action alone, and shown to its author."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, insert, select, update
from sqlmodel import col

from flows.actions.actions import Section
from flows.actions.feedback import (
    GiveFeedback,
    Given,
    OwnFeedback,
    OwnOpinions,
    Rating,
    RewordWhy,
    SayWhy,
    Side,
    Steps,
    Survey,
    WaveNow,
    WithdrawFeedback,
)
from flows.actions.impact import Scale
from flows.words.statements import Words
from storage.actions.actions import author, described, purpose, seen, words_of
from storage.actions.piloted import Feedback, Score, Wave
from storage.registry import applies, loads
from storage.sql import among, insert_new
from storage.tables import Pseudonym, table
from storage.unit import Unit
from storage.words.statements import language_of

_FEEDBACK: Final = table(Feedback)
_WAVES: Final = table(Wave)
_LAST: Final = (
    select(_WAVES).where(_WAVES.c.action_id == bindparam("action")).order_by(_WAVES.c.number.desc()).limit(1)
)
_SCORES: Final = (
    select(table(Score)).where(among(col(Score.feedback_id), "ids")).order_by(col(Score.component))
)


@loads(Survey)
def survey(unit: Unit, action: int) -> Survey:
    """What is asked now, if anything."""
    found = described(unit, seen(unit, (action,))).get(action)
    if found is None or found.wave is None:
        return Survey(None)
    values = tuple(_scale(unit, action).steps)
    return Survey(found.wave, found.components, values, found.answered)


@loads(WaveNow)
def wave_now(unit: Unit, action: int) -> WaveNow:
    """The wave that is asked for now, if any is."""
    return WaveNow(survey(unit, action).wave)


@loads(Steps)
def steps(unit: Unit, action: int, wave: int | None = None) -> Steps:
    """The scale of a wave, or of the last one."""
    return Steps(_scale(unit, action, wave))


def _scale(unit: Unit, action: int, wave: int | None = None) -> Scale:
    query = _LAST if wave is None else _LAST.where(_WAVES.c.number == wave)
    waves = unit.rows(query, {"action": action})
    return unit.context.scales.get(waves[0].scale, Scale("")) if waves else Scale("")


@applies(GiveFeedback)
def give_feedback(unit: Unit, effect: GiveFeedback) -> int | None:
    """Keep the scores, in the place of the person's earlier ones of this wave; the sentence stays."""
    if not seen(unit, (effect.action,), locked=True):
        return None
    asked = survey(unit, effect.action)
    scale = _scale(unit, effect.action)
    wanted = {(rating.component, rating.value) for rating in effect.ratings}
    if asked.wave is None or not wanted <= {(c, v) for c in asked.components for v in asked.values}:
        return None
    name = author(unit, effect.action)
    before = unit.rows(
        select(_FEEDBACK.c.id).where(
            _FEEDBACK.c.action_id == effect.action, _FEEDBACK.c.wave == asked.wave, _FEEDBACK.c.author == name
        )
    )
    if before:
        id: int = before[0].id
        changed = update(_FEEDBACK).where(_FEEDBACK.c.id == id)
        unit.change(changed.values(side=effect.side, changed_at=unit.at))
        unit.change(delete(table(Score)).where(col(Score.feedback_id) == id))
    else:
        id = unit.new_id()
        _remember(unit, effect.action, name)
        kept = {"action_id": effect.action, "wave": asked.wave, "author": name, "side": effect.side}
        row = {"id": id, "scale": scale.version, "text": "", "created_at": unit.at, **kept}
        unit.change(insert(_FEEDBACK).values(**row))
    for rating in effect.ratings:
        unit.add(Score, feedback_id=id, component=rating.component, value=rating.value)
    return id


def _remember(unit: Unit, action: int, name: str) -> None:
    row = {"pseudonym": name, "citizen_id": unit.person.citizen, "purpose": purpose(action)}
    unit.connection.execute(insert_new(unit.connection.dialect.name, Pseudonym), [row])


@applies(SayWhy)
def say_why(unit: Unit, effect: SayWhy) -> bool:
    """Keep the sentence as it came."""
    return _say(unit, effect.words, _FEEDBACK.c.id == effect.feedback)


@applies(RewordWhy)
def reword_why(unit: Unit, effect: RewordWhy) -> bool:
    """Put new words to the sentence that came in that message."""
    words = effect.words
    return _say(unit, words, _FEEDBACK.c.message == words.message, _FEEDBACK.c.text != words.text)


def _say(unit: Unit, words: Words, *which: ColumnElement[bool]) -> bool:
    said = {"text": words.text, "message": words.message, "changed_at": unit.at}
    mine = update(_FEEDBACK).where(_own(unit), *which)
    return bool(unit.change(mine.values(**said, **language_of(unit, words))))


@applies(WithdrawFeedback)
def withdraw_feedback(unit: Unit, effect: WithdrawFeedback) -> bool:
    """Delete it; what was shown of many before stays as it was."""
    found = unit.rows(select(_FEEDBACK.c.id).where(_own(unit), _FEEDBACK.c.id == effect.feedback))
    if not found:
        return False
    unit.change(delete(table(Score)).where(col(Score.feedback_id) == effect.feedback))
    unit.change(delete(_FEEDBACK).where(_FEEDBACK.c.id == effect.feedback))
    return True


def _own(unit: Unit) -> Any:
    """What carries one of the person's pseudonyms."""
    mine = select(col(Pseudonym.pseudonym)).where(col(Pseudonym.citizen_id) == unit.person.citizen)
    return _FEEDBACK.c.author.in_(mine)


def _mine(unit: Unit) -> list[Row[Any]]:
    query: Select[Any] = select(_FEEDBACK).where(_own(unit)).order_by(_FEEDBACK.c.created_at, _FEEDBACK.c.id)
    return list(unit.rows(query))


@loads(OwnFeedback)
def own_feedback(unit: Unit) -> OwnFeedback:
    """What the person has given to any action."""
    rows = _mine(unit)
    waves = select(table(Wave)).where(among(col(Wave.action_id), "ids"), col(Wave.closed_at).is_(None))
    asking = {
        (row.action_id, row.number) for row in unit.rows(waves, {"ids": [row.action_id for row in rows]})
    }
    return OwnFeedback(
        tuple(Given(row.id, row.action_id, row.wave, (row.action_id, row.wave) in asking) for row in rows)
    )


@loads(OwnOpinions)
def own_opinions(unit: Unit) -> OwnOpinions:
    """What it says."""
    rows = _mine(unit)
    ratings: dict[str, tuple[Rating, ...]] = {}
    for row in unit.rows(_SCORES, {"ids": [row.id for row in rows]}):
        key = str(row.feedback_id)
        ratings[key] = (*ratings.get(key, ()), Rating(row.component, row.value))
    words = words_of(unit, [row.action_id for row in rows])
    return OwnOpinions(
        sides={str(row.id): Side(row.side) for row in rows},
        ratings=ratings,
        sentences={str(row.id): row.text for row in rows},
        titles={str(row.id): words.get(str(row.action_id), {}).get(Section.TITLE, {}) for row in rows},
    )
