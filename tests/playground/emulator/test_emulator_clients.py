"""The two client libraries run against the emulator, and their models accept what it says.

Importing both takes seconds, so everything that needs them is here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram import types as t
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from pydantic import BaseModel
from telegram import BotCommand, InputMediaDocument, MenuButtonCommands, ReplyParameters
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram import error as e
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.playground.emulator import Emulator, Fault
from bot.playground.emulator.methods import METHODS


@pytest.fixture
def world(emulator: Emulator) -> Emulator:
    """Person 1 has opened the chat; group -100 asks whom to let in; nothing is limited."""
    emulator.limits = None
    emulator.person(1, first_name="Amélie", username="amelie").opens()
    emulator.group(-100, title="Panel", members=[emulator.person(1)]).adds(
        emulator.person(5), "administrator"
    )
    emulator.person(2).asks_to_join(-100)
    emulator.person(3).asks_to_join(-100)
    return emulator


@pytest.fixture
async def aiogram_bot(world: Emulator) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(world.root))
    async with Bot("42:TEST", session=session) as bot:
        yield bot


@pytest.fixture
async def ptb_bot(world: Emulator) -> AsyncIterator[ExtBot[None]]:
    bot: ExtBot[None] = ExtBot(
        "42:TEST",
        base_url=f"{world.root}/bot",
        base_file_url=f"{world.root}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with bot:
        yield bot


def unknown_fields(value: Any) -> list[str]:
    """Fields that aiogram's models do not know, anywhere in a response."""
    if isinstance(value, list):
        return [name for item in value for name in unknown_fields(item)]
    if not isinstance(value, BaseModel):
        return []
    inner = [name for field in type(value).model_fields for name in unknown_fields(getattr(value, field))]
    return [f"{type(value).__name__}.{name}" for name in value.model_extra or {}] + inner


def newest(world: Emulator, field: str) -> Any:
    """The bot's newest message to person 1 that has such a field."""
    messages = reversed(world.person(1).messages)
    return next(message for message in messages if field in message and message["from"]["is_bot"])


def text_id(world: Emulator) -> int:
    return int(newest(world, "text")["message_id"])


def document_id(world: Emulator) -> int:
    return int(newest(world, "document")["message_id"])


def file_id(world: Emulator) -> str:
    return str(newest(world, "document")["document"]["file_id"])


def pressed(world: Emulator) -> str:
    return world.person(1).presses(text_id(world), "y")


