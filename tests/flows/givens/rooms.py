"""Who belongs to which college, and whether the group chat can be written to."""

from sqlalchemy import update
from sqlmodel import col

from flows.people.roles import Role
from storage.panels import shut
from storage.tables import Appointment, Contact, table
from tests.flows.givens import given
from tests.flows.talking import CHAT, Talking


@given("college")
def college(who: Talking, words: str) -> None:
    """`Ada college citizens`: of a member of a panel."""
    member = update(table(Appointment)).where(
        col(Appointment.citizen_id) == who.world.person.citizen, col(Appointment.role) == Role.PANEL
    )
    with who.world.village.transaction() as connection:
        connection.execute(member.values(college=words))


@given("chat")
def chat(who: Talking, words: str) -> None:
    """`chat shut`: the village's group chat cannot be written to any more; who coordinates is to be told."""
    if words != "shut":
        raise ValueError(f"nothing is known of 'given: chat {words}'")
    village = who.world.village
    with village.transaction() as connection:
        there = update(table(Contact)).where(col(Contact.telegram) == CHAT)
        connection.execute(there.values(reach="gone"))
        shut.watch(connection, village.context, village.now)
