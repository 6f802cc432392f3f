"""Statements: kept, changed, withdrawn, and shown to their author."""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, or_, select, update
from sqlmodel import SQLModel, col

from flows.people.speaking import SURE, Heard, heard
from flows.people.tongues import LanguagesUsed
from flows.words.course import Course
from flows.words.hints import Hint
from flows.words.hints import hints as find_hints
from flows.words.statements import (
    Kept,
    OwnStatements,
    OwnWords,
    Question,
    Receipt,
    RecordStatement,
    RewordMessage,
    RewordStatement,
    Voice,
    WithdrawStatement,
    Words,
)
from storage.context import Context
from storage.messages.unsaying import unsay
from storage.registry import applies, loads
from storage.sql import among
from storage.tables import Pseudonym, Statement, Wording, table
from storage.unit import WHOSE, Shared, Unit
from storage.words.returned import ActionLink, Classification, CourseStep, Masked, Review

PURPOSE: Final = "statements"
"""Statements of one person carry one pseudonym, which serves no other purpose."""

TOLD: Final = "told"
"""How the language of a statement is known that its author has said."""

MADE_OF_WORDS: Final[tuple[type[SQLModel], ...]] = (
    Wording,
    Masked,
    Classification,
    Review,
    ActionLink,
    CourseStep,
)
"""What goes when the words of a statement go."""


def author(unit: Unit) -> str:
    """The name the person's statements carry."""
    return _author(unit.context, unit.person.citizen)


def _author(context: Context, citizen: int) -> str:
    return context.keys.pseudonym(PURPOSE, citizen)


_BY: Final = (col(Statement.author), col(Statement.question), col(Statement.language))
_SAID: Final = Shared(
    table(Statement),
    select(*_BY, func.count().label("said"), func.max(col(Statement.language_probability)).label("sure"))
    .where(among(col(Statement.author), WHOSE), col(Statement.withdrawn_at).is_(None))
    .group_by(*_BY),
    key=_author,
)


def _voice(unit: Unit, question: Question) -> tuple[int, int]:
    """How many statements to `question` the person has, and how many more they may make."""
    said = sum(row.said for row in unit.own(_SAID) if row.question == question)
    territory = unit.context.territories.get(unit.person.territory or "")
    return said, max(0, (territory.statements_per_question if territory else 0) - said)


@loads(Voice)
def voice(unit: Unit, question: Question) -> Voice:
    """The person's share of the equal voice."""
    said, left = _voice(unit, question)
    words = {word for joints in unit.context.conjunctions.values() for word in joints}
    return Voice(said, left, tuple(sorted(words)))


@loads(LanguagesUsed)
def languages_used(unit: Unit) -> LanguagesUsed:
    """What the person has written in before: what they said themselves, or what their words surely were."""
    times: Counter[str] = Counter()
    for row in unit.own(_SAID):
        if row.sure >= SURE:
            times[row.language] += row.said
    return LanguagesUsed(tuple(sorted(times, key=lambda code: (-times[code], code))))


@applies(RecordStatement)
def record_statement(unit: Unit, effect: RecordStatement) -> Receipt:
    """Keep the words as they came, under the person's pseudonym."""
    said, left = _voice(unit, effect.question)
    if not left or unit.person.territory is None or unit.person.arrived_at is None:
        return Receipt(Kept.ENOUGH, None, said, 0)
    if said == 0:
        whose = {"citizen_id": unit.person.citizen, "purpose": PURPOSE}
        unit.add_once(Pseudonym, pseudonym=author(unit), **whose)
    statement = unit.new_id()
    unit.add(
        Statement,
        id=statement,
        author=author(unit),
        territory=unit.person.territory,
        group_slug=unit.person.group,
        question=effect.question,
        text=effect.words.text,
        version=1,
        message=effect.words.message,
        reworded_in=None,
        component=None,
        component_version=None,
        course=Course.RECEIVED,
        reviewed=None,
        created_at=unit.at,
        edited_at=None,
        withdrawn_at=None,
        **language_of(unit, effect.words),
    )
    return Receipt(Kept.KEPT, statement, said + 1, left - 1, effect.hints, _heard(unit, effect.words))


def _heard(unit: Unit, words: Words) -> Heard | None:
    """What to ask about the language of the words, if anything."""
    speaks, ours = unit.person.language, unit.context.own_names
    return heard(words.text, words.language, words.probability, words.second, speaks=speaks, ours=ours)


