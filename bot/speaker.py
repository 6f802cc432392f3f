"""Speaks to Telegram with python-telegram-bot, one message at a time, and says what became of each."""

from datetime import timedelta
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot.outcomes import Delivered, Gone, Later, Moved, Outcome, Rejected, Revoked, Unsure
from bot.render import without_tags
from bot.transport import NeverLeft, Transport  # before telegram: sets how it tells waits

SHORT: Final = timedelta(seconds=1)
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
UNREACHABLE: Final = ("chat not found", "chat_id is empty", "peer_id_invalid", "user not found")


class Speaker:
    """The bot's mouth."""

    def __init__(self, token: str, api_url: str, *, most: int) -> None:
        """
        api_url  root of the Bot API
        most     requests at a time
        """
        self._bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=Transport(most=most),
            get_updates_request=Transport(most=1),
        )

    @property
    def bot(self) -> "ExtBot[None]":
        """The client itself, for what is asked only at start."""
        return self._bot

    async def open(self) -> int:
        """Ask who the bot is; returns its id. Raises what python-telegram-bot raises."""
        await self._bot.initialize()
        return self._bot.id

    async def close(self) -> None:
        """Close every connection."""
        await self._bot.shutdown()

    async def is_there(self) -> bool:
        """Whether Telegram answers a harmless question."""
        try:
            await self._bot.get_me()
        except TelegramError as error:
            return isinstance(outcome_of(error), Revoked | Later) and not isinstance(error, NeverLeft)
        return True

    async def remove_webhook(self) -> None:
        """Let updates be polled again; those that wait are kept."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError:
            return  # the next poll shows whether it is gone

    async def say(self, chat: int, payload: dict[str, Any]) -> Outcome:
        """Send one message of bot/render.py."""
        outcome = await self._send(chat, payload["text"], payload["buttons"], ParseMode.HTML)
        if isinstance(outcome, Rejected) and "can't parse entities" in outcome.reason.lower():
            text = without_tags(payload["text"])  # our mistake must not cost a citizen the message
            return await self._send(chat, text, payload["buttons"], None)
        return outcome

    async def answer(self, press: str, text: str | None) -> None:
        """End the waiting of a pressed button. Nothing depends on it: too late is as good as done."""
        try:
            await self._bot.answer_callback_query(press, text)
        except (TelegramError, UnicodeError):
            return

    async def _send(self, chat: int, text: str, buttons: Any, mode: str | None) -> Outcome:
        try:
            sent = await self._bot.send_message(
                chat, text, parse_mode=mode, reply_markup=_keyboard(buttons), link_preview_options=NO_PREVIEW
            )
        except (TelegramError, UnicodeError) as error:
            return outcome_of(error)
        return Delivered(sent.message_id)


def outcome_of(error: Exception) -> Outcome:
    """What an error means for the message. The order matters: BadRequest is a NetworkError, too."""
    match error:
        case RetryAfter(retry_after=wait):
            return Later(wait if isinstance(wait, timedelta) else timedelta(seconds=wait), asked=True)
        case ChatMigrated(new_chat_id=chat):
            return Moved(chat)
        case Forbidden():
            return Gone("blocked" if "blocked" in str(error) else "gone")
        case InvalidToken():
            return Revoked()
        case BadRequest():
            known = str(error).lower()
            return Gone("gone") if known.startswith(UNREACHABLE) else Rejected(str(error))
        case NeverLeft():
            return Later(SHORT, asked=False)
        case TelegramError():
            return Unsure()
        case _:
            return Rejected(type(error).__name__)


def _keyboard(buttons: Any) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in buttons]
    )
