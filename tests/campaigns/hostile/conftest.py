"""The campaign runs once for all its tests; its seed and figures are printed, also when all is well."""

import asyncio
import json
import os

import pytest

from tests.campaigns.hostile.campaign import Outcome, campaign
from tests.campaigns.hostile.checks import figures

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="module")
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What is left of a whole campaign. CAMPAIGN_SEED makes another one."""
    seed = os.environ.get("CAMPAIGN_SEED") or "together"
    lines = request.config.stash.setdefault(FIGURES, [])
    lines.append(f"CAMPAIGN_SEED={seed}")
    ended = asyncio.run(campaign(seed, tmp_path_factory.mktemp("hostile") / "bot"))
    lines.append(json.dumps(figures(ended)))
    return ended


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("hostile input")
        for line in lines:
            terminalreporter.line(line)
