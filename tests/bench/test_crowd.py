"""What the crowd makes of a bot: it walks on only after the right reply and a 200, and misses nothing."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.bench.crowd import Crowd
from tests.bench.delivery import Ended
from tests.bench.run import differences
from tests.bench.walk import STEPS, WALK

Reply = Callable[[int], str]
"""The text a bot replies with, by the number of the turn."""


class Bot:
    """A bot in memory that knows the walk."""

    def __init__(self, reply: Reply = lambda turn: WALK[turn].reply.text, status: int = 200) -> None:
        self.crowd = Crowd(self.take)
        self.updates: list[dict[str, Any]] = []
        self._turns: Counter[int] = Counter()
        self._reply = reply
        self._status = status

    def take(self, update: bytes, ended: Ended) -> None:
        self.updates.append(json.loads(update))
        _, body = self.updates[-1].values()
        chat, turn = body["from"]["id"], self._turns[body["from"]["id"]]
        self._turns[chat] += 1
        buttons = [f"7:{turn}:{choice}" for choice in WALK[turn].reply.choices]
        self.crowd.heard(chat, self._reply(turn), 1000 + turn, buttons)
        ended(self._status)

    async def walk(self, seconds: float = 0.3) -> Crowd:
        """Have one citizen at a time walk for so long."""
        self.crowd.saturate(1)
        await asyncio.sleep(seconds)
        await self.crowd.finish(0.1)
        return self.crowd


async def test_a_citizen_takes_the_turns_in_order_and_presses_what_was_offered() -> None:
    bot = Bot()

    crowd = await bot.walk()

    acts = [
        update.get("message", {}).get("text") or update["callback_query"]["data"] for update in bot.updates
    ]
    assert acts[0] == "/start"
    assert acts[1:3] == ["7:0:fr", "7:1:yes"]
    assert acts[6:8] == ["7:5:4", "7:6:confirm"]
    assert crowd.turns["text"] >= 3
    assert crowd.errors == {}


async def test_no_button_shows_the_markup_that_a_trace_would_be_left_of() -> None:
    bot = Bot()

    await bot.walk()

    pressed = [update["callback_query"] for update in bot.updates if "callback_query" in update]
    assert pressed
    assert all("reply_markup" not in query["message"] for query in pressed)


async def test_the_reply_of_another_turn_is_an_error() -> None:
    crowd = await Bot(reply=lambda turn: WALK[max(0, turn - 1)].reply.text).walk()

    assert crowd.turns.total() == 1
    assert crowd.errors == {"wrong reply": 1, "no reply": 1}


async def test_a_call_that_is_not_acknowledged_is_an_error() -> None:
    crowd = await Bot(status=503).walk()

    assert crowd.errors == {"status 503": 1}


async def test_turns_begin_at_their_rate_however_slow_the_bot_is() -> None:
    calls: list[Ended] = []
    crowd = Crowd(lambda _update, ended: calls.append(ended))

    steady = asyncio.create_task(crowd.keep_up(100))
    await asyncio.sleep(0.5)
    await crowd.finish(0)
    await steady

    assert 25 <= len(calls) <= 51
    assert crowd.errors == {"no reply": len(calls)}


async def test_a_row_too_few_and_a_call_too_many_are_found() -> None:
    crowd = await Bot().walk()
    presses, replies = crowd.presses, crowd.turns.total()
    calls = Counter({"sendmessage": replies, "answercallbackquery": presses, "editmessagereplymarkup": 2})

    found = differences(calls, crowd, dict.fromkeys(STEPS, 5), {
        step: 5 + crowd.turns[step] - (step == "rating") for step in STEPS
    })  # fmt: skip

    assert found == {"rating rows": 1, "edits": 2}
