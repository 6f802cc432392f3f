"""What people can give: kept, asked for, agreed to, taken back. They are found in found_gifts.py."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select, update

from flows.actions.gifts import (
    AnswerPlea,
    Cause,
    Give,
    GiveStatement,
    Giving,
    OwnGifts,
    OwnGiftWords,
    OwnPleas,
    PleaWords,
    Sake,
    TakeBack,
)
from flows.actions.gifts import Plea as OpenPlea
from flows.pushes.pushed import Notice
from flows.words.course import Contribution, Course
from flows.words.statements import Question
from storage.actions.causes import titles
from storage.actions.piloted import Gift, Plea
from storage.actions.pleading import IS_HEARD, IS_NEEDED
from storage.messages.unsaying import unsay
from storage.pushes.calls import pass_on
from storage.registry import applies, loads
from storage.tables import Statement, table
from storage.unit import Unit
from storage.words import course
from storage.words.statements import author, language_of

_GIFTS: Final = table(Gift)
_PLEAS: Final = table(Plea)


@applies(Give)
def give(unit: Unit, effect: Give) -> int:
    """Keep it in the person's place, with their citizen's id: it can be asked for, so it is no secret."""
    words = {"text": effect.words.text, **language_of(unit, effect.words)}
    return _keep(unit, effect.giving, words, effect.cause)


@applies(GiveStatement)
def give_statement(unit: Unit, effect: GiveStatement) -> bool:
    """Copy the words; nothing leads from the gift to the statement, which stays without a name."""
    target = table(Statement)
    found = unit.rows(
        select(target).where(
            target.c.id == effect.statement,
            target.c.author == author(unit),
            target.c.question == Question.CO_RESPONSIBILITY,
            target.c.withdrawn_at.is_(None),
        )
    )
    for row in found:
        copied = ("text", "language", "language_probability", "language_how")
        _keep(unit, effect.giving, {name: row._mapping[name] for name in copied}, None)
    return bool(found)


def _keep(unit: Unit, giving: Giving, words: dict[str, Any], cause: Cause | None) -> int:
    id = unit.new_id()
    unit.add(
        Gift,
        id=id,
        citizen_id=unit.person.citizen,
        territory=unit.person.territory or "",
        group_slug=unit.person.group,
        kind=giving,
        cause=cause.sake if cause else None,
        cause_id=cause.id if cause else None,
        course=Course.RECEIVED,
        given_at=unit.at,
        **words,
    )
    return id


@applies(TakeBack)
def take_back(unit: Unit, effect: TakeBack) -> bool:
    """Delete it, and what was asked about it."""
    mine = select(_GIFTS.c.id).where(_GIFTS.c.id == effect.gift, _GIFTS.c.citizen_id == unit.person.citizen)
    if not unit.rows(mine):
        return False
    unit.change(delete(_PLEAS).where(_PLEAS.c.gift_id == effect.gift))
    unit.change(delete(_GIFTS).where(_GIFTS.c.id == effect.gift))
    unsay(unit.connection)
    return True


@loads(OwnGifts)
def own_gifts(unit: Unit) -> OwnGifts:
    """What the person can give."""
    return OwnGifts({str(row.id): Giving(row.kind) for row in _mine(unit)})


@loads(OwnGiftWords)
def own_gift_words(unit: Unit) -> OwnGiftWords:
    """In their words."""
    return OwnGiftWords({str(row.id): row.text for row in _mine(unit)})


def _mine(unit: Unit) -> list[Row[Any]]:
    query = select(_GIFTS).where(_GIFTS.c.citizen_id == unit.person.citizen)
    return list(unit.rows(query.order_by(_GIFTS.c.given_at, _GIFTS.c.id)))


@loads(OwnPleas)
def own_pleas(unit: Unit) -> OwnPleas:
    """Who asks the person and has no answer yet, as long as it holds; see pleading.py."""
    return OwnPleas(
        tuple(OpenPlea(row.id, row.gift_id, Giving(row.kind), row.asked_at) for row in _unanswered(unit))
    )


@loads(PleaWords)
def plea_words(unit: Unit) -> PleaWords:
    """Who asks, what for, and in which words."""
    rows = _unanswered(unit)
    unit.quote(_PLEAS, (row.id for row in rows))
    causes = {row.id: Cause(Sake(row.cause), row.cause_id) for row in rows}
    called = titles(unit, causes.values())
    return PleaWords(
        names={str(row.id): row.name for row in rows},
        titles={str(row.id): called.get(causes[row.id], {}) for row in rows},
        texts={str(row.id): row.text for row in rows},
    )


_UNANSWERED: Final = (
    select(_PLEAS, _GIFTS.c.kind)
    .join(_GIFTS, _GIFTS.c.id == _PLEAS.c.gift_id)
    .where(
        _GIFTS.c.citizen_id == bindparam("giver"),
        _PLEAS.c.agreed.is_(None),
        IS_HEARD,
        IS_NEEDED,
    )
    .order_by(_PLEAS.c.asked_at, _PLEAS.c.id)
)


def _unanswered(unit: Unit) -> Sequence[Row[Any]]:
    return unit.rows(_UNANSWERED, {"giver": unit.person.citizen})


@applies(AnswerPlea)
def answer_plea(unit: Unit, effect: AnswerPlea) -> bool:
    """Keep a yes or no, once, and only while the request holds."""
    plea = next((row for row in _unanswered(unit) if row.id == effect.plea), None)
    if plea is None:
        return False
    reply = effect.words.text if effect.words else ""
    answer = {"agreed": effect.words is not None, "reply": reply, "answered_at": unit.at}
    unanswered = _PLEAS.c.id == effect.plea, _PLEAS.c.agreed.is_(None)
    unit.change(update(_PLEAS).where(*unanswered).values(**answer))
    if effect.words is not None and plea.cause == Sake.ACTION:
        course.link(unit, Contribution.GIFT, [plea.gift_id], plea.cause_id)
    pass_on(unit, plea.citizen_id, Notice.REPLY, plea.cause_id)
    return True
