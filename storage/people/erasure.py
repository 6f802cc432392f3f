"""Erasing people: every row that is theirs, in whichever table, found by how tables refer to one another."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update
from sqlmodel import SQLModel, col

from flows.people.person import Forget
from storage.messages.outbox import WAITING
from storage.messages.unsaying import unsay
from storage.occasions.seats import lock_counted, promote, stop_asking
from storage.people import audit
from storage.people.permissions import held
from storage.people.phones import close_up, on_phone
from storage.registry import applies
from storage.sql import upsert
from storage.tables import Citizen, Contact, Erasure, Outbox, Pseudonym, table
from storage.unit import Unit


@applies(Forget)
def forget(unit: Unit, _effect: Forget) -> None:
    """Erase the person. The way to them stays, without a name, until the last word to them is spoken.

    Others on their phone keep everything; the next of them speaks from then on.
    """
    person = unit.person
    person.erased = True
    if not person.known:
        return
    person.hands_over = len(on_phone(unit.connection, unit.origin.bot, person.telegram)) > 1
    unit.change(
        delete(table(Outbox)).where(col(Outbox.contact_id) == person.contact, col(Outbox.state).in_(WAITING))
    )
    for one in held(unit):
        audit.note(unit, audit.What.ERASED, one.role, one.where)
    counted = lock_counted(unit.connection, person.citizen, unit.now)
    erase(unit.connection, [person.citizen])
    for occasion in counted:
        stop_asking(unit.connection, occasion.id)
        promote(unit.connection, unit.context, occasion, unit.now)
    keys = unit.context.keys
    hidden = keys.citizen(person.citizen) if person.hands_over else keys.person(person.telegram)
    unit.connection.execute(upsert(unit.connection, Erasure), [{"person": hidden, "erased_at": unit.now}])


def erase(connection: Connection, citizens: Sequence[int]) -> None:
    """Delete every row of those citizens and what waits with their words, and cut the way to them loose.

    A row is theirs if it holds their `citizen_id`, has one of their pseudonyms as `author`, or refers to a
    row that is theirs. So a new table needs nothing here. They are locked first: whoever has something to
    tell them just now is waited for.
    """
    them = select(col(Citizen.id)).where(col(Citizen.id).in_(citizens)).order_by(col(Citizen.id))
    connection.execute(them.with_for_update()).all()
    query = select(col(Pseudonym.pseudonym)).where(col(Pseudonym.citizen_id).in_(citizens))
    authors = list(connection.execute(query).scalars())
    theirs = col(Contact.citizen_id).in_(citizens)
    contacts = list(connection.execute(select(col(Contact.id)).where(theirs)).scalars())
    connection.execute(update(table(Contact)).where(theirs).values(citizen_id=None))
    for target in reversed(SQLModel.metadata.sorted_tables):
        rows = theirs_in(target, citizens, authors)
        if rows is not None:
            connection.execute(delete(target).where(rows))
    unsay(connection)
    close_up(connection, contacts)


def theirs_in(target: Table, citizens: Sequence[int], authors: Sequence[str]) -> ColumnElement[bool] | None:
    """Which rows of a table belong to those citizens; None where none can."""
    if target is table(Contact):
        return None  # the way to a person is not theirs alone: the bot still has a word to say
    if target is table(Citizen):
        return target.c.id.in_(citizens)
    ways: list[ColumnElement[bool]] = []
    if "citizen_id" in target.c:
        ways.append(target.c.citizen_id.in_(citizens))
    if "author" in target.c:
        ways.append(target.c.author.in_(authors))
    for key in target.foreign_keys:
        parent = key.column.table
        parents: Any = None if parent is table(Citizen) else theirs_in(parent, citizens, authors)
        if parents is not None:
            ways.append(key.parent.in_(select(key.column).where(parents)))
    return or_(*ways) if ways else None
