"""Roles through whole turns: what is refused changes nothing, and a token is nobody's but its reader's."""

import re

import pytest

from bot.turns.turns import Carried
from config.texts import Texts
from flows.links import token_hash
from flows.people.roles import EVERYWHERE, Role, Scope
from storage.database import Database
from storage.people.roles import invite_from_console
from tests.bot.house import ARRIVING, House, data, said

ADA, BEN = 1, 2
RIVERSIDE, MONTBELL = Scope("riverside"), Scope("montbell")


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def invite(house: House, token: str, role: Role, where: Scope) -> None:
    """Make an invitation as the command does."""
    await house.database.write(
        lambda connection: invite_from_console(connection, token_hash(token), role, where, house.now)
    )


async def appoint(house: House, telegram: int, role: Role, where: Scope) -> None:
    """Let somebody who has arrived follow an invitation and take the role."""
    token = f"{telegram}-{role}-{where.territory}"
    await invite(house, token, role, where)
    carried = await house.take(house.opens(telegram, f"i_{token}"))
    await house.take(house.presses(telegram, data(carried, "take")))
    await house.take(house.writes(telegram, f"Person {telegram}"))
    await house.spoken()


async def press(house: House, telegram: int, carried: Carried, *choices: str) -> Carried:
    """Press one choice after the other."""
    for choice in choices:
        carried = await house.take(house.presses(telegram, data(carried, choice)))
    return carried


async def command(house: House, telegram: int, name: str) -> Carried:
    """Give a command."""
    return await house.take(house.commands(telegram, name))


def text(key: str) -> str:
    return Texts.load().html("en", key)


async def withdraw(house: House, where: Scope) -> None:
    """Somebody elsewhere withdraws all roles in a scope."""
    appointment = house.rows_of("appointment")
    await house.database.write(
        lambda connection: connection.execute(
            appointment.update().where(appointment.c.territory == where.territory).values(until=house.now)
        )
    )


async def test_an_effect_is_refused_whose_role_was_withdrawn_between_two_presses(house: House) -> None:
    await house.arrive(ADA)
    await appoint(house, ADA, Role.TERRITORY, RIVERSIDE)
    await appoint(house, ADA, Role.TERRITORY, MONTBELL)
    asked = await press(house, ADA, await command(house, ADA, "coordinate"), "invite", "panel")
    before = await house.rows("invitation")

    await withdraw(house, RIVERSIDE)
    [(_, refusal)] = said(await press(house, ADA, asked, "0", "-"))

    audit = await house.rows("audit")
    assert text("reception.not_allowed") in refusal
    assert "Question 1 of 3" in refusal  # what was open below goes on
    assert await house.rows("invitation") == before
    assert [(row.what, row.about, row.territory) for row in audit[-1:]] == [
        ("refused", "grant_roles", "riverside")
    ]


async def test_the_token_of_an_invitation_stands_in_the_message_to_its_author_alone(house: House) -> None:
    await house.arrive(ADA)
    await appoint(house, ADA, Role.NETWORK, EVERYWHERE)

    made = await press(house, ADA, await command(house, ADA, "coordinate"), "invite", "network")

    [(_, told)] = said(made)
    (token,) = re.findall(r"\?start=i_([\w-]{22})\s", told)
    kept = {name: str(await house.rows(name)) for name in house.tables()}
    assert [name for name in kept if token in kept[name]] == ["outbox"]
    await house.spoken()
    assert token not in str(await house.rows("outbox"))


async def test_a_token_that_is_shown_stands_nowhere_not_even_while_somebody_arrives(house: House) -> None:
    await invite(house, "a-secret-token", Role.NETWORK, EVERYWHERE)

    carried = await house.take(house.opens(ADA, "i_a-secret-token"))

    assert said(carried) != []
    for name in house.tables():
        assert "a-secret-token" not in str(await house.rows(name))


async def test_whoever_comes_by_an_invitation_arrives_first_and_has_the_role_then(house: House) -> None:
    await invite(house, "secret", Role.PANEL, RIVERSIDE)
    carried = await house.take(house.opens(ADA, "i_secret"))

    arriving = ("en", "riverside", *ARRIVING[1:])
    carried = await press(house, ADA, carried, *arriving, "take")
    await house.take(house.writes(ADA, "Ada"))

    assert [(row.role, row.territory, row.name) for row in await house.rows("appointment")] == [
        ("panel", "riverside", "Ada")
    ]


async def test_a_name_stands_in_its_own_row_and_in_no_conversation_of_those_who_saw_it(house: House) -> None:
    await house.arrive(ADA, BEN)
    await appoint(house, ADA, Role.TERRITORY, RIVERSIDE)
    await appoint(house, BEN, Role.PANEL, RIVERSIDE)

    listed = await press(house, ADA, await command(house, ADA, "coordinate"), "team")

    assert "Person 2" in said(listed)[0][1]
    assert "Person" not in str(await house.rows("conversation"))