FILE = t.BufferedInputFile(b"a file", "a.csv")
INLINE = t.InlineKeyboardMarkup(inline_keyboard=[[t.InlineKeyboardButton(text="Yes", callback_data="y")]])
QUIET: Any = {"disable_notification": True, "protect_content": True}
AIOGRAM: dict[str, Callable[[Bot, Emulator], Awaitable[Any]]] = {
    "getMe": lambda bot, w: bot.get_me(),
    "getUpdates": lambda bot, w: bot.get_updates(allowed_updates=["message", "callback_query"]),
    "setWebhook": lambda bot, w: bot.set_webhook("https://example.org/hook", secret_token="s"),
    "getWebhookInfo": lambda bot, w: bot.get_webhook_info(),
    "deleteWebhook": lambda bot, w: bot.delete_webhook(),
    "sendMessage": lambda bot, w: bot.send_message(
        1, "<b>Hello</b> @amelie", parse_mode="HTML", reply_markup=INLINE,
        reply_parameters=t.ReplyParameters(message_id=1, allow_sending_without_reply=True),
        link_preview_options=t.LinkPreviewOptions(is_disabled=True), **QUIET,
    ),
    "sendPoll": lambda bot, w: bot.send_poll(1, "Which?", ["A", t.InputPollOption(text="B")]),
    "sendChatAction": lambda bot, w: bot.send_chat_action(1, "typing"),
    "answerCallbackQuery": lambda bot, w: bot.answer_callback_query(pressed(w), text="Noted"),
    "sendPhoto": lambda bot, w: bot.send_photo(1, t.BufferedInputFile(b"a photo", "a.jpg"), caption="See"),
    "sendDocument": lambda bot, w: bot.send_document(1, FILE, reply_markup=INLINE),
    "sendMediaGroup": lambda bot, w: bot.send_media_group(1, [t.InputMediaDocument(media=FILE)] * 2),
    "getFile": lambda bot, w: bot.get_file(file_id(w)),
    "editMessageText": lambda bot, w: bot.edit_message_text("New", chat_id=1, message_id=text_id(w)),
    "editMessageCaption": lambda bot, w: bot.edit_message_caption(
        chat_id=1, message_id=document_id(w), caption="Changed"
    ),
    "editMessageMedia": lambda bot, w: bot.edit_message_media(
        t.InputMediaDocument(media=FILE, caption="Other"), chat_id=1, message_id=document_id(w)
    ),
    "editMessageReplyMarkup": lambda bot, w: bot.edit_message_reply_markup(
        chat_id=1, message_id=text_id(w), reply_markup=INLINE
    ),
    "deleteMessage": lambda bot, w: bot.delete_message(1, text_id(w)),
    "deleteMessages": lambda bot, w: bot.delete_messages(1, [document_id(w), 999]),
    "getChat": lambda bot, w: bot.get_chat(-100),
    "getChatMember": lambda bot, w: bot.get_chat_member(-100, 1),
    "getChatAdministrators": lambda bot, w: bot.get_chat_administrators(-100),
    "getChatMemberCount": lambda bot, w: bot.get_chat_member_count(-100),
    "approveChatJoinRequest": lambda bot, w: bot.approve_chat_join_request(-100, 2),
    "declineChatJoinRequest": lambda bot, w: bot.decline_chat_join_request(-100, 3),
    "setMyCommands": lambda bot, w: bot.set_my_commands(
        [t.BotCommand(command="menu", description="Menu")], scope=t.BotCommandScopeChat(chat_id=1)
    ),
    "getMyCommands": lambda bot, w: bot.get_my_commands(scope=t.BotCommandScopeChat(chat_id=1)),
    "deleteMyCommands": lambda bot, w: bot.delete_my_commands(language_code="fr"),
    "setMyName": lambda bot, w: bot.set_my_name("Ensemble", language_code="fr"),
    "getMyName": lambda bot, w: bot.get_my_name(language_code="fr"),
    "setMyDescription": lambda bot, w: bot.set_my_description("Hello"),
    "getMyDescription": lambda bot, w: bot.get_my_description(),
    "setMyShortDescription": lambda bot, w: bot.set_my_short_description("Hi"),
    "getMyShortDescription": lambda bot, w: bot.get_my_short_description(),
    "setChatMenuButton": lambda bot, w: bot.set_chat_menu_button(1, t.MenuButtonCommands()),
    "getChatMenuButton": lambda bot, w: bot.get_chat_menu_button(1),
    "leaveChat": lambda bot, w: bot.leave_chat(-100),
    "logOut": lambda bot, w: bot.log_out(),
    "close": lambda bot, w: bot.close(),
}  # fmt: skip

