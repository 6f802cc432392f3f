"""What waits for a translation is let go in less than a minute, whatever the server says or does not say."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.chores import translation
from bot.chores.inquiries import REST, Inquiries
from bot.chores.means import Means
from bot.chores.translation import AT_A_TIME, Away, Translator, Untranslatable
from bot.rendering.voice import Voice
from flows.inquiries.inquiries import AskPerson, TakeInquiry
from flows.people.roles import Scope
from flows.words.statements import Words
from storage.context import Context
from storage.database import Database
from storage.inquiries.inquired import InquiryMessage
from storage.inquiries.translations import HOLD
from storage.messages import outbox
from storage.messages.outbox import Ending, State
from storage.tables import Outbox, table
from tests.bot.house import TEXTS
from tests.flows.places import TERRITORIES
from tests.storage.inquirers import ADA, BEN, CLEO, bind_room, settled, told
from tests.storage.town import BOT, CONTEXT, RUN, Town

VOICE = Voice(TEXTS, TERRITORIES)
TRANSLATED = replace(CONTEXT, translates=True)


def means(town: Town, context: Context) -> Means:
    """What the chore needs there."""
    return Means(town.database, context, VOICE, BOT, per_second=30, now=lambda: town.now, alarm=print)


class Machine(Translator):
    """Translates at once, or is in the trouble that a test wants it to be in."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9", None)
        self.trouble: Exception | None = None
        self.asked: list[str] = []

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text, marked with both languages."""
        self.asked.append(text)
        if self.trouble is not None:
            raise self.trouble
        return f"{text} ({source} to {target})"


@pytest.fixture
async def town(database: Database, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Riverside, where Latvian is spoken first; Ben has asked in English."""
    town = Town(database)
    await settled(town)
    monkeypatch.setattr("tests.storage.town.CONTEXT", TRANSLATED)
    await town.acts(BEN, AskPerson(Words("Where?", 1, "en", 0.97), translate=True))
    return town


@pytest.fixture
def machine() -> Machine:
    """The server."""
    return Machine()


@pytest.fixture
def inquiries(town: Town, machine: Machine) -> Inquiries:
    """The chore."""
    return Inquiries(means(town, TRANSLATED), machine)


async def test_what_waits_is_translated_and_told(town: Town, inquiries: Inquiries) -> None:
    await inquiries.translate()

    assert (await town.row(InquiryMessage)).translation == "Where? (en to lv)"
    assert await told(town) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_while_the_server_is_away_it_is_tried_again_and_then_the_words_go_as_they_are(
    town: Town, inquiries: Inquiries, machine: Machine
) -> None:
    machine.trouble = Away("status 429")
    asked_at = town.now
    while (await town.row(InquiryMessage)).ready_at is None:
        await inquiries.translate()
        town.later(seconds=2)

    row = await town.row(InquiryMessage)
    assert row.translation is None
    assert HOLD <= row.ready_at - asked_at < timedelta(minutes=1)
    assert 1 < len(machine.asked) <= HOLD / REST + 1
    assert await told(town) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_what_cannot_be_translated_goes_at_once(
    town: Town, inquiries: Inquiries, machine: Machine
) -> None:
    machine.trouble = Untranslatable()

    await inquiries.translate()

    assert (await town.row(InquiryMessage)).ready_at == town.now
    assert machine.asked == ["Where?"]


async def test_a_server_that_comes_back_translates_what_waits(
    town: Town, inquiries: Inquiries, machine: Machine
) -> None:
    machine.trouble = Away("NotSent")
    await inquiries.translate()
    machine.trouble = None
    await inquiries.translate()
    assert (await town.row(InquiryMessage)).ready_at is None

    town.now += REST
    await inquiries.translate()

    assert (await town.row(InquiryMessage)).translation == "Where? (en to lv)"


async def test_many_that_wait_at_once_are_translated_by_a_server_that_takes_its_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its own seconds for the server, from when it is asked: the last ones wait for those before."""
    monkeypatch.setattr(translation, "WITHIN", 1.0)
    row = (await town.row(InquiryMessage))._mapping
    more = [{**row, "id": row["id"] + number} for number in range(1, 12)]
    await town.do(lambda connection: connection.execute(insert(table(InquiryMessage)), more))
    at_once = most_at_once = 0

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        await reader.readuntil(b"}")
        await asyncio.sleep(0.4)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 26\r\n\r\n")
        writer.write(b'{"translatedText": "Kur?"}')
        at_once -= 1
        writer.close()

    async with await asyncio.start_server(slow, "127.0.0.1", 0) as server:
        machine = Translator(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", None)
        await Inquiries(means(town, TRANSLATED), machine).translate()
        machine.close()

    assert [row.translation for row in await town.rows(InquiryMessage)] == ["Kur?"] * 12
    assert most_at_once == AT_A_TIME


async def test_where_translation_was_switched_off_what_waits_is_let_go(town: Town) -> None:
    await Inquiries(means(town, CONTEXT), None).translate()

    row = await town.row(InquiryMessage)
    assert (row.translation, row.ready_at) == (None, town.now)


async def test_what_is_unanswered_is_brought_up(town: Town, inquiries: Inquiries) -> None:
    await inquiries.translate()
    await told(town)
    town.later(hours=30)

    await inquiries.watch()

    assert await told(town) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_a_room_gets_the_question_with_a_button_and_then_who_has_taken_it(
    town: Town, inquiries: Inquiries
) -> None:
    await town.do(bind_room, town.now)
    await inquiries.translate()

    await inquiries.watch()
    first = await spoken(town)
    await town.acts(ADA, TakeInquiry(Scope("riverside"), (await town.row(InquiryMessage)).inquiry_id))
    await inquiries.watch()
    second = await spoken(town)

    assert "Where? (en to lv)" in first["text"]
    [[[_, data]]] = first["buttons"]
    assert data.startswith("~inquiry:")
    assert first["topic"] == 3
    assert (second["edit"], second["buttons"]) == (50, [])
    assert "Ada" in second["text"]
    assert "Where?" not in second["text"]


async def spoken(town: Town) -> dict[str, Any]:
    """The one message that waits to leave, which lands."""
    (row,) = [row for row in await town.rows(Outbox) if row.payload]
    await town.claims()
    await town.do(outbox.record, [Ending(row.key, State.SENT, message=50)], RUN, town.now)
    payload: dict[str, Any] = json.loads(row.payload)
    return payload
