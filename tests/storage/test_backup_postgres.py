"""Backups of a server: nothing happens without its programs, and a killed restore can be repeated."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from flows.people.person import Forget
from storage import schema
from storage.backup import postgres
from storage.database import open_database
from storage.errors import SchemaTooOld, Unusable
from storage.tables import Citizen
from tests.storage.keeper import EVENING, Keeper, find_programs, forget_replaced, names
from tests.storage.town import Town

ADA = 4_000_000_001


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.fixture(autouse=True)
def _own_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    find_programs(monkeypatch)


@pytest.fixture
async def keeper(postgres_url: str, tmp_path: Path) -> AsyncIterator[Keeper]:
    """Of a database with one person in it."""
    keeper = Keeper(Town(open_database(postgres_url)), postgres_url, tmp_path)
    await keeper.town.arrives(ADA)
    yield keeper
    await keeper.town.database.write(forget_replaced)
    await keeper.town.database.close()


async def test_without_its_programs_the_operator_is_told_what_to_install(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unusable, match="apt install postgresql-client"):
        await keeper.back_up()

    assert names(tmp_path) == []


async def test_a_killed_restore_lets_no_bot_start_and_can_be_repeated(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper.back_up()
    keeper.town.later(hours=1)
    await keeper.town.acts(ADA, Forget())
    with monkeypatch.context() as killing:
        killing.setattr(postgres, "_finish", killed)
        killing.setattr(postgres, "_move_back", killed)
        with pytest.raises(Killed):
            await keeper.restore()
    with pytest.raises(SchemaTooOld):
        await keeper.town.database.prepare()

    restored = await keeper.restore(at=EVENING + timedelta(seconds=1))

    assert restored.erased_again == 1
    assert await keeper.town.rows(Citizen) == []
    assert await keeper.town.database.read(schema.current) == schema.revisions()[-1]


def killed(*_: Any) -> NoReturn:
    raise Killed


async def test_a_password_is_told_to_no_other_user_of_the_machine(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {seen}; echo "pg_dump: error: $PGPASSWORD" >&2; exit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    url = keeper.url.replace("together@", "together:hunter2@")

    with pytest.raises(Unusable, match="error: hunter2"):  # so it was told to the program
        await postgres.back_up(url, keeper.file)

    assert "hunter2" not in seen.read_text()
