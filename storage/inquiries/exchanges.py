"""What is written in inquiries: kept, shown to either side, and passed on to the other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlmodel import col

from flows.inquiries.inquiries import SHOWN, Line, NewLines, PassOn, State, Whose
from flows.moves import Tag
from flows.panels.rooms import Purpose
from flows.people.roles import Scope
from flows.pushes.pushed import Notice
from flows.words.statements import Words
from storage.context import Context
from storage.inquiries.attendants import attendant
from storage.inquiries.inquired import Inquiry, InquiryMessage
from storage.inquiries.inquiry_pushes import tell, tell_coordinators
from storage.panels.rooms import rooms
from storage.registry import applies, loads
from storage.sql import among
from storage.tables import Citizen, table
from storage.unit import Unit
from storage.words.statements import language_of

_INQUIRIES: Final = table(Inquiry)
_MESSAGES: Final = table(InquiryMessage)
_BY_ID: Final = select(_INQUIRIES).where(_INQUIRIES.c.id == bindparam("inquiry"))


def state_of(row: Row[Any], *, is_taken: bool) -> State:
    """Where the inquiry of a row stands."""
    if row.closed_at is not None:
        return State.CLOSED
    return State.TAKEN if is_taken else State.WAITING


def keep(unit: Unit, inquiry: Row[Any], words: Words, *, name: str) -> None:
    """Keep a message and, unless a machine is to translate it first, have it passed on.

    name  of who answers, as others with a role know them; empty: it is who asks
    """
    known = language_of(unit, words)
    message = {
        "id": unit.new_id(),
        "inquiry_id": inquiry.id,
        "citizen_id": unit.person.citizen,
        "name": name,
        "text": words.text,
        "translate_to": _translated_to(unit, inquiry, known["language"], is_answer=bool(name)),
        "written_at": unit.at,
        **known,
    }
    is_ready = message["translate_to"] is None
    unit.change(insert(_MESSAGES).values(**message, ready_at=unit.at if is_ready else None))
    if is_ready:
        pass_on(unit.connection, unit.context, message["id"], unit.now)


def _translated_to(unit: Unit, inquiry: Row[Any], language: str, *, is_answer: bool) -> str | None:
    """The language that the other side reads, where it is another one and a machine may translate."""
    if not (inquiry.translate and unit.context.translates):
        return None
    if is_answer:
        asker = select(col(Citizen.language)).where(col(Citizen.id) == inquiry.citizen_id)
        reads: str = unit.rows(asker)[0].language
    else:
        taken, place = attendant(unit.connection, inquiry.id), unit.context.territories.get(inquiry.territory)
        reads = taken.language if taken else place.languages[0] if place else language
    return None if reads.partition("-")[0] == language.partition("-")[0] else reads


_SENT: Final = (
    select(_MESSAGES.c.name, _INQUIRIES)
    .join(_INQUIRIES, _INQUIRIES.c.id == _MESSAGES.c.inquiry_id)
    .where(_MESSAGES.c.id == bindparam("message"))
)
_READY: Final = select(func.count()).where(
    _MESSAGES.c.inquiry_id == bindparam("inquiry"), _MESSAGES.c.ready_at.is_not(None)
)


def pass_on(connection: Connection, context: Context, message: int, now: datetime) -> None:
    """A message can be read: have the other side told; of a new question all who could take it."""
    row = connection.execute(_SENT, {"message": message}).one()
    taken = attendant(connection, row.id)
    if row.name:
        tell(connection, context, [row.citizen_id], Notice.INQUIRY_WORDS, row.id, now, edition=message)
    elif taken is not None:
        tell(connection, context, [taken.citizen], Notice.INQUIRY_WORDS, row.id, now, edition=message)
    elif connection.execute(_READY, {"inquiry": row.id}).scalar_one() == 1:
        call(connection, context, row.id, row.territory, now)


def call(connection: Connection, context: Context, inquiry: int, territory: str, now: datetime) -> None:
    """Have an inquiry that nobody has taken be seen by those who could."""
    if not rooms(connection, territory, Purpose.COORDINATORS):  # there it is seen by itself
        tell_coordinators(connection, context, inquiry, territory, now)


_LAST: Final = (
    select(_MESSAGES)
    .where(_MESSAGES.c.inquiry_id == bindparam("inquiry"))
    .order_by(_MESSAGES.c.written_at.desc(), _MESSAGES.c.id.desc())
    .limit(SHOWN)
)


def last_messages(connection: Connection, inquiry: int, *, for_asker: bool) -> list[Row[Any]]:
    """The last messages that one side reads, oldest first; of the other side those that are ready."""
    rows = reversed(connection.execute(_LAST, {"inquiry": inquiry}).all())
    return [row for row in rows if row.ready_at is not None or _is_own(row, for_asker=for_asker)]


def last_lines(unit: Unit, inquiry: int, *, for_asker: bool) -> tuple[Line, ...]:
    """The same as the person reads them."""
    return _lines(unit, last_messages(unit.connection, inquiry, for_asker=for_asker), for_asker=for_asker)


def _lines(unit: Unit, rows: Iterable[Row[Any]], *, for_asker: bool) -> tuple[Line, ...]:
    rows = list(rows)
    unit.quote(_MESSAGES, (row.id for row in rows))
    return tuple(line(unit.context, row, for_asker=for_asker) for row in rows)


def _is_own(row: Row[Any], *, for_asker: bool) -> bool:
    return (row.name == "") is for_asker


def line(context: Context, row: Row[Any], *, for_asker: bool) -> Line:
    """One message as one side reads it; what one wrote oneself needs no translation."""
    is_foreign = row.translate_to is not None and not _is_own(row, for_asker=for_asker)
    return Line(
        is_asker=row.name == "",
        name=row.name,
        text=row.text,
        language=context.own_names.get(row.language) or Tag(row.language),
        translation=row.translation if is_foreign else None,
        is_untranslated=is_foreign and row.translation is None,
    )


_FIRST: Final = (
    select(_MESSAGES.c.id, _MESSAGES.c.inquiry_id, _MESSAGES.c.text)
    .where(among(_MESSAGES.c.inquiry_id, "inquiries"), _MESSAGES.c.name == "")
    .order_by(_MESSAGES.c.written_at.desc(), _MESSAGES.c.id.desc())
)


def first_words(unit: Unit, inquiries: Iterable[int]) -> dict[str, str]:
    """What each of those inquiries begins with, by id."""
    rows = unit.rows(_FIRST, {"inquiries": list(inquiries)})
    unit.quote(_MESSAGES, (row.id for row in rows))
    return {str(row.inquiry_id): row.text for row in rows}


@loads(Whose)
def whose(unit: Unit, inquiry: int) -> Whose:
    """What an inquiry is to the person."""
    found = unit.rows(_BY_ID, {"inquiry": inquiry})
    if not found:
        return Whose()
    row, taken = found[0], attendant(unit.connection, inquiry)
    me = unit.person.citizen
    return Whose(
        where=Scope(row.territory),
        state=state_of(row, is_taken=taken is not None),
        asks=row.citizen_id == me,
        attends=taken is not None and taken.citizen == me,
    )


@loads(NewLines)
def new_lines(unit: Unit, inquiry: int) -> NewLines:
    """What the other side has written that has not been passed on to the person."""
    for_asker = whose(unit, inquiry).asks
    new = select(_MESSAGES).where(*_new(unit, inquiry)).order_by(_MESSAGES.c.written_at, _MESSAGES.c.id)
    return NewLines(_lines(unit, unit.rows(new), for_asker=for_asker))


@applies(PassOn)
def note_passed_on(unit: Unit, effect: PassOn) -> None:
    """Note when it was."""
    new = _new(unit, effect.inquiry)
    unit.change(update(_MESSAGES).where(*new).values(passed_at=unit.now))


def _new(unit: Unit, inquiry: int) -> tuple[Any, ...]:
    """What has not been passed on to the person: to who asks what others wrote, to who answers the rest."""
    mine = whose(unit, inquiry)
    side = _MESSAGES.c.name != "" if mine.asks else _MESSAGES.c.name == ""
    there = _MESSAGES.c.inquiry_id == (inquiry if mine.asks or mine.attends else None)
    return there, side, _MESSAGES.c.ready_at.is_not(None), _MESSAGES.c.passed_at.is_(None)
