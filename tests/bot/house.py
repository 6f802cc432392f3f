"""The bot without a network: updates go in as they are decoded, and what would be spoken is looked at."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Table, select
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from bot.chores.means import Means
from bot.rendering.button import read_button
from bot.rendering.voice import Voice
from bot.turns.cards import Cards
from bot.turns.incoming import Incoming, Press, Sender
from bot.turns.turns import Carried, Turns
from config.cadences import our_cadences
from config.codes import our_reasons
from config.components import our_classification
from config.date_words import date_words
from config.impact import our_meeting_scales, our_scales
from config.languages import our_languages
from config.lead_words import lead_words
from config.occasion_kinds import our_occasion_kinds
from config.texts import Texts
from flows.events import Edited, Event, Opened, Pressed, PressedInChat, Wrote
from storage.context import Context, Keyring
from storage.database import Database
from storage.faultpoints import listen
from storage.messages.inbox import Arrived
from tests.flows.places import TERRITORIES

BOT: Final = 42
FENCE: Final = 5
NOON: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEXTS: Final = Texts.load()
ARRIVING: Final = ("en", "-", "ready", "yes", "yes", "yes", "yes", "yes")


class House:
    """Turns over a real database, with the real voice, and whoever lives there."""

    def __init__(self, database: Database) -> None:
        languages = {code: our_languages()[code] for code in TEXTS.languages}
        context = Context(
            keys=Keyring(b"a key for tests"),
            territories=TERRITORIES,
            own_names={code: language.name for code, language in languages.items()},
            conjunctions={code: language.conjunctions for code, language in languages.items()},
            lead_words=partial(lead_words, TEXTS),
            date_words=date_words,
            wording=TEXTS.wording,
            cadences=our_cadences(),
            components=our_classification(),
            scales=our_scales(),
            meeting_scales=our_meeting_scales(),
            occasion_kinds=our_occasion_kinds(),
            reasons=our_reasons(),
            address="https://t.me/house_bot",
        )
        self.database = database
        self.context = context
        self.voice = Voice(TEXTS, TERRITORIES)
        self.turns = Turns(database, context, self.voice, bot=BOT, fence=FENCE)
        self.cards = Cards(context, Voice(TEXTS, TERRITORIES), bot=BOT)
        self.now = NOON
        self.alarmed: list[str] = []  # causes, one for each time
        self._updates = 100

    def means(self, *, per_second: float = 30, **other: Any) -> Means:
        """What it takes to say something here without having been asked."""
        now, alarm = lambda: self.now, self.alarmed.append
        means = Means(self.database, self.context, self.voice, BOT, per_second, now, alarm)
        return replace(means, **other)

    def incoming(
        self, telegram: int, event: Event | PressedInChat, *, language: str | None = "en", **more: Any
    ) -> Incoming:
        """An update that brings this event."""
        self._updates += 1
        arrived = Arrived(self._updates, self._updates)
        return Incoming(arrived, "message", Sender(telegram, language), event, **more)

    def opens(self, telegram: int, payload: str = "", *, language: str | None = "en") -> Incoming:
        """Somebody comes by a link."""
        return self.incoming(telegram, Opened(self.now, "start", payload), language=language)

    def commands(self, telegram: int, command: str) -> Incoming:
        """Somebody gives a command."""
        return self.incoming(telegram, Opened(self.now, command))

    def writes(self, telegram: int, text: str, *, language: str | None = "en") -> Incoming:
        """Somebody writes; the message has the number of its update."""
        return self.incoming(telegram, Wrote(self.now, text, self._updates + 1), language=language)

    def edits(self, earlier: Incoming, text: str) -> Incoming:
        """Somebody changes what they wrote."""
        assert isinstance(earlier.event, Wrote)
        assert earlier.sender is not None
        return self.incoming(earlier.sender.telegram, Edited(self.now, text, earlier.event.message))

    def presses(self, telegram: int, data: str) -> Incoming:
        """Somebody presses a button with this data."""
        event = Pressed(self.now, *read_button(data))
        return self.incoming(telegram, event, press=Press(f"press {self._updates}", None, None))

    async def take(self, *group: Incoming, room: int = 100) -> Carried:
        """Carry a group out."""
        return await self.turns.take(group, self.now, room=room)

    async def arrive(self, *telegrams: int) -> None:
        """Let people arrive in Riverside and agree to everything; they are at the first question then."""
        for telegram in telegrams:
            carried = await self.take(self.opens(telegram, "t_riverside"))
            for choice in ARRIVING:
                carried = await self.take(self.presses(telegram, data(carried, choice)))
        await self.spoken()

    async def spoken(self) -> None:
        """Whatever was handed over has been said."""
        outbox = self.rows_of("outbox")
        await self.database.write(
            lambda connection: connection.execute(
                outbox.update().values(state="sent", payload=None, ended_at=self.now)
            )
        )

    async def rows(self, name: str) -> Sequence[Any]:
        """Every row of a table."""
        return await self.database.read(
            lambda connection: connection.execute(select(self.rows_of(name))).all()
        )

    async def statements(self) -> list[str]:
        """The words that are kept, sorted."""
        return sorted(row.text for row in await self.rows("statement"))

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    @staticmethod
    def tables() -> tuple[str, ...]:
        """The names of all tables."""
        return tuple(SQLModel.metadata.tables)

    @staticmethod
    def rows_of(name: str) -> Table:
        """A table by its name."""
        return SQLModel.metadata.tables[name]


@contextmanager
def trouble(after: int = 0) -> Iterator[None]:
    """The database is in trouble: `after` more transactions succeed, all others fail at their commit."""
    left = after

    def fail(point: str) -> None:
        nonlocal left
        left -= point == "before_commit"
        if point == "before_commit" and left < 0:
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError("COMMIT", None, full)

    listen(fail)
    try:
        yield
    finally:
        listen(lambda _point: None)


def data(carried: Carried, choice: str) -> str:
    """The data of the button for `choice` on what is said last."""
    buttons = [button for row in carried.speak[-1].payload["buttons"] for button in row]
    [found] = [data for _, data in buttons if read_button(data)[2] == choice]
    return str(found)


def said(carried: Carried) -> list[tuple[int, str]]:
    """What is spoken at once: to whom, and the text."""
    return [(message.telegram, message.payload["text"]) for message in carried.speak]
