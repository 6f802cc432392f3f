"""Several people on one phone: who they are, who speaks, who wrote what, who comes and who is forgotten."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, or_, select
from sqlmodel import col

from flows.people.person import Forget, OwnName
from flows.people.profiles import (
    MOST,
    AddPerson,
    CallMe,
    ForgetPerson,
    Named,
    OnThisPhone,
    PhoneNames,
    SwitchTo,
)
from storage.actions.piloted import Feedback
from storage.messages.stacks import parse
from storage.people import people
from storage.people.erasure import forget
from storage.people.phones import free_slot, give_word, on_phone
from storage.registry import applies, loads
from storage.tables import Citizen, Contact, Conversation, Pseudonym, Statement, table
from storage.unit import Person, Unit

_STACKS: Final = (
    select(col(Contact.slot), col(Conversation.stack))
    .join(table(Contact), col(Contact.citizen_id) == col(Conversation.citizen_id))
    .where(
        col(Contact.bot) == bindparam("bot"),
        col(Contact.telegram) == bindparam("telegram"),
        col(Contact.slot) > 0,
    )
)


_WROTE: Final = (
    select(col(Pseudonym.citizen_id))
    .join(table(Contact), col(Contact.citizen_id) == col(Pseudonym.citizen_id))
    .outerjoin(table(Statement), col(Statement.author) == col(Pseudonym.pseudonym))
    .outerjoin(table(Feedback), col(Feedback.author) == col(Pseudonym.pseudonym))
    .where(
        col(Contact.bot) == bindparam("bot"),
        col(Contact.telegram) == bindparam("telegram"),
        or_(
            *(
                place == bindparam("message")
                for place in (col(Statement.message), col(Statement.reworded_in), col(Feedback.message))
            )
        ),
    )
    .limit(1)
)


@loads(OwnName)
def own_name(unit: Unit) -> OwnName:
    """What the person is called there."""
    return OwnName(unit.person.called)


@loads(OnThisPhone)
def on_this_phone(unit: Unit) -> OnThisPhone:
    """How many they are."""
    there = _there(unit)
    me = next(place for place, row in enumerate(there, start=1) if row.citizen == unit.person.citizen)
    return OnThisPhone(len(there), me, unit.person.called is not None)


@loads(PhoneNames)
def phone_names(unit: Unit) -> PhoneNames:
    """What they call themselves."""
    me, there = unit.person, _there(unit)
    unit.quote(table(Citizen), (row.citizen for row in there if row.citizen != me.citizen))
    called = ((me.called if row.citizen == me.citizen else row.called) for row in there)
    return PhoneNames(tuple(name or "" for name in called))


@applies(CallMe)
def call_me(unit: Unit, effect: CallMe) -> Named:
    """Keep the name."""
    others = [row for row in _there(unit) if row.citizen != unit.person.citizen]
    if _is_taken(effect.name, others):
        return Named.SAME
    unit.person.called = effect.name
    return Named.NAMED


@applies(AddPerson)
def add_person(unit: Unit, effect: AddPerson) -> Named:
    """Add somebody who speaks from now on; they arrive like anybody else."""
    there = _there(unit)
    if len(there) >= MOST:
        return Named.FULL
    if _is_taken(effect.name, there):
        return Named.SAME
    me = unit.person
    new = Person(
        citizen=unit.new_id(),
        contact=unit.new_id(),
        telegram=me.telegram,
        language=me.language,
        called=effect.name,
        created_at=unit.now,
        seen_at=unit.now,
    )
    free = free_slot(unit.connection, unit.origin.bot, new.telegram)
    people.enter(unit.book, new)
    way = {"id": new.contact, "bot": unit.origin.bot, "telegram": new.telegram, "reach": me.reach}
    unit.add(Contact, **way, citizen_id=new.citizen, slot=free)
    _hand_over(unit, free)
    return Named.NAMED


@applies(SwitchTo)
def switch_to(unit: Unit, effect: SwitchTo) -> None:
    """Let another one speak from now on."""
    there = _there(unit)
    if 1 <= effect.place <= len(there) and there[effect.place - 1].slot:
        _hand_over(unit, there[effect.place - 1].slot)


@applies(ForgetPerson)
def forget_person(unit: Unit, effect: ForgetPerson) -> None:
    """Erase another one, as they would themselves."""
    there = _there(unit)
    if not 1 <= effect.place <= len(there) or not there[effect.place - 1].slot:
        return
    person = people.find_one(unit.connection, unit.origin.bot, there[effect.place - 1].citizen)
    forget(Unit(unit.connection, unit.book, unit.context, person, unit.origin, unit.at, unit.now), Forget())
    if len(there) == 2:
        unit.person.called = None


def slot_of(connection: Connection, bot: int, telegram: int, talk: int) -> int | None:
    """The slot of who is on that phone, does not speak, and has that conversation under way."""
    for row in connection.execute(_STACKS, {"bot": bot, "telegram": telegram}):
        if any(each.id == talk for each in parse(row.stack)):
            return int(row.slot)
    return None


def writer_of(connection: Connection, bot: int, telegram: int, message: int) -> int | None:
    """The citizen on that phone whose idea, or sentence on an action, came in that message of the chat."""
    values = {"bot": bot, "telegram": telegram, "message": message}
    return connection.execute(_WROTE, values).scalar()


def _there(unit: Unit) -> Sequence[Row[Any]]:
    return on_phone(unit.connection, unit.origin.bot, unit.person.telegram)


def _is_taken(name: str, there: Sequence[Row[Any]]) -> bool:
    return name.casefold() in {(row.called or "").casefold() for row in there}


def _hand_over(unit: Unit, slot: int) -> None:
    """The person's conversations stay as they are; who speaks now goes on with theirs."""
    unit.book.flush()
    give_word(unit.connection, unit.origin.bot, unit.person.telegram, slot)
    unit.person.hands_over = True
