"""The bot is killed at named points and at random moments, under load and with trouble: nothing is lost.

CAMPAIGN_SEED=<number> makes another run of it, `make chaos` a new one each time. `-s` shows the figures.
"""

import asyncio
import os
from pathlib import Path

import pytest

from tests.campaigns.kills.campaign import Campaign, Plan, confidence

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SEED = int(os.environ.get("CAMPAIGN_SEED") or 1795322508)


async def test_two_hundred_kills_break_no_promise(tmp_path: Path) -> None:
    """Two worlds share the kills; in a third, processes are killed that were started as operators do."""
    plans = (
        Plan(SEED, kills=100, stops=5),
        Plan(SEED + 1, kills=100, stops=5),
        Plan(SEED + 2, kills=0, cold=5, citizens=8),
    )

    campaigns = [Campaign(plan, tmp_path / str(plan.seed)).run() for plan in plans]
    verdicts = await asyncio.gather(*campaigns)

    report = "\n".join([*map(str, verdicts), confidence(verdicts)])
    print(f"\n{report}")  # noqa: T201
    assert not any(verdict.findings for verdict in verdicts), report


async def test_where_nothing_goes_wrong_nothing_is_said_twice(tmp_path: Path) -> None:
    plan = Plan(SEED + 3, kills=0, stops=3, schema=False, trouble=(), alive=(0.5, 1.0))

    verdict = await Campaign(plan, tmp_path).run()

    assert not verdict.findings, str(verdict)
    assert verdict.twice.repeated == 0 < verdict.counts["sends"], str(verdict)
