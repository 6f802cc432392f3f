"""The campaign runs once for all its tests in each way, and so does the siege."""

import asyncio
import os

import pytest

from tests.campaigns.hostile.campaign import FULL, IS_FULL, POLLING, WEBHOOK, Outcome, campaign
from tests.campaigns.hostile.siege import Siege, siege

SEED = os.environ.get("CAMPAIGN_SEED") or "together"
WAYS = {"polling-sqlite": POLLING, "webhook-sqlite": WEBHOOK}


@pytest.fixture(scope="module", params=WAYS)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What is left of a whole campaign. CAMPAIGN_SEED makes another one, CAMPAIGN_FULL one of full size."""
    size = FULL if IS_FULL else WAYS[request.param]
    return asyncio.run(campaign(SEED, tmp_path_factory.mktemp("hostile") / "bot", request.param, size))


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Siege:
    """What is left of a whole siege of the webhook."""
    return asyncio.run(siege(SEED, tmp_path_factory.mktemp("siege") / "bot"))
