"""An emulator without limits for each test, and a folder for the bot's process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.emulator import Emulator


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
