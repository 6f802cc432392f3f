"""What is planned elsewhere comes in by a file, and goes out into citizens' own calendars, also as a feed."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.playground.emulator import Emulator, Person
from flows.times.local_time import moment
from tests.flows.clocks import at
from tests.processes.bot_process import Bot
from tests.processes.citizens import answer, arrive, press, say
from tests.processes.ways import Way

pytestmark = pytest.mark.process

TEN_DAYS = 10 * 86_400
MEETINGS = """
[[meetings]]
kind = "panel"
starts = {starts}
title = {{ fr = "Budget du parc" }}
place = {{ fr = "Mairie" }}
"""


def files(emulator: Emulator, person: Person) -> list[tuple[str, bytes]]:
    """The documents that the bot has sent to somebody: names and contents."""
    sent = [message["document"]["file_id"] for message in person.messages if "document" in message]
    found = [emulator.world.files.by_id(file_id) for file_id in sent]
    return [(file.name, file.content) for file in found if file is not None]


def events(content: bytes) -> list[Any]:
    """The entries of a calendar."""
    return Calendar.from_ical(content).walk("VEVENT")


async def imported(bot: Bot, *more: str) -> str:
    """What `together import` says of the file."""
    done = await bot.command("import", "meetings", "meetings.toml", "--territory", "mulhouse", *more)
    assert (done.code, done.err) == (0, "")
    return done.out


async def test_a_meeting_from_a_file_ends_in_the_calendars_of_citizens(emulator: Emulator, way: Way) -> None:
    amelie = emulator.person(1001, first_name="Amélie", language_code="fr")
    starts = at("2027-06-01 18:30")
    emulator.clock.set(moment(starts, "Europe/Paris").timestamp() - TEN_DAYS)
    async with way.bot(public_url="https://mulhouse.example") as bot:
        await bot.ready()
        await arrive(amelie)
        (way.folder / "meetings.toml").write_text(MEETINGS.format(starts=f"{starts:%Y-%m-%dT%H:%M:00}"))
        assert "dry run" in await imported(bot, "--dry-run")
        assert "1 new, 0 imported before" in await imported(bot)
        assert "0 new, 1 imported before" in await imported(bot)
        assert "Budget du parc" in await say(amelie, "/meetings")
        await answer(amelie, "0", "maybe")
        await say(amelie, "/calendar")
        press(amelie, "file")
        await amelie.hears(2)
        [(name, content)] = files(emulator, amelie)
        told = await answer(amelie, "address")
        address = re.search(r"https://mulhouse\.example(/calendar/\S+\.ics)", told)
        assert address is not None
        status, feed = await bot.get(address[1])
        await answer(amelie, "close")
        closed, _ = await bot.get(address[1])
        everything = await bot.command("export", "meetings", "--territory", "mulhouse", "--format", "ics")

    assert [event["UID"] for event in events(everything.out.encode())] == [events(content)[0]["UID"]]
    [entry], [from_feed] = events(content), events(feed.encode())
    assert name == "together-2027-06-01.ics"
    assert entry["SUMMARY"] == from_feed["SUMMARY"] == "Budget du parc"
    assert entry["LOCATION"] == "Mairie"
    assert entry["DTSTART"].dt == from_feed["DTSTART"].dt == starts.replace(tzinfo=entry["DTSTART"].dt.tzinfo)
    assert entry["DTSTART"].params["TZID"] == "Europe/Paris"
    assert entry["STATUS"] == "TENTATIVE"
    assert entry["UID"] == from_feed["UID"]
    assert (status, closed) == (200, 404)


async def test_a_file_with_a_mistake_changes_nothing(emulator: Emulator, folder: Path) -> None:
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        soon = datetime.fromtimestamp(emulator.clock.now() + TEN_DAYS, UTC)
        both = [MEETINGS.format(starts=f"{day:%Y-%m-%dT%H:%M:00}") for day in (soon, soon.replace(year=2020))]
        (folder / "meetings.toml").write_text("".join(both))
        refused = await bot.command("import", "meetings", "meetings.toml", "--territory", "mulhouse")
        listed = await bot.command("export", "meetings", "--format", "jsonl")

    assert refused.code == 1
    assert (
        "nothing was changed: 1 entry is wrong: meetings.toml:10: 'meetings[2].starts' is past" in refused.err
    )
    assert listed.out == ""
