"""Telegram's updates become events: decoded by aiogram, which is imported here alone.

Of aiogram nothing else is used: its dispatcher would cost half as much again to find the four kinds below.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User

from bot.button import read_button
from bot.door import clean, has_words, mark
from flows.events import Edited, Event, Left, Opened, Pressed, Returned, Shared, Thing, Wrote
from storage.called_cards import Call
from storage.inbox import Arrived

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked of Telegram; anything else is acknowledged and left alone."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_CALL: Final = re.compile(r"/meetings(?:@(\w{1,32}))?(?:\s+([a-z0-9_-]{1,64}))?\s*", re.IGNORECASE)
"""The one command that is heard in group chats."""

_THINGS: Final = {
    "voice": Thing.VOICE, "audio": Thing.VOICE, "video_note": Thing.VOICE, "photo": Thing.PHOTO,
    "video": Thing.PHOTO, "animation": Thing.PHOTO, "sticker": Thing.STICKER, "location": Thing.PLACE,
    "venue": Thing.PLACE, "contact": Thing.CONTACT, "document": Thing.FILE,
}  # fmt: skip


class Undecodable(Exception):
    """An update unlike what Telegram documents. Its text is not repeated: it may hold a citizen's words."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who an event is from."""

    telegram: int
    language_code: str | None  # of their Telegram app


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button, as Telegram shows it."""

    id: str  # to answer it by
    message: int | None  # that the button stands below; None: too old for Telegram to say
    label: str | None  # None: no button of that message carries what was pressed


@dataclass(frozen=True, slots=True)
class Removal:
    """The bot is not in a group chat any more."""

    chat: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, ready for its turn."""

    arrived: Arrived
    kind: str
    sender: Sender | None = None  # None: nothing for a conversation
    event: Event | None = None
    press: Press | None = None
    album: int | None = None  # names it: several messages of one album are one event
    moved: tuple[int, int] | None = None  # a group got a new id: old, new
    chat: Call | Removal | None = None  # what happened in a group chat, if anything is done about it

    @property
    def is_heard(self) -> bool:
        """Whether anything is done about it."""
        return self.event is not None or self.moved is not None or self.chat is not None


_Routed = tuple[Sender, Event, Press | None, int | None] | tuple[int, int] | Call | Removal | None


class Decoder:
    """Turns raw updates into `Incoming`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def decode(self, raw: dict[str, Any]) -> Incoming:
        """Decode one raw update. Raises Undecodable; what no conversation is for comes without an event."""
        update_id = raw.get("update_id")
        if not is_number(update_id):
            raise Undecodable("no update_id")
        kind = next((key for key in raw if key != "update_id"), None)
        if kind is None:
            raise Undecodable("nothing in it")
        body = raw[kind]
        if kind not in KINDS or not isinstance(body, dict):
            return Incoming(Arrived(update_id, 0), kind)
        try:
            arrived = Arrived(update_id, mark(kind, body))
            routed = _route(Update.model_validate(raw), self._now)
        except Undecodable:
            raise
        except Exception as error:  # aiogram raises what pydantic and its own code do
            raise Undecodable(type(error).__name__) from None
        return _incoming(arrived, kind, routed)


def _incoming(arrived: Arrived, kind: str, routed: _Routed) -> Incoming:
    if routed is None:
        return Incoming(arrived, kind)
    if isinstance(routed, Call | Removal):
        return Incoming(arrived, kind, chat=routed)
    if len(routed) == 2:
        return Incoming(arrived, kind, moved=routed)
    sender, event, press, album = routed
    return Incoming(arrived, kind, sender, event, press, album)


def _route(update: Update, now: Callable[[], datetime]) -> _Routed:
    if update.message is not None:
        return _message(update.message)
    if update.callback_query is not None:
        return _pressed(update.callback_query, now())
    if update.edited_message is not None:
        return _edited(update.edited_message)
    return _membership(update.my_chat_member) if update.my_chat_member is not None else None


def _pressed(query: CallbackQuery, at: datetime) -> _Routed:
    """Telegram does not say when a button was pressed."""
    talk, step, choice = read_button(query.data or "")
    return _sender(query.from_user), Pressed(at, talk, step, choice), _press(query), None


def _message(message: Message) -> _Routed:
    if message.migrate_to_chat_id is not None:
        return _migration(message.chat.id, message.migrate_to_chat_id)
    if message.from_user is None:
        return None
    if message.chat.type != "private":
        return _call(message, message.from_user)
    text = clean(message.text or "")
    at = _moment(message.date)
    command = _COMMAND.fullmatch(text)
    event: Event
    if command and message.forward_origin is None:
        event = Opened(at, command[1].lower(), (command[2] or "").strip())
    elif message.forward_origin is not None:
        event = Shared(at, Thing.FORWARDED)
    elif has_words(text):
        event = Wrote(at, text, _number(message.message_id))
    else:
        event = Shared(at, _thing(message))
    return _sender(message.from_user), event, None, _album(message)


def _call(message: Message, caller: User) -> Call | None:
    """The command for cards; whatever else is said in a group chat is not looked at."""
    command = _CALL.fullmatch(clean(message.text or ""))
    chat = _number(message.chat.id)
    if command is None or message.forward_origin is not None or chat >= 0:
        return None
    return Call(chat, _sender(caller).telegram, command[1] or "", (command[2] or "").lower())


def _migration(old: int, new: int) -> _Routed:
    """Only groups move, and their ids are negative: the way to a person never leads elsewhere."""
    return (_number(old), _number(new)) if old < 0 and new < 0 else None


def _edited(message: Message) -> _Routed:
    text = clean(message.text or "")
    if message.chat.type != "private" or message.from_user is None or not has_words(text):
        return None
    at = datetime.fromtimestamp(message.edit_date, UTC) if message.edit_date else _moment(message.date)
    return _sender(message.from_user), Edited(at, text, _number(message.message_id)), None, None


def _press(query: CallbackQuery) -> Press:
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return Press(query.id, None, None)
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    label = next((button.text for button in buttons if button.callback_data == query.data), None)
    return Press(query.id, message.message_id, label)


def _membership(change: ChatMemberUpdated) -> _Routed:
    if change.chat.type != "private":
        gone = change.new_chat_member.status in ("left", "kicked")
        return Removal(_number(change.chat.id)) if gone else None
    at = _moment(change.date)
    left = change.new_chat_member.status == "kicked"
    return _sender(change.from_user), Left(at) if left else Returned(at), None, None


def _sender(user: User) -> Sender:
    if user.id <= 0:
        raise Undecodable("a person without an id")
    return Sender(_number(user.id), user.language_code)


def is_number(value: Any) -> TypeGuard[int]:
    """Whether it is an integer that a database can hold; JSON knows larger ones."""
    return isinstance(value, int) and abs(value) < 2**63


def _number(value: int) -> int:
    if not is_number(value):
        raise Undecodable("a number out of bounds")
    return value


def _album(message: Message) -> int | None:
    return mark("album", {"id": message.media_group_id}) if message.media_group_id else None


def _thing(message: Message) -> Thing:
    if message.media_group_id is not None:
        return Thing.ALBUM
    return _THINGS.get(message.content_type, Thing.OTHER)


def _moment(date: datetime) -> datetime:
    return date.astimezone(UTC)
