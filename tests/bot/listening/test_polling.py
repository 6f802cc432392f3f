"""Updates are asked for, and acknowledged when they are committed; trouble is waited out or told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.listening import polling as module
from bot.listening.polling import Polling
from bot.listening.updates import KINDS
from bot.refusal import Rival, TokenRevoked
from storage.database import Database
from tests.bot.ears import Gaps, alarms_of, intake_of, written
from tests.bot.house import House, trouble
from tests.bot.mouth import Mouth, Sent

Answer = dict[str, Any] | str
Later = Callable[[], Answer]  # what is answered, and what happens before
REVOKED = {"ok": False, "error_code": 401, "description": "Unauthorized"}
NO_METHOD = {"ok": False, "error_code": 404, "description": "Not Found"}
RIVAL = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
WEBHOOK = {"ok": False, "error_code": 409, "description": "Conflict: can't use getUpdates: webhook is active"}
PAUSE = {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 0}}
SERVER = {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}


class Telegram:
    """A getUpdates that answers what a test has written, and then waits for news for ever."""

    def __init__(self) -> None:
        self.answers: list[Answer | Later] = []
        self.asked: list[dict[str, str]] = []
        self.root = ""

    @property
    def offsets(self) -> list[int]:
        return [int(form["offset"]) for form in self.asked]

    async def get_updates(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        if not self.answers:
            await asyncio.sleep(60)
        answer = self.answers.pop(0)
        if callable(answer):
            answer = answer()
        body = answer if isinstance(answer, str) else json.dumps(answer)
        return web.Response(text=body, content_type="application/json")


class Ear:
    """Polling with everything behind it: real turns, a real database, a scripted Telegram."""

    def __init__(self, database: Database, telegram: Telegram) -> None:
        self.house, self.mouth, self.telegram = House(database), Mouth(), telegram
        self.gaps = Gaps(self.house)
        alarms = alarms_of(self.house, self.mouth, 7)
        intake = intake_of(self.house, self.mouth, alarms)
        self.polling = Polling(telegram.root, intake, self.mouth.speaker, alarms, self.gaps.outage)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Poll meanwhile, and stop in order."""
        working = asyncio.create_task(self.polling.run())
        try:
            yield
        finally:
            self.polling.stop()
            await asyncio.wait_for(working, 5)


async def until(happened: Callable[[], object]) -> None:
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("this never happened")


def news(*updates: Any) -> Answer:
    return {"ok": True, "result": list(updates)}


@pytest.fixture
async def ear(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ear]:
    monkeypatch.setattr(module, "AWAY", 0.01)  # so that trouble costs no real seconds
    telegram = Telegram()
    app = web.Application()
    app.router.add_post("/getUpdates", telegram.get_updates)
    runner = web.AppRunner(app, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield Ear(database, telegram)
    await runner.cleanup()


async def test_the_next_offset_is_asked_for_when_what_was_got_is_committed(ear: Ear) -> None:
    ear.telegram.answers = [news(written(100, "/start"), written(101, "hello", 1002)), news()]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 3)
        committed = [(row.update_id) for row in await ear.house.rows("inbox")]

    assert ear.telegram.offsets == [0, 102, 102]
    assert sorted(committed) == [100, 101]


async def test_only_our_kinds_are_asked_for_and_the_first_time_without_waiting(ear: Ear) -> None:
    ear.telegram.answers = [news()]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 2)

    assert [json.loads(form["allowed_updates"]) for form in ear.telegram.asked] == [list(KINDS)] * 2
    assert [form["timeout"] for form in ear.telegram.asked] == ["0", str(module.POLL)]


async def test_while_the_database_is_in_trouble_nothing_is_acknowledged(ear: Ear) -> None:
    with trouble():
        ear.telegram.answers = [news(written(100, "/start"))]
        async with ear.listening():
            await until(lambda: ear.mouth.texts(7))
            during = (ear.polling.healthy, ear.telegram.offsets)

    assert during == (False, [0])
    assert ear.telegram.offsets == [0]


async def test_after_the_database_has_come_back_the_same_updates_are_carried_out(ear: Ear) -> None:
    ear.telegram.answers = [news(written(100, "/start"))]
    async with ear.listening():
        with trouble():
            await until(lambda: ear.mouth.texts(7))
        await until(lambda: len(ear.telegram.asked) == 2)

    assert ear.telegram.offsets == [0, 101]
    assert ear.polling.healthy
    assert len(await ear.house.rows("outbox")) == 1