KEYS = Keyboard([[Button("Yes", callback_data="y")]])
PTB: dict[str, Callable[[ExtBot[None], Emulator], Awaitable[Any]]] = {
    "getMe": lambda bot, w: bot.get_me(),
    "getUpdates": lambda bot, w: bot.get_updates(timeout=0, allowed_updates=["message", "callback_query"]),
    "setWebhook": lambda bot, w: bot.set_webhook("https://example.org/hook", secret_token="s"),
    "getWebhookInfo": lambda bot, w: bot.get_webhook_info(),
    "deleteWebhook": lambda bot, w: bot.delete_webhook(),
    "sendMessage": lambda bot, w: bot.send_message(
        1, "*Hello* @amelie", parse_mode="MarkdownV2", reply_markup=KEYS,
        reply_parameters=ReplyParameters(1, allow_sending_without_reply=True), **QUIET,
    ),
    "sendPoll": lambda bot, w: bot.send_poll(1, "Which?", ["A", "B"], allows_multiple_answers=True),
    "sendChatAction": lambda bot, w: bot.send_chat_action(1, "typing"),
    "answerCallbackQuery": lambda bot, w: bot.answer_callback_query(pressed(w), show_alert=True),
    "sendPhoto": lambda bot, w: bot.send_photo(1, b"a photo", caption="See", filename="a.jpg"),
    "sendDocument": lambda bot, w: bot.send_document(1, b"a file", filename="a.csv", reply_markup=KEYS),
    "sendMediaGroup": lambda bot, w: bot.send_media_group(1, [InputMediaDocument(b"x") for _ in "ab"]),
    "getFile": lambda bot, w: bot.get_file(file_id(w)),
    "editMessageText": lambda bot, w: bot.edit_message_text("New", 1, text_id(w)),
    "editMessageCaption": lambda bot, w: bot.edit_message_caption(1, document_id(w), caption="Changed"),
    "editMessageMedia": lambda bot, w: bot.edit_message_media(InputMediaDocument(b"b"), 1, document_id(w)),
    "editMessageReplyMarkup": lambda bot, w: bot.edit_message_reply_markup(1, text_id(w), reply_markup=KEYS),
    "deleteMessage": lambda bot, w: bot.delete_message(1, text_id(w)),
    "deleteMessages": lambda bot, w: bot.delete_messages(1, [document_id(w), 999]),
    "getChat": lambda bot, w: bot.get_chat(-100),
    "getChatMember": lambda bot, w: bot.get_chat_member(-100, 1),
    "getChatAdministrators": lambda bot, w: bot.get_chat_administrators(-100),
    "getChatMemberCount": lambda bot, w: bot.get_chat_member_count(-100),
    "approveChatJoinRequest": lambda bot, w: bot.approve_chat_join_request(-100, 2),
    "declineChatJoinRequest": lambda bot, w: bot.decline_chat_join_request(-100, 3),
    "setMyCommands": lambda bot, w: bot.set_my_commands([BotCommand("menu", "Menu")], language_code="fr"),
    "getMyCommands": lambda bot, w: bot.get_my_commands(language_code="fr"),
    "deleteMyCommands": lambda bot, w: bot.delete_my_commands(language_code="fr"),
    "setMyName": lambda bot, w: bot.set_my_name("Together"),
    "getMyName": lambda bot, w: bot.get_my_name(),
    "setMyDescription": lambda bot, w: bot.set_my_description("Hello"),
    "getMyDescription": lambda bot, w: bot.get_my_description(),
    "setMyShortDescription": lambda bot, w: bot.set_my_short_description("Hi"),
    "getMyShortDescription": lambda bot, w: bot.get_my_short_description(),
    "setChatMenuButton": lambda bot, w: bot.set_chat_menu_button(1, MenuButtonCommands()),
    "getChatMenuButton": lambda bot, w: bot.get_chat_menu_button(1),
    "leaveChat": lambda bot, w: bot.leave_chat(-100),
    "logOut": lambda bot, w: bot.log_out(),
    "close": lambda bot, w: bot.close(),
}  # fmt: skip


@pytest.mark.parametrize("journey", [AIOGRAM, PTB], ids=["aiogram", "ptb"])
def test_the_journeys_pass_through_every_method(journey: dict[str, Any]) -> None:
    assert set(journey) == {name for name, _ in METHODS.values()}


async def test_aiogram_understands_every_method(world: Emulator, aiogram_bot: Bot) -> None:
    results = {name: await step(aiogram_bot, world) for name, step in AIOGRAM.items()}

    assert {name: unknown_fields(result) for name, result in results.items() if unknown_fields(result)} == {}
    assert [name for name, result in results.items() if result is None or result is False] == []
    assert world.ledger.refusals == []


async def test_ptb_understands_every_method(world: Emulator, ptb_bot: ExtBot[None]) -> None:
    results = {name: await step(ptb_bot, world) for name, step in PTB.items()}

    assert [name for name, result in results.items() if result is None or result is False] == []
    assert world.ledger.refusals == []


async def test_both_fetch_a_file(world: Emulator, aiogram_bot: Bot, ptb_bot: ExtBot[None]) -> None:
    await aiogram_bot.send_document(1, FILE)

    ours = await aiogram_bot.download(file_id(world))
    theirs = await (await ptb_bot.get_file(file_id(world))).download_as_bytearray()

    assert ours is not None
    assert ours.read() == bytes(theirs) == b"a file"


