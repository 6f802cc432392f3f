"""Backups hold one moment whole; restores erase again, and leave everything as it was where they cannot."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from flows.people.person import Forget
from flows.words.statements import OwnWords
from storage import instance, schema
from storage.backup.erasures import read_list, write_list
from storage.context import Keyring
from storage.database import open_database
from storage.errors import AlreadyRunning, SchemaTooNew, Unusable
from storage.instance import Role
from storage.tables import Citizen, Contact, Erasure, Outbox, Pseudonym, Statement, table
from tests.storage.keeper import EVENING, Keeper, find_programs, forget_replaced, names
from tests.storage.people.test_erasure import traces
from tests.storage.town import KEYS, NOON, Town

ADA, BEN = 4_000_000_001, 4_000_000_002


@pytest.fixture(autouse=True)
def _own_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    find_programs(monkeypatch)


@pytest.fixture
async def keeper(town: Town, url: str, tmp_path: Path) -> AsyncIterator[Keeper]:
    """Of the town's database."""
    keeper = Keeper(town, url, tmp_path)
    yield keeper
    if url.startswith("postgresql"):
        await town.database.write(forget_replaced)  # the next test may get the same database
    await town.database.close()


async def statements(town: Town) -> set[str]:
    """The words of every statement."""
    return {row.text for row in await town.rows(Statement)}


