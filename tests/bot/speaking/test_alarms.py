"""Admins hear of trouble once an hour for each cause, however often the bot is started."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from bot.speaking.alarms import AGAIN, CAUSES, Alarms
from bot.speaking.outcomes import Gone, Unsure
from storage.database import Database
from tests.bot.house import House, trouble
from tests.bot.mouth import Mouth, Sent


def alarms(house: House, mouth: Mouth) -> Alarms:
    return Alarms(mouth.speaker, house.database, [7, 8], lambda: house.now)


async def quiet() -> None:
    """Everything that was begun has ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=5)


async def test_every_admin_is_told_once_an_hour(database: Database) -> None:
    house, mouth = House(database), Mouth()
    alarm = alarms(house, mouth)

    for minutes in (0, 1, 58, 2):
        house.later(minutes=minutes)
        alarm.sound("conflict")
        await quiet()

    told = [Sent(7, CAUSES["conflict"]), Sent(8, CAUSES["conflict"])]
    assert mouth.sent == told * 2


async def test_another_cause_is_told_too(database: Database) -> None:
    house, mouth = House(database), Mouth()
    alarm = alarms(house, mouth)

    for cause in CAUSES:
        alarm.sound(cause)
        await quiet()

    assert mouth.texts(7) == list(CAUSES.values())


async def test_a_bot_that_starts_again_and_again_does_not_ring_again_and_again(database: Database) -> None:
    house, mouth = House(database), Mouth()

    for _ in range(3):
        alarms(house, mouth).sound("quarantine")
        await quiet()
    house.later(hours=1)
    alarms(house, mouth).sound("quarantine")
    await quiet()

    assert len(mouth.texts(7)) == 2


async def test_a_database_in_trouble_keeps_no_alarm_back(database: Database) -> None:
    house, mouth = House(database), Mouth()

    alarm = alarms(house, mouth)

    with trouble():
        for _ in range(3):
            alarm.sound("database")
            await quiet()
            house.later(minutes=19)

    assert mouth.texts(7) == [CAUSES["database"]]


async def test_a_clock_set_back_keeps_no_alarm_back_for_ever(database: Database) -> None:
    house, mouth = House(database), Mouth()
    alarm = alarms(house, mouth)
    for again in (alarm, alarm, alarms(house, mouth)):
        again.sound("database")
        await quiet()
        house.now -= timedelta(days=2)

    assert len(mouth.texts(7)) == 3


async def test_an_alarm_that_reached_nobody_is_tried_again_at_a_next_occasion_and_the_log_tells(
    database: Database,
) -> None:
    house, mouth = House(database), Mouth()
    alarm = alarms(house, mouth)
    mouth.script(7, Unsure())
    mouth.script(8, Gone("blocked"))

    with capture_logs() as told:
        for minutes in (0, 1, AGAIN.total_seconds() / 60, 1):
            house.later(minutes=minutes)
            alarm.sound("conflict")
            await quiet()

    assert mouth.texts(7) == mouth.texts(8) == [CAUSES["conflict"]] * 2
    missed = [line["outcome"] for line in told if line["event"] == "an alarm was not delivered"]
    assert missed == ["unsure", "gone"]


async def test_an_admin_who_never_pressed_start_makes_nobody_else_hear_it_twice(database: Database) -> None:
    house, mouth = House(database), Mouth()
    alarm = alarms(house, mouth)
    mouth.script(7, Gone("gone"))

    with capture_logs() as told:
        for _ in range(3):
            alarm.sound("conflict")
            await quiet()
            house.later(minutes=19)

    assert mouth.texts(8) == [CAUSES["conflict"]]
    assert [line["event"] for line in told] == ["alarm", "an alarm was not delivered"]


async def test_what_an_earlier_run_could_tell_nobody_is_told_by_the_next(database: Database) -> None:
    house, mouth = House(database), Mouth()
    mouth.script(7, Unsure())
    mouth.script(8, Unsure())

    for _ in range(2):
        alarms(house, mouth).sound("quarantine")
        await quiet()

    assert len(mouth.texts(7)) == 2


async def test_where_there_is_no_admin_an_alarm_stands_in_the_log_once_an_hour(database: Database) -> None:
    house = House(database)
    alarm = Alarms(Mouth().speaker, database, [], lambda: house.now)

    with capture_logs() as told:
        for _ in range(3):
            alarm.sound("conflict")
            await quiet()
            house.later(minutes=19)

    assert [line["event"] for line in told] == ["alarm"]
