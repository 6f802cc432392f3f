"""Inquiries as those see them who answer: taken by one at a time, answered, handed over, closed."""

from typing import Any, Final

from sqlalchemy import Row, Select, insert, or_, select, update
from sqlmodel import col

from flows.inquiries.inquiries import (
    SHOWN,
    Answered,
    AnswerInquiry,
    CloseInquiry,
    Exchange,
    HandOver,
    Inquiries,
    InquiryWords,
    TakeInquiry,
    Taken,
)
from flows.inquiries.inquiries import Inquiry as OpenInquiry
from flows.people.roles import Permission, Role, Scope
from flows.pushes.pushed import Notice
from storage.inquiries.attendants import Attendant, attendant, attendants, has_stopped, name_of
from storage.inquiries.exchanges import call, first_words, keep, last_lines, state_of
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryTaken
from storage.inquiries.inquiry_pushes import tell
from storage.inquiries.unanswered import answered, closed, release
from storage.people import audit
from storage.people.audit import What
from storage.registry import applies, loads
from storage.tables import Appointment, Citizen, Contact, table
from storage.unit import Unit

_INQUIRIES: Final = table(Inquiry)
_MESSAGES: Final = table(InquiryMessage)


@loads(Inquiries)
def inquiries(unit: Unit, where: Scope) -> Inquiries:
    """The open ones of a territory."""
    rows = _open(unit, where)
    taken = attendants(unit.connection, [row.id for row in rows]) if rows else {}
    return Inquiries(tuple(_inquiry(unit, row, taken.get(row.id)) for row in rows))


def _open(unit: Unit, where: Scope) -> list[Row[Any]]:
    query: Select[Any] = select(_INQUIRIES).where(
        _INQUIRIES.c.territory == where.territory,
        _INQUIRIES.c.closed_at.is_(None),
        _INQUIRIES.c.id.in_(select(_MESSAGES.c.inquiry_id).where(_MESSAGES.c.ready_at.is_not(None))),
    )
    waits_since = _INQUIRIES.c.waits_since
    return list(unit.rows(query.order_by(waits_since.is_(None), waits_since, _INQUIRIES.c.id)))


def _inquiry(unit: Unit, row: Row[Any], taken: Attendant | None) -> OpenInquiry:
    is_mine = taken is not None and taken.citizen == unit.person.citizen
    return OpenInquiry(row.id, state_of(row, is_taken=taken is not None), is_mine, row.waits_since)


@loads(InquiryWords)
def inquiry_words(unit: Unit, where: Scope) -> InquiryWords:
    """What they begin with, and who has taken them."""
    ids = [row.id for row in _open(unit, where)]
    taken = attendants(unit.connection, ids) if ids else {}
    return InquiryWords(first_words(unit, ids), {str(id): name_of(unit, one) for id, one in taken.items()})


@loads(Exchange)
def exchange(unit: Unit, where: Scope, inquiry: int) -> Exchange:
    """What was written; nothing of an inquiry that is closed, or of another territory."""
    if inquiry not in {row.id for row in _open(unit, where)}:
        return Exchange((), "")
    taken = attendant(unit.connection, inquiry)
    return Exchange(last_lines(unit, inquiry, for_asker=False), name_of(unit, taken))


def _locked(unit: Unit, inquiry: int, where: Scope) -> Row[Any] | None:
    """An open inquiry of that territory, locked; None where there is none."""
    there = _INQUIRIES.c.territory == where.territory, _INQUIRIES.c.closed_at.is_(None)
    found = unit.rows(select(_INQUIRIES).where(_INQUIRIES.c.id == inquiry, *there).with_for_update())
    return found[0] if found else None


def _mine(unit: Unit, inquiry: int, where: Scope) -> tuple[Row[Any], Attendant] | None:
    """The same of one that the person has taken."""
    row = _locked(unit, inquiry, where)
    taken = attendant(unit.connection, inquiry)
    if row is None or taken is None or taken.citizen != unit.person.citizen:
        return None
    return row, taken


@applies(TakeInquiry)
def take_inquiry(unit: Unit, effect: TakeInquiry) -> Taken:
    """Give it to the person, unless somebody has it: decided under its lock."""
    row = _locked(unit, effect.inquiry, effect.where)
    if row is None:
        return Taken.GONE
    taken = attendant(unit.connection, row.id)
    if taken is not None:
        return Taken.MINE if taken.citizen == unit.person.citizen else Taken.OTHERS
    _give(unit, row.id, unit.person.citizen)
    if effect.elsewhere or len(unit.rows(_unread(row.id).limit(SHOWN + 1))) > SHOWN:
        tell(unit.connection, unit.context, [unit.person.citizen], Notice.INQUIRY_HANDED, row.id, unit.now)
    else:
        unread = _unread(row.id)
        unit.change(update(_MESSAGES).where(_MESSAGES.c.id.in_(unread)).values(passed_at=unit.now))
    _note(unit, What.CLAIMED, effect.where, row.id)
    return Taken.TAKEN


