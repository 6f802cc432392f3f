"""The bot is killed at named points and at random moments, under load and with trouble: nothing is lost.

CAMPAIGN_SEED=<number> makes another run of it, `make chaos` a new one each time.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.campaigns.kills.broken_pages import BrokenPages
from tests.campaigns.kills.campaign import Campaign
from tests.campaigns.kills.plan import Plan, hardships, trouble
from tests.campaigns.kills.verdict import Verdict, confidence
from tests.campaigns.kills.worlds import ONCE, POLLING_SQLITE, WEBHOOK_POSTGRES, WORLDS, World
from tests.conftest import Tell

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SEED = int(os.environ.get("CAMPAIGN_SEED") or 1795322508)


async def in_every_world(plan: Callable[[World], Plan], folder: Path) -> Sequence[Verdict]:
    """Campaigns in all worlds at once."""
    async with asyncio.TaskGroup() as tasks:
        campaigns = [Campaign(plan(world), folder / world.name) for world in WORLDS]
        verdicts = [tasks.create_task(campaign.run()) for campaign in campaigns]
    return [verdict.result() for verdict in verdicts]


async def test_no_kill_and_no_trouble_breaks_a_promise(tmp_path: Path, tell: Tell) -> None:
    def plan(world: World) -> Plan:
        return Plan(
            SEED + WORLDS.index(world),
            world,
            at_random=5,
            stops=3,
            schema=1,
            cold=1 if world in (POLLING_SQLITE, WEBHOOK_POSTGRES) else 0,
            revoked=0 if world.several else 1,
            pushers=2,
            hardships=hardships(world, 6),
            trouble=trouble(world),
            citizens=20,
            updates=800,
            lively=20,
        )

    verdicts = await in_every_world(plan, tmp_path)

    report = "\n".join([*map(str, verdicts), confidence(verdicts)])
    tell(report)
    assert not any(verdict.findings for verdict in verdicts), report
    for world, verdict in zip(WORLDS, verdicts, strict=True):
        assert not {*world.points, *ONCE} - {*verdict.kills_at_points}, report
        assert verdict.database_faults > 2, report


async def test_broken_pages_stop_the_bot_and_a_backup_brings_everything_back(tmp_path: Path) -> None:
    verdict = await BrokenPages(SEED, tmp_path).run()

    assert not verdict.findings, str(verdict)


async def test_where_nothing_goes_wrong_nothing_is_said_twice(tmp_path: Path) -> None:
    def plan(world: World) -> Plan:
        pace = 50 if world.several else 2000
        return Plan(SEED, world, points=(), at_random=0, stops=2, alive=(0.5, 1.0), citizens=16, pace=pace)

    verdicts = await in_every_world(plan, tmp_path)

    report = "\n".join(map(str, verdicts))
    assert not any(verdict.findings for verdict in verdicts), report
    assert all(verdict.twice.repeated == 0 < verdict.counts["sends"] for verdict in verdicts), report
