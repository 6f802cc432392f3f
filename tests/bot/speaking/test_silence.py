"""While Telegram is away it is asked now and then; the log tells when that began, and when it ended."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.speaking import silence as module
from bot.speaking.silence import Silence
from tests.bot.mouth import Mouth


async def asked(silence: Silence, times: int) -> None:
    """As often as that, each time as soon as it is time."""
    for _ in range(times):
        await asyncio.sleep(silence.left() + 0.01)
        await silence.ask()


async def test_the_log_tells_once_that_messages_wait_and_once_that_they_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "AWAY", 0.001)
    mouth = Mouth()
    silence = Silence(mouth.speaker)
    silence.begin()
    mouth.there = False

    with capture_logs() as told:
        await asked(silence, 4)
        mouth.there = True
        await asked(silence, 1)

    assert not silence.kept
    assert [(line["event"], line["waiting"]) for line in told] == [
        ("the Bot API does not answer", "messages"),
        ("the Bot API answers again", "messages"),
    ]


async def test_a_moment_is_not_told_of() -> None:
    silence = Silence(Mouth().speaker)

    with capture_logs() as told:
        silence.begin()
        await asked(silence, 1)

    assert not silence.kept
    assert told == []
