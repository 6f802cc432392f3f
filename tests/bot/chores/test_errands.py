"""What commands want written while a bot holds the database: done once, by whoever may write."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.chores import errands
from bot.chores.errands import Errands, ExportOrder, ImportOrder, InvitationOrder, carry_out, note
from bot.refusal import Refused
from config.settings import Settings, load_settings
from flows.codec import encode
from flows.links import token_hash
from flows.people.roles import Role, Scope
from flows.planning.imports import Meeting, Span
from storage.database import Database, open_database
from storage.errors import Unavailable
from storage.planning.imports import new_ones
from storage.tables import Audit, Invitation, table
from tests.bot.house import trouble
from tests.flows.clocks import at

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORDER = InvitationOrder(token_hash("secret"), Role.PANEL, Scope("riverside"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "together.db"


@pytest.fixture
def settings(file: Path) -> Settings:
    environ = {
        "TOGETHER_BOT_TOKEN": "42:TEST",
        "TOGETHER_DATABASE_URL": f"sqlite+aiosqlite:///{file}",
    }
    return load_settings(environ, None)


async def made(database: Database) -> list[str]:
    """The hashes of the invitations there are."""
    query = select(table(Invitation).c.token_hash)
    found: list[str] = await database.read(lambda connection: list(connection.execute(query).scalars()))
    return found


def orders(file: Path) -> list[Path]:
    return list(file.parent.glob("*.order"))


async def test_a_file_that_a_command_writes_is_noted_once_as_of_its_moment(
    settings: Settings, file: Path
) -> None:
    """The command does not wait for it, and an order that is carried out again changes nothing."""
    order = ExportOrder("statements", Scope("riverside"), NOON)
    database = open_database(settings.database_url)
    await database.prepare()

    await note(database, settings, order, NOON)
    (laid,) = orders(file)
    kept = laid.read_text()
    for hours in (1, 2):
        laid.write_text(kept)
        await Errands(file).run(database, NOON + timedelta(hours=hours))

    (row,) = await database.read(lambda connection: connection.execute(select(table(Audit))).all())
    assert (row.at, row.actor, row.what) == (NOON, "console", "exported")
    assert (row.about, row.territory) == ("statements", "riverside")
    assert orders(file) == []
    await database.close()


async def test_what_cannot_be_noted_is_refused(settings: Settings, file: Path) -> None:
    elsewhere = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{file.parent}/gone/x.db"})
    database = open_database(settings.database_url)

    with pytest.raises(Refused, match="cannot be noted"):
        await note(database, elsewhere, ExportOrder("audit", Scope(), NOON), NOON)

    await database.close()


async def test_while_no_bot_runs_a_command_writes_by_itself(settings: Settings, file: Path) -> None:
    database = open_database(settings.database_url)

    await carry_out(database, settings, ORDER, NOON)

    assert await made(database) == [ORDER.token_hash]
    assert orders(file) == []
    await database.close()


async def test_an_order_is_carried_out_by_the_bot_that_holds_the_database(
    settings: Settings, database: Database, file: Path
) -> None:
    beside = open_database(settings.database_url)

    async with database.hold():
        command = asyncio.create_task(carry_out(beside, settings, ORDER, NOON))
        while not orders(file):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is a file that appears
        (order,) = orders(file)
        mode = order.stat().st_mode & 0o777
        await Errands(file).run(database, NOON)
        await command

    assert mode == 0o600
    assert await made(database) == [ORDER.token_hash]
    assert orders(file) == []
    await beside.close()


async def test_an_order_that_nobody_takes_is_taken_back(
    settings: Settings, database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "PATIENCE", 0.2)
    beside = open_database(settings.database_url)

    async with database.hold():
        with pytest.raises(Refused, match="took no order within"):
            await carry_out(beside, settings, ORDER, NOON)

    assert orders(file) == []
    assert await made(database) == []
    await beside.close()


async def test_who_waits_for_an_order_that_the_bot_cannot_read_is_told(
    settings: Settings, database: Database, file: Path
) -> None:
    beside = open_database(settings.database_url)

    async with database.hold():
        command = asyncio.create_task(carry_out(beside, settings, ORDER, NOON))
        while not orders(file):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is a file that appears
        orders(file)[0].write_text('{"role": "king"}')
        await Errands(file).run(database, NOON)
        with pytest.raises(Refused, match="run it as the same user, and from the same release"):
            await command

    assert [each.name for each in file.parent.glob(f"{file.name}.*")] == [f"{file.name}.lock"]
    assert await made(database) == []
    await beside.close()


@pytest.mark.parametrize("content", ["{", "[]", '{"role": "king"}', "\udcff"])
async def test_what_is_no_order_keeps_no_order_behind_it_waiting(
    database: Database, file: Path, content: str
) -> None:
    broken = file.with_name(f"{file.name}.0.order")
    broken.write_bytes(content.encode(errors="surrogateescape"))
    file.with_name(f"{file.name}.1.order").write_text(json.dumps({"invitation": encode(ORDER)}))

    await Errands(file).run(database, NOON)

    assert orders(file) == []
    assert await made(database) == [ORDER.token_hash]


async def test_an_order_that_fails_by_itself_keeps_no_order_behind_it_waiting(
    settings: Settings, database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it is told."""

    def fails(*_: object, **__: object) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(ExportOrder, "carry_out", fails)
    beside, order = open_database(settings.database_url), ExportOrder("audit", Scope(), NOON)

    async with database.hold():
        command = asyncio.create_task(carry_out(beside, settings, order, NOON))
        while not orders(file):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is a file that appears
        file.with_name(f"{file.name}.zzz.order").write_text(json.dumps({"invitation": encode(ORDER)}))
        await Errands(file).run(database, NOON)
        with pytest.raises(Refused, match="could not carry this out"):
            await command

    assert [each.name for each in file.parent.glob(f"{file.name}.*")] == [f"{file.name}.lock"]
    assert await made(database) == [ORDER.token_hash]
    await beside.close()


async def test_while_the_database_is_in_trouble_orders_wait(database: Database, file: Path) -> None:
    Errands(file).lay(ORDER)

    with trouble(), pytest.raises(Unavailable):
        await Errands(file).run(database, NOON)

    assert len(orders(file)) == 1
    await Errands(file).run(database, NOON)
    assert await made(database) == [ORDER.token_hash]


MEETING = Meeting(
    uid="park",
    kind="panel",
    dates=(Span(at("2027-03-12 18:30"), at("2027-03-12 20:00")),),
    zone="Europe/Paris",
    texts={"en": {"title": "Park"}},
    pin=(47.75, 7.34),
)


async def test_meetings_of_a_file_are_imported_by_the_bot_that_holds_the_database(
    settings: Settings, database: Database, file: Path
) -> None:
    beside, order = open_database(settings.database_url), ImportOrder("riverside", (MEETING,))

    async with database.hold():
        command = asyncio.create_task(carry_out(beside, settings, order, NOON))
        while not orders(file):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is a file that appears
        await Errands(file).run(database, NOON)
        await command

    assert await database.read(lambda connection: new_ones(connection, "riverside", (MEETING,))) == []
    await beside.close()
