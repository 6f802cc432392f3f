"""The bot keeps to a clock elsewhere, in whichever form it tells the time, and never stumbles over it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.clock import Clock

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


class Elsewhere:
    """A clock that tells what a test lets it tell."""

    def __init__(self) -> None:
        self.tells = ""
        self.url = ""
        self.takes = 0.0  # seconds until its answer is there

    async def tell(self, _request: web.Request) -> web.Response:
        await asyncio.sleep(self.takes)
        return web.Response(text=self.tells, content_type="application/json")


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    clock = Elsewhere()
    app = web.Application()
    app.router.add_get("/", clock.tell)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield clock
    await runner.cleanup()


@pytest.mark.parametrize(
    "tells",
    [
        '{"now": "2031-05-01T12:00:00+00:00"}',
        '{"now": "2031-05-01T12:00:00.000Z", "unix": 0}',
        '{"now": "2031-05-01T14:00:00+02:00"}',
        '"2031-05-01T12:00:00Z"',
        f'{{"now": {NOON.timestamp()}}}',
        str(NOON.timestamp()),
    ],
)
async def test_a_clock_elsewhere_is_followed_in_every_form(elsewhere: Elsewhere, tells: str) -> None:
    elsewhere.tells = tells
    clock = Clock()

    async with aiohttp.ClientSession() as session:
        await clock.look(elsewhere.url, session)

    assert abs(clock.now() - NOON) < timedelta(seconds=5)
    assert clock.now().utcoffset() == timedelta()


@pytest.mark.parametrize("tells", ["", "{}", "[]", "null", '{"now": null}', '"noon"', "1e300", '{"now": {}}'])
async def test_a_clock_that_tells_nonsense_is_not_followed(elsewhere: Elsewhere, tells: str) -> None:
    elsewhere.tells = tells
    clock = Clock()

    async with aiohttp.ClientSession() as session:
        await clock.look(elsewhere.url, session)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_when_the_clock_is_gone_its_time_goes_on(elsewhere: Elsewhere) -> None:
    elsewhere.tells = str(NOON.timestamp())
    clock = Clock()

    async with aiohttp.ClientSession() as session:
        await clock.look(elsewhere.url, session)
        await clock.look("http://127.0.0.1:1/", session)

    assert abs(clock.now() - NOON) < timedelta(seconds=5)


async def test_a_clock_that_answers_slowly_moves_none_that_may_be_right(elsewhere: Elsewhere) -> None:
    async with aiohttp.ClientSession() as session:
        elsewhere.tells = str(NOON.timestamp())
        clock = Clock()
        await clock.look(elsewhere.url, session)

        elsewhere.takes = 0.4
        elsewhere.tells = str((clock.now() + timedelta(seconds=0.1)).timestamp())
        before = clock.now() - datetime.now(UTC)
        await clock.look(elsewhere.url, session)
        after = clock.now() - datetime.now(UTC)

        elsewhere.tells = str((NOON + timedelta(hours=1)).timestamp())
        await clock.look(elsewhere.url, session)

    assert abs(after - before) < timedelta(seconds=0.01)
    assert abs(clock.now() - NOON - timedelta(hours=1, seconds=0.2)) < timedelta(seconds=0.15)
