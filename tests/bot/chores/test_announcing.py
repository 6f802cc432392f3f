"""Announcements become messages: in the reader's language, with lasting buttons, a picture beside."""

from typing import Any, Final

import pytest
from sqlalchemy import Connection, Row, select, update
from sqlmodel import col

from bot.chores.announcing import AHEAD, Announcing
from bot.listening.updates import Decoder
from bot.rendering.button import opener, read_opener
from flows.announcements.announcement import Stage
from flows.announcements.letter import Deed, door
from flows.events import Opened
from storage.announcements.announced import Announcement, AnnouncementText
from storage.database import Database
from storage.messages import media, outbox
from storage.messages.outbox import Lane
from storage.tables import Citizen, Outbox, table
from tests.bot.house import BOT, House, said
from tests.storage.sent import announce

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
ID: Final = 77


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def announcing(house: House, *, per_second: float = 30) -> Announcing:
    return Announcing(house.means(per_second=per_second))


async def people(house: House, *telegrams: int, text: str = "Come and see", **columns: Any) -> None:
    """People who have arrived in Riverside, and an announcement to all of them that is due."""
    await house.arrive(*telegrams)
    await house.database.write(
        lambda connection: announce(connection, ID, now=house.now, text={"en": text}, **columns)
    )


async def reads(house: House, telegram: int, language: str) -> None:
    """Somebody reads in that language."""
    (contact,) = [row for row in await house.rows("contact") if row.telegram == telegram]
    change = update(table(Citizen)).where(col(Citizen.id) == contact.citizen_id).values(language=language)
    await house.database.write(lambda connection: connection.execute(change))


async def waiting(house: House) -> list[Row[Any]]:
    """The messages that wait to leave, in their order."""
    rows = await house.rows("outbox")
    return sorted((row for row in rows if row.state == outbox.State.PENDING), key=lambda row: row.id)


async def test_everybody_gets_it_in_their_language_or_is_told_that_it_is_in_another(house: House) -> None:
    await people(house, ADA, BEN)
    await reads(house, BEN, "fr")

    await announcing(house).tick()
    await announcing(house).tick()

    ada, ben = [message.payload for message in await waiting(house)]
    assert "Come and see" in ada
    assert "English" not in ada
    assert "n’est pas encore écrit dans votre langue" in ben
    assert "English" in ben


async def test_a_text_from_right_to_left_is_set_apart(house: House) -> None:
    await people(house, ADA)
    arabic = table(AnnouncementText).insert().values(announcement_id=ID, language="ar", text="أهلا بكم")
    await house.database.write(lambda connection: connection.execute(arabic))
    await reads(house, ADA, "ar")

    await announcing(house).tick()

    (message,) = await waiting(house)
    assert "\u2068أهلا بكم\u2069" in message.payload


async def test_no_more_is_put_in_the_outbox_than_leaves_within_seconds(house: House) -> None:
    await people(house, ADA, BEN, EVE)

    await announcing(house, per_second=0.5).tick()

    assert len(await waiting(house)) == int(0.5 * AHEAD)
    assert {(row.lane, row.must) for row in await waiting(house)} == {(Lane.ANNOUNCEMENT, False)}


async def test_what_is_interesting_is_noted_by_a_press_on_any_day(house: House) -> None:
    await people(house, ADA)
    await announcing(house).tick()
    (message,) = await waiting(house)
    assert opener(door(ID, Deed.INTEREST)) in message.payload
    house.later(days=20)

    carried = await house.take(house.opens(ADA, door(ID, Deed.INTEREST)))

    assert "Noted" in said(carried)[0][1]
    (row,) = await house.rows("recipient")
    assert row.tapped_at == house.now


def test_a_button_of_an_announcement_is_read_as_its_link(house: House) -> None:
    query = {
        "id": "1",
        "from": {"id": ADA, "is_bot": False, "first_name": "Ada"},
        "chat_instance": "1",
        "data": opener(door(ID, Deed.WHY)),
    }

    incoming = Decoder(lambda: house.now).decode({"update_id": 1, "callback_query": query})

    assert incoming.event == Opened(house.now, "start", "n_25_w")
    assert incoming.press is not None
    assert incoming.press.label is None, "the other buttons stay"


@pytest.mark.parametrize("data", ["n_25_w", ">", ">n 25", ">" + "n" * 64, ">é"])
def test_nothing_else_is_read_as_one(data: str) -> None:
    assert read_opener(data) is None


@pytest.mark.parametrize(("length", "messages"), [(900, 1), (2000, 2)])
async def test_a_picture_stands_beside_its_text_or_before_a_long_one(
    house: House, length: int, messages: int
) -> None:
    def picture(connection: Connection) -> None:
        medium = media.receive(connection, BOT, "photo:AgAC", "", house.now)
        connection.execute(update(table(Announcement)).values(medium=medium))

    await people(house, ADA, text="x" * length)
    await house.database.write(picture)

    await announcing(house).tick()

    found = await waiting(house)
    assert len(found) == messages
    assert '"media"' in found[0].payload
    assert "Why this" in found[-1].payload
    assert found[-1].key.count(":") == 2


@pytest.mark.parametrize("language", ["en", "fr"], ids=["a long text", "by now a short one"])
async def test_words_that_come_too_late_after_their_picture_come_without_it(
    house: House, language: str
) -> None:
    def picture(connection: Connection) -> None:
        medium = media.receive(connection, BOT, "photo:AgAC", "", house.now)
        connection.execute(update(table(Announcement)).values(medium=medium))
        french = {"announcement_id": ID, "language": "fr", "text": "Venez voir"}
        connection.execute(table(AnnouncementText).insert(), [french])

    await people(house, ADA, text="x" * 2000)
    await house.database.write(picture)
    await announcing(house).tick()
    shown, _ = await waiting(house)
    left = update(table(Outbox)).where(col(Outbox.id) == shown.id)
    sent = left.values(state=outbox.State.SENT, ended_at=house.now, payload=None)
    await house.database.write(lambda connection: connection.execute(sent))
    await reads(house, ADA, language)

    house.later(minutes=11)
    await announcing(house).tick()

    (words,) = await waiting(house)
    assert '"media"' not in words.payload
    assert "Why this" in words.payload or "Pourquoi" in words.payload


async def test_while_nothing_is_announced_a_tick_writes_nothing(house: House) -> None:
    await people(house, ADA, stage=Stage.DRAFT)

    await announcing(house).tick()

    assert await waiting(house) == []
    assert await house.rows("recipient") == []


async def test_a_language_chosen_meanwhile_is_the_one_it_comes_in(house: House) -> None:
    await people(house, ADA)
    french = table(AnnouncementText).insert().values(announcement_id=ID, language="fr", text="Venez voir")
    await house.database.write(lambda connection: connection.execute(french))
    await reads(house, ADA, "fr")

    await announcing(house).tick()

    (message,) = await waiting(house)
    assert "Venez voir" in message.payload


async def test_pictures_are_kept_until_what_they_belong_to_has_ended(house: House) -> None:
    def picture(connection: Connection) -> None:
        medium = media.receive(connection, BOT, "photo:AgAC", "", house.now)
        connection.execute(update(table(Announcement)).values(medium=medium, stage=Stage.PAUSED))

    await people(house, ADA)
    await house.database.write(picture)
    for _ in range(3):
        house.later(days=20)
        await announcing(house).look()
        await house.database.write(lambda connection: media.sweep(connection, house.now))

    assert await house.database.read(
        lambda connection: connection.execute(select(table(Announcement).c.medium)).scalar_one()
    ) in [row.id for row in await house.rows("media")]
