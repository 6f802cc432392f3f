"""Speaks to Telegram with python-telegram-bot, one message at a time, and says what became of each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import BotCommand, BotCommandScopeAllPrivateChats
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

from bot.refusal import TOKEN_REVOKED, WEBHOOK_REFUSED, Refused, TokenRevoked
from bot.rendering.files import Attachment, Known, from_payload
from bot.rendering.render import without_tags
from bot.speaking.outcomes import (
    Delivered,
    Gone,
    Later,
    Lost,
    Moved,
    Muted,
    Outcome,
    Rejected,
    Revoked,
    Unsure,
)
from bot.speaking.transport import NeverLeft, Transport  # before telegram: sets how it tells waits
from bot.speaking.wire import keyboard, kind_of, name_of, number_of
from storage.types import write

SHORT: Final = timedelta(seconds=1)
PRESSED: Final = "\N{CHECK MARK}"
NOTHING: Final = "-"  # what a button carries that no longer asks anything
NO_PREVIEW: Final = write({"is_disabled": True})  # once, not with each message
NO_TOPIC: Final = ("message thread not found", "topic_closed")
NO_FILES: Final = (
    "not enough rights to send photos", "not enough rights to send documents", "chat_send_photos_forbidden",
    "chat_send_docs_forbidden", "chat_send_media_forbidden",
)  # fmt: skip
NO_WORDS: Final = (
    "not enough rights to send text", "have no rights to send", "need administrator rights",
    "have no write access", "chat_write_forbidden", "chat_send_plain_forbidden", "chat_restricted",
)  # fmt: skip
AS_IT_IS: Final = "message is not modified"
NO_TEXT: Final = "there is no text in the message to edit"
LOST: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")
UNREACHABLE: Final = (
    "chat not found", "private chat not found", "chat_id is empty", "peer_id_invalid", "user not found",
)  # fmt: skip


class Unanswered(Exception):
    """Telegram gave no useful answer; the text is the class of the error."""

    def __init__(self, error: str, asked: timedelta = timedelta(), refused: str | None = None) -> None:
        """
        asked    for so long Telegram does not want to be asked again
        refused  why it will not do this, however often it is asked, in its own words; None: it may
        """
        super().__init__(error)
        self.asked = asked
        self.refused = refused


@dataclass(frozen=True, slots=True)
class About:
    """What Telegram says about the bot."""

    username: str
    webhook: str  # "": none
    waiting: int  # updates
    webhook_error: str | None  # the last one, however long ago
    webhook_error_at: datetime | None  # aware UTC
    reads_groups: bool  # privacy mode is off


@dataclass(frozen=True, slots=True)
class Introduction:
    """How the bot introduces itself in one language."""

    commands: Mapping[str, str]  # descriptions by command
    description: str
    short_description: str


class Speaker:
    """The bot's mouth."""

    def __init__(self, token: str, api_url: str, *, most: int) -> None:
        """
        api_url  root of the Bot API
        most     requests at a time
        """
        self._transport = Transport(most=most)
        self._bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._transport,
            get_updates_request=Transport(most=1),
        )

    async def open(self) -> int:
        """Ask who the bot is; returns its id. Raises TokenRevoked, or Unanswered where waiting may help."""
        with _answered():
            await self._bot.initialize()
        return self._bot.id

    @property
    def address(self) -> str:
        """Where people find the bot, once it is open; what links begin with."""
        return f"https://t.me/{self._bot.username}"

    async def close(self) -> None:
        """Close every connection."""
        await self._bot.shutdown()

    async def is_there(self) -> bool:
        """Whether Telegram answers a harmless question."""
        try:
            me = await self._call("getMe")
        except TelegramError as error:
            return isinstance(outcome_of(error), Revoked | Later) and not isinstance(error, NeverLeft)
        return isinstance(me, dict) and "id" in me

    async def set_webhook(self, url: str, secret: str, kinds: Sequence[str]) -> None:
        """Have updates of those kinds brought to `url`. Raises Refused in Telegram's words, or Unanswered."""
        try:
            with _answered():
                await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(kinds))
        except Unanswered as error:
            if error.refused is None:
                raise
            raise Refused(f"{WEBHOOK_REFUSED}: {error.refused}") from error

    async def remove_webhook(self) -> None:
        """Let updates be polled again; those that wait are kept."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError:
            return  # the next poll shows whether it is gone

    async def about(self) -> About:
        """What Telegram says about the bot and its webhook. Raises TokenRevoked or Unanswered."""
        with _answered():
            hook = await self._bot.get_webhook_info()
        return About(
            username=self._bot.username,
            webhook=hook.url,
            waiting=hook.pending_update_count,
            webhook_error=hook.last_error_message,
            webhook_error_at=hook.last_error_date,
            reads_groups=bool(self._bot.bot.can_read_all_group_messages),
        )

    async def introduce(self, language: str, introduction: Introduction) -> None:
        """Set commands and descriptions in one language, where they differ from what Telegram has.

        language  two letters; "": for everybody whose language has none of its own

        Raises Unanswered. Telegram limits these calls hard: nothing is set that is there already.
        """
        bot, scope = self._bot, BotCommandScopeAllPrivateChats()
        commands = [BotCommand(name, text) for name, text in introduction.commands.items()]
        with _answered():
            if list(await bot.get_my_commands(scope=scope, language_code=language)) != commands:
                await bot.set_my_commands(commands, scope=scope, language_code=language)
            description = await bot.get_my_description(language_code=language)
            if description.description != introduction.description:
                await bot.set_my_description(introduction.description, language_code=language)
            short = await bot.get_my_short_description(language_code=language)
            if short.short_description != introduction.short_description:
                await bot.set_my_short_description(introduction.short_description, language_code=language)

    async def say(
        self, chat: int, payload: dict[str, Any], file: Attachment | Known | None = None
    ) -> Outcome:
        """Send one message of bot/rendering/render.py, or change the one that `payload` names as `edit`.

        file  goes with the text beside it; None: the file in `payload`, if there is one

        Where its `topic` is closed or gone, it is said in the chat: there it is read at least; where pictures
        or files are forbidden, without its own.
        """
        if file is None and "file" in payload:
            try:
                file = await from_payload(payload["file"])
            except Exception as error:  # a table that cannot be written must not keep back all others
                return Rejected(type(error).__name__)
        outcome = await self._say(chat, payload, file)
        if "topic" in payload and _is_refused(outcome, NO_TOPIC):
            payload = {name: value for name, value in payload.items() if name != "topic"}
            outcome = await self._say(chat, payload, file)
        if file is not None and payload["text"] and _is_refused(outcome, NO_FILES):
            outcome = await self._say(chat, payload, None)
        return Muted() if chat < 0 and _is_refused(outcome, NO_WORDS) else outcome

    async def _say(self, chat: int, payload: dict[str, Any], file: Attachment | Known | None) -> Outcome:
        outcome = await self._send(chat, payload, payload["text"], ParseMode.HTML, file)
        if isinstance(outcome, Rejected) and "can't parse entities" in outcome.reason.lower():
            text = without_tags(payload["text"])  # our mistake must not cost a citizen the message
            plain = await self._send(chat, payload, text, None, file)
            return replace(plain, flaw=outcome.reason) if isinstance(plain, Delivered) else plain
        return outcome

    async def answer(self, press: str, text: str | None) -> None:
        """End the waiting of a pressed button. Nothing depends on it: too late is as good as done."""
        shown = {} if text is None else {"text": text}
        try:
            await self._call("answerCallbackQuery", callback_query_id=press, **shown)
        except (TelegramError, UnicodeError):
            return

    async def leave_trace(self, chat: int, message: int, label: str) -> None:
        """Leave of a message's buttons only the pressed one. It is left out rather than tried again."""
        pressed = keyboard([[(f"{PRESSED} {label}", NOTHING)]])
        try:
            await self._call("editMessageReplyMarkup", chat_id=chat, message_id=message, reply_markup=pressed)
        except (TelegramError, UnicodeError):
            return

    async def _send(
        self, chat: int, payload: dict[str, Any], text: str, mode: str | None, file: Attachment | Known | None
    ) -> Outcome:
        fields: dict[str, Any] = {"chat_id": chat}
        marks = {"parse_mode": mode} if mode else {}
        if payload["buttons"] or "links" in payload:
            fields["reply_markup"] = keyboard(payload["buttons"], payload.get("links", ()))
        edited = payload.get("edit")
        if edited is not None:
            fields["message_id"] = edited
        elif "topic" in payload:
            fields["message_thread_id"] = payload["topic"]
        try:
            if file is not None:
                hand = self._hand if edited is None else self._exchange
                return await hand(file, fields, {"caption": text, **marks})
            sent = await (self._write if edited is None else self._rewrite)(text, {**fields, **marks})
            return Delivered(number_of(sent))
        except (TelegramError, UnicodeError) as error:
            as_it_is = edited is not None and AS_IT_IS in str(error).lower()
            return Delivered(edited) if as_it_is else outcome_of(error)

    async def _write(self, text: str, fields: dict[str, Any]) -> Any:
        return await self._call("sendMessage", text=text, link_preview_options=NO_PREVIEW, **fields)

    async def _rewrite(self, text: str, fields: dict[str, Any]) -> Any:
        """Change a message's words; those beside a picture or file that stays are a caption."""
        try:
            return await self._call("editMessageText", text=text, link_preview_options=NO_PREVIEW, **fields)
        except BadRequest as error:
            if NO_TEXT not in str(error).lower():
                raise
            return await self._call("editMessageCaption", caption=text, **fields)

    async def _hand(
        self, file: Attachment | Known, fields: dict[str, Any], caption: dict[str, Any]
    ) -> Delivered:
        """Send a file."""
        kind, told = kind_of(file)
        named = {kind: file.file_id} if isinstance(file, Known) else {}
        return await self._upload(f"send{kind.title()}", {**fields, **caption, **told, **named}, file)

    async def _exchange(
        self, file: Attachment | Known, fields: dict[str, Any], caption: dict[str, Any]
    ) -> Delivered:
        """Put a file and its words in the place of what a message shows."""
        kind, told = kind_of(file)
        named = file.file_id if isinstance(file, Known) else f"attach://{kind}"
        media = {"type": kind, "media": named, **caption, **told}
        return await self._upload("editMessageMedia", {**fields, "media": media}, file)

    async def _upload(self, method: str, fields: dict[str, Any], file: Attachment | Known) -> Delivered:
        """Call a method with a file, which is uploaded unless Telegram has it."""
        if isinstance(file, Known):
            return Delivered(number_of(await self._call(method, **fields)))
        kind, _ = kind_of(file)
        sent = await self._transport.upload(f"{self._bot.base_url}/{method}", fields, kind, file)
        return Delivered(number_of(sent), name_of(sent, kind))

    async def _call(self, method: str, **fields: Any) -> Any:
        return await self._transport.call(f"{self._bot.base_url}/{method}", fields)


@contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except InvalidToken as error:
        raise TokenRevoked(TOKEN_REVOKED) from error
    except TelegramError as error:
        outcome = outcome_of(error)
        asked = outcome.wait if isinstance(outcome, Later) and outcome.asked else timedelta()
        refused = str(error) if isinstance(error, BadRequest) else None
        raise Unanswered(type(error).__name__, asked, refused) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # the library takes any answer apart
        raise Unanswered(type(error).__name__) from error


def outcome_of(error: Exception) -> Outcome:
    """What an error means for the message. The order matters: BadRequest is a NetworkError, too."""
    match error:
        case RetryAfter(retry_after=wait):
            return Later(wait if isinstance(wait, timedelta) else timedelta(seconds=wait), asked=True)
        case ChatMigrated(new_chat_id=chat):
            return Moved(chat)
        case Forbidden():
            return Gone(_reach(str(error)))
        case InvalidToken():
            return Revoked()
        case BadRequest():
            known = str(error).lower()
            if known.startswith(LOST):
                return Lost()
            return Gone("gone") if known.startswith(UNREACHABLE) else Rejected(str(error))
        case NeverLeft():
            return Later(SHORT, asked=False)
        case TelegramError():
            return Unsure()
        case _:
            return Rejected(type(error).__name__)


def _reach(reason: str) -> str:
    """How somebody is out of reach, by what Telegram forbids."""
    return "blocked" if "blocked" in reason else "deleted" if "user is deactivated" in reason else "gone"


def _is_refused(outcome: Outcome, reasons: Sequence[str]) -> bool:
    """Whether it was refused for one of those reasons."""
    return isinstance(outcome, Rejected) and any(reason in outcome.reason.lower() for reason in reasons)
