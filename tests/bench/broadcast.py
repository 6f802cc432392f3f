"""An announcement to many, beside the loops people would write instead: python -m tests.bench.broadcast

The same recipients, a Bot API that counts and refuses what comes too fast, and citizens who go on talking:
how much of the limit is used, how often Telegram refuses for haste, how long a citizen waits for a reply
meanwhile. Peers: python-telegram-bot with its AIORateLimiter, and a loop of aiogram that sleeps between
sends. They need tests/bench/requirements.lock installed.
"""

import argparse
import asyncio
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from flows.announcements.announcement import Stage
from storage.announcements.announced import Announcement, AnnouncementText
from storage.database import open_database
from storage.pushes.pushed import Habit
from storage.tables import Citizen, Consent, Contact
from tests.bench.api import Api
from tests.bench.bot_process import BotProcess
from tests.bench.contestants import KEY, TOKEN, Contestant, Way
from tests.bench.delivery import PATH, SECRET, Delivery
from tests.bench.pushes import add

BOT: Final = 42
FIRST: Final = 5_000_000_000  # of those who get it
TALKER: Final = 6_000_000_000  # of those who talk meanwhile
TALKERS: Final = 5
EVERY: Final = 0.5  # seconds between two messages of one of them
START: Final = 60.0
STILL: Final = 15.0  # seconds without anything sent after which it is over

_WROTE: Final = (
    b'{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Ana",'
    b'"language_code":"en"},"chat":{"id":%d,"first_name":"Ana","type":"private"},"date":%d,"text":"%s",'
    b'"entities":[{"type":"bot_command","offset":0,"length":5}]}}'
)
_TOO_FAST: Final = json.dumps(
    {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1",
     "parameters": {"retry_after": 1}}
).encode()  # fmt: skip