async def test_aiogram_knows_every_kind_of_member(world: Emulator, aiogram_bot: Bot) -> None:
    kinds = ["creator", "administrator", "member", "left", "kicked"]
    for number, status in enumerate(kinds):
        world.group(-100).adds(world.person(10 + number), status)

    members = [await aiogram_bot.get_chat_member(-100, 10 + number) for number in range(len(kinds))]

    assert [member.status for member in members] == kinds
    assert unknown_fields(members) == []


def every_update(world: Emulator) -> None:
    """Let every kind of update come that people can cause."""
    amelie, group = world.person(1), world.group(-100)
    edited = amelie.writes("See https://example.org and #parks")
    amelie.edits(edited["message_id"], "See @somebody")
    for kind in ("voice", "photo", "sticker", "location", "contact", "video", "document", "audio",
                 "video_note", "poll", "dice"):  # fmt: skip
        amelie.sends(kind, caption="With words" if kind in ("voice", "photo", "video", "document") else None)
    amelie.sends_album(2)
    amelie.forwards("Somebody else's words")
    amelie.writes("As I said", reply_to=edited["message_id"])
    amelie.presses(edited["message_id"], "y")
    amelie.presses(999, "y")
    group.member_writes(amelie, "/menu@together_bot")
    group.adds(world.person(4))
    group.loses(world.person(4))
    group.removes_bot()
    group.adds_bot()
    world.group(-7, title="Small", kind="group", members=[amelie]).migrates()
    amelie.blocks()
    amelie.unblocks()


async def test_aiogram_knows_every_field_of_every_update(world: Emulator, aiogram_bot: Bot) -> None:
    every_update(world)

    updates = await aiogram_bot.get_updates()

    assert {update.event_type for update in updates} == {
        "message", "edited_message", "callback_query", "my_chat_member", "chat_join_request",
    }  # fmt: skip
    assert unknown_fields(updates) == []


async def test_ptb_reads_every_update(world: Emulator, ptb_bot: ExtBot[None]) -> None:
    every_update(world)

    updates = await ptb_bot.get_updates(timeout=0)

    assert len(updates) == world.pending
    assert [update.update_id for update in updates if update.effective_user is None] == []


# ---- each kind of refusal becomes each library's own error

TROUBLES: dict[str, tuple[Callable[[Emulator], Any], type[Exception], type[Exception]]] = {
    "blocked": (lambda w: w.person(1).blocks(), TelegramForbiddenError, e.Forbidden),
    "unknown chat": (lambda w: w.world.chats.pop(1), TelegramBadRequest, e.BadRequest),
    "limits": (lambda w: w.add_fault(Fault("429")), TelegramRetryAfter, e.RetryAfter),
    "token": (lambda w: w.revoke_token(), TelegramUnauthorizedError, e.InvalidToken),
    "moved": (lambda w: setattr(w.world.chats[1], "migrated_to", -2), TelegramMigrateToChat, e.ChatMigrated),
    "json": (lambda w: w.add_fault(Fault("5xx", args={"body": "json"})), TelegramServerError, e.NetworkError),
    "html": (lambda w: w.add_fault(Fault("5xx")), ClientDecodeError, e.NetworkError),
    "garbage": (lambda w: w.add_fault(Fault("accept_then_garbage")), ClientDecodeError, e.TelegramError),
    "half": (lambda w: w.add_fault(Fault("half_body")), TelegramNetworkError, e.NetworkError),
    "dropped": (lambda w: w.add_fault(Fault("accept_then_drop")), TelegramNetworkError, e.NetworkError),
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.filterwarnings("ignore:.*retry_after.*")
async def test_a_refusal_is_each_library_s_own_error(
    world: Emulator, aiogram_bot: Bot, ptb_bot: ExtBot[None], trouble: str
) -> None:
    cause, ours, theirs = TROUBLES[trouble]
    cause(world)

    with pytest.raises(ours):
        await aiogram_bot.send_message(1, "Hello")
    with pytest.raises(theirs):
        await ptb_bot.send_message(1, "Hello")


async def test_both_libraries_know_the_conflict(
    world: Emulator, aiogram_bot: Bot, ptb_bot: ExtBot[None]
) -> None:
    await aiogram_bot.set_webhook("https://example.org/hook")

    with pytest.raises(TelegramConflictError):
        await aiogram_bot.get_updates()
    with pytest.raises(e.Conflict):
        await ptb_bot.get_updates(timeout=0)
