"""Digests through the real voice and outbox: told at their hour, once, as the panel wants it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

import pytest
from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from bot.chores import digests
from bot.chores.digests import Digests
from flows.digests.picture import DigestPicture
from flows.panels.settings import PanelSettings, Rhythm, SentTo
from flows.people.roles import Role, Scope
from flows.people.territory import Panel, Territories
from storage.actions.piloted import Action, ActionText
from storage.database import Database
from storage.panels.roomed import Room
from storage.people.erasure import erase
from storage.tables import Contact, Pseudonym, Statement, table
from tests.bot.house import BOT, House
from tests.bot.turns.test_coordination import appoint
from tests.flows.places import RIVERSIDE
from tests.storage.heard import author, review, say

CHAT: Final = -100_500
MONDAY_AT_NINE: Final = datetime(2026, 5, 4, 6, tzinfo=UTC)  # by the clocks in Riga
LAST_WEEK: Final = datetime(2026, 4, 29, 12, tzinfo=UTC)
SETTINGS: Final = PanelSettings(day=0, hour=9, languages=("lv",))
DRAWN: Final = b"\x89PNG drawn"


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[DigestPicture]:
    """The pictures that are asked for; drawing them takes seconds, and is tested elsewhere."""
    asked: list[DigestPicture] = []

    async def draw(picture: DigestPicture) -> bytes:
        asked.append(picture)
        return DRAWN

    monkeypatch.setattr(digests, "draw", draw)
    return asked


class Panels:
    """A panel in Riverside with a room, at nine on a Monday."""

    def __init__(self, house: House, settings: PanelSettings = SETTINGS) -> None:
        panel = Panel({"lv": "Upmalas panelis"}, ("citizens", "associations", "experts"), settings=settings)
        territories = Territories((replace(RIVERSIDE, panel=panel),))
        context = replace(house.context, territories=territories)
        house.now = MONDAY_AT_NINE
        self.house = house
        self.digests = Digests(house.means(context=context))

    async def tick(self) -> list[str]:
        """What is said after a look, by key."""
        await self.digests.tick()
        return [row.key for row in await self.waiting()]

    async def waiting(self) -> Sequence[Any]:
        return [row for row in await self.house.rows("outbox") if row.key.startswith(("digest:", "p:"))]

    async def texts(self) -> list[str]:
        """The words of what waits."""
        return [json.loads(row.payload)["text"] for row in await self.waiting()]


def bind(connection: Connection) -> None:
    """A group chat is the panel's room, in a topic."""
    add(connection, Contact, id=900, bot=BOT, telegram=CHAT, citizen_id=None, reach="open")
    room = {"contact_id": 900, "territory": "riverside", "purpose": "panel", "topic": 4}
    add(connection, Room, id=901, since=LAST_WEEK, **room)


def add(connection: Connection, model: type[SQLModel], **row: Any) -> None:
    connection.execute(insert(table(model)), row)


def speak(connection: Connection, people: int = 12) -> None:
    """So many people said something last week."""
    say(connection, range(people), at=LAST_WEEK, about="A03", sorted_at=LAST_WEEK)


def plant(connection: Connection) -> None:
    """An idea that waits for a decision."""
    row = {"territory": "riverside", "status": "idea", "planner": "somebody", "created_at": LAST_WEEK}
    add(connection, Action, id=71, published_at=LAST_WEEK, **row)
    add(connection, ActionText, action_id=71, part="title", language="lv", text="Dārzs & <soli>")


async def told_a_week_ago(panels: Panels) -> None:
    """The panel was told of the week before the last one: nothing was new."""
    panels.house.later(days=-7)
    assert await panels.tick() == []
    panels.house.later(days=7)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await database.write(bind)
    return house


async def test_a_digest_is_told_at_its_hour_and_once(house: House) -> None:
    await house.database.write(speak)
    panels = Panels(house)
    house.now = MONDAY_AT_NINE.replace(hour=5, minute=59)

    before = await panels.tick()
    house.later(minutes=1)
    at_its_hour = await panels.tick()
    again = await panels.tick()

    assert before == []
    assert len(at_its_hour) == 1
    assert again == at_its_hour
    [text] = await panels.texts()
    assert "Upmalas panelis" in text
    assert "12" in text


async def test_it_is_told_in_the_topic_with_its_picture_and_waits_for_replies(
    house: House, pictures: list[DigestPicture]
) -> None:
    await house.database.write(speak)
    panels = Panels(house)

    await panels.tick()

    [row] = await panels.waiting()
    payload = json.loads(row.payload)
    assert payload["topic"] == 4
    assert payload["media"]["kind"] == "photo"
    assert row.lane == 3
    assert "12" in pictures[0].alt
    [medium] = await house.rows("media")
    assert medium.content == DRAWN


