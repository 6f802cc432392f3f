"""Whether an occasion can be answered to: no draft, not for others, and neither cancelled nor begun."""

from datetime import timedelta
from typing import Any

import pytest

from flows.occasions.occasions import Answered
from flows.occasions.still_open import Closed
from tests.storage.plans import call_meeting, change, says
from tests.storage.town import Town

ADA = 4_000_000_001


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({}, None),
        ({"begins": timedelta(0)}, Answered.OVER),
        ({"state": "cancelled"}, Answered.CANCELLED),
        ({"state": "draft"}, Answered.GONE),
        ({"group_slug": "elders"}, Answered.GONE),
    ],
)
async def test_why_it_cannot_be_answered_to(
    town: Town, columns: dict[str, Any], why: Answered | None
) -> None:
    await town.arrives(ADA)
    await town.do(call_meeting, 1, now=town.now, **columns)

    assert await town.look(ADA, Closed, 1) == Closed(why)


async def test_what_is_for_others_by_now_is_open_still_to_who_has_answered(town: Town) -> None:
    await town.arrives(ADA)
    await town.do(call_meeting, 1, now=town.now)
    await says(town, ADA)
    await town.do(change, 1, group_slug="elders")

    assert await town.look(ADA, Closed, 1) == Closed(None)


async def test_what_there_is_not_cannot_be_answered_to(town: Town) -> None:
    await town.arrives(ADA)

    assert await town.look(ADA, Closed, 1) == Closed(Answered.GONE)