class Limited(Api):
    """A Bot API that takes so many messages a second, as many at once, and refuses more."""

    def __init__(self, rate: int, heard: Any, *, latency: float) -> None:
        super().__init__(heard, latency=latency)
        self._rate = self._left = float(rate)
        self._at = time.monotonic()
        self.refused = 0

    def call(self, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
        """Count each message against the limit."""
        if b"/sendmessage" in head.lower():
            now = time.monotonic()
            self._left = min(self._rate, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                self.refused += 1
                refusal = (
                    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: "
                )
                transport.write(refusal + b"%d\r\n\r\n%s" % (len(_TOO_FAST), _TOO_FAST))
                return
            self._left -= 1
        super().call(transport, head, body)


@dataclass(slots=True)
class Figures:
    """What one run showed."""

    name: str
    rate: int
    sent: dict[int, list[float]] = field(default_factory=dict)  # moments, by recipient
    replies: list[float] = field(default_factory=list)  # seconds
    others: int = 0  # replies while it was sent
    refused: int = 0
    cpu: float = 0.0  # seconds of the bot, its start included

    def __str__(self) -> str:
        moments = sorted(moment for each in self.sent.values() for moment in each)
        if len(moments) < 2:
            return f"{self.name} at {self.rate}/s: nothing was sent"
        length = moments[-1] - moments[0]
        rate = (len(moments) - 1 + self.others) / length
        twice = sum(len(each) > 1 for each in self.sent.values())
        waits = sorted(self.replies) or [0.0]
        last = waits[min(len(waits) - 1, len(waits) * 99 // 100)]
        return (
            f"{self.name} at {self.rate}/s: {len(self.sent):,} people in {length:.1f} s, replies included "
            f"{rate:.1f} a second, {rate / self.rate:.1%} of the limit; {self.refused} refused for haste; "
            f"{twice} got it twice; {len(waits)} replies, "
            f"median {1000 * statistics.median(waits):.0f} ms, p99 {1000 * last:.0f} ms; "
            f"CPU {self.cpu:.1f} s with the start"
        )


def main() -> None:
    """A line for each contestant at each rate."""
    parser = argparse.ArgumentParser(prog="broadcast", description="Send an announcement to many.")
    parser.add_argument(
        "--people", type=int, help="recipients; otherwise 10 seconds' worth, 10,000 at the most"
    )
    parser.add_argument("--rates", type=int, nargs="*", default=[30, 1000])
    parser.add_argument("--only", choices=tuple(CONTESTANTS), nargs="*", default=list(CONTESTANTS))
    parser.add_argument("--latency", type=float, default=0.0, help="seconds between a call and its answer")
    asked = parser.parse_args()
    for rate in asked.rates:
        for name in asked.only:
            people = asked.people or min(10_000, 10 * rate)
            figures = asyncio.run(run(name, rate, people, asked.latency))
            sys.stdout.write(f"{figures}\n")
            sys.stdout.flush()


async def run(name: str, rate: int, people: int, latency: float) -> Figures:
    """One contestant at one rate."""
    figures, answers = Figures(name, rate), {TALKER + n: asyncio.Queue[float]() for n in range(TALKERS)}

    def heard(chat: int, _text: str, _message: int, _buttons: list[str]) -> None:
        if chat in answers:
            answers[chat].put_nowait(time.monotonic())
        else:
            figures.sent.setdefault(chat, []).append(time.monotonic())

    api = Limited(rate, heard, latency=latency)
    with tempfile.TemporaryDirectory(prefix="broadcast-") as folder:
        contestant = CONTESTANTS[name]
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        await contestant.prepare(url, people)
        bot = BotProcess(_paced(contestant, rate, people), Path(folder) / "run", core=None)
        try:
            way = Way(await api.open(), url, _free_port())
            bot.start(way)
            async with asyncio.timeout(START):
                while not await bot.listens(way.port):  # noqa: ASYNC110  nobody tells
                    await asyncio.sleep(0.05)
                await api.hooked.wait()
            delivery = Delivery([way.port])
            await delivery.open(TALKERS)
            await _measure(figures, delivery, answers, people)
            figures.cpu, figures.refused = bot.cpu_seconds(), api.refused
            delivery.close()
        finally:
            bot.stop()
            await api.close()
    return figures


async def _measure(
    figures: Figures, delivery: Delivery, answers: Mapping[int, "asyncio.Queue[float]"], people: int
) -> None:
    """People talk until everybody has it."""
    updates = iter(range(880_000_000, 890_000_000))

    def write(chat: int, words: bytes) -> None:
        update = next(updates)
        delivery.bring(_WROTE % (update, update, chat, chat, int(time.time()), words), lambda _status: None)

    async def talk(chat: int) -> None:
        while True:
            began = time.monotonic()
            write(chat, b"/help")
            took = await answers[chat].get() - began
            if 0 < len(figures.sent) < people:
                figures.replies.append(took)
                figures.others += 1
            await asyncio.sleep(EVERY)

    talking = [asyncio.create_task(talk(chat)) for chat in answers]
    write(TALKER, b"/send")  # what peers wait for; ours does not know it
    said, quiet = 0, time.monotonic()
    while len(figures.sent) < people and time.monotonic() < quiet + STILL:
        await asyncio.sleep(0.1)
        if len(figures.sent) > said:
            said, quiet = len(figures.sent), time.monotonic()
    for task in talking:
        task.cancel()
    await asyncio.gather(*talking, return_exceptions=True)


def _paced(contestant: Contestant, rate: int, people: int) -> Contestant:
    """The same, told how fast it may speak, and to how many."""

    def settings(way: Way) -> dict[str, str]:
        return {
            **contestant.settings(way),
            "TOGETHER_MAX_PER_SECOND": str(rate),
            "RATE": str(rate),
            "FIRST": str(FIRST),
            "PEOPLE": str(people),
        }

    return Contestant(contestant.name, contestant.command, settings, contestant.prepare, contestant.count)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def _prepare(url: str, people: int) -> None:
    """Everybody has arrived, and the announcement is due."""
    database = open_database(url)
    await database.upgrade()
    await database.write(partial(_fill, people=people))
    await database.close()


def _fill(connection: Connection, people: int) -> None:
    now = datetime.now(UTC) - timedelta(days=1)
    recipients = [FIRST + number for number in range(people)]
    talkers = [TALKER + number for number in range(TALKERS)]
    everybody = [*recipients, *talkers]
    languages = ("fr", "en", "ar", "ru")
    add(connection, Citizen, [
        {"id": id, "language": languages[id % 4] if id < TALKER else "en", "language_chosen": True,
         "territory": "mulhouse" if id < TALKER else "kavala", "arrived_at": now, "created_at": now,
         "seen_at": now} for id in everybody
    ])  # fmt: skip
    add(connection, Contact, [
        {"id": id, "bot": BOT, "telegram": id, "citizen_id": id, "reach": "open"} for id in everybody
    ])  # fmt: skip
    add(connection, Consent, [
        {"id": id, "citizen_id": id, "purpose": "news", "text_key": "", "text_hash": "",
         "language": "en", "update_id": id, "given_at": now} for id in recipients
    ])  # fmt: skip
    add(connection, Habit, [{"citizen_id": id, "quiet": "", "topics_off": ""} for id in recipients])
    add(connection, Announcement, [
        {"id": 77, "territory": "mulhouse", "planner": "bench", "stage": Stage.WAITING, "aims": "[]",
         "asks_interest": True, "zone": "Europe/Paris", "lead": "", "begins_at": now, "confirmed_at": now,
         "confirmed_twice": True, "found": 0, "created_at": now, "changed_at": now}
    ])  # fmt: skip
    add(connection, AnnouncementText, [
        {"announcement_id": 77, "language": language, "text": "The river path opens on Sunday at ten. " * 4}
        for language in languages
    ])  # fmt: skip


def _together(way: Way) -> dict[str, str]:
    settings = {
        "BOT_TOKEN": TOKEN, "API_URL": way.api, "DATABASE_URL": way.database, "SECRET_KEY": KEY,
        "WEBHOOK_URL": way.hook, "WEBHOOK_LISTEN": way.listen, "WEBHOOK_SECRET": SECRET,
    }  # fmt: skip
    return {f"TOGETHER_{name}": value for name, value in settings.items()}


def _peer(way: Way) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN, "API_URL": way.api, "WEBHOOK_URL": way.hook, "WEBHOOK_PATH": PATH,
        "WEBHOOK_PORT": str(way.port), "WEBHOOK_SECRET": SECRET,
    }  # fmt: skip


async def _nothing(_url: str, _people: int) -> None:
    """The peers keep nothing."""


async def _none(_url: str) -> Mapping[str, int]:
    return {}


CONTESTANTS: Final = {
    "together": Contestant("together", ("bot", "run"), _together, _prepare, _none),
    "python-telegram-bot": Contestant(
        "python-telegram-bot", ("tests.bench.bots.broadcast_telegram",), _peer, _nothing, _none
    ),
    "aiogram": Contestant("aiogram", ("tests.bench.bots.broadcast_aiogram",), _peer, _nothing, _none),
}


if __name__ == "__main__":
    main()
