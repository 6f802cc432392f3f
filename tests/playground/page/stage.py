"""An emulator with its page on a port of its own, and a hand that plays the bot over HTTP."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.playground.cast import CAST
from bot.playground.emulator import Emulator, Person
from bot.playground.site import Site

TOKEN = "42:TEST"
AMELIE, SAMIR, ELENI, LIGA, EMMA, CLAIRE = (persona.id for persona in CAST)


async def nobody_comes(emulator: Emulator) -> None:
    """Sample data without anybody in it."""


class Stage:
    """What a test plays on."""

    def __init__(
        self,
        folder: Path,
        reset: Callable[[], Awaitable[None]] | None = None,
        sample: Callable[[Emulator], Awaitable[None]] | None = None,
    ) -> None:
        self.database = folder / "together.db"
        self.emulator = Emulator(token=TOKEN)
        self.emulator.limits = None
        self.resets = 0
        for persona in CAST:
            self.emulator.person(
                persona.id, first_name=persona.first_name, language_code=persona.language_code
            )
        reset = reset or self._count_reset
        self.site = Site(self.emulator, database=self.database, reset=reset, sample=sample or nobody_comes)
        self.site.attach(self.emulator.app)
        self.root = ""
        self._offset = 0
        self.http: aiohttp.ClientSession

    async def __aenter__(self) -> "Stage":
        self.root = await self.emulator.start()
        self.http = aiohttp.ClientSession(self.root)
        self.site.tell_process({"state": "running", "seconds": 0, "lines": []})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()
        await self.emulator.stop()

    async def bot(self, method: str, **arguments: Any) -> Any:
        """Call the Bot API as the bot does; gives the result."""
        async with self.http.post(f"/bot{TOKEN}/{method}", json=arguments) as reply:
            answer = await reply.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, person_id: int, text: str, **arguments: Any) -> int:
        """The bot says something to somebody; gives the message id."""
        message = await self.bot("sendMessage", chat_id=person_id, text=text, **arguments)
        return int(message["message_id"])

    async def updates(self, timeout: int = 5) -> list[dict[str, Any]]:  # noqa: ASYNC109 (Telegram's word)
        """What has come to the bot and waits; it is acknowledged by the next call."""
        updates: list[dict[str, Any]] = await self.bot("getUpdates", offset=self._offset, timeout=timeout)
        self._offset = updates[-1]["update_id"] + 1 if updates else self._offset
        return updates

    def person(self, person_id: int) -> Person:
        return self.emulator.person(person_id)

    def begun(self, person_id: int) -> Person:
        """Somebody who has started the bot."""
        person = self.emulator.person(person_id)
        person.opens()
        return person

    def store(self, *statements: str) -> None:
        """Let the database hold these texts."""
        with sqlite3.connect(self.database) as database:
            database.execute("CREATE TABLE IF NOT EXISTS statement (id INTEGER PRIMARY KEY, text TEXT)")
            rows = [(text,) for text in statements]
            database.executemany("INSERT INTO statement (text) VALUES (?)", rows)
        database.close()

    async def _count_reset(self) -> None:
        self.resets += 1
