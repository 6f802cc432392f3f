"""What is due becomes a message in the outbox, as much as can leave soon; a bad push keeps back no other."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Row, update
from sqlmodel import col
from structlog.testing import capture_logs

from bot.chores import pushing
from bot.chores.pushing import AHEAD, Pushes
from flows.occasions.occasions import Says
from flows.pushes.pushed import Notice
from storage.database import Database
from storage.messages import outbox
from storage.messages.outbox import Lane
from storage.occasions.planned import Answer, Occasion
from storage.pushes.notices import tell
from storage.pushes.pushed import Habit, Push
from storage.pushes.pushes import replan
from storage.tables import Contact, Outbox, table
from tests.bot.house import House
from tests.storage import plans

ADA: Final = 4_000_000_001
BEGINS: Final = timedelta(days=30, hours=1)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def pushes(house: House, *, per_second: float = 30) -> Pushes:
    return Pushes(house.means(per_second=per_second))


async def comes(house: House, *telegrams: int, of: int = 7) -> None:
    """People who come to a meeting, to be asked in a month whether they still do."""
    await house.arrive(*telegrams)
    await comes_too(house, *telegrams, of=of)


async def comes_too(house: House, *telegrams: int, of: int) -> None:
    """The same of people who are there already."""

    def work(connection: Connection) -> None:
        if not connection.execute(table(Occasion).select().where(col(Occasion.id) == of)).first():
            plans.call_meeting(connection, of, now=house.now, begins=BEGINS)
        people = connection.execute(table(Contact).select().where(col(Contact.telegram).in_(telegrams))).all()
        for person in people:
            plans.add(
                connection, Answer, occasion_id=of, citizen_id=person.citizen_id, post_id=10 * of,
                says=Says.YES, standing="seated", party=1, barriers="", needs="", answered_at=house.now,
            )  # fmt: skip
        replan(connection, house.context, occasions=[of], now=house.now)
        earlier = update(table(Push)).where(col(Push.lead) == "7d")
        connection.execute(earlier.values(state="said", settled_at=house.now))

    await house.database.write(work)


async def waiting(house: House) -> list[Row[Any]]:
    """The messages that wait to leave, in their order."""
    rows = await house.rows("outbox")
    return sorted((row for row in rows if row.state == outbox.State.PENDING), key=lambda row: row.id)


def a_day_before(house: House) -> datetime:
    return house.now + BEGINS - timedelta(days=1)


async def test_a_reminder_is_one_message_with_buttons_that_work(house: House) -> None:
    await comes(house, ADA)
    house.now = a_day_before(house)

    await pushes(house).tick()
    await pushes(house).tick()

    (message,) = await waiting(house)
    assert message.key.startswith("p:")
    assert message.lane == Lane.REMINDER
    assert "Meeting 7" in message.payload
    button = message.payload.split('"Yes, I will come","')[1].split('"')[0]
    carried = await house.take(house.presses(ADA, button))
    assert "See you there!" in carried.speak[0].payload["text"]


@pytest.mark.parametrize(
    ("quiet", "lives"),
    [
        (None, timedelta(hours=5)),  # at 13:00 UTC it is 16:00 for her, and quiet from 21:00 on
        ("", timedelta(hours=22)),  # two hours before it begins the next one is due
    ],
)
async def test_a_reminder_that_cannot_leave_waits_for_nobodys_quiet_hours(
    house: House, quiet: str | None, lives: timedelta
) -> None:
    await comes(house, ADA)
    whose = await of(house, ADA)
    habit = {"citizen_id": whose, "quiet": quiet, "topics_off": ""}
    await house.database.write(lambda connection: plans.add(connection, Habit, **habit))
    house.now = a_day_before(house)

    await pushes(house).tick()

    (message,) = await waiting(house)
    assert message.not_after == house.now + lives


async def test_a_notice_goes_before_reminders(house: House) -> None:
    await comes(house, ADA)
    await house.database.write(
        lambda connection: tell(connection, house.context, 7, Notice.CHANGED, house.now)
    )

    await pushes(house).tick()

    (message,) = await waiting(house)
    assert message.lane == Lane.NOTICE


async def test_no_more_is_put_into_the_outbox_than_can_leave_soon(house: House) -> None:
    people = range(4_000_000_001, 4_000_000_041)
    await comes(house, *people)
    house.now = a_day_before(house)
    ticker = pushes(house, per_second=1)

    await ticker.tick()
    first = len(await waiting(house))
    await ticker.tick()
    second = len(await waiting(house))
    await house.spoken()
    for _ in range(5):
        await ticker.tick()
        await house.spoken()

    keys = [row.key for row in await house.rows("outbox") if row.key.startswith("p:")]
    assert first == second == AHEAD
    assert len(keys) == len(set(keys)) == len(people)


async def test_a_push_that_cannot_be_made_keeps_back_no_other(house: House) -> None:
    await comes(house, ADA, ADA + 1)
    whose = col(Push.citizen_id) == await of(house, ADA)
    broken = update(table(Push)).where(whose, col(Push.kind) == "still_coming").values(kind=Notice.MOVED)
    await house.database.write(lambda connection: connection.execute(broken))  # to when is not told
    house.now = a_day_before(house)

    await pushes(house).tick()

    assert len(await waiting(house)) == 1
    settled = [row for row in await house.rows("push") if row.settled_at == house.now]
    assert {(row.kind, row.state, row.reason) for row in settled} == {
        ("moved", "skipped", "trouble"), ("still_coming", "said", None),
    }  # fmt: skip


async def of(house: House, telegram: int) -> int:
    """The id of that person."""
    (found,) = [row.citizen_id for row in await house.rows("contact") if row.telegram == telegram]
    return int(found)


async def test_whoever_says_no_before_a_reminder_has_left_does_not_get_it(house: House) -> None:
    await comes(house, ADA, ADA + 1)
    house.now = a_day_before(house)
    await pushes(house).tick()
    first, second = await waiting(house)
    button = next(part for part in first.payload.split('"') if part.endswith(":no"))

    await house.take(house.presses(await chat_of(house, first), button))

    assert [row.key for row in await waiting(house)] == [second.key]


async def changes(house: House, meeting: int, **values: Any) -> None:
    """Somebody who plans changes a meeting, and those who come are told."""

    def work(connection: Connection) -> None:
        plans.change(connection, meeting, **values)
        replan(connection, house.context, occasions=[meeting], now=house.now)
        notice = Notice.CANCELLED if "state" in values else Notice.CHANGED
        tell(connection, house.context, meeting, notice, house.now)

    await house.database.write(work)


def wall(moment: datetime) -> str:
    """A moment by the clocks in Riga, in summer."""
    return f"{moment + timedelta(hours=3):%Y-%m-%dT%H:%M}"


async def two_are_asked_about(house: House) -> None:
    """One message waits that asks whether somebody still comes to meetings 7 and 8."""
    await comes(house, ADA)
    await comes_too(house, ADA, of=8)
    house.now = a_day_before(house)
    await pushes(house).tick()
    (message,) = await waiting(house)
    assert "Meeting 7" in message.payload
    assert "Meeting 8" in message.payload


@pytest.mark.parametrize(("cancelled", "left"), [(7, 8), (8, 7)])
async def test_what_waits_is_said_anew_of_the_others_where_one_thing_in_it_does_not_take_place(
    house: House, cancelled: int, left: int
) -> None:
    await two_are_asked_about(house)

    await changes(house, cancelled, state="cancelled")
    await pushes(house).tick()

    (message,) = await waiting(house)
    lines = message.payload.split("\\n")
    assert [line.split(": ")[-1] for line in lines if f"Meeting {left}" in line] == ["are you still coming?"]
    assert [line.split(": ")[-1] for line in lines if f"Meeting {cancelled}" in line] == ["cancelled"]


async def test_what_is_said_anew_has_buttons_that_work(house: House) -> None:
    await two_are_asked_about(house)
    await changes(house, 8, state="cancelled")
    await pushes(house).tick()
    (message,) = await waiting(house)
    first = message.payload.split('[["1","')[1].split('"')[0]

    carried = await house.take(house.presses(ADA, first))

    assert "Meeting 7" in carried.speak[0].payload["text"]


async def test_who_says_no_to_one_of_several_before_they_were_asked_is_asked_about_the_other(
    house: House,
) -> None:
    await two_are_asked_about(house)
    no = update(table(Answer)).where(col(Answer.occasion_id) == 7).values(says=Says.NO, standing="none")
    whose = [await of(house, ADA)]

    def work(connection: Connection) -> None:
        connection.execute(no)
        replan(connection, house.context, occasions=[7], citizens=whose, now=house.now)

    await house.database.write(work)
    await pushes(house).tick()

    (message,) = await waiting(house)
    assert "Meeting 8" in message.payload
    assert "Meeting 7" not in message.payload


async def test_a_reminder_that_waits_is_taken_back_and_comes_later_where_its_meeting_moves(
    house: House,
) -> None:
    await comes(house, ADA)
    house.now = a_day_before(house)
    begins = house.now + timedelta(days=7)
    ends = begins + timedelta(hours=2)
    await pushes(house).tick()

    await changes(house, 7, starts=wall(begins), ends=wall(ends), starts_at=begins, ends_at=ends)

    assert await waiting(house) == []
    asks = [row for row in await house.rows("push") if row.kind == "still_coming"]
    assert [(row.state, row.at, row.settled_at) for row in asks] == [
        ("due", begins - timedelta(days=1), None)
    ]


@pytest.mark.parametrize("state", [outbox.State.SENDING, outbox.State.SENT])
async def test_what_has_left_or_is_leaving_is_not_said_anew(house: House, state: outbox.State) -> None:
    await two_are_asked_about(house)
    left = update(table(Outbox)).values(state=state, worker=5)
    await house.database.write(lambda connection: connection.execute(left))

    await changes(house, 7, state="cancelled")
    await pushes(house).tick()

    (message,) = await waiting(house)
    assert "Meeting 8" not in message.payload
    asks = [row for row in await house.rows("push") if row.kind == "still_coming"]
    assert {row.state for row in asks} == {"said"}


async def test_what_was_put_off_is_not_taken_for_moved(house: House) -> None:
    await comes(house, ADA)
    house.now = a_day_before(house) + timedelta(hours=6)  # an hour into her quiet hours
    await pushes(house).tick()
    house.later(hours=10)
    await pushes(house).tick()
    before = await waiting(house)

    await house.database.write(
        lambda connection: replan(connection, house.context, occasions=[7], now=house.now)
    )

    assert len(before) == 1
    assert await waiting(house) == before


EVENING: Final = timedelta(hours=6)
"""From noon until quiet hours in Riga, where it is three in the afternoon; they last for eleven hours."""


async def told(house: House, *meetings: int) -> None:
    """Something about some meetings has changed, and a message says so."""
    for meeting in meetings:
        await changes(house, meeting, link="https://meet.example")
    await pushes(house).tick()


async def soon(house: House, meeting: int, begins: timedelta) -> None:
    """A meeting at that time, to which somebody comes."""

    def work(connection: Connection) -> None:
        plans.call_meeting(connection, meeting, now=house.now, begins=begins)

    await house.database.write(work)
    await comes_too(house, ADA, of=meeting)


async def test_a_notice_that_could_not_leave_waits_for_quiet_hours_to_end(house: House) -> None:
    await comes(house, ADA)
    begun = house.now
    await told(house, 7)
    (message,) = await waiting(house)
    house.now = begun + EVENING

    await pushes(house).tick()

    assert message.not_after == begun + EVENING
    assert await waiting(house) == []
    (notice,) = [row for row in await house.rows("push") if row.kind == Notice.CHANGED]
    morning = begun + EVENING + timedelta(hours=11)
    assert (notice.state, notice.reason, notice.at) == ("due", "quiet", morning)
    house.now = morning
    await pushes(house).tick()
    assert len(await waiting(house)) == 1


async def test_a_notice_for_which_the_morning_is_too_late_waits_on_through_the_night(house: House) -> None:
    await house.arrive(ADA)
    begun = house.now
    await soon(house, 7, EVENING + timedelta(hours=10))
    await told(house, 7)
    before = await waiting(house)
    house.now = begun + EVENING

    await pushes(house).tick()

    assert [row.not_after for row in before] == [begun + EVENING + timedelta(hours=10)]
    assert await waiting(house) == before


async def test_of_what_could_not_leave_together_only_what_cannot_wait_is_said_at_night(house: House) -> None:
    await comes(house, ADA)
    begun = house.now
    await soon(house, 8, EVENING + timedelta(hours=10))
    await told(house, 7, 8)
    house.now = begun + EVENING

    await pushes(house).tick()

    (message,) = await waiting(house)
    assert "Meeting 8" in message.payload
    assert "Meeting 7" not in message.payload


async def test_what_could_not_leave_for_a_day_is_decided_anew(house: House) -> None:
    await comes(house, ADA)
    habit = {"citizen_id": await of(house, ADA), "quiet": "", "topics_off": ""}
    await house.database.write(lambda connection: plans.add(connection, Habit, **habit))
    await told(house, 7)
    (before,) = await waiting(house)
    house.later(days=1)

    await pushes(house).tick()

    (after,) = await waiting(house)
    assert before.not_after == house.now
    assert after.not_after == house.now + timedelta(days=1)


async def test_a_push_that_cannot_be_made_keeps_no_other_back_and_the_admins_hear_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await comes(house, ADA, ADA + 1)
    house.now = a_day_before(house)
    broken = [await of(house, ADA)]
    ours = pushing.as_messages

    def fail(person: Any, *more: Any) -> Any:
        if person.citizen in broken:
            raise RuntimeError("a mistake of ours")
        return ours(person, *more)

    monkeypatch.setattr(pushing, "as_messages", fail)

    with capture_logs() as told:
        await pushes(house).tick()
        await pushes(house).tick()

    assert len(await waiting(house)) == 1
    assert house.alarmed == ["chores_fail"]
    [line] = told
    assert line["event"] == "a push could not be made"
    assert isinstance(line["exc_info"], RuntimeError)


async def chat_of(house: House, message: Row[Any]) -> int:
    """Who it is for."""
    (found,) = [row.telegram for row in await house.rows("contact") if row.id == message.contact_id]
    return int(found)


async def test_a_tick_that_finds_nothing_writes_nothing(house: House) -> None:
    await comes(house, ADA)
    before = await house.rows("push")

    await pushes(house).tick()

    assert await house.rows("push") == before
    assert await waiting(house) == []


async def test_nudges_are_planned_and_said(house: House) -> None:
    await house.arrive(ADA)
    ticker = pushes(house)
    for _ in range(25):
        house.later(hours=1)
        await ticker.nudge()
        await ticker.tick()

    (message,) = await waiting(house)
    assert "in the middle of something" in message.payload


async def test_everything_can_be_worked_out_anew(house: House) -> None:
    await comes(house, ADA)
    planned = [(row.kind, row.at) for row in await house.rows("push") if row.state == "due"]
    await house.database.write(lambda connection: connection.execute(table(Push).delete()))

    await pushes(house).refresh()

    assert planned
    assert set(planned) <= {(row.kind, row.at) for row in await house.rows("push")}


async def test_who_was_heard_by_a_push_is_who_was_heard_before(house: House) -> None:
    await comes(house, ADA)
    (before,) = await house.rows("conversation")
    house.now = a_day_before(house)

    await pushes(house).tick()

    (after,) = await house.rows("conversation")
    assert after.updated_at == before.updated_at
    assert after.stack != before.stack