def language_of(unit: Unit, words: Words) -> dict[str, Any]:
    """What the words are written in, how sure that is, and how it is known."""
    if words.language is None:
        return {"language": unit.person.language, "language_probability": 1.0, "language_how": "chosen"}
    return {
        "language": words.language,
        "language_probability": words.probability,
        "language_how": "written",
    }


@applies(RewordStatement)
def reword_statement(unit: Unit, effect: RewordStatement) -> Receipt:
    """Put new words to the statement of that id."""
    return _reword(unit, _own().where(col(Statement.id) == effect.statement), effect.words, effect.hints)


@applies(RewordMessage)
def reword_message(unit: Unit, effect: RewordMessage) -> Receipt:
    """Put new words to the statement that came in that message, or whose newest words did."""
    query = _own().where(or_(*(place == effect.words.message for place in _PLACES)))
    return _reword(unit, query.order_by(col(Statement.created_at).desc()), effect.words, effect.hints)


_PLACES: Final = (col(Statement.message), col(Statement.reworded_in))


def _own() -> Select[Any]:
    return select(table(Statement))


def _reword(unit: Unit, query: Select[Any], words: Words, hints: tuple[Hint, ...]) -> Receipt:
    query = query.where(col(Statement.author) == author(unit), col(Statement.withdrawn_at).is_(None))
    found = unit.rows(query.limit(1))
    if not found:
        return Receipt(Kept.GONE, None, 0, 0)
    before = found[0]
    said, left = _voice(unit, Question(before.question))
    if before.text == words.text:
        return Receipt(Kept.KEPT, before.id, said, left)
    if Hint.PHONE_NUMBER not in find_hints(before.text, ()):  # who takes a number out wants it gone
        _keep_wording(unit, before)
    unit.change(
        update(table(Statement))
        .where(col(Statement.id) == before.id)
        .values(
            text=words.text,
            reworded_in=before.reworded_in if words.message == before.message else words.message,
            version=before.version + 1,
            edited_at=unit.at,
            component=None,  # whoever classified and reviewed it has not read these words
            component_version=None,
            reviewed=None,
            **_language_after(unit, before, words),
        )
    )
    unit.change(delete(table(Masked)).where(col(Masked.statement_id) == before.id))
    return Receipt(Kept.CHANGED, before.id, said, left, hints)


def _language_after(unit: Unit, before: Row[Any], words: Words) -> dict[str, Any]:
    """What reworded words are in: what their author has said of them holds, whatever they look like."""
    return {} if before.language_how == TOLD else language_of(unit, words)


def _keep_wording(unit: Unit, before: Row[Any]) -> None:
    written_at: datetime = before.edited_at or before.created_at
    unit.add(
        Wording,
        statement_id=before.id,
        version=before.version,
        text=before.text,
        language=before.language,
        written_at=written_at,
    )


@applies(WithdrawStatement)
def withdraw_statement(unit: Unit, effect: WithdrawStatement) -> Kept:
    """Delete the words, early wordings and all that was made of them; a row without words stays.

    So counts can be explained.
    """
    met = unit.change(
        update(table(Statement))
        .where(
            col(Statement.id) == effect.statement,
            col(Statement.author) == author(unit),
            col(Statement.withdrawn_at).is_(None),
        )
        .values(text="", component=None, component_version=None, reviewed=None, withdrawn_at=unit.at)
    )
    if not met:
        return Kept.GONE
    for model in MADE_OF_WORDS:
        target = table(model)
        unit.change(delete(target).where(target.c.statement_id == effect.statement))
    unsay(unit.connection)
    return Kept.CHANGED


@loads(OwnStatements)
def own_statements(unit: Unit) -> OwnStatements:
    """The person's statements by id, with the question each answers."""
    return OwnStatements({str(row.id): Question(row.question) for row in _mine(unit)})


@loads(OwnWords)
def own_words(unit: Unit) -> OwnWords:
    """The words of the person's statements by id, and their languages."""
    mine = _mine(unit)
    return OwnWords({str(row.id): row.text for row in mine}, {str(row.id): row.language for row in mine})


def _mine(unit: Unit) -> Any:
    query = (
        _own()
        .where(col(Statement.author) == author(unit), col(Statement.withdrawn_at).is_(None))
        .order_by(col(Statement.created_at), col(Statement.id))
    )
    return unit.rows(query)
