"""Calendar programs are served at the address alone, told when nothing has changed, and strangers nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from icalendar import Calendar

from bot.serving import feed as serving
from bot.serving.feed import Feed
from config.texts import Texts
from flows.occasions.calendar import FeedAddress, OpenFeed
from flows.occasions.occasions import Says
from storage.database import Database
from storage.errors import Unavailable
from tests.bot.serving.asking import asking
from tests.storage.plans import call_meeting, says
from tests.storage.town import CONTEXT, Town

ANNA = 1


@pytest.fixture
async def town(database: Database) -> Town:
    """Anna comes to a meeting and has an address."""
    town = Town(database)
    await town.arrives(ANNA)
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(days=1))
    await says(town, ANNA, Says.YES, of=1)
    await town.acts(ANNA, OpenFeed())
    return town


@pytest.fixture
async def client(town: Town, unused_tcp_port: int) -> AsyncIterator[ClientSession]:
    """A calendar program, and the server that it asks."""
    feed = Feed(town.database, lambda: CONTEXT, Texts.load(), lambda: town.now)
    async with asking(feed.routes(), unused_tcp_port) as session:
        yield session


async def path(town: Town) -> str:
    """What follows the address of our pages in that of Anna's calendar."""
    found: FeedAddress = await town.look(ANNA, FeedAddress)
    return str(found.address).removeprefix(str(CONTEXT.public_url))


async def test_a_program_gets_the_calendar(town: Town, client: ClientSession) -> None:
    async with client.get(await path(town)) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert response.headers["Cache-Control"] == "private, no-cache"
        calendar = Calendar.from_ical(await response.read())

    assert [event["UID"] for event in calendar.walk("VEVENT")] == ["occasion-1@together"]
    assert calendar["X-WR-CALNAME"] == "Together"
    assert "METHOD" not in calendar


async def test_a_program_that_has_it_already_is_told_so_until_something_changes(
    town: Town, client: ClientSession
) -> None:
    async with client.get(await path(town)) as first:
        known = {"If-None-Match": first.headers["ETag"]}
    town.later(hours=3)
    async with client.get(await path(town), headers=known) as again:
        assert (again.status, await again.read()) == (304, b"")

    await says(town, ANNA, Says.MAYBE, of=1)

    async with client.get(await path(town), headers=known) as changed:
        assert changed.status == 200


@pytest.mark.parametrize("wrong", ["A" * 22, "A" * 21, "A" * 23, "..%2f..%2fetc%2fpasswd", ""])
async def test_strangers_are_told_nothing(client: ClientSession, wrong: str) -> None:
    async with client.get(f"/calendar/{wrong}.ics") as response:
        assert response.status == 404
        assert "ETag" not in response.headers


async def test_whoever_asks_too_often_waits(
    client: ClientSession,
) -> None:
    asked = [(await client.get(f"/calendar/{'A' * 22}.ics")).status for _ in range(3 * serving.MOST)]

    assert set(asked) == {404, 429}
    assert asked[: serving.MOST] == [404] * serving.MOST


async def test_without_a_database_programs_are_asked_to_come_again(
    town: Town, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await path(town)

    def away(*_arguments: object) -> None:
        raise Unavailable("nobody is there")

    monkeypatch.setattr(serving, "calendar_at", away)

    async with client.get(address) as response:
        assert response.status == 503
        assert response.headers["Retry-After"]


async def test_health_is_told_on_the_same_port(client: ClientSession) -> None:
    async with client.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok\n")
