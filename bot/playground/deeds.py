"""What a person can do on the page, by the name of the deed in its address."""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from bot.playground.emulator import Emulator, Person
from bot.playground.emulator.parameters import Upload

Json = dict[str, Any]

LARGEST_ALBUM = 10  # Telegram's limit
LARGEST_FILE = 20 << 20  # bytes
_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,90}", re.ASCII)


def text(body: Json, name: str) -> str:
    """A field of a request. Raises ValueError if it is no text."""
    value = body.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value


def _number(body: Json, name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number")
    return value


def _optional_number(body: Json, name: str) -> int | None:
    return None if body.get(name) is None else _number(body, name)


def _group(emulator: Emulator, person: Person, body: Json) -> int | None:
    """The group chat in which something is done; None: the private one. Raises ValueError for an outsider."""
    chat_id = _optional_number(body, "chat_id")
    chat = emulator.world.chats.get(chat_id or 0)
    if chat_id is None:
        return None
    if chat is None or chat.members.get(person.id, "left") in ("left", "kicked"):
        raise ValueError("they are not in that group chat")
    return chat_id


def _album(person: Person, count: int) -> None:
    if not 2 <= count <= LARGEST_ALBUM:
        raise ValueError(f"an album has 2 to {LARGEST_ALBUM} photos")
    person.sends_album(count)


def _file(body: Json) -> Upload:
    """A file of somebody's own. Raises ValueError for what no browser sends."""
    mime_type = text(body, "mime_type")
    if not _MIME.fullmatch(mime_type):
        raise ValueError("mime_type must be a content type")
    content = b64decode(text(body, "content"), validate=True)
    if not 0 < len(content) <= LARGEST_FILE:
        raise ValueError(f"a file has up to {LARGEST_FILE >> 20} MB here")
    return Upload(text(body, "name"), mime_type, content)


def _delete(emulator: Emulator, person: Person, message_id: int) -> None:
    """Take a message out of somebody's chat; as in Telegram, the bot is not told."""
    del person.chat.messages[message_id]
    emulator.world.watchers.tell("delete", person.id, message_id=message_id)


VERBS: dict[str, Callable[[Emulator, Person, Json], object]] = {
    "opens": lambda _, person, body: person.opens(text(body, "payload")),
    "writes": lambda _, person, body: person.writes(
        text(body, "text"), reply_to=_optional_number(body, "reply_to")
    ),
    "presses": lambda emulator, person, body: person.presses(
        _number(body, "message_id"), text(body, "data"), _group(emulator, person, body)
    ),
    "edits": lambda _, person, body: person.edits(_number(body, "message_id"), text(body, "text")),
    "deletes": lambda emulator, person, body: _delete(emulator, person, _number(body, "message_id")),
    "sends": lambda _, person, body: person.sends(text(body, "kind")),
    "sends_file": lambda _, person, body: person.sends_file(_file(body)),
    "sends_album": lambda _, person, body: _album(person, _number(body, "n")),
    "blocks": lambda _, person, body: person.blocks(),
    "unblocks": lambda _, person, body: person.unblocks(),
}