@pytest.mark.parametrize("answer", [REVOKED, NO_METHOD])
async def test_a_token_that_is_not_accepted_ends_it_with_a_message(ear: Ear, answer: Answer) -> None:
    ear.telegram.answers = [answer]

    with pytest.raises(TokenRevoked, match="TOGETHER_BOT_TOKEN"):
        await asyncio.wait_for(ear.polling.run(), 5)


async def test_a_rival_who_stays_ends_it_and_one_who_goes_does_not(ear: Ear) -> None:
    ear.telegram.answers = [RIVAL, RIVAL, RIVAL, SERVER, RIVAL, RIVAL, RIVAL, news()]
    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 9)
    ear.telegram.answers = [RIVAL] * module.RIVAL

    ear = Ear(ear.house.database, ear.telegram)
    with pytest.raises(Rival, match="another program"):
        await asyncio.wait_for(ear.polling.run(), 5)


async def test_a_webhook_left_behind_is_removed_and_the_admins_are_told(ear: Ear) -> None:
    ear.telegram.answers = [WEBHOOK, news()]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 3)
        await until(lambda: ear.mouth.texts(7))

    assert Sent(0, "deleteWebhook") in ear.mouth.sent


@pytest.mark.parametrize(
    "answer",
    [
        SERVER,
        PAUSE,
        "",
        "<html>502</html>",
        "[]",
        "null",
        '{"ok":true}',
        '{"ok":true,"result":5}',
        '{"error_code":401}',
        '{"ok":true,"error_code":401}',
        '{"ok":false,"parameters":[]}',
        '{"ok":false,"parameters":{"retry_after":"soon"}}',
        "[" * 9999,
    ],
)
async def test_whatever_else_is_answered_is_waited_out(ear: Ear, answer: Answer) -> None:
    ear.telegram.answers = [answer, answer, news(written(100, "/start"))]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 4)

    assert ear.telegram.offsets == [0, 0, 0, 101]


async def test_the_log_tells_once_that_telegram_is_away_and_once_that_it_is_back(ear: Ear) -> None:
    ear.telegram.answers = [news(), SERVER, "", SERVER, SERVER, news(), news()]

    with capture_logs() as told:
        async with ear.listening():
            await until(lambda: len(ear.telegram.asked) == 8)

    assert [(line["event"], line["waiting"]) for line in told] == [
        ("the Bot API does not answer", "updates"),
        ("the Bot API answers again", "updates"),
    ]
    assert told[1]["seconds"] >= 0


async def test_one_answer_that_is_lost_is_not_told_of(ear: Ear) -> None:
    ear.telegram.answers = [news(), SERVER, news(), SERVER, news()]

    with capture_logs() as told:
        async with ear.listening():
            await until(lambda: len(ear.telegram.asked) == 6)

    assert told == []


async def test_an_update_that_cannot_be_decoded_is_set_aside_between_its_neighbours(ear: Ear) -> None:
    ear.telegram.answers = [
        news(written(100, "/start"), {"update_id": 101, "message": {"chat": 5}}, written(102, "/start", 1002))
    ]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 2)
        await until(lambda: ear.mouth.texts(7))

    [row] = await ear.house.rows("quarantine")
    assert (row.update_id, row.kind, row.attempts) == (101, "message", 1)
    assert ear.telegram.offsets == [0, 103]
    assert len(await ear.house.rows("outbox")) == 2


async def test_an_outage_begins_with_the_first_trouble_and_ends_when_telegram_answers(ear: Ear) -> None:
    def minutes_later() -> Answer:
        ear.house.later(minutes=3)
        return SERVER

    began = ear.house.now
    ear.telegram.answers = [news(), SERVER, minutes_later, news(), news()]

    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 6)

    assert [gap.since for gap in ear.gaps.found] == [began]


async def test_an_outage_of_the_database_ends_when_what_waits_is_committed(ear: Ear) -> None:
    began = ear.house.now
    ear.telegram.answers = [news(written(100, "/start"))]

    async with ear.listening():
        with trouble():
            await until(lambda: ear.mouth.texts(7))
            ear.house.later(minutes=3)
        await until(lambda: ear.gaps.found)

    assert [gap.since for gap in ear.gaps.found] == [began]


async def test_a_stop_ends_a_poll_that_waits_for_news_at_once(ear: Ear) -> None:
    async with ear.listening():
        await until(lambda: len(ear.telegram.asked) == 1)
        began = asyncio.get_running_loop().time()

    assert asyncio.get_running_loop().time() - began < 1
