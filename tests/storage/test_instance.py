"""Runs of the bot are numbered, show that they are alive, and tell of trouble once an hour."""

from datetime import timedelta

from storage import instance
from storage.instance import Role, Run
from storage.tables import Instance
from tests.storage.town import NOON, Town

HOUR = timedelta(hours=1)


async def test_each_run_has_a_higher_number_and_knows_how_long_nobody_ran(town: Town) -> None:
    first: Run = await town.do(instance.begin, Role.ALL, NOON)
    await town.do(instance.renew, first, NOON + timedelta(minutes=10))
    second: Run = await town.do(instance.begin, Role.ALL, NOON + timedelta(minutes=25))

    assert first.away is None
    assert second.fence > first.fence
    assert second.away == timedelta(minutes=15)


async def test_a_clock_that_was_set_back_makes_no_negative_absence(town: Town) -> None:
    await town.do(instance.begin, Role.ALL, NOON)

    assert (await town.do(instance.begin, Role.ALL, NOON - HOUR)).away == timedelta()


async def test_only_the_run_that_beats_is_alive(town: Town) -> None:
    first = await town.do(instance.begin, Role.ALL, NOON)
    second = await town.do(instance.begin, Role.ALL, NOON)
    await town.do(instance.renew, second, NOON + HOUR)

    beats = {row.fence: row.heartbeat_at for row in await town.rows(Instance)}
    assert beats == {first.fence: NOON, second.fence: NOON + HOUR}


async def test_a_cause_is_told_once_an_hour_and_each_by_itself(town: Town) -> None:
    async def may_tell(cause: str, minutes: int) -> bool:
        told: bool = await town.do(instance.may_tell, cause, NOON + timedelta(minutes=minutes), HOUR)
        return told

    assert await may_tell("database", 0)
    assert not await may_tell("database", 0)
    assert await may_tell("message_refused", 1)
    assert not await may_tell("database", 59)
    assert await may_tell("database", 60)
    assert not await may_tell("database", 61)


async def test_a_clock_that_was_set_back_does_not_silence_alarms(town: Town) -> None:
    await town.do(instance.may_tell, "database", NOON, HOUR)

    assert await town.do(instance.may_tell, "database", NOON - timedelta(days=1), HOUR)
