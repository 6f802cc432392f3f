"""Runs of the bot are numbered, hold leases while they are alive, and tell of trouble once an hour."""

import asyncio
from datetime import timedelta

import pytest

from storage import instance
from storage.instance import Role, Run, Standing
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


async def test_who_only_pushes_does_not_count_as_having_listened(town: Town) -> None:
    listener = await town.do(instance.begin, Role.LISTEN, NOON)
    push = await town.do(instance.begin, Role.PUSH, NOON)
    await town.do(instance.renew, listener, NOON + timedelta(minutes=10))
    await town.do(instance.renew, push, NOON + HOUR)

    assert (await town.do(instance.begin, Role.LISTEN, NOON + HOUR)).away == timedelta(minutes=50)


async def test_of_several_that_come_back_at_once_one_was_away(town: Town) -> None:
    await town.do(instance.begin, Role.LISTEN, NOON)

    runs = await asyncio.gather(*(town.do(instance.begin, Role.LISTEN, NOON + HOUR) for _ in range(3)))

    assert sorted(run.away for run in runs) == [timedelta(), timedelta(), HOUR]


async def test_a_lease_is_renewed_without_a_break_while_it_lasts(town: Town) -> None:
    run = await town.do(instance.begin, Role.LISTEN, NOON)
    first: Standing = await town.do(instance.renew, run, NOON)
    second: Standing = await town.do(instance.renew, run, NOON)

    assert first.unbroken
    assert second.unbroken
    assert second.until > first.until
    assert second.peers == ()


async def test_a_lease_does_not_depend_on_the_clock_of_the_bot(town: Town) -> None:
    run = await town.do(instance.begin, Role.LISTEN, NOON)
    ahead: Standing = await town.do(instance.renew, run, NOON + timedelta(days=400))
    behind: Standing = await town.do(instance.renew, run, NOON - timedelta(days=400))

    assert behind.unbroken
    assert behind.until - ahead.until < timedelta(seconds=5)


async def test_a_lease_that_ended_or_was_given_up_was_broken(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await town.do(instance.begin, Role.LISTEN, NOON)
    await town.do(instance.end, run.fence)
    given_up = await town.do(instance.renew, run, NOON)
    monkeypatch.setattr(instance, "LEASE", timedelta(seconds=-1))
    await town.do(instance.renew, run, NOON)
    ended = await town.do(instance.renew, run, NOON)

    assert not given_up.unbroken
    assert not ended.unbroken


async def test_peers_are_all_others_whose_lease_lasts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three, push = [
        await town.do(instance.begin, role, NOON)
        for role in (Role.LISTEN, Role.LISTEN, Role.LISTEN, Role.PUSH)
    ]
    await town.do(instance.end, three.fence)
    until = (await town.do(instance.renew, push, NOON)).until
    monkeypatch.setattr(instance, "LEASE", timedelta(seconds=-1))
    await town.do(instance.renew, two, NOON)

    assert (await town.do(instance.renew, one, NOON)).peers == (until,)


@pytest.mark.parametrize(
    ("role", "later", "over"),
    [
        (Role.ALL, Role.ALL, True),
        (Role.ALL, Role.LISTEN, True),
        (Role.ALL, Role.PUSH, True),
        (Role.LISTEN, Role.ALL, True),
        (Role.LISTEN, Role.LISTEN, False),
        (Role.LISTEN, Role.PUSH, False),
        (Role.PUSH, Role.ALL, True),
        (Role.PUSH, Role.LISTEN, False),
        (Role.PUSH, Role.PUSH, True),
    ],
)
async def test_a_run_is_over_when_one_begins_that_it_shares_nothing_with(
    town: Town, role: Role, later: Role, over: bool
) -> None:
    earlier = await town.do(instance.begin, role, NOON)
    run = await town.do(instance.begin, later, NOON)

    standing: Standing = await town.do(instance.renew, earlier, NOON)

    assert standing.superseded is over
    assert standing.unbroken is not over
    assert not (await town.do(instance.renew, run, NOON)).superseded


async def test_who_is_silent_is_given_up_after_the_grace_and_never_oneself(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def begins(seconds: float) -> int:
        """A run whose lease ended so long ago."""
        monkeypatch.setattr(instance, "LEASE", timedelta(seconds=-seconds))
        run: Run = await town.do(instance.begin, Role.LISTEN, NOON)
        return run.fence

    grace = instance.GRACE.total_seconds()
    own, silent, late, alive = [await begins(ago) for ago in (2 * grace, 2 * grace, grace / 2, -grace)]

    await town.do(instance.give_up_silent, own)

    given_up = {row.fence for row in await town.rows(Instance) if row.lease_until is None}
    assert given_up == {silent}
    assert {late, alive}.isdisjoint(given_up)


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
