"""The pseudonyms in a database tell with which secret key it was written."""

from sqlalchemy import insert

from storage.context import Keyring
from storage.people import pseudonyms
from storage.tables import Pseudonym, table
from tests.storage.town import Town

ADA, BEN, CLEO = 1, 2, 3
LOST, PRESENT = Keyring(b"the lost key"), Keyring(b"the present key")


async def named(town: Town, telegram: int, keys: Keyring, purpose: str = "x") -> None:
    """Somebody has come, and something was named with that key."""
    person = await town.arrives(telegram)
    name = keys.pseudonym(purpose, person.citizen)
    row = {"pseudonym": name, "citizen_id": person.citizen, "purpose": purpose}
    await town.do(lambda connection: connection.execute(insert(table(Pseudonym)), [row]))


async def test_where_nobody_was_named_any_key_fits(town: Town) -> None:
    await town.arrives(ADA)

    assert not await town.do(pseudonyms.are_there)
    assert await town.do(pseudonyms.key_fits_newest, PRESENT)


async def test_whoever_came_last_of_those_who_were_named_tells_the_key(town: Town) -> None:
    await named(town, ADA, LOST)
    town.later(minutes=1)
    await named(town, BEN, LOST)
    town.later(minutes=1)
    await town.arrives(CLEO)

    assert await town.do(pseudonyms.are_there)
    assert await town.do(pseudonyms.key_fits_newest, LOST)
    assert not await town.do(pseudonyms.key_fits_newest, PRESENT)


async def test_after_a_lost_key_the_new_one_fits_once_somebody_new_was_named(town: Town) -> None:
    await named(town, ADA, LOST)
    town.later(minutes=1)
    await named(town, BEN, PRESENT)

    assert await town.do(pseudonyms.key_fits_newest, PRESENT)
    assert not await town.do(pseudonyms.key_fits_newest, LOST)
