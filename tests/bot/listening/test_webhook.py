"""What a call brings is read only if it can be an update, and costs little if it cannot."""

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.listening.webhook import DEEPEST, LARGEST, Webhook, parse
from storage.database import Database
from tests.bot.ears import Gaps, alarms_of, intake_of, written
from tests.bot.house import House, trouble
from tests.bot.mouth import Mouth

SECRET = "a-secret"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """JSON so deep."""
    return opening * depth + b"1" + closing * depth


def test_what_is_as_deep_as_an_update_may_be_is_read() -> None:
    assert json.dumps(parse(nested(DEEPEST))).count("[") == DEEPEST


@pytest.mark.parametrize(
    "body",
    [nested(DEEPEST + 1), nested(DEEPEST + 1, b'{"a":', b"}"), b"[" * LARGEST, b'["x",' * 50_000, b'"' * 999],
)
def test_what_is_deeper_or_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"too deep|Extra data"):
        parse(body)


def test_brackets_in_texts_and_side_by_side_are_not_deep() -> None:
    update = {"text": "[{" * 1000 + '\\"[' * 100, "rows": [[1], [2]] * 500}

    assert parse(json.dumps(update).encode()) == update


@pytest.mark.parametrize("text", [b"a" * (LARGEST - 200), b"\\n" * (LARGEST // 2 - 100)])
def test_a_long_text_between_many_brackets_takes_little_memory(text: bytes) -> None:
    body = b'["' + text + b'"' + b",[]" * DEEPEST + b"]"
    tracemalloc.start()
    try:
        parse(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4 * LARGEST


class Called:
    """A webhook with everything behind it, and whoever calls it knowing the secret."""

    def __init__(self, database: Database, port: int) -> None:
        self.house, self.mouth, self.port = House(database), Mouth(), port
        self.gaps = Gaps(self.house)
        alarms = alarms_of(self.house, self.mouth, 7)
        intake = intake_of(self.house, self.mouth, alarms)
        self.webhook = Webhook(intake, path="/hook", secret=SECRET, alarms=alarms, outage=self.gaps.outage)

    async def call(self, body: bytes) -> int:
        """Bring this; the status of the answer."""
        url = f"http://127.0.0.1:{self.port}/hook"
        async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=HEADERS) as answer:
            return answer.status


@pytest.fixture
async def called(database: Database, unused_tcp_port: int) -> AsyncIterator[Called]:
    """A webhook that listens."""
    called = Called(database, unused_tcp_port)
    await called.webhook.open("127.0.0.1", unused_tcp_port)
    running = asyncio.create_task(called.webhook.run())
    yield called
    called.webhook.stop()
    await asyncio.wait_for(running, 5)


@pytest.mark.parametrize(
    "rest",
    [b'"message":{"text":"my words', b'"message":{"text":"my words"}}}', b'"a":' + nested(DEEPEST) + b"}"],
)
async def test_an_update_that_cannot_be_read_is_taken_once_and_noted_without_its_words(
    called: Called, rest: bytes
) -> None:
    statuses = [await called.call(b' {"update_id": 77,' + rest) for _ in range(2)]

    assert statuses == [200, 200]
    [row] = await called.house.rows("quarantine")
    assert (row.update_id, row.kind, row.reason, row.attempts) == (77, "other", "nothing in it", 1)
    assert len(called.mouth.texts(7)) == 1


async def test_an_outage_of_the_database_ends_with_the_next_update_that_is_committed(called: Called) -> None:
    began = called.house.now
    started = json.dumps(written(78, "/start")).encode()

    with trouble():
        assert await called.call(started) == 503
    called.house.later(minutes=3)
    assert await called.call(started) == 200

    assert [gap.since for gap in called.gaps.found] == [began]


async def test_what_names_no_update_is_taken_so_that_it_does_not_come_again(called: Called) -> None:
    assert [await called.call(body) for body in (b"{", b"", b'{"update_id":' + b"9" * 19 + b"}")] == [200] * 3

    assert await called.house.rows("quarantine") == []
    assert len(called.mouth.texts(7)) == 1
