"""Each contestant, as a real process, walks the same turns with the same calls, and keeps every answer."""

import asyncio
from pathlib import Path

import pytest

from tests.bench.contestants import AIOGRAM, TELEGRAM, TOGETHER
from tests.bench.databases import PostgresDatabases, SqliteFiles
from tests.bench.run import Length, Scenario, run
from tests.bench.walk import WALK
from tests.storage.server import Server

pytestmark = pytest.mark.process

CITIZENS = 3


async def test_all_contestants_walk_with_citizens_beside_many_they_know(
    server: Server, tmp_path: Path
) -> None:
    files, served = SqliteFiles(tmp_path), PostgresDatabases(server)
    on_sqlite = Scenario(citizens=CITIZENS, known=7)
    on_postgres = Scenario(citizens=CITIZENS, known=7, database="postgres")

    found = await asyncio.gather(
        *(
            run(one, scenario, Length(0, 3), databases, tmp_path / one.name, cores=None)
            for one, scenario, databases in (
                (TOGETHER, on_sqlite, files),
                (AIOGRAM, on_postgres, served),
                (TELEGRAM, on_postgres, served),
            )
        )
    )

    assert [figures.errors for figures in found] == [{}, {}, {}]
    assert min(figures.turns for figures in found) >= CITIZENS * len(WALK)
