"""The metronome ticks at once and again, never twice at a time, and does not stay silent for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot import ticker as module
from bot.ticker import Ticker


class Job:
    """Counts its calls."""

    def __init__(self, *, takes: float = 0.0) -> None:
        self.calls = 0
        self.most_at_once = 0
        self._takes = takes
        self._running = 0

    async def __call__(self) -> None:
        self.calls += 1
        self._running += 1
        self.most_at_once = max(self.most_at_once, self._running)
        await asyncio.sleep(self._takes)
        self._running -= 1


def now() -> datetime:
    return datetime.now(UTC)


def unexpected(name: str, error: Exception) -> None:
    raise AssertionError(f"{name} failed") from error


@asynccontextmanager
async def ticking(ticker: Ticker) -> AsyncIterator[None]:
    running = asyncio.create_task(ticker.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def test_a_job_is_called_at_once_and_then_every_so_often() -> None:
    ticker, job = Ticker(now, unexpected), Job()
    ticker.every(0.1, "job", job)

    async with ticking(ticker):
        await asyncio.sleep(0.05)
        at_once = job.calls
        await asyncio.sleep(0.3)

    assert at_once == 1
    assert 2 <= job.calls <= 5


async def test_a_job_that_still_runs_is_not_called_again() -> None:
    ticker, job = Ticker(now, unexpected), Job(takes=0.2)
    ticker.every(0.05, "job", job)

    async with ticking(ticker):
        await asyncio.sleep(0.3)

    assert job.most_at_once == 1


async def test_after_the_clock_was_set_back_a_job_is_called_again_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WATCH", 0.05)
    ticker, job = Ticker(now, unexpected), Job()
    ticker.every(0.05, "job", job)

    async with ticking(ticker):
        await asyncio.sleep(0.02)
        far = datetime.now(UTC) + timedelta(days=1)  # as it is for who looks from a clock set back a day
        ticker._scheduler.modify_job("job", next_run_time=far)
        before = job.calls
        await asyncio.sleep(0.4)

    assert before == 1
    assert job.calls > before


@pytest.mark.parametrize(("hours", "calls"), [(25, 2), (23, 1), (-25, 2)])
async def test_when_the_clock_jumps_by_more_than_a_job_waits_it_is_called_soon_and_once(
    monkeypatch: pytest.MonkeyPatch, hours: int, calls: int
) -> None:
    """A playground's clock is moved, and after a machine slept its clock has gone on."""
    monkeypatch.setattr(module, "WATCH", 0.05)
    ahead = timedelta()
    ticker, job = Ticker(lambda: now() + ahead, unexpected), Job()
    ticker.every(86_400, "job", job)

    async with ticking(ticker):
        await asyncio.sleep(0.1)
        ahead = timedelta(hours=hours)
        await asyncio.sleep(0.3)

    assert job.calls == calls


async def test_a_job_that_fails_is_told_of_and_called_again() -> None:
    told: list[tuple[str, str]] = []
    ticker, calls = Ticker(now, lambda name, error: told.append((name, str(error)))), 0

    async def fails() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("the first time")

    ticker.every(0.05, "job", fails)
    async with ticking(ticker):
        await asyncio.sleep(0.2)

    assert told == [("job", "the first time")]
    assert calls >= 2
