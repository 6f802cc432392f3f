"""Who is in line when something is about to begin is told, once, that no seat has become free."""

from collections.abc import Sequence

import pytest

from flows.moves import Effect
from flows.occasions.occasions import AnswerOccasion, Says, WithdrawAnswer
from flows.people.person import StopPushes
from flows.pushes.pushed import Notice
from storage.occasions import unseated
from storage.pushes.pushed import Push
from storage.pushes.pushing import claim
from tests.storage.meetings import at, meets, moves
from tests.storage.plans import says
from tests.storage.town import BOT, CONTEXT, Town

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003


async def line(town: Town, starts: str = "2025-03-14 18:00") -> None:
    """Ada has the only seat of a meeting; Ben and Cleo wait for it."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await meets(town, starts=starts, seats=1)
    for telegram in (ADA, BEN, CLEO):
        await says(town, telegram)


async def told(town: Town, when: str) -> Sequence[int]:
    """Who is to be told after a look at that time, by the clocks in Riga, at once or later."""
    town.now = at(when)
    await town.do(unseated.watch, CONTEXT, town.now)
    rows = [row for row in await town.rows(Push) if row.kind == Notice.NO_SEAT]
    names = {(await town.person(telegram)).citizen: telegram for telegram in (ADA, BEN, CLEO)}
    return sorted(names[row.citizen_id] for row in rows)


async def hears(town: Town) -> Sequence[str]:
    """What is said of it at this moment."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now, most=100)
    return [item.kind for portion in portions for item in portion.said if item.kind == Notice.NO_SEAT]


async def test_two_hours_before_it_begins_everybody_in_line_is_told_once(town: Town) -> None:
    await line(town)

    assert await told(town, "2025-03-14 15:59") == []
    assert await told(town, "2025-03-14 16:00") == [BEN, CLEO]
    assert await told(town, "2025-03-14 16:05") == [BEN, CLEO]
    assert await hears(town) == [Notice.NO_SEAT] * 2


async def test_of_what_begins_early_they_are_told_before_their_quiet_hours(town: Town) -> None:
    await line(town, "2025-03-14 09:30")

    assert await told(town, "2025-03-13 20:29") == []
    assert await told(town, "2025-03-13 20:30") == [BEN, CLEO]


async def test_after_an_outage_in_quiet_hours_they_are_told_when_those_end(town: Town) -> None:
    await line(town, "2025-03-14 09:30")

    assert await told(town, "2025-03-14 05:00") == [BEN, CLEO]
    assert {row.at for row in await town.rows(Push) if row.kind == Notice.NO_SEAT} == {at("2025-03-14 08:00")}


@pytest.mark.parametrize(
    "leaves", [AnswerOccasion(1, Says.NO), WithdrawAnswer(1), StopPushes()], ids=["no", "gone", "stopped"]
)
async def test_who_has_left_the_line_or_stopped_is_told_nothing(town: Town, leaves: Effect[object]) -> None:
    await line(town)
    await told(town, "2025-03-14 16:00")

    await town.acts(BEN, leaves)

    assert await hears(town) == [Notice.NO_SEAT]  # Cleo


async def test_who_left_the_line_before_is_not_noted(town: Town) -> None:
    await line(town)
    await says(town, BEN, Says.NO)

    assert await told(town, "2025-03-14 16:00") == [CLEO]


async def test_who_is_offered_a_seat_is_not_told_that_there_is_none(town: Town) -> None:
    await line(town)
    town.now = at("2025-03-14 15:50")
    await says(town, ADA, Says.NO)

    assert await told(town, "2025-03-14 16:00") == [CLEO]


async def test_who_got_in_line_later_knows_how_things_are(town: Town) -> None:
    await line(town)
    town.now = at("2025-03-14 16:30")
    await says(town, CLEO, Says.NO)
    await says(town, CLEO)

    assert await told(town, "2025-03-14 16:40") == [BEN]


async def test_of_another_time_they_are_told_anew(town: Town) -> None:
    await line(town)
    await told(town, "2025-03-14 16:00")
    await moves(town, 1, "2025-03-15 18:00")

    assert await told(town, "2025-03-15 15:59") == [BEN, CLEO]
    assert await told(town, "2025-03-15 16:00") == [BEN, BEN, CLEO, CLEO]


async def test_from_its_beginning_and_of_what_is_cancelled_nothing_is_told(town: Town) -> None:
    await line(town)

    assert await told(town, "2025-03-14 18:00") == []
