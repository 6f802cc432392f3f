"""Inquiries of the person: asked, added to, closed, opened once more, withdrawn, and shown to them."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, delete, insert, select, update

from flows.inquiries.inquiries import (
    AskPerson,
    CloseOwn,
    Office,
    OwnExchange,
    OwnFirstWords,
    OwnInquiries,
    OwnInquiry,
    Reopen,
    SayMore,
    WithdrawInquiry,
)
from flows.pushes.pushed import Notice
from flows.times.office_hours import next_span
from storage.inquiries.attendants import attendant, attendants, name_of
from storage.inquiries.exchanges import call, first_words, keep, last_lines, state_of
from storage.inquiries.inquired import Inquiry, InquiryMessage, InquiryTaken
from storage.inquiries.inquiry_pushes import tell
from storage.inquiries.unanswered import closed, office_of, waits
from storage.messages.unsaying import unsay
from storage.registry import applies, loads
from storage.tables import table
from storage.unit import Unit

MOST_OPEN: Final = 3
"""Inquiries that one person can have open."""

REOPENS: Final = timedelta(days=7)
"""So long after it was closed whoever asked can open it once more."""

_INQUIRIES: Final = table(Inquiry)


@loads(Office)
def office(unit: Unit) -> Office:
    """Who answers in the person's territory, and when."""
    here = unit.person.territory or ""
    opens, closes = next_span(unit.at, *office_of(unit.context, here)) or (None, None)
    place = unit.context.territories.get(here)
    return Office(
        territory=place.names if place else {},
        opens=opens,
        closes=closes,
        is_open=opens is not None and opens <= unit.at,
        translates=unit.context.translates,
        left=max(0, MOST_OPEN - _open(unit)),
    )


def _open(unit: Unit) -> int:
    return sum(row.closed_at is None for row in _mine(unit))


def _mine(unit: Unit) -> list[Row[Any]]:
    query: Select[Any] = select(_INQUIRIES).where(_INQUIRIES.c.citizen_id == unit.person.citizen)
    return list(unit.rows(query.order_by(_INQUIRIES.c.asked_at.desc(), _INQUIRIES.c.id.desc())))


def _own(unit: Unit, inquiry: int) -> Row[Any] | None:
    """One of the person's inquiries, locked; None where it is gone."""
    mine = _INQUIRIES.c.id == inquiry, _INQUIRIES.c.citizen_id == unit.person.citizen
    found = unit.rows(select(_INQUIRIES).where(*mine).with_for_update())
    return found[0] if found else None


@loads(OwnInquiries)
def own_inquiries(unit: Unit) -> OwnInquiries:
    """All that the person has asked and that is kept."""
    rows = _mine(unit)
    taken = attendants(unit.connection, [row.id for row in rows]) if rows else {}
    return OwnInquiries(
        tuple(
            OwnInquiry(
                id=row.id,
                state=state_of(row, is_taken=row.id in taken),
                asked_at=row.asked_at,
                is_answered=row.waits_since is None,
                reopens_until=_reopens_until(row, unit.at),
            )
            for row in rows
        )
    )


def _reopens_until(row: Row[Any], now: datetime) -> datetime | None:
    until: datetime | None = row.closed_at + REOPENS if row.closed_at else None
    return until if until and now < until else None


@loads(OwnFirstWords)
def own_first_words(unit: Unit) -> OwnFirstWords:
    """What each of them begins with."""
    return OwnFirstWords(first_words(unit, [row.id for row in _mine(unit)]))


@loads(OwnExchange)
def own_exchange(unit: Unit, inquiry: int) -> OwnExchange:
    """What was written to each other."""
    if inquiry not in {row.id for row in _mine(unit)}:
        return OwnExchange((), "")
    taken = attendant(unit.connection, inquiry)
    return OwnExchange(last_lines(unit, inquiry, for_asker=True), name_of(unit, taken))


@applies(AskPerson)
def ask_person(unit: Unit, effect: AskPerson) -> int | None:
    """Keep the question; who coordinates the person's territory is told."""
    territory = unit.person.territory
    if territory is None or unit.person.arrived_at is None or _open(unit) >= MOST_OPEN:
        return None
    id = unit.new_id()
    row = {"id": id, "citizen_id": unit.person.citizen, "territory": territory, "asked_at": unit.at}
    may_translate = effect.translate and unit.context.translates
    since = waits(unit.context, territory, unit.at)
    unit.change(insert(_INQUIRIES).values(**row, translate=may_translate, is_taken=False, **since))
    keep(unit, _kept(unit, id), effect.words, name="")
    return id


def _kept(unit: Unit, inquiry: int) -> Row[Any]:
    row = _own(unit, inquiry)
    assert row is not None
    return row


@applies(SayMore)
def say_more(unit: Unit, effect: SayMore) -> bool:
    """Keep the words for whoever answers."""
    row = _own(unit, effect.inquiry)
    if row is None or row.closed_at is not None:
        return False
    if row.waits_since is None:
        _change(unit, row.id, **waits(unit.context, row.territory, unit.at))
    keep(unit, row, effect.words, name="")
    return True


def _change(unit: Unit, inquiry: int, **values: Any) -> None:
    unit.change(update(_INQUIRIES).where(_INQUIRIES.c.id == inquiry).values(**values))


@applies(CloseOwn)
def close_own(unit: Unit, effect: CloseOwn) -> None:
    """Nothing is waited for any more; whoever has taken it is told."""
    row = _own(unit, effect.inquiry)
    if row is None or row.closed_at is not None:
        return
    _change(unit, row.id, **closed(unit.at))
    taken = attendant(unit.connection, row.id)
    if taken is not None:
        tell(unit.connection, unit.context, [taken.citizen], Notice.INQUIRY_ENDED, row.id, unit.now)


@applies(Reopen)
def reopen(unit: Unit, effect: Reopen) -> bool:
    """Whoever had taken it has it again; where nobody has, it waits for somebody."""
    row = _own(unit, effect.inquiry)
    if row is None or _reopens_until(row, unit.at) is None or _open(unit) >= MOST_OPEN:
        return False
    _change(unit, row.id, closed_at=None, **waits(unit.context, row.territory, unit.at))
    taken = attendant(unit.connection, row.id)
    if taken is not None:
        tell(unit.connection, unit.context, [taken.citizen], Notice.INQUIRY_HANDED, row.id, unit.now)
    else:
        call(unit.connection, unit.context, row.id, row.territory, unit.now)
    return True


@applies(WithdrawInquiry)
def withdraw_inquiry(unit: Unit, effect: WithdrawInquiry) -> None:
    """Delete it; what stands in a room is changed there once it is gone here."""
    if _own(unit, effect.inquiry) is None:
        return
    for model in (InquiryTaken, InquiryMessage):
        unit.change(delete(table(model)).where(table(model).c.inquiry_id == effect.inquiry))
    unit.change(delete(_INQUIRIES).where(_INQUIRIES.c.id == effect.inquiry))
    unsay(unit.connection)
