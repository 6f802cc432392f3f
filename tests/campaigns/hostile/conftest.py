"""The campaign runs once for all its tests; its seed and figures are printed, also when all is well."""

import asyncio
import json
import os

import pytest

from tests.campaigns.hostile.campaign import FULL, IS_FULL, POLLING, WEBHOOK, Outcome, campaign
from tests.campaigns.hostile.checks import figures
from tests.campaigns.hostile.siege import Siege, siege

FIGURES = pytest.StashKey[list[str]]()


WAYS = {"polling-sqlite": POLLING, "webhook-sqlite": WEBHOOK}


@pytest.fixture(scope="module", params=WAYS)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What is left of a whole campaign. CAMPAIGN_SEED makes another one, CAMPAIGN_FULL one of full size."""
    seed, size = _seed(request.config), FULL if IS_FULL else WAYS[request.param]
    ended = asyncio.run(campaign(seed, tmp_path_factory.mktemp("hostile") / "bot", request.param, size))
    request.config.stash[FIGURES].append(json.dumps(figures(ended)))
    return ended


@pytest.fixture(scope="module")
def besieged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Siege:
    """What is left of a whole siege of the webhook."""
    seed = _seed(request.config)
    ended = asyncio.run(siege(seed, tmp_path_factory.mktemp("siege") / "bot"))
    request.config.stash[FIGURES].append(json.dumps(ended.figures()))
    return ended


def _seed(config: pytest.Config) -> str:
    seed = os.environ.get("CAMPAIGN_SEED") or "together"
    if FIGURES not in config.stash:
        config.stash[FIGURES] = [f"CAMPAIGN_SEED={seed}"]
    return seed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("hostile input")
        for line in lines:
            terminalreporter.line(line)
