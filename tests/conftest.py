"""What all tests share: drawn examples, compiled statements, one PostgreSQL server, a place to tell figures.

Drawn examples are the same in every run; HYPOTHESIS_PROFILE=explore tries many new ones.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import structlog
from hypothesis import settings

from tests.storage.compiled import compile_once
from tests.storage.places import PostgresPlace
from tests.storage.server import Server

settings.register_profile("same", deadline=None, derandomize=True, max_examples=40, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
compile_once()
plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[structlog.processors.add_log_level, plain])  # rich ones take seconds to draw

TOGETHER: Final = {
    "tests/campaigns/test_season.py": "seasons",
    "tests/campaigns/": "one by one",
    "tests/processes/test_flood.py": "one by one",
    "tests/flows/test_transcripts.py": "transcripts",
    "tests/architecture/test_registries.py": "transcripts",
    "tests/texts/test_every_text.py": "transcripts",
}
"""What one process takes where several share the tests, by how a file's name begins; others go file by file.

Seasons mostly wait, so they go beside the rest. What goes one by one loads the machine, or holds a wait
against a limit. Transcripts are played once in a process. What stands here is begun with, in this order.
"""

Tell = Callable[[str], None]
TOLD = "told"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Says something at the end of the run, whatever becomes of the test."""
    return lambda text: record_property(TOLD, text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    if told := {r.nodeid: text for r in reports for name, text in r.user_properties if name == TOLD}:
        terminalreporter.section("figures")
        for test, text in told.items():
            terminalreporter.line(f"{test}:\n{text}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where processes share the tests, each takes whole files, or several that go together."""
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class Files(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)

    return Files(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the tests, what takes longest is begun first."""
    if hasattr(config, "workerinput"):
        starts = [*TOGETHER, ""]
        items.sort(key=lambda item: [item.nodeid.startswith(start) for start in starts].index(True))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that tests may stop; whoever does starts it again."""
    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_place(request: pytest.FixtureRequest) -> Iterator[PostgresPlace]:
    """Where PostgreSQL databases are made: on the server of TEST_DATABASE_URL, else on our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    place = PostgresPlace(given or request.getfixturevalue("server").url("postgres"))
    yield place
    asyncio.run(place.clear())
