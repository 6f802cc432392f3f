"""What a person sees and does in their chat, in a real browser."""

from base64 import b64decode
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.playground.page.conftest import Open
from tests.playground.page.stage import AMELIE, EMMA, LIGA, SAMIR, Stage

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""The smallest of pictures, as PNG."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def phone(page: Page, person_id: int) -> Locator:
    return page.locator(f'[data-person="{person_id}"]')


async def test_the_start_button_opens_the_link_a_person_enters_by(stage: Stage, opened: Open) -> None:
    await stage.bot("setMyDescription", description="Parler ensemble", language_code="fr")
    amelie = phone(await opened(), AMELIE)
    await expect(amelie.locator(".welcome")).to_contain_text("Parler ensemble")

    await amelie.get_by_role("button", name="Démarrer").click()

    await expect(amelie.locator(".row.mine .text")).to_have_text("/start t_mulhouse")
    assert (await stage.updates())[0]["message"]["text"] == "/start t_mulhouse"


async def test_enter_sends_and_shift_enter_breaks_the_line(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    await emma.get_by_label("Message", exact=True).fill("A park")
    await emma.get_by_label("Message", exact=True).press("Shift+Enter")
    await emma.get_by_label("Message", exact=True).press_sequentially("and a bus")
    await emma.get_by_label("Message", exact=True).press("Enter")

    await expect(emma.locator(".row.mine .text").last).to_have_text("A park\nand a bus")
    await expect(emma.get_by_label("Message", exact=True)).to_have_value("")
    assert stage.person(EMMA).messages[-1]["text"] == "A park\nand a bus"


async def test_a_text_is_shown_with_its_entities(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    await stage.say(
        EMMA,
        '🌳 <b>bold <i>both</i></b> <u>u</u> <s>s</s> <code>c</code> <a href="https://example.org/">link</a>'
        "<pre>block</pre><blockquote>quoted</blockquote>",
        parse_mode="HTML",
    )
    text = phone(await opened(), EMMA).locator(".row.theirs .text")

    await expect(text.locator("strong")).to_have_text("bold both")
    await expect(text.locator("strong em")).to_have_text("both")
    for name, content in {"u": "u", "s": "s", "code": "c", "pre": "block", "blockquote": "quoted"}.items():
        await expect(text.locator(name)).to_have_text(content)
    await expect(text.locator("a")).to_have_attribute("href", "https://example.org/")


async def test_a_hostile_text_stays_text(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA).writes("<img src=x onerror=alert(1)><script>document.title='stolen'</script>")
    page = await opened()
    emma = phone(page, EMMA)

    await expect(emma.locator(".row.mine .text").last).to_contain_text("<img src=x onerror=alert(1)>")
    assert await emma.locator(".messages script, .messages img").count() == 0
    assert await page.title() != "stolen"


async def test_a_link_to_a_script_is_no_link(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    entity = {"type": "text_link", "offset": 0, "length": 5, "url": "javascript:alert(1)"}
    message = stage.emulator.world.post(
        stage.person(EMMA).chat, stage.emulator.world.bot, {"text": "click", "entities": [entity]}
    )
    row = phone(await opened(), EMMA).locator(f'[data-id="{message["message_id"]}"]')

    await expect(row.locator(".text")).to_have_text("click")
    assert await row.locator("a").count() == 0


async def test_hidden_text_shows_when_pressed(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    await stage.say(EMMA, "<tg-spoiler>secret</tg-spoiler>", parse_mode="HTML")
    spoiler = phone(await opened(), EMMA).get_by_role("button", name="Hidden text; press to show")

    await spoiler.press("Enter")

    await expect(phone(spoiler.page, EMMA).locator(".spoiler.shown")).to_have_text("secret")


async def test_a_button_turns_until_the_bot_answers(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    await stage.updates()
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await stage.say(EMMA, "Coming?", reply_markup=keys)
    emma = phone(await opened(), EMMA)
    key = emma.get_by_role("button", name="Yes")

    await key.click()
    await expect(key).to_have_attribute("aria-busy", "true")
    query = (await stage.updates())[0]["callback_query"]
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Noted")

    assert query["data"] == "yes"
    await expect(key).not_to_have_attribute("aria-busy", "true")
    await expect(emma.locator(".toast")).to_have_text("Noted")


async def test_only_the_screen_that_was_pressed_shows_the_answer(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    await stage.updates()
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await stage.say(EMMA, "Coming?", reply_markup=keys)
    pressed, other = phone(await opened(), EMMA), phone(await opened(), EMMA)

    await pressed.get_by_role("button", name="Yes").click()
    query = (await stage.updates())[0]["callback_query"]
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
    await stage.say(EMMA, "See you")

    await expect(pressed.locator(".toast.shown")).to_have_text("Noted")
    await expect(other.get_by_text("See you")).to_be_visible()
    await expect(other.locator(".toast.shown")).to_have_count(0)


async def test_an_alert_waits_for_ok(stage: Stage, opened: Open) -> None:
    stage.begun(LIGA)
    await stage.updates()
    keys = {"inline_keyboard": [[{"text": "Jā", "callback_data": "1"}]]}
    await stage.say(LIGA, "Nāksiet?", reply_markup=keys)
    page = await opened()

    await phone(page, LIGA).get_by_role("button", name="Jā").click()
    query = (await stage.updates())[0]["callback_query"]
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Pilns", show_alert=True)

    await expect(page.get_by_role("dialog")).to_contain_text("Pilns")
    await page.get_by_role("button", name="Labi").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_an_edit_changes_the_bubble_where_it_stands(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    first = await stage.say(EMMA, "Draft")
    await stage.say(EMMA, "Newer")
    emma = phone(await opened(), EMMA)

    await stage.bot("editMessageText", chat_id=EMMA, message_id=first, text="Final")

    await expect(emma.locator(".row.theirs .text")).to_have_text(["Final", "Newer"])
    await expect(emma.locator(f'[data-id="{first}"] .edited')).to_have_text("edited")


async def test_a_message_the_bot_deletes_goes_away(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    first = await stage.say(EMMA, "Oops")
    emma = phone(await opened(), EMMA)
    await expect(emma.locator(".row.theirs")).to_have_count(1)

    await stage.bot("deleteMessage", chat_id=EMMA, message_id=first)

    await expect(emma.locator(".row.theirs")).to_have_count(0)


async def test_the_menu_lists_commands_in_the_language_of_the_phone(stage: Stage, opened: Open) -> None:
    private = {"type": "all_private_chats"}
    await stage.bot("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    french = [{"command": "aide", "description": "Obtenir de l’aide"}]
    await stage.bot("setMyCommands", commands=french, scope=private, language_code="fr")
    stage.begun(AMELIE)
    stage.begun(EMMA)
    page = await opened()

    await phone(page, AMELIE).get_by_role("button", name="Menu").click()
    await phone(page, EMMA).get_by_role("button", name="Menu").click()

    await expect(phone(page, AMELIE).locator(".suggestion")).to_have_text(["/aideObtenir de l’aide"])
    await expect(phone(page, EMMA).locator(".suggestion")).to_have_text(["/helpHelp"])
    await phone(page, EMMA).locator(".suggestion").press("Enter")
    await expect(phone(page, EMMA).locator(".row.mine .text").last).to_have_text("/help")


async def test_a_reply_keyboard_writes_its_label(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    await stage.say(EMMA, "Which?", reply_markup={"keyboard": [[{"text": "A garden"}]]})
    await emma.get_by_role("button", name="A garden").click()
    await expect(emma.locator(".row.mine .text").last).to_have_text("A garden")
    await stage.say(EMMA, "Thanks", reply_markup={"remove_keyboard": True})

    await expect(emma.locator(".reply-key")).to_have_count(0)


async def test_an_own_message_can_be_changed(stage: Stage, opened: Open) -> None:
    written = stage.begun(EMMA).writes("A prak")
    await stage.updates()
    emma = phone(await opened(), EMMA)

    await emma.locator(f'[data-id="{written["message_id"]}"]').click(button="right")
    await emma.get_by_role("menuitem", name="Edit").click()
    await emma.get_by_label("Message", exact=True).fill("A park")
    await emma.get_by_label("Message", exact=True).press("Enter")

    await expect(emma.locator(".row.mine .text").last).to_have_text("A park")
    assert (await stage.updates())[0]["edited_message"]["text"] == "A park"


async def test_deleting_for_oneself_tells_the_bot_nothing(stage: Stage, opened: Open) -> None:
    written = stage.begun(EMMA).writes("Too personal")
    await stage.updates()
    emma = phone(await opened(), EMMA)

    await emma.locator(f'[data-id="{written["message_id"]}"]').click(button="right")
    await emma.get_by_role("menuitem", name="Delete for me").click()

    await expect(emma.get_by_text("Too personal")).to_have_count(0)
    assert await stage.updates(timeout=0) == []


async def test_blocking_and_restarting_the_bot(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    await emma.locator(".chat-head").get_by_role("button", name="More").click()
    await emma.get_by_role("menuitem", name="Block bot").click()
    await expect(emma.locator(".state")).to_have_text("has blocked the bot")
    await emma.get_by_role("button", name="Restart bot").click()

    await expect(emma.locator(".state")).to_contain_text("online")
    await expect(emma.locator(".row.mine .text")).to_have_text(["/start", "/start"])
    kinds = [next(kind for kind in update if kind != "update_id") for update in await stage.updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]


async def test_things_other_than_text_can_be_sent(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    for name in ("Photo", "Album of three photos", "File", "Location", "Contact", "Sticker"):
        await emma.get_by_role("button", name="Attach").click()
        await emma.get_by_role("menuitem", name=name, exact=True).click()
    await emma.get_by_role("button", name="Voice message").click()

    await expect(emma.locator(".row.mine")).to_have_count(10)
    kinds = ("photo", "document", "location", "contact", "sticker", "voice")
    sent = [kind for message in stage.person(EMMA).messages for kind in kinds if kind in message]
    assert sent == ["photo", *["photo"] * 3, "document", "location", "contact", "sticker", "voice"]


async def test_a_file_of_ones_own_is_sent_a_picture_as_a_photo(
    stage: Stage, opened: Open, tmp_path: Path
) -> None:
    picture, minutes = tmp_path / "week.png", tmp_path / "minutes.pdf"
    picture.write_bytes(PIXEL)
    minutes.write_bytes(b"%PDF minutes")
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    for file in (picture, minutes):
        async with emma.page.expect_file_chooser() as choosing:
            await emma.get_by_role("button", name="Attach").click()
            await emma.get_by_role("menuitem", name="A file of yours…").click()
        await (await choosing.value).set_files(file)
        await expect(emma.locator(".row.mine")).to_have_count(2 if file is picture else 3)

    _, photo, document = stage.person(EMMA).messages
    assert (photo["photo"][-1]["width"], photo["photo"][-1]["file_size"]) == (1, len(PIXEL))
    assert document["document"]["file_name"] == "minutes.pdf"
    stored = stage.emulator.world.files.by_id(document["document"]["file_id"])
    assert stored is not None
    assert stored.content == b"%PDF minutes"


async def test_a_picture_of_the_bot_is_shown_with_what_stands_beside_it(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    sent = stage.emulator.world.files.store("photo", PIXEL, "week.png", "image/png")
    photo = [{**sent.described(), "width": 1, "height": 1}]
    world = stage.emulator.world
    world.post(stage.person(EMMA).chat, world.bot, {"photo": photo, "caption": "Bikes: 4 of 9"})
    emma = phone(await opened(), EMMA)

    image = emma.get_by_role("img", name="Bikes: 4 of 9")

    await expect(image).to_be_visible()
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    await expect(emma.locator(".row.theirs .text")).to_have_text("Bikes: 4 of 9")


async def test_a_document_of_the_bot_can_be_downloaded(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    sent = stage.emulator.world.files.store("document", b"id,text\n1,A park\n", "statements.csv", "text/csv")
    document = {**sent.described(), "file_name": sent.name, "mime_type": sent.mime_type}
    world = stage.emulator.world
    world.post(stage.person(EMMA).chat, world.bot, {"document": document})
    emma = phone(await opened(), EMMA)

    async with emma.page.expect_download() as downloading:
        await emma.get_by_role("link", name="Download statements.csv").click()

    download = await downloading.value
    assert download.suggested_filename == "statements.csv"
    assert (await download.path()).read_bytes() == b"id,text\n1,A park\n"


async def test_a_link_to_the_bot_opens_in_the_chat(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    await stage.say(EMMA, "Come: https://t.me/together_bot?start=m_7")
    emma = phone(await opened(), EMMA)

    await emma.get_by_role("link").click()

    await expect(emma.locator(".row.mine .text").last).to_have_text("/start m_7")


async def test_a_chat_in_arabic_runs_from_right_to_left_and_own_words_stand_right(
    stage: Stage, opened: Open
) -> None:
    stage.begun(SAMIR).writes("حديقة")
    samir = phone(await opened(), SAMIR)

    await expect(samir).to_have_attribute("dir", "rtl")
    await expect(samir).to_have_attribute("lang", "ar")
    attach = await samir.get_by_role("button", name="إرفاق").bounding_box()
    send = await samir.get_by_role("button", name="رسالة صوتية").bounding_box()
    bubble = await samir.locator(".row.mine .bubble").last.bounding_box()
    room = await samir.locator(".messages").bounding_box()
    assert attach is not None
    assert send is not None
    assert bubble is not None
    assert room is not None
    assert attach["x"] > send["x"]
    assert bubble["x"] - room["x"] > room["x"] + room["width"] - bubble["x"] - bubble["width"]


async def test_the_chat_stays_at_its_newest_message(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(width=2600), EMMA)
    for number in range(12):
        await stage.say(EMMA, f"{number}\n\n\n\nline")
    await expect(emma.locator(".row.theirs .text").last).to_be_in_viewport()

    await emma.locator(".messages").evaluate("list => { list.scrollTop = 0; }")
    await expect(emma.get_by_role("button", name="To the newest message")).to_be_visible()
    await stage.say(EMMA, "One more")

    await expect(emma.locator(".down .badge")).to_have_text("1")
    await expect(emma.locator(".row.theirs .text").last).not_to_be_in_viewport()


async def test_typing_shows_until_the_bot_has_spoken(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    emma = phone(await opened(), EMMA)

    await stage.bot("sendChatAction", chat_id=EMMA, action="typing")
    await expect(emma.locator(".subtitle")).to_have_text("typing…")
    await stage.say(EMMA, "Here")

    await expect(emma.locator(".subtitle")).to_have_text("bot")
