"""The checker is alive: it catches every seeded bug, and finds nothing wrong with a bot that has none."""

import asyncio
from collections.abc import Mapping

import pytest

from tests.campaigns.kills.campaign import Campaign
from tests.campaigns.kills.seeded import SEEDED
from tests.campaigns.kills.verdict import Verdict

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(300)]

AT_ONCE = 3  # campaigns

Verdicts = Mapping[str, Verdict]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """What the checker says to each bug; several campaigns share the time they wait."""
    folder = tmp_path_factory.mktemp("bugs")

    async def all_of_them() -> Verdicts:
        places = asyncio.Semaphore(AT_ONCE)

        async def judged(bug: str) -> Verdict:
            async with places:
                return await Campaign(SEEDED[bug].plan(bug), folder / bug).run()

        return dict(zip(SEEDED, await asyncio.gather(*map(judged, SEEDED)), strict=True))

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("bug", SEEDED)
def test_every_seeded_bug_is_caught(bug: str, verdicts: Verdicts) -> None:
    broken = {finding.invariant for finding in verdicts[bug].findings}

    assert broken & {*SEEDED[bug].caught_as}, str(verdicts[bug])
