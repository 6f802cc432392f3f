"""Erasing a person: everything kept about them, in one place."""

from sqlalchemy import delete, select, update
from sqlmodel import col

from flows.person import Forget
from storage.outbox import WAITING
from storage.registry import applies
from storage.sql import upsert
from storage.tables import (
    Citizen,
    Consent,
    Contact,
    Conversation,
    Erasure,
    Outbox,
    Pseudonym,
    Statement,
    Wording,
    table,
)
from storage.unit import Unit


@applies(Forget)
def forget(unit: Unit, _effect: Forget) -> None:
    """Erase the person. The way to them stays, without a name, until the last word to them is spoken."""
    person = unit.person
    person.erased = True
    if not person.known:
        return
    pseudonyms = select(col(Pseudonym.pseudonym)).where(col(Pseudonym.citizen_id) == person.citizen)
    statements = select(col(Statement.id)).where(col(Statement.author).in_(pseudonyms))
    unit.change(delete(table(Wording)).where(col(Wording.statement_id).in_(statements)))
    unit.change(delete(table(Statement)).where(col(Statement.author).in_(pseudonyms)))
    for model in (Pseudonym, Consent, Conversation):
        unit.change(delete(table(model)).where(table(model).c.citizen_id == person.citizen))
    unit.change(
        delete(table(Outbox)).where(col(Outbox.contact_id) == person.contact, col(Outbox.state).in_(WAITING))
    )
    unit.change(update(table(Contact)).where(col(Contact.id) == person.contact).values(citizen_id=None))
    unit.change(delete(table(Citizen)).where(col(Citizen.id) == person.citizen))
    hidden = {"person": unit.context.keys.person(person.telegram), "erased_at": unit.now}
    unit.connection.execute(upsert(unit.connection, Erasure), [hidden])
