"""Telegram's updates become events: decoded by aiogram, which is used here alone.

Of aiogram nothing else is used: its dispatcher would cost half as much again to find the four kinds below.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

from aiogram.types import (
    CallbackQuery,
    ChatMemberUnion,
    ChatMemberUpdated,
    InaccessibleMessage,
    Message,
    Update,
    User,
)

from bot.listening.door import clean, has_words, mark
from bot.rendering.button import read_button, read_chat_button, read_opener
from bot.turns.incoming import InChat, Incoming, Press, Removal, Rights, Sender
from flows.events import (
    Edited,
    Event,
    Left,
    Opened,
    Point,
    Pressed,
    PressedInChat,
    Returned,
    Shared,
    Thing,
    Wrote,
)
from storage.messages.inbox import Arrived
from storage.occasions.called_cards import Call
from storage.panels.rooms import Joined, Summons
from storage.unit import Chat

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked of Telegram; anything else is acknowledged and left alone."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_CALL: Final = re.compile(r"/meetings(?:@(\w{1,32}))?(?:\s+([a-z0-9_-]{1,64}))?\s*", re.IGNORECASE)
_SUMMONS: Final = re.compile(r"/panel(?:@(\w{1,32}))?\s*", re.IGNORECASE)
"""The two commands that are heard in group chats."""

_OUT: Final = ("left", "kicked")

_FILE_ID: Final = re.compile(r"[\w-]{1,250}", re.ASCII)

_THINGS: Final = {
    "voice": Thing.VOICE, "audio": Thing.VOICE, "video_note": Thing.VOICE, "photo": Thing.PHOTO,
    "video": Thing.PHOTO, "animation": Thing.PHOTO, "sticker": Thing.STICKER, "location": Thing.PLACE,
    "venue": Thing.PLACE, "contact": Thing.CONTACT, "document": Thing.FILE,
}  # fmt: skip


class Undecodable(Exception):
    """An update unlike what Telegram documents. Its text is not repeated: it may hold a citizen's words."""


_Routed = tuple[Sender, Event | PressedInChat, Press | None, int | None] | tuple[int, int] | InChat | None


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
    if isinstance(routed, InChat):
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
    press = _press(query)
    if press.chat is not None:
        return _sender(query.from_user), _in_chat(query, press, at), press, None
    payload = read_opener(query.data or "")
    if payload is not None:  # the other buttons of its message stay: they are for any time
        return _sender(query.from_user), Opened(at, "start", payload), Press(query.id, None, None), None
    talk, step, choice = read_button(query.data or "")
    return _sender(query.from_user), Pressed(at, talk, step, choice), press, None


def _in_chat(query: CallbackQuery, press: Press, at: datetime) -> PressedInChat:
    """Only what Telegram shows below that message counts: whatever else is sent as pressed was forged."""
    return PressedInChat(at, *read_chat_button(query.data or "" if press.label is not None else ""))


def _message(message: Message) -> _Routed:
    if message.migrate_to_chat_id is not None:
        return _migration(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return _migration(message.migrate_from_chat_id, message.chat.id)
    if message.from_user is None:
        return None
    if message.chat.type != "private":
        return _command_in_chat(message, message.from_user)
    text = clean(message.text or "")
    at = _moment(message.date)
    command = _COMMAND.fullmatch(text)
    event: Event
    if command and message.forward_origin is None:
        event = Opened(at, command[1].lower(), (command[2] or "").strip())
    elif message.forward_origin is not None:
        event = Shared(at, Thing.FORWARDED, *_file(message), _place(message))
    elif has_words(text):
        event = Wrote(at, text, _number(message.message_id))
    else:
        event = Shared(at, _thing(message), *_file(message), _place(message))
    return _sender(message.from_user), event, None, _album(message)


def _command_in_chat(message: Message, caller: User) -> Call | Summons | None:
    """The commands for cards and for rooms; whatever else is said in a group chat is not looked at."""
    text, chat = clean(message.text or ""), _number(message.chat.id)
    if message.forward_origin is not None or chat >= 0:
        return None
    if call := _CALL.fullmatch(text):
        return Call(chat, _sender(caller).telegram, call[1] or "", (call[2] or "").lower())
    if summons := _SUMMONS.fullmatch(text):
        by = _sender(caller)
        return Summons(chat, _topic(message), by.telegram, by.language_code, summons[1] or "")
    return None


def _topic(message: Message) -> int | None:
    """The topic of a forum that a message stands in; replies outside of forums have a number there, too."""
    thread = message.message_thread_id if message.is_topic_message else None
    return None if thread is None else _number(thread)


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
    chat = None if message is None else _chat_of(message)
    if not isinstance(message, Message) or message.reply_markup is None:
        return Press(query.id, None, None, chat)
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    label = next((button.text for button in buttons if button.callback_data == query.data), None)
    return Press(query.id, message.message_id, label, chat)


def _chat_of(message: Message | InaccessibleMessage) -> Chat | None:
    """The group chat that a message stands in; None where it is none: their ids are negative."""
    if message.chat.type == "private" or message.chat.id >= 0:
        return None
    topic = _topic(message) if isinstance(message, Message) else None
    return Chat(_number(message.chat.id), topic, _number(message.message_id))


def _membership(change: ChatMemberUpdated) -> _Routed:
    if change.chat.type != "private":
        return _membership_in_chat(change)
    at = _moment(change.date)
    left = change.new_chat_member.status == "kicked"
    return _sender(change.from_user), Left(at) if left else Returned(at), None, None


def _membership_in_chat(change: ChatMemberUpdated) -> Joined | Removal | Rights | None:
    """Channels are left alone: nobody presses or answers there."""
    chat = _number(change.chat.id)
    if chat >= 0:
        return None
    if _is_out(change.new_chat_member):
        return Removal(chat)
    if change.chat.type == "channel":
        return None
    if not _is_out(change.old_chat_member):
        return Rights(chat, getattr(change.new_chat_member, "can_send_messages", None) is not False)
    by = _sender(change.from_user)
    return Joined(chat, by.telegram, by.language_code)


def _is_out(member: ChatMemberUnion) -> bool:
    return member.status in _OUT or not getattr(member, "is_member", True)


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


def _file(message: Message) -> tuple[str | None, int]:
    """By what one picture or file can be passed on, and its bytes; an album is not one."""
    file = message.photo[-1] if message.photo else message.document
    if file is None or message.animation or message.media_group_id or not _FILE_ID.fullmatch(file.file_id):
        return None, 0
    return f"{'photo' if message.photo else 'document'}:{file.file_id}", file.file_size or 0


def _place(message: Message) -> Point | None:
    """The place on the map that was sent, with or without a name; only what lies on earth."""
    place = message.venue.location if message.venue else message.location
    if place is None or not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
        return None
    return place.latitude, place.longitude


def _moment(date: datetime) -> datetime:
    return date.astimezone(UTC)
