"""The group chat on the page: a card stands there, its edits show, and its link opens somebody's phone."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.cast import CIRCLE
from tests.playground.page.conftest import Open
from tests.playground.page.stage import CLAIRE, EMMA, LIGA, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINK = {"inline_keyboard": [[{"text": "Répondre", "url": "https://t.me/together_bot?start=m_7"}]]}


def gather(stage: Stage) -> None:
    """The neighbours meet in their chat."""
    members = [stage.person(id) for id in CIRCLE.members]
    stage.emulator.group(CIRCLE.id, CIRCLE.title, members=members)


def circle(page: Page) -> Locator:
    return page.locator(f'[data-person="{CIRCLE.id}"]')


async def post(stage: Stage, body: Any) -> int:
    async with stage.http.post("/playground/circle/writes", json=body) as reply:
        return reply.status


async def test_a_card_and_its_edits_are_shown_in_the_group_chat(stage: Stage, opened: Open) -> None:
    gather(stage)
    shown = circle(await opened())
    card = await stage.say(CIRCLE.id, "Viennent : 0", reply_markup=LINK)
    await expect(shown.locator(".row .text")).to_have_text("Viennent : 0")

    await stage.bot(
        "editMessageText", chat_id=CIRCLE.id, message_id=card, text="Viennent : 3", reply_markup=LINK
    )

    await expect(shown.locator(".row .text")).to_have_text(["Viennent : 3"])
    await expect(shown.locator(".edited")).to_have_count(1)


async def test_somebody_of_them_calls_for_the_cards(stage: Stage, opened: Open) -> None:
    gather(stage)
    shown = circle(await opened())

    await shown.get_by_label("Qui écrit").select_option(str(CLAIRE))
    await shown.get_by_label("Message", exact=True).fill("/meetings@together_bot")
    await shown.get_by_label("Message", exact=True).press("Enter")

    await expect(shown.locator(".row .author")).to_have_text("Claire")
    [update] = await stage.updates()
    assert update["message"]["chat"]["id"] == CIRCLE.id
    assert update["message"]["from"]["id"] == CLAIRE


async def test_the_link_of_a_card_opens_the_phone_of_who_writes(stage: Stage, opened: Open) -> None:
    gather(stage)
    await stage.say(CIRCLE.id, "Viennent : 0", reply_markup=LINK)
    shown = circle(await opened())

    await shown.get_by_label("Qui écrit").select_option(str(EMMA))
    await shown.get_by_role("link", name="Répondre").click()

    [update] = await stage.updates()
    assert (update["message"]["from"]["id"], update["message"]["text"]) == (EMMA, "/start m_7")
    assert update["message"]["chat"]["type"] == "private"


QUESTION = {"inline_keyboard": [[{"text": "Panel local", "callback_data": "~room:0:panel"}]]}


async def test_a_button_is_pressed_by_whoever_is_chosen_who_sees_the_answer(
    stage: Stage, opened: Open
) -> None:
    gather(stage)
    await stage.say(CIRCLE.id, "A quoi sert cette conversation ?", reply_markup=QUESTION)
    shown = circle(await opened())

    await shown.get_by_label("Qui écrit").select_option(str(EMMA))
    await shown.get_by_role("button", name="Panel local").click()
    [update] = await stage.updates()
    query = update["callback_query"]
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Merci, mais non.")

    await expect(shown.locator(".toast")).to_have_text("Merci, mais non.")
    assert (query["from"]["id"], query["data"]) == (EMMA, "~room:0:panel")
    assert query["message"]["chat"]["id"] == CIRCLE.id


WAYS = {"inline_keyboard": [[{"text": way, "callback_data": f"~room:0:{way}"}] for way in ("Panel", "Rien")]}


async def test_the_keyboard_stays_where_it_was_when_something_changes(stage: Stage, opened: Open) -> None:
    gather(stage)
    card = await stage.say(CIRCLE.id, "Viennent : 0", reply_markup=WAYS)
    shown = circle(await opened())
    button = shown.get_by_role("button", name="Rien")
    await button.focus()

    await stage.say(CIRCLE.id, "Une nouvelle")
    await expect(shown.locator(".row .text")).to_have_text(["Viennent : 0", "Une nouvelle"])
    await expect(button).to_be_focused()
    await stage.bot(
        "editMessageText", chat_id=CIRCLE.id, message_id=card, text="Viennent : 3", reply_markup=WAYS
    )
    await expect(shown.locator(".row .text")).to_have_text(["Viennent : 3", "Une nouvelle"])

    await expect(button).to_be_focused()


@pytest.mark.parametrize(("person", "chat_id"), [(LIGA, CIRCLE.id), (CLAIRE, -5), (CLAIRE, LIGA)])
async def test_only_members_press_there(stage: Stage, person: int, chat_id: int) -> None:
    gather(stage)
    message = await stage.say(CIRCLE.id, "A quoi sert cette conversation ?", reply_markup=QUESTION)

    body = {"message_id": message, "data": "~room:0:panel", "chat_id": chat_id}
    async with stage.http.post(f"/playground/people/{person}/presses", json=body) as reply:
        assert reply.status == 409

    assert stage.emulator.pending == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"person": LIGA, "text": "/meetings"},
        {"person": CLAIRE, "text": " "},
        {"person": CLAIRE, "text": 5},
    ],
)
async def test_only_members_write_there_and_only_words(stage: Stage, body: Any) -> None:
    gather(stage)

    assert await post(stage, body) == 409
    assert stage.emulator.pending == 0


async def test_without_the_chat_nobody_writes_there(stage: Stage) -> None:
    assert await post(stage, {"person": CLAIRE, "text": "/meetings"}) == 404