def _unread(inquiry: int) -> Select[Any]:
    """What nobody who answers has read of an inquiry."""
    there = _MESSAGES.c.inquiry_id == inquiry, _MESSAGES.c.ready_at.is_not(None)
    return select(_MESSAGES.c.id).where(*there, _MESSAGES.c.name == "", _MESSAGES.c.passed_at.is_(None))


def _give(unit: Unit, inquiry: int, citizen: int) -> None:
    """Somebody has it from now on, in the place of whoever had it."""
    release(unit.connection, inquiry)
    unit.change(insert(table(InquiryTaken)).values(inquiry_id=inquiry, citizen_id=citizen, since=unit.at))
    _change(unit, inquiry, is_taken=True)


def _note(unit: Unit, what: What, where: Scope, inquiry: int) -> None:
    audit.note(unit, what, Permission.ATTEND_INQUIRIES, where, inquiry)


@applies(AnswerInquiry)
def answer_inquiry(unit: Unit, effect: AnswerInquiry) -> Answered:
    """Keep the words for whoever asked."""
    mine = _mine(unit, effect.inquiry, effect.where)
    if mine is None:
        return Answered.GONE
    row, me = mine
    keep(unit, row, effect.words, name=me.name)
    _change(unit, row.id, **(closed(unit.at) if effect.last else answered(unit.at)))
    _note(unit, What.ANSWERED, effect.where, row.id)
    if effect.last:
        _note(unit, What.CLOSED, effect.where, row.id)
    return Answered.PASSED if _listens(unit, row) else Answered.KEPT


def _change(unit: Unit, inquiry: int, **values: Any) -> None:
    unit.change(update(_INQUIRIES).where(_INQUIRIES.c.id == inquiry).values(**values))


def _listens(unit: Unit, inquiry: Row[Any]) -> bool:
    """Whether whoever asked can be told: they have not blocked the bot, nor stopped everything since."""
    way = select(col(Contact.reach), col(Citizen.stopped_at)).where(
        col(Contact.citizen_id) == col(Citizen.id), col(Citizen.id) == inquiry.citizen_id
    )
    (asker,) = unit.rows(way)
    own = _MESSAGES.c.inquiry_id == inquiry.id, _MESSAGES.c.name == ""
    wrote = unit.rows(select(_MESSAGES.c.written_at).where(*own).order_by(_MESSAGES.c.written_at.desc()))
    return asker.reach == "open" and not has_stopped(asker.stopped_at, wrote[0].written_at)


@applies(CloseInquiry)
def close_inquiry(unit: Unit, effect: CloseInquiry) -> Answered:
    """Close it; whoever asked is told, and can open it once more."""
    mine = _mine(unit, effect.inquiry, effect.where)
    if mine is None:
        return Answered.GONE
    row, _ = mine
    _change(unit, row.id, **closed(unit.at))
    tell(unit.connection, unit.context, [row.citizen_id], Notice.INQUIRY_ENDED, row.id, unit.now)
    _note(unit, What.CLOSED, effect.where, row.id)
    return Answered.PASSED


@applies(HandOver)
def hand_over(unit: Unit, effect: HandOver) -> bool:
    """Give it to somebody who may answer there, or back to all who may."""
    mine = _mine(unit, effect.inquiry, effect.where)
    if mine is None:
        return False
    row, _ = mine
    if effect.to is None:
        release(unit.connection, row.id)
        call(unit.connection, unit.context, row.id, row.territory, unit.now)
    else:
        heir = _heir(unit, effect.to, effect.where)
        if heir is None:
            return False
        _give(unit, row.id, heir)
        tell(unit.connection, unit.context, [heir], Notice.INQUIRY_HANDED, row.id, unit.now)
    _note(unit, What.HANDED_OVER, effect.where, row.id)
    return True


def _heir(unit: Unit, role: int, where: Scope) -> int | None:
    """The citizen who has that role, if it is held still and allows to answer there."""
    here = (col(Appointment.role) == Role.TERRITORY) & (col(Appointment.territory) == where.territory)
    held = select(col(Appointment.citizen_id)).where(
        col(Appointment.id) == role,
        col(Appointment.until).is_(None),
        or_(col(Appointment.role) == Role.NETWORK, here),
    )
    found = unit.rows(held)
    return found[0].citizen_id if found else None
