"""An emulator without limits for each test, a folder for the bot's process, and the ways to run it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.emulator import Emulator
from tests.processes.ways import WAYS, Way
from tests.storage.places import PostgresPlace


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    emulator = Emulator()
    emulator.limits = None
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the bot runs: its database, its key, its log."""
    return tmp_path / "bot"


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest, emulator: Emulator, folder: Path) -> AsyncIterator[Way]:
    """One of the four ways to run the bot; a test that asks for it is run in each of them."""
    if request.param.endswith("sqlite"):
        yield Way(request.param, emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
        return
    place: PostgresPlace = request.getfixturevalue("postgres_place")
    url = await place.make()
    yield Way(request.param, emulator, folder, url)
    await place.give_back(url)
