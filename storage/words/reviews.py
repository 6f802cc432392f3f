"""Reviews of statements: what is to be looked at, and what was decided. Words are never changed by it."""

from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, delete, func, select, update
from sqlmodel import col

from flows.people.roles import Scope
from flows.words.masks import masked, traces
from flows.words.reviews import (
    NextReview,
    Pile,
    ReasonCodes,
    Reasons,
    Review,
    Reviewed,
    ReviewsLeft,
    ReviewWords,
    ToReview,
    Verdict,
)
from flows.words.statements import Question
from storage.people import audit
from storage.people.audit import What, actor
from storage.people.permissions import scope_of
from storage.registry import applies, loads
from storage.sql import upsert
from storage.tables import Pseudonym, Statement, table
from storage.unit import Unit
from storage.words.contributions import said_in
from storage.words.quotable import CONSENTED
from storage.words.returned import Masked
from storage.words.returned import Review as ReviewRow
from storage.words.telling import tell_soon

_SAID: Final = table(Statement)


def _on(pile: Pile) -> Any:
    return _SAID.c.reviewed.is_(None) if pile is Pile.NEW else _SAID.c.reviewed == Verdict.HELD


@loads(ReviewsLeft)
def reviews_left(unit: Unit, where: Scope) -> ReviewsLeft:
    """How many there are to look at."""
    counts = (select(func.count()).where(*said_in(where), _on(pile)) for pile in (Pile.NEW, Pile.HELD))
    return ReviewsLeft(*(unit.rows(count)[0][0] for count in counts))


@loads(NextReview)
def next_review(unit: Unit, where: Scope, pile: Pile, after: int) -> NextReview:
    """The next one by its id: in an order that tells nothing of who said what in one sitting."""
    query: Select[Any] = select(_SAID, CONSENTED.label("quotable")).where(*said_in(where), _on(pile))
    rows = unit.rows(query.where(_SAID.c.id > after).order_by(_SAID.c.id).limit(1))
    return NextReview(_to_review(rows[0]) if rows else None)


def _to_review(row: Row[Any]) -> ToReview:
    return ToReview(
        id=row.id,
        wording=row.version,
        question=Question(row.question),
        language=row.language,
        may_be_quoted=bool(row.quotable),
        traces=traces(row.text),
    )


@loads(ReviewWords)
def review_words(unit: Unit, where: Scope, statement: int) -> ReviewWords:
    """The words as they came."""
    rows = unit.rows(select(_SAID.c.text).where(*said_in(where), _SAID.c.id == statement))
    unit.quote(_SAID, [statement] if rows else ())
    return ReviewWords(rows[0].text if rows else "")


@loads(Reasons)
def reasons(unit: Unit) -> Reasons:
    """Why words can be held back, as it is called today."""
    return Reasons(unit.context.reasons)


@loads(ReasonCodes)
def reason_codes(unit: Unit) -> ReasonCodes:
    """Their codes."""
    return ReasonCodes(tuple(unit.context.reasons))


@applies(Review)
def review(unit: Unit, effect: Review) -> Reviewed:
    """Keep the decision, and what may be shown instead of the words; tell the author what is held back."""
    locked = select(_SAID).where(*said_in(effect.where), _SAID.c.id == effect.statement).with_for_update()
    found = unit.rows(locked)
    if not found:
        return Reviewed.GONE
    if found[0].version != effect.wording:
        return Reviewed.CHANGED
    row = found[0]
    is_held = effect.verdict is Verdict.HELD
    unit.add(
        ReviewRow,
        id=unit.new_id(),
        statement_id=row.id,
        wording=row.version,
        verdict=effect.verdict,
        reason=effect.reason if is_held else None,
        reviewer=actor(unit),
        at=unit.at,
        told_at=None,
    )
    unit.change(update(_SAID).where(_SAID.c.id == row.id).values(reviewed=effect.verdict))
    if effect.verdict is Verdict.MASKED:
        shown = {"statement_id": row.id, "text": masked(row.text, effect.masks)}
        unit.change(upsert(unit.connection, Masked), shown)
    else:
        unit.change(delete(table(Masked)).where(col(Masked.statement_id) == row.id))
    audit.note(unit, What.REVIEWED, effect.verdict, scope_of(row._mapping))
    if is_held:
        _tell(unit, row.author)
    return Reviewed.DONE


_AUTHOR: Final = select(col(Pseudonym.citizen_id)).where(col(Pseudonym.pseudonym) == bindparam("author"))


def _tell(unit: Unit, author: str) -> None:
    citizens = {row.citizen_id for row in unit.rows(_AUTHOR, {"author": author})}
    tell_soon(unit.connection, unit.context, citizens, unit.now)
