"""What is due, claimed: decided in the transaction that says it, once, and settled with its reason."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, text, update
from sqlmodel import col

from flows.engine import Entry, Kind
from flows.moves import Effect
from flows.people.person import BeReachable, Forget, StopPushes
from flows.pushes.pushed import Notice, State
from flows.pushes.why import LeaveInPeace
from flows.talks import Talk
from storage.database import open_database
from storage.messages import stacks
from storage.occasions.planned import Occasion
from storage.people import people, retention
from storage.pushes import nudging, pushing, refreshing, settling
from storage.pushes.notices import tell
from storage.pushes.pushed import Habit, Mute, Push
from storage.pushes.pushing import Portion
from storage.tables import Contact, Conversation, table
from tests.storage.meetings import at, cancels, meets, moves, pushes
from tests.storage.plans import says, seats_of, standings
from tests.storage.pushes.saying import begin_to_say
from tests.storage.town import BOT, CONTEXT, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
FRIDAY = "2025-03-28 15:00"
"""When who comes to a meeting on SATURDAY is asked whether they still do."""


async def ticks(town: Town, *, most: int = 100) -> list[Portion]:
    """What is due is claimed and settled."""

    def work(connection: Connection) -> list[Portion]:
        portions = pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=most)
        for portion in portions:
            settling.settle(connection, portion.decisions, town.now)
        return portions

    portions: list[Portion] = await town.database.write(work)
    return portions


def said(portions: Sequence[Portion]) -> list[tuple[int, str, int]]:
    """To whom what was said about what."""
    return [(each.person.telegram, item.kind, item.about) for each in portions for item in each.said]


async def comes(town: Town, telegram: int, *, at_now: str = FRIDAY) -> None:
    """A person who comes on SATURDAY, to whom nothing was said so far; then it is that time."""
    await town.arrives(telegram)
    if not await town.rows(Occasion):
        await meets(town)
    await says(town, telegram)
    town.now = at(at_now)


async def forget_earlier(town: Town) -> None:
    """Nothing is due that was due before now."""
    earlier = update(table(Push)).where(col(Push.at) < town.now, col(Push.state) == State.DUE)
    settled = earlier.values(state=State.SAID, settled_at=town.now - timedelta(days=30))
    await town.database.write(lambda connection: connection.execute(settled))


async def test_what_is_due_is_said_once(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)

    first, second = await ticks(town), await ticks(town)

    assert said(first) == [(ADA, "still_coming", 1)]
    assert second == []
    assert "03-28 15:00 still_coming 1d said" in await pushes(town)


async def test_nothing_is_said_before_its_moment(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    town.later(seconds=-1)

    assert await ticks(town) == []


async def test_each_hears_what_is_known_of_it_by_their_own_clock(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    ada = await town.person(ADA)
    habit = {"citizen_id": ada.citizen, "zone": "Europe/London", "topics_off": ""}
    await town.do(lambda connection: connection.execute(insert(table(Habit)), [habit]))

    ((portion),) = await ticks(town)

    thing = portion.things.by_id["1"]
    assert (thing.starts, thing.here) == (datetime(2025, 3, 29, 15), datetime(2025, 3, 29, 13))  # noqa: DTZ001
    assert portion.words.sheets[1].title == {"en": "Meeting 1"}
    assert portion.words.tongue.language == "en"


async def test_people_wait_in_the_order_in_which_something_is_due_to_them(town: Town) -> None:
    for person in (ADA, BEN):
        await town.arrives(person)
    await meets(town, 1)
    await meets(town, 2, starts="2025-03-29 14:00")
    await says(town, ADA, of=1)
    await says(town, BEN, of=2)
    town.now = at(FRIDAY)

    assert said(await ticks(town, most=1)) == [(BEN, "still_coming", 2)]
    assert said(await ticks(town, most=1)) == [(ADA, "still_coming", 1)]


async def test_what_somebody_wanted_to_hear_no_more_about_is_said_once_they_answer_anew(town: Town) -> None:
    await comes(town, ADA, at_now="2025-03-20 12:00")
    await town.acts(ADA, LeaveInPeace(1))
    town.later(minutes=1)
    await says(town, ADA)
    town.now = at(FRIDAY)
    await forget_earlier(town)

    assert said(await ticks(town)) == [(ADA, "still_coming", 1)]


async def test_several_things_for_one_person_come_together(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    await meets(town, 2)
    await says(town, ADA, of=2)

    portions = await ticks(town)

    assert said(portions) == [(ADA, "still_coming", 1), (ADA, "still_coming", 2)]
    assert len(portions) == 1


@pytest.mark.parametrize(
    ("change", "settled"),
    [
        (StopPushes(), "skipped stopped"),
        (BeReachable(False), "skipped blocked"),
    ],
)
async def test_notices_are_kept_from_who_wants_or_gets_none(
    town: Town, change: Effect[None], settled: str
) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    await town.do(tell, CONTEXT, 1, Notice.CHANGED, town.now)
    await town.acts(ADA, change)

    assert said(await ticks(town)) == []
    assert f"03-28 15:00 changed {settled}" in await pushes(town)


async def test_what_nobody_could_say_in_time_is_missed(town: Town) -> None:
    await comes(town, ADA, at_now="2025-03-29 15:30")

    assert said(await ticks(town)) == []
    assert [line.split()[-1] for line in await pushes(town)] == ["missed", "missed", "missed", "due"]


async def test_after_an_outage_what_is_still_worth_saying_is_said(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    town.now = at("2025-03-29 12:00")

    assert said(await ticks(town)) == [(ADA, "still_coming", 1)]


async def test_what_comes_late_into_quiet_hours_waits_for_the_morning_and_an_answer_leaves_it(
    town: Town,
) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    town.now = at("2025-03-28 22:00")

    assert said(await ticks(town)) == []
    await says(town, ADA)
    assert "03-29 08:00 still_coming 1d due quiet" in await pushes(town)
    town.now = at("2025-03-29 08:00")
    assert said(await ticks(town)) == [(ADA, "still_coming", 1)]


async def test_reminders_are_said_at_their_hour_over_the_change_of_clocks(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    await moves(town, 1, "2025-03-30 15:00")
    heard = []
    while town.now < at("2025-03-30 19:00"):
        heard += [f"{town.now:%m-%d %H:%M} {kind}" for _, kind, _ in said(await ticks(town))]
        town.later(minutes=30)

    assert heard == ["03-29 13:00 still_coming", "03-30 10:00 reminder", "03-30 15:00 afterwards"]


async def test_who_had_enough_reminders_gets_no_more_of_them(town: Town) -> None:
    ada = await town.arrives(ADA)
    town.now = at("2025-03-20 12:00")
    await meets(town, 99)
    await says(town, ADA, of=99)
    town.now = at("2025-03-22 15:00")
    row = {
        "citizen_id": ada.citizen, "topic": "meeting", "kind": "reminder", "lead": "7d", "cadence": "1",
        "edition": 0, "at": town.now, "not_after": town.now, "state": State.SAID, "planned_at": town.now,
    }  # fmt: skip
    earlier = [
        {**row, "about": number, "settled_at": town.now - timedelta(hours=number)} for number in range(1, 8)
    ]
    await town.do(lambda connection: connection.execute(insert(table(Push)), earlier))

    await ticks(town)

    assert "03-22 15:00 reminder 7d skipped cap" in await pushes(town)


async def test_nothing_is_left_to_say_to_who_was_erased(town: Town) -> None:
    await comes(town, ADA)
    await town.acts(ADA, Forget())

    assert await ticks(town) == []


async def test_who_is_busy_with_a_turn_is_left_for_the_next_time(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    town = Town(database)
    await comes(town, ADA)
    await forget_earlier(town)

    def turn(connection: Connection) -> None:
        people.find(connection, BOT, [ADA])
        locked.set()
        connection.execute(text("SELECT pg_sleep(0.5)"))

    locked = asyncio.Event()
    busy = asyncio.create_task(other.write(turn))
    await locked.wait()
    meanwhile = await ticks(town)
    await busy
    afterwards = await ticks(town)
    await other.close()
    await database.close()

    assert meanwhile == []
    assert said(afterwards) == [(ADA, "still_coming", 1)]


async def test_what_moves_while_it_is_being_said_is_said_again_for_its_new_time(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    town, planner = Town(database), Town(other)
    await comes(town, ADA)
    await forget_earlier(town)
    saying = await begin_to_say(town, database)
    planner.now = town.now
    await moves(planner, 1, "2025-03-30 15:00")
    await saying
    planned = await pushes(town)
    await other.close()
    await database.close()

    assert [line for line in planned if "still_coming" in line] == [
        "03-28 15:00 still_coming 1d said",
        "03-29 15:00 still_coming 1d due",
    ]


async def test_who_is_told_of_a_change_goes_before_any_crowd_that_is_reminded(town: Town) -> None:
    for person in range(4_000_000_001, 4_000_000_006):
        await comes(town, person)
    await meets(town, 2)
    await says(town, ADA, of=2)
    await forget_earlier(town)
    town.later(minutes=1)
    await cancels(town, 2)
    await town.do(tell, CONTEXT, 2, Notice.CANCELLED, town.now)
    town.later(minutes=1)

    (portion,) = await ticks(town, most=1)

    assert (ADA, "cancelled", 2) in said([portion])


async def test_two_who_push_at_once_say_it_once(town: Town, url: str) -> None:
    for person in range(4_000_000_001, 4_000_000_021):
        await comes(town, person, at_now="2025-03-10 14:00")
    town.now = at(FRIDAY)
    await forget_earlier(town)
    town.now = at(FRIDAY)
    others = [open_database(url) for _ in range(3)] if url.startswith("postgresql") else [town.database]

    def work(connection: Connection) -> list[Portion]:
        portions = pushing.claim(connection, CONTEXT, bot=BOT, now=town.now, most=7)
        for portion in portions:
            settling.settle(connection, portion.decisions, town.now)
        return portions

    try:
        rounds = [await asyncio.gather(*(each.write(work) for each in others)) for _ in range(20)]
    finally:
        for other in others:
            if other is not town.database:
                await other.close()

    heard = [line for each in rounds for portions in each for line in said(portions)]
    assert sorted(heard) == [(person, "still_coming", 1) for person in range(4_000_000_001, 4_000_000_021)]


async def test_nobody_leads_to_a_person_whose_contact_is_gone(town: Town) -> None:
    await comes(town, ADA)
    await forget_earlier(town)
    await town.do(lambda connection: connection.execute(table(Contact).update().values(citizen_id=None)))

    assert await ticks(town) == []
    assert "03-28 15:00 still_coming 1d skipped gone" in await pushes(town)


async def begins(town: Town, telegram: int, id: int = 5) -> None:
    """A person is asked the first of the three questions."""
    person = await town.person(telegram)
    talk = Talk(id, "wellbeing", (), (Entry(Kind.ASKED, "wellbeing.ask.well-being", None),))
    await town.do(stacks.save, {person.citizen: (talk,)}, town.now)


async def nudges(town: Town, since: datetime | None = None) -> None:
    """It is looked for people who have fallen silent."""
    silent = await town.do(nudging.fallen_silent, CONTEXT, since, town.now)
    await town.do(nudging.plan, CONTEXT, silent, town.now)


async def nudged(town: Town, days: int) -> list[str]:
    """The hours of these days in which somebody is nudged."""
    heard, looked = [], town.now
    for _ in range(days * 24):
        town.later(hours=1)
        await nudges(town, looked)
        looked = town.now
        heard += [f"{town.now:%m-%d %H}" for _ in said(await ticks(town))]
    return heard


async def test_who_falls_silent_is_nudged_after_a_day_and_a_week_and_then_left_in_peace(town: Town) -> None:
    await town.arrives(ADA)
    await begins(town, ADA)

    assert await nudged(town, days=20) == ["03-11 12", "03-17 12"]


async def test_whoever_goes_on_is_nudged_a_day_after_that(town: Town) -> None:
    await town.arrives(ADA)
    await begins(town, ADA)
    town.later(hours=23, minutes=30)
    await nudges(town)
    await begins(town, ADA)
    town.later(hours=1)

    assert said(await ticks(town)) == []
    assert (await pushes(town))[0] == "03-12 13:30 nudge 1d due"


async def test_who_goes_on_after_the_first_nudge_is_nudged_a_week_after_that(town: Town) -> None:
    await town.arrives(ADA)
    await begins(town, ADA)

    first = await nudged(town, days=6)
    town.later(hours=1)
    await begins(town, ADA)  # a button is pressed, and the question is still open

    assert first == ["03-11 12"]
    assert await nudged(town, days=14) == ["03-23 13"]


async def test_who_has_finished_is_not_nudged(town: Town) -> None:
    ada = await town.arrives(ADA)
    await begins(town, ADA)
    town.later(hours=23, minutes=30)
    await nudges(town)
    await town.do(stacks.save, {ada.citizen: ()}, town.now)
    town.later(hours=1)

    assert said(await ticks(town)) == []


async def test_a_push_leaves_it_known_when_a_person_was_heard(town: Town) -> None:
    ada = await town.arrives(ADA)
    ben = await town.arrives(BEN)
    await begins(town, ADA)
    heard = town.now
    town.later(hours=3)
    talk = Talk(6, "push", ([],))

    await town.do(
        stacks.put_aside,
        {ada.citizen: (talk,), ben.citizen: (talk,)},
        {ada.citizen: town.now, ben.citizen: heard},
    )

    assert [row.updated_at for row in await town.rows(Conversation)] == [heard, heard]
    assert await town.do(stacks.load, [ada.citizen, ben.citizen]) == {
        ada.citizen: (talk,), ben.citizen: (talk,)
    }  # fmt: skip


async def refreshes(town: Town) -> None:
    """All that is to come is worked out anew."""
    last: int | None = 0
    while last is not None:
        last = await town.do(refreshing.refresh, CONTEXT, last, town.now)


async def test_what_was_lost_or_moved_with_the_rules_of_a_zone_is_worked_out_anew(town: Town) -> None:
    await comes(town, ADA, at_now="2025-03-10 14:00")
    expected = await pushes(town)
    (meeting,) = await town.rows(Occasion)
    wrong = update(table(Occasion)).values(starts_at=meeting.starts_at + timedelta(hours=1))
    await town.do(lambda connection: connection.execute(wrong))
    await town.do(lambda connection: connection.execute(table(Push).delete()))

    await refreshes(town)
    await refreshes(town)

    assert await pushes(town) == expected
    assert (await town.rows(Occasion))[0].starts_at == meeting.starts_at


async def test_a_seat_that_nobody_passed_on_is_offered(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await meets(town, seats=1)
    await says(town, ADA)
    await says(town, BEN)
    await town.do(seats_of, 1, 2)

    await refreshes(town)

    assert sorted((await standings(town)).values()) == ["offered", "seated"]


async def test_what_is_settled_is_forgotten_after_a_quarter(town: Town) -> None:
    await comes(town, ADA)
    await ticks(town)
    await cancels(town, 1)
    town.later(days=retention.PUSH.days - 1)
    await town.do(retention.sweep, town.now)
    kept = await pushes(town)
    town.later(days=2)

    await town.do(retention.sweep, town.now)

    assert kept
    assert await pushes(town) == []


async def test_a_mute_is_forgotten_after_a_year(town: Town) -> None:
    ada = await town.arrives(ADA)
    mute = {"citizen_id": ada.citizen, "about": 1, "at": town.now}
    await town.do(lambda connection: connection.execute(insert(table(Mute)), [mute]))
    town.later(days=retention.MUTE.days + 1)

    await town.do(retention.sweep, town.now)

    assert await town.rows(Mute) == []
