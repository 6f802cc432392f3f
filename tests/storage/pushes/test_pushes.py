"""Which pushes there are: what answers, habits and cadences ask for, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, update
from sqlmodel import col

from flows.moves import Effect
from flows.occasions.occasions import Says, TakeOffer, WithdrawAnswer
from flows.people.person import BeReachable, Forget, GiveConsent, Join, Purpose, RefuseConsent, StopPushes
from flows.pushes.pushed import Notice, State
from flows.pushes.why import LeaveInPeace
from storage.occasions import seats
from storage.pushes.notices import notify, tell
from storage.pushes.pushed import Habit, Mute, Push
from storage.pushes.pushes import replan
from storage.tables import table
from tests.storage.meetings import at, cancels, meets, moves, pushes
from tests.storage.plans import says
from tests.storage.town import CONTEXT, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003

AS_USUAL = [
    "03-22 15:00 reminder 7d due",
    "03-28 15:00 still_coming 1d due",
    "03-29 13:00 reminder 2h due",
    "03-29 18:00 afterwards 1h due",
]
"""The pushes of somebody who comes on SATURDAY."""


async def lives(town: Town, telegram: int, **habits: str | int | None) -> None:
    """A person with habits of their own."""
    person = await town.person(telegram)
    row = {"citizen_id": person.citizen, "topics_off": "", **habits}

    def work(connection: Connection) -> None:
        connection.execute(insert(table(Habit)), [row])
        replan(connection, CONTEXT, citizens=[person.citizen], now=town.now)

    await town.database.write(work)


@pytest.mark.parametrize("answer", [Says.YES, Says.MAYBE])
async def test_who_comes_or_might_is_reminded(town: Town, answer: Says) -> None:
    await town.arrives(ADA)
    await meets(town)

    await says(town, ADA, answer)

    assert await pushes(town) == AS_USUAL


@pytest.mark.parametrize("answer", [Says.NO, Says.CANNOT])
async def test_who_does_not_come_any_more_is_not_reminded(town: Town, answer: Says) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await says(town, ADA, answer)

    assert await pushes(town) == []


async def test_whose_answer_is_deleted_is_not_reminded(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await town.acts(ADA, WithdrawAnswer(1))

    assert await pushes(town) == []


async def test_nothing_is_left_of_who_is_erased(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    await lives(town, ADA, zone="Asia/Tokyo")

    await town.acts(ADA, Forget())

    assert await town.rows(Push) == await town.rows(Habit) == []


async def test_who_waits_is_not_reminded_but_offered_the_seat_that_becomes_free(town: Town) -> None:
    for person in (ADA, BEN):
        await town.arrives(person)
    await meets(town, seats=1)
    await says(town, ADA)
    await says(town, BEN)
    assert await pushes(town) == AS_USUAL

    await says(town, ADA, Says.NO)

    assert await pushes(town) == ["03-10 14:00 offer due"]
    offer = await town.row(Push)
    assert offer.citizen_id == (await town.person(BEN)).citizen
    assert offer.not_after == at("2025-03-11 13:00")  # twelve hours of waking time


async def test_who_takes_the_seat_is_reminded(town: Town) -> None:
    for person in (ADA, BEN):
        await town.arrives(person)
    await meets(town, seats=1)
    await says(town, ADA)
    await says(town, BEN)
    await says(town, ADA, Says.NO)

    await town.acts(BEN, TakeOffer(1))

    assert await pushes(town) == ["03-10 14:00 offer due", *AS_USUAL]


async def test_a_seat_that_lapses_is_told_and_offered_to_the_next(town: Town) -> None:
    for person in (ADA, BEN, EVE):
        await town.arrives(person)
        await meets(town, seats=1) if person == ADA else None
        await says(town, person)
    await says(town, ADA, Says.NO)
    town.now = at("2025-03-11 13:00")

    await town.do(seats.lapse, CONTEXT, town.now)

    assert await pushes(town) == ["03-10 14:00 offer due", "03-11 13:00 lapsed due", "03-11 13:00 offer due"]


@pytest.mark.parametrize("cut_off", ["stopped", "blocked"])
async def test_no_seat_is_offered_to_who_cannot_be_told(town: Town, cut_off: str) -> None:
    for person in (ADA, BEN, EVE):
        await town.arrives(person)
        await meets(town, seats=1) if person == ADA else None
        await says(town, person)
    await town.acts(BEN, StopPushes() if cut_off == "stopped" else BeReachable(False))

    await says(town, ADA, Says.NO)

    offers = [row for row in await town.rows(Push) if row.kind == Notice.OFFER]
    assert [row.citizen_id for row in offers] == [(await town.person(EVE)).citizen]


async def test_reminders_move_with_their_meeting_over_a_change_of_clocks(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    before = {row.id for row in await town.rows(Push)}

    await moves(town, 1, "2025-03-30 15:00")

    assert await pushes(town) == [
        "03-23 15:00 reminder 7d due",
        "03-29 15:00 still_coming 1d due",
        "03-30 13:00 reminder 2h due",
        "03-30 18:00 afterwards 1h due",
    ]
    assert {row.id for row in await town.rows(Push)} == before


async def test_a_reminder_whose_moment_is_past_after_a_move_dies(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await moves(town, 1, "2025-03-11 15:00")

    assert await pushes(town) == [
        "03-10 15:00 still_coming 1d due",
        "03-11 13:00 reminder 2h due",
        "03-11 18:00 afterwards 1h due",
    ]


async def test_nobody_is_reminded_of_what_is_cancelled(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await cancels(town, 1)

    assert await pushes(town) == []


async def test_an_answer_just_after_its_moment_leaves_a_reminder_to_be_said(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    town.now = at("2025-03-28 15:00") + timedelta(seconds=1)

    await says(town, ADA)

    assert await pushes(town) == AS_USUAL


async def settled(town: Town, state: State = State.SAID) -> None:
    """All that is due by now has been said."""
    due = update(table(Push)).where(col(Push.at) <= town.now)
    await town.do(lambda connection: connection.execute(due.values(state=state, settled_at=town.now)))


async def test_what_was_said_is_not_said_again_for_a_small_move(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    town.now = at("2025-03-28 16:00")
    await settled(town)

    await moves(town, 1, "2025-03-29 18:00")

    assert await pushes(town) == [
        "03-22 15:00 reminder 7d said",
        "03-28 15:00 still_coming 1d said",
        "03-29 16:00 reminder 2h due",
        "03-30 08:00 afterwards 1h due",
    ]


async def test_what_was_said_is_said_again_where_it_moves_by_its_lead(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    town.now = at("2025-03-28 16:00")
    await settled(town)

    await moves(town, 1, "2025-04-12 15:00")
    await moves(town, 1, "2025-04-12 15:00")

    assert (await pushes(town))[2:] == [
        "04-05 15:00 reminder 7d due",
        "04-11 15:00 still_coming 1d due",
        "04-12 13:00 reminder 2h due",
        "04-12 18:00 afterwards 1h due",
    ]


async def test_what_was_missed_is_said_where_it_moves_at_all(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)
    town.now = at("2025-03-29 15:30")
    await settled(town, State.MISSED)

    await moves(town, 1, "2025-03-29 18:00")

    assert "03-29 16:00 reminder 2h due" in await pushes(town)


@pytest.mark.parametrize(
    ("habits", "expected"),
    [
        ({"zone": "Asia/Tokyo"}, ["03-22 13:30", "03-28 13:30", "03-29 13:00", "03-30 01:00"]),
        ({"quiet": "13:00-16:00"}, ["03-22 12:30", "03-28 12:30", "03-29 12:30", "03-29 18:00"]),
        ({"leads": "3d"}, ["03-26 15:00", "03-29 18:00"]),
        ({"leads": ""}, ["03-29 18:00"]),
        ({"topics_off": "activity"}, ["03-22 15:00", "03-28 15:00", "03-29 13:00", "03-29 18:00"]),
        ({"topics_off": "activity meeting"}, []),
    ],
)
async def test_habits_decide_when(town: Town, habits: dict[str, str], expected: list[str]) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await lives(town, ADA, **habits)

    assert [line[:11] for line in await pushes(town)] == expected


async def test_whoever_wants_to_hear_no_more_of_a_meeting_is_not_reminded_of_it(town: Town) -> None:
    ada = await town.arrives(ADA)
    for id in (1, 2):
        await meets(town, id)
        await says(town, ADA, of=id)

    mute = {"citizen_id": ada.citizen, "about": 1, "at": town.now}
    await town.do(lambda connection: connection.execute(insert(table(Mute)), [mute]))
    await town.do(replan, CONTEXT, citizens=[ada.citizen], now=town.now)

    assert {row.about for row in await town.rows(Push)} == {2}


@pytest.mark.parametrize("answer", [Says.YES, Says.MAYBE])
async def test_who_says_anew_that_they_come_is_reminded_again_until_they_want_to_hear_no_more_again(
    town: Town, answer: Says
) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA, answer)
    for _ in range(2):
        town.later(minutes=1)
        await town.acts(ADA, LeaveInPeace(1))
        assert await pushes(town) == []

        town.later(minutes=1)
        await says(town, ADA, answer)
        assert await pushes(town) == AS_USUAL


@pytest.mark.parametrize("leaves", [RefuseConsent(Purpose.REMINDERS), StopPushes()])
async def test_reminders_need_consent_and_come_back_with_it(town: Town, leaves: Effect[None]) -> None:
    await town.arrives(ADA)
    await meets(town)
    await says(town, ADA)

    await town.acts(ADA, leaves)
    without = await pushes(town)
    await town.acts(ADA, GiveConsent(Purpose.REMINDERS, "consent.reminders"))

    assert without == []
    assert await pushes(town) == AS_USUAL


async def test_who_moves_to_another_place_is_reminded_by_its_clocks(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town, starts="2025-03-29 21:00")
    await says(town, ADA)
    assert "03-28 20:30 still_coming 1d due" in await pushes(town)

    await town.acts(ADA, Join("montbell", None))

    assert "03-28 21:00 still_coming 1d due" in await pushes(town)


async def test_those_who_come_or_might_are_told_of_a_change_before_those_in_line(town: Town) -> None:
    for person, answer in ((ADA, Says.YES), (BEN, Says.YES), (EVE, Says.MAYBE)):
        await town.arrives(person)
        await meets(town, seats=1) if person == ADA else None
        await says(town, person, answer)
    await town.do(lambda connection: connection.execute(table(Push).delete()))

    await town.do(tell, CONTEXT, 1, Notice.CHANGED, town.now)

    told = {row.citizen_id: row.at for row in await town.rows(Push)}
    ada, ben, eve = [(await town.person(each)).citizen for each in (ADA, BEN, EVE)]
    assert told[ada] == told[eve] == town.now < told[ben]


@pytest.mark.parametrize(
    ("starts", "said"), [("2025-03-11 12:00", "03-11 08:00"), ("2025-03-11 07:30", "03-10 22:00")]
)
async def test_notices_wait_for_quiet_hours_to_end_unless_that_is_too_late(
    town: Town, starts: str, said: str
) -> None:
    ada = await town.arrives(ADA)
    await meets(town, starts=starts)
    town.now = at("2025-03-10 22:00")

    await town.do(
        notify, CONTEXT, [ada.citizen], Notice.MOVED, 1, town.now, details={"was": "2025-03-12T12:00"}
    )

    assert await pushes(town) == [f"{said} moved due"]
    assert (await town.row(Push)).details == '{"was":"2025-03-12T12:00"}'