async def test_a_backup_is_the_moment_it_was_taken_at(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before")
    found, _ = await keeper.back_up()
    town.later(hours=1)
    await town.says(ADA, "after")
    await town.arrives(BEN)

    restored = await keeper.restore()

    assert await statements(town) == {"before"}
    assert [row.telegram for row in await town.rows(Contact)] == [ADA]
    assert names(keeper.file.parent) == [keeper.file.name]
    assert (found.rows["statement"], found.rows["citizen"], found.rows["wording"]) == (1, 1, 0)
    assert found.until == restored.contents.until == NOON
    assert restored.contents == found


async def test_a_heartbeat_without_news_counts_as_the_moment_of_a_backup(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await town.do(instance.begin, Role.ALL, NOON + timedelta(hours=3))

    found, _ = await keeper.back_up()

    assert found.until == NOON + timedelta(hours=3)


async def test_a_restored_database_goes_on(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    person = await town.person(ADA)
    await town.puts(person, "first")
    await keeper.back_up()
    await keeper.restore()

    await town.says(ADA, "afterwards")
    await town.puts(person, "second")

    assert await statements(town) == {"afterwards"}
    assert [row.key for row in await town.rows(Outbox)] == ["first", "second"]


async def test_who_was_erased_after_the_backup_is_erased_again(town: Town, keeper: Keeper) -> None:
    for telegram in (ADA, BEN):
        await town.arrives(telegram)
        await town.says(telegram, f"words of {telegram}")
    ada = await town.person(ADA)
    await town.puts(ada, "unsaid")
    await keeper.back_up()
    town.later(hours=1)
    await town.acts(ADA, Forget())

    restored = await keeper.restore()

    assert restored.erased_again == 1
    assert await traces(town, [ADA, ada.citizen, ada.contact, "unsaid"]) == {}
    assert await statements(town) == {f"words of {BEN}"}
    assert (await town.row(Erasure)).erased_at == NOON + timedelta(hours=1)


async def test_who_came_back_after_being_erased_stays(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, Forget())
    town.later(hours=1)
    await town.arrives(ADA)
    await town.says(ADA, "again")
    await keeper.back_up()

    restored = await keeper.restore()

    assert restored.erased_again == 0
    assert (await town.look(ADA, OwnWords)).texts.popitem()[1] == "again"


async def test_a_list_of_erasures_does_what_a_lost_database_would_have(
    town: Town, keeper: Keeper, tmp_path: Path
) -> None:
    await town.arrives(ADA)
    await keeper.back_up()
    town.later(hours=1)
    await town.acts(ADA, Forget())
    write_list((await keeper.back_up(tmp_path / "later"))[1], tmp_path / "list")
    await town.database.write(lambda connection: connection.execute(text("DELETE FROM erasure")))

    restored = await keeper.restore(read_list(tmp_path / "list"))

    assert restored.erased_again == 1
    assert await town.rows(Citizen) == []
    assert [row.person for row in await town.rows(Erasure)] == [KEYS.person(ADA)]


async def test_an_erasure_is_remembered_through_a_second_restore(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await keeper.back_up()
    town.later(hours=1)
    await town.acts(ADA, Forget())
    await keeper.restore()

    restored = await keeper.restore(at=EVENING + timedelta(seconds=1))

    assert restored.erased_again == 1
    assert await town.rows(Citizen) == []


async def test_what_was_to_be_deleted_since_the_backup_is(town: Town, keeper: Keeper) -> None:
    await town.comes(ADA)
    await keeper.back_up()

    await keeper.restore(at=NOON + timedelta(days=30))

    assert await town.rows(Citizen) == await town.rows(Contact) == []


async def test_another_secret_key_is_refused_and_changes_nothing(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before")
    await keeper.back_up()
    await town.says(ADA, "after")

    with pytest.raises(Unusable, match="another secret key"):
        await keeper.restore(keys=Keyring(b"another key"))

    assert await statements(town) == {"before", "after"}


async def test_after_a_lost_key_backups_made_with_the_new_one_are_restored(
    town: Town, keeper: Keeper
) -> None:
    older, newer = Keyring(b"the lost key"), KEYS
    for telegram, keys in ((ADA, older), (BEN, newer)):
        person = await town.arrives(telegram)
        row = {"pseudonym": keys.pseudonym("x", person.citizen), "citizen_id": person.citizen, "purpose": "x"}
        await town.do(lambda connection, row=row: connection.execute(insert(table(Pseudonym)), [row]))
    await keeper.back_up()

    await keeper.restore(keys=newer)

    assert len(await town.rows(Citizen)) == 2


async def test_a_database_that_a_newer_release_upgraded_can_be_replaced_by_a_backup_from_before(
    town: Town, keeper: Keeper
) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await keeper.back_up()
    town.later(hours=1)
    await town.acts(ADA, Forget())
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await town.do(lambda connection: connection.execute(newer))

    restored = await keeper.restore()

    assert restored.erased_again == 1
    assert await town.database.read(schema.current) == schema.revisions()[-1]


async def test_a_restore_is_refused_while_a_bot_works(town: Town, keeper: Keeper) -> None:
    await town.arrives(ADA)
    await keeper.back_up()
    await town.arrives(BEN)
    bot = open_database(keeper.url)

    async with bot.hold():
        with pytest.raises(AlreadyRunning):
            await keeper.restore()
    await bot.close()

    assert len(await town.rows(Citizen)) == 2


async def test_a_backup_of_a_newer_release_is_refused_and_changes_nothing(
    town: Town, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper.back_up()
    await town.arrives(ADA)
    monkeypatch.setattr(schema, "revisions", lambda: ("0000",))

    with pytest.raises(SchemaTooNew):
        await keeper.restore()

    assert len(await town.rows(Citizen)) == 1


@pytest.mark.parametrize("damage", ["cut in half", "another file", "empty"])
async def test_a_damaged_backup_is_refused_and_changes_nothing(
    town: Town, keeper: Keeper, damage: str
) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "before " * 500)
    await keeper.back_up()
    whole = keeper.file.read_bytes()
    keeper.file.write_bytes(
        {"cut in half": whole[: len(whole) // 2], "another file": b"PK" * 900, "empty": b""}[damage]
    )

    with pytest.raises(Unusable) as caught:
        await keeper.restore()

    assert "nothing was changed" in str(caught.value)
    assert len(await town.rows(Citizen)) == 1
    assert (await town.says(ADA, "after")).statement


async def test_a_database_that_is_not_ours_is_not_backed_up(empty_url: str, tmp_path: Path) -> None:
    keeper = Keeper(Town(open_database(empty_url)), empty_url, tmp_path)
    await keeper.town.database.write(
        lambda connection: connection.execute(text("CREATE TABLE cats (id int)"))
    )
    await keeper.town.database.close()

    with pytest.raises(Unusable, match="no database of Together"):
        await keeper.back_up()

    assert names(tmp_path) == []


async def test_an_unfinished_backup_leaves_the_older_one_alone(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper.back_up()
    before = keeper.file.read_bytes()
    monkeypatch.setattr(schema, "revisions", lambda: ("0000",))  # refused when the copy is written already

    with pytest.raises(SchemaTooNew):
        await keeper.back_up()

    assert keeper.file.read_bytes() == before
    assert names(keeper.file.parent) == [keeper.file.name]


async def test_a_backup_is_its_owners_alone(keeper: Keeper) -> None:
    await keeper.back_up()

    assert keeper.file.stat().st_mode & 0o777 == 0o600
