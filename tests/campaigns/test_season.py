"""Ten days of meetings: everybody hears what is due, once, at the right hour; and the checker is awake.

SEASON_SEED=<number> makes another run of it, `make season` a whole season with every seeded bug.
"""

import asyncio
import os
from collections.abc import Mapping

import pytest

from tests.campaigns.season.bugs import is_caught
from tests.campaigns.season.plan import bugged, short
from tests.campaigns.season.season import Season
from tests.campaigns.season.verdict import Verdict
from tests.conftest import Tell

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SEED = int(os.environ.get("SEASON_SEED") or 20270220)
SOUND = "sound"
BUGS = ("quiet_hours_ignored", "not_decided_again")


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Verdict]:
    """What the checker says to a bot as it is, and with each bug; the seasons share the time they wait."""
    folder = tmp_path_factory.mktemp("seasons")
    plans = {SOUND: short(SEED), **{bug: bugged(bug) for bug in BUGS}}

    async def all_of_them() -> Mapping[str, Verdict]:
        seasons = [Season(plan, folder / name).run() for name, plan in plans.items()]
        return dict(zip(plans, await asyncio.gather(*seasons), strict=True))

    return asyncio.run(all_of_them())


def test_everybody_hears_what_is_due_once_and_at_the_right_hour(
    verdicts: Mapping[str, Verdict], tell: Tell
) -> None:
    verdict = verdicts[SOUND]

    tell(str(verdict))
    assert not verdict.findings, str(verdict)
    assert verdict.counts["… delivered"] > 50, str(verdict)
    assert verdict.counts["seats offered"] > 0, str(verdict)


@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_caught(bug: str, verdicts: Mapping[str, Verdict]) -> None:
    assert is_caught(bug, verdicts[bug]), str(verdicts[bug])
