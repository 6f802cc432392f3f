"""An announcement to 300 people with kills and faults: once to each, to nobody out of reach; bugs caught.

ANNOUNCEMENT_SEED=<number> makes another run of it, `make announcement` the whole with every seeded bug.
"""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.announcements.announcement import Fate
from tests.campaigns.announcement.__main__ import bugged
from tests.campaigns.announcement.bugs import is_caught
from tests.campaigns.announcement.sending import Campaign, Plan
from tests.campaigns.announcement.verdict import Verdict
from tests.conftest import Tell

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(180)]

SEED = int(os.environ.get("ANNOUNCEMENT_SEED") or 20270220)
BUGS = ("claim_not_noted", "found_again", "unwanted_not_skipped", "some_left_out")


async def test_everybody_gets_it_once_whatever_happens_to_the_bot(tmp_path: Path, tell: Tell) -> None:
    verdict = await Campaign(Plan(SEED, 300, 75), tmp_path).run()

    tell(str(verdict))
    assert not verdict.findings, str(verdict)
    assert len(verdict.killed_after) == verdict.accepted // 75 >= 2, str(verdict)
    assert verdict.shares[0].fates[Fate.DELIVERED] > 150, str(verdict)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Verdict]:
    """What the checker says to each bug; the campaigns share the time they wait."""
    folder = tmp_path_factory.mktemp("bugs")

    async def all_of_them() -> Mapping[str, Verdict]:
        campaigns = [Campaign(bugged(bug, SEED), folder / bug).run() for bug in BUGS]
        return dict(zip(BUGS, await asyncio.gather(*campaigns), strict=True))

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_caught(bug: str, verdicts: Mapping[str, Verdict]) -> None:
    assert is_caught(bug, verdicts[bug]), str(verdicts[bug])
