"""A courier at work over a real database; Telegram's side is written by the test."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import update

from bot.speaking.alarms import Alarms
from bot.speaking.courier import Courier
from bot.speaking.pacing import Pace
from bot.speaking.shelf import Shelf
from flows.people.person import Purpose
from storage.database import Database
from storage.instance import Role, Run
from storage.messages import outbox
from storage.messages.outbox import Lane, Message
from storage.tables import Citizen, Consent, Contact, Outbox, table
from storage.unit import Book
from tests.bot.house import BOT, FENCE, House
from tests.bot.mouth import Always, Mouth

PLACES = 4


class Office:
    """A courier at work, its outbox, and the chats 1, 2, 3 ... as contacts 101, 102, 103 ..."""

    def __init__(self, database: Database) -> None:
        self.house = House(database)
        self.database = database
        self.mouth = Mouth()
        self.alarms = Alarms(self.mouth.speaker, database, [], self.now)
        self.permit = Always()
        self.courier = self._courier(1_000_000)
        self._put = 0

    def now(self) -> Any:
        return self.house.now

    def pace(self, per_second: int) -> None:
        """Speak no faster than that."""
        self.courier = self._courier(per_second)

    def listen(self) -> None:
        """Be one of several."""
        self.courier = self._courier(1_000_000, Role.LISTEN)

    def widen(self, places: int) -> None:
        """Have so many places for messages in flight."""
        self.courier = self._courier(1_000_000, places=places)

    def _courier(self, per_second: int, role: Role = Role.ALL, places: int = PLACES) -> Courier:
        return Courier(
            self.database,
            self.mouth.speaker,
            Pace(per_second, lambda: asyncio.get_running_loop().time()),
            self.permit,
            Shelf(self.database, self.mouth.speaker, bot=BOT),
            run=Run(FENCE, role, None),
            places=places,
            now=self.now,
            alarms=self.alarms,
        )

    async def know(self, *chats: int) -> None:
        """Let there be contacts for those chats."""
        rows = [{"id": chat + 100, "bot": BOT, "telegram": chat, "reach": "open"} for chat in chats]
        await self.database.write(lambda c: c.execute(table(Contact).insert(), rows) and None)

    async def welcome(self, *chats: int) -> None:
        """Let there be people in those chats who agree to what comes by itself."""
        at = {"created_at": self.now(), "seen_at": self.now(), "arrived_at": self.now()}
        people = [{"id": chat + 200, "language": "en", **at} for chat in chats]
        text = {"text_key": "consent.news", "text_hash": "", "language": "en", "update_id": 0}
        agreed = {"purpose": Purpose.NEWS, **text, "given_at": self.now()}
        consents = [{"id": chat, "citizen_id": chat + 200, **agreed} for chat in chats]
        ways = table(Contact)

        def work(connection: Any) -> None:
            connection.execute(table(Citizen).insert(), people)
            connection.execute(table(Consent).insert(), consents)
            theirs = update(ways).where(ways.c.telegram.in_(chats))
            connection.execute(theirs.values(citizen_id=ways.c.id + 100))

        await self.know(*chats)
        await self.database.write(work)

    async def put(
        self, chat: int, text: str, *, lane: Lane = Lane.REPLY, must: bool = True, media: int | None = None
    ) -> str:
        """Put a message in the outbox, with a picture if one is named; returns its key."""
        self._put += 1
        payload: dict[str, Any] = {"text": text, "buttons": []}
        if media is not None:
            payload["media"] = {"id": media, "kind": "photo"}
        message = Message(f"m:{self._put}", chat + 100, chat, payload, lane=lane, must=must)

        def work(connection: Any) -> None:
            book = Book(connection)
            outbox.put(book, message, now=self.house.now, worker=None)
            book.flush()

        await self.database.write(work)
        return message.key

    async def states(self) -> dict[str, str]:
        """The state of every message, by key."""
        return {row.key: row.state for row in await self.house.rows("outbox")}

    async def taken_over_by(self, worker: int) -> None:
        """Another instance has everything that waits, or is being sent."""
        rows = table(Outbox)
        theirs = update(rows).where(rows.c.ended_at.is_(None)).values(state="sending", worker=worker)
        await self.database.write(lambda connection: connection.execute(theirs) and None)

    async def said_by(self, worker: int) -> None:
        """Another instance has said what it had."""
        rows = table(Outbox)
        said = update(rows).where(rows.c.worker == worker).values(state="sent", ended_at=self.now())
        await self.database.write(lambda connection: connection.execute(said) and None)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let the courier work meanwhile, and stop it in order."""
        working = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            self.courier.stop()
            await asyncio.wait_for(working, 15)


async def until(happened: Callable[[], object], *, within: float = 15) -> None:
    """Wait for it, so many seconds at most."""
    by = time.monotonic() + within
    while not happened():
        assert time.monotonic() < by, "this never happened"
        await asyncio.sleep(0.002)


async def settled(office: Office, *states: str) -> dict[str, str]:
    """Every message's state, once all of them are in one of these."""
    by = time.monotonic() + 15
    while not (found := await office.states()) or set(found.values()) - set(states):
        assert time.monotonic() < by, f"only this became of them: {found}"
        await asyncio.sleep(0.005)
    return found
