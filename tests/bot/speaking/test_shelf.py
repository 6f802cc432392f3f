"""A picture is uploaded once and sent by its name from then on, and no reply waits for it meanwhile."""

import asyncio
from typing import Any

import pytest

from bot.playground.emulator import Emulator
from bot.rendering.files import Attachment, Known
from bot.speaking.outcomes import Rejected, Unsure
from bot.speaking.shelf import Shelf
from bot.speaking.speaker import Speaker
from storage.database import Database
from storage.messages import media
from storage.messages.outbox import Lane
from tests.bot.house import BOT
from tests.bot.office import Office, settled, until

PICTURE = b"\x89PNG not much of a picture"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


async def keep(office: Office) -> int:
    """A picture that is kept to be sent; its id."""
    return await office.database.write(
        lambda connection: media.keep(connection, PICTURE, "week.png", "image/png", "Two bars", office.now())
    )


def files(office: Office) -> list[Attachment | Known | None]:
    """What went along with each message, in order."""
    return [one.file for one in office.mouth.sent]


async def send_all(office: Office, medium: int, *chats: int) -> None:
    for chat in chats:
        await office.put(chat, "words", lane=Lane.DIGEST, media=medium)


async def row(office: Office) -> Any:
    (found,) = await office.house.rows("media")
    return found


async def test_a_picture_is_uploaded_with_the_first_message_and_named_in_all_others(office: Office) -> None:
    await office.know(*range(1, 7))
    medium = await keep(office)
    await send_all(office, medium, *range(1, 7))

    async with office.open():
        await settled(office, "sent")

    upload, *others = files(office)
    assert upload == Attachment("week.png", "image/png", PICTURE, is_picture=True)
    assert others == [Known("file-1", is_picture=True)] * 5
    assert (await row(office)).file_id == "file-1"


async def test_while_a_picture_is_uploaded_others_wait_for_it_and_nobody_else_does(office: Office) -> None:
    await office.know(1, 2, 3)
    medium = await keep(office)
    await send_all(office, medium, 1, 2)
    office.mouth.held.clear()

    async with office.open():
        await until(lambda: office.mouth.in_flight == 1)
        await office.put(3, "a reply")
        office.courier.call()
        await until(lambda: office.mouth.in_flight == 2)
        await asyncio.sleep(0.05)
        meanwhile = [one.text for one in office.mouth.sent]
        office.mouth.held.set()
        await settled(office, "sent")

    assert meanwhile == ["words", "a reply"]
    assert office.mouth.sent[2].file == Known("file-1", is_picture=True)


async def test_a_courier_that_begins_anew_knows_the_name_that_was_noted(office: Office) -> None:
    await office.know(1, 2)
    medium = await keep(office)
    await send_all(office, medium, 1)
    async with office.open():
        await settled(office, "sent")

    office.pace(1_000_000)
    await send_all(office, medium, 2)
    async with office.open():
        await settled(office, "sent")

    assert files(office)[1] == Known("file-1", is_picture=True)


async def test_an_upload_of_which_nobody_knows_whether_it_arrived_is_made_again(office: Office) -> None:
    await office.know(1)
    medium = await keep(office)
    office.mouth.script(1, Unsure())
    await send_all(office, medium, 1)

    async with office.open():
        await settled(office, "sent")

    assert [type(file) for file in files(office)] == [Attachment, Attachment]
    assert (await row(office)).file_id == "file-2"


async def test_where_its_name_is_refused_a_picture_is_uploaded_again(office: Office) -> None:
    await office.know(1, 2, 3)
    medium = await keep(office)
    await send_all(office, medium, 1)
    async with office.open():
        await settled(office, "sent")
        office.mouth.script(2, Rejected("Wrong file identifier/HTTP URL specified"))
        await send_all(office, medium, 2)
        await settled(office, "sent")
        await send_all(office, medium, 3)
        await settled(office, "sent")

    assert [type(file) for file in files(office)] == [Attachment, Known, Attachment, Known]
    assert files(office)[3] == Known("file-3", is_picture=True)
    assert (await row(office)).file_id == "file-3"


async def test_a_refusal_for_another_reason_is_no_reason_to_upload_again(office: Office) -> None:
    await office.know(1, 2)
    medium = await keep(office)
    await send_all(office, medium, 1)
    async with office.open():
        await settled(office, "sent")
        office.mouth.script(2, Rejected("Button_data_invalid"))
        await send_all(office, medium, 2)
        await settled(office, "sent", "dead")

    assert [type(file) for file in files(office)] == [Attachment, Known]


async def test_where_a_picture_is_gone_its_words_still_arrive(office: Office) -> None:
    await office.know(1)
    await send_all(office, 404, 1)

    async with office.open():
        await settled(office, "sent")

    assert [(one.text, one.file) for one in office.mouth.sent] == [("words", None)]


async def test_a_picture_without_words_that_is_gone_is_not_sent(office: Office) -> None:
    shelf = Shelf(office.database, office.mouth.speaker, bot=BOT)

    outcome = await shelf.say(1, {"text": "", "buttons": [], "media": {"id": 404, "kind": "photo"}})

    assert outcome == Rejected("its medium is gone")
    assert office.mouth.sent == []


async def test_a_picture_that_another_bot_uploaded_is_uploaded_by_this_one(office: Office) -> None:
    medium = await keep(office)
    await office.database.write(lambda c: media.note(c, BOT + 1, {medium: "theirs"}, {medium}, office.now()))
    await office.know(1)
    await send_all(office, medium, 1)

    async with office.open():
        await settled(office, "sent")

    assert [type(file) for file in files(office)] == [Attachment]
    assert ((await row(office)).bot, (await row(office)).file_id) == (BOT, "file-1")


async def test_a_name_that_telegram_never_gave_is_followed_by_the_bytes(office: Office) -> None:
    emulator = Emulator(token=f"{BOT}:TEST")
    root = await emulator.start()
    emulator.person(1).opens()
    speaker = Speaker(f"{BOT}:TEST", root, most=1)
    await speaker.open()
    medium = await keep(office)
    await office.database.write(lambda c: media.note(c, BOT, {medium: "photo-7-1"}, {medium}, office.now()))
    payload = {"text": "words", "buttons": [], "media": {"id": medium, "kind": "photo"}}

    await Shelf(office.database, speaker, bot=BOT).say(1, payload)

    await speaker.close()
    await emulator.stop()
    assert [refusal.method for refusal in emulator.ledger.refusals] == ["sendPhoto"]
    assert [(send.text, send.uploaded) for send in emulator.ledger.sends] == [("words", True)]