async def test_each_language_of_the_panel_has_a_digest_and_a_picture_of_its_own(
    house: House, pictures: list[DigestPicture]
) -> None:
    await house.database.write(speak)

    keys = await Panels(house, replace(SETTINGS, languages=("lv", "ar"))).tick()

    assert [key.split(":")[3] for key in keys] == ["lv", "ar"]
    assert [picture.language for picture in pictures] == ["lv", "ar"]


async def test_nothing_new_is_said_with_silence(house: House, pictures: list[DigestPicture]) -> None:
    assert await Panels(house).tick() == []
    assert pictures == []
    assert [row.told_at for row in await house.rows("digest")] == [MONDAY_AT_NINE]


async def test_nothing_new_is_said_in_one_line_where_the_panel_wants_that(house: House) -> None:
    panels = Panels(house, replace(SETTINGS, silence=False))

    await panels.tick()

    [text] = await panels.texts()
    assert text.count("\n") <= 4


async def test_ideas_stand_below_with_buttons_inside(house: House) -> None:
    await house.database.write(speak)
    await house.database.write(plant)
    panels = Panels(house)

    await panels.tick()

    payload = json.loads((await panels.waiting())[-1].payload)
    assert "Dārzs &amp; &lt;soli&gt;" in payload["text"]
    assert [data.partition(":")[0] for row in payload["buttons"] for _, data in row] == ["~counsel"] * 3


async def test_an_outage_of_hours_makes_a_digest_late(house: House) -> None:
    await house.database.write(speak)
    panels = Panels(house)
    house.later(hours=23)

    assert len(await panels.tick()) == 1


async def test_after_a_day_it_comes_with_the_next(house: House) -> None:
    panels = Panels(house)
    await told_a_week_ago(panels)
    await house.database.write(speak)
    house.later(hours=25)

    assert await panels.tick() == []
    house.later(days=6)
    assert len(await panels.tick()) == 1
    assert "12" in (await panels.texts())[0]


async def test_a_digest_that_was_made_and_could_not_be_told_within_a_day_comes_with_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    panels = Panels(house)
    await told_a_week_ago(panels)
    await house.database.write(speak)

    async def fail(_picture: DigestPicture) -> bytes:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as broken:
        broken.setattr(digests, "draw", fail)
        assert await panels.tick() == []
    house.later(hours=25)
    assert await panels.tick() == []
    house.later(days=6)
    assert len(await panels.tick()) == 1
    assert "12" in (await panels.texts())[0]


async def test_a_digest_that_fails_is_told_to_the_admins_and_tried_again_later_and_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.database.write(speak)
    panels = Panels(house)
    tried: list[datetime] = []

    async def fail(_picture: DigestPicture) -> bytes:
        tried.append(house.now)
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as broken, capture_logs() as told:
        broken.setattr(digests, "draw", fail)
        for _ in range(720):
            await panels.digests.tick()
            house.later(seconds=5)
    house.later(minutes=30)
    said = await panels.tick()

    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert 5 < len(tried) < 10
    assert pauses == sorted(pauses)
    assert house.alarmed == ["chores_fail"] * len(tried)
    assert [line["event"] for line in told] == ["a digest cannot be told"] * len(tried)
    assert all(isinstance(line["exc_info"], RuntimeError) for line in told)
    assert len(said) == 1


async def test_a_panel_without_a_room_is_told_all_of_it_once_it_has_one(database: Database) -> None:
    house = House(database)
    await database.write(speak)
    panels = Panels(house)

    assert await panels.tick() == []
    await database.write(bind)
    assert len(await panels.tick()) == 1


async def test_members_are_told_in_private_in_their_own_language(house: House) -> None:
    await house.database.write(speak)
    await house.arrive(1, 2)
    await appoint(house, 1, Role.PANEL, Scope("riverside"))
    panels = Panels(house, replace(SETTINGS, to=SentTo.MEMBERS, cadence=Rhythm.WEEKLY))

    assert await panels.tick() == []
    [push] = await house.rows("push")
    assert (push.kind, push.topic) == ("digest", "digest")


async def test_it_does_not_leave_with_words_of_somebody_who_has_just_erased_everything(house: House) -> None:
    await house.arrive(1)
    [citizen] = [row.id for row in await house.rows("citizen")]

    def quoted(connection: Connection) -> None:
        speak(connection)
        add(connection, Pseudonym, pseudonym=author(citizen), citizen_id=citizen, purpose="statements")
        say(connection, [citizen], at=LAST_WEEK, about="A04", sorted_at=LAST_WEEK, text="NIGHTINGALE")
        query = select(table(Statement).c.id).where(table(Statement).c.author == author(citizen))
        review(connection, connection.execute(query).scalar_one(), at=LAST_WEEK)

    await house.database.write(quoted)
    panels = Panels(house)
    await panels.tick()
    assert "NIGHTINGALE" in "".join(await panels.texts())

    await house.database.write(lambda connection: erase(connection, [citizen]))

    assert await panels.texts() == []
