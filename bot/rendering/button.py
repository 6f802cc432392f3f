"""What a button carries in at most 64 bytes, in private and in group chats; read back without trust."""

import re
from typing import Final

from flows.links import MOST as MOST_ID
from flows.links import base36

MOST_BYTES: Final = 64
_NUMBER: Final = "(0|[1-9a-z][0-9a-z]*)"  # one way to write each: a button that looks otherwise was forged
_BUTTON: Final = re.compile(f"{_NUMBER}:{_NUMBER}:([a-z0-9_-]*)")
_CHAT_BUTTON: Final = re.compile(f"~([a-z]+):{_NUMBER}:([a-z0-9_-]*)")
NO_BUTTON: Final = (-1, -1, "")
"""What is read from anything that is no button of ours; it belongs to no conversation."""

NO_CHAT_BUTTON: Final = ("", 0, "")
"""The same of a button in a group chat; it belongs to no handler."""


OPENER: Final = ">"
"""What a button begins with that leads into the bot as a link does, and belongs to no conversation."""

_OPENER: Final = re.compile(f"{OPENER}([A-Za-z0-9_-]{{1,63}})")


def opener(payload: str) -> str:
    """The data of a button that opens what a link with that payload does. Raises ValueError as `button`."""
    data = f"{OPENER}{payload}"
    if not _OPENER.fullmatch(data):
        raise ValueError(f"the payload '{payload}' is none for a button")
    return data


def read_opener(data: str) -> str | None:
    """The payload of such a button; None for all else."""
    found = _OPENER.fullmatch(data)
    return found[1] if found else None


def button(talk: int, step: int, choice: str) -> str:
    """The data of a button. Raises ValueError where Telegram would refuse it."""
    data = f"{base36(talk)}:{base36(step)}:{choice}"
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"the choice '{choice}' is too long for a button")
    return data


def chat_button(handler: str, about: int, choice: str) -> str:
    """The data of a button in a group chat. Raises ValueError where Telegram would refuse it."""
    data = f"~{handler}:{base36(about)}:{choice}"
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"the choice '{choice}' is too long for a button")
    return data


def read_chat_button(data: str) -> tuple[str, int, str]:
    """Handler, what is pressed about, and choice; NO_CHAT_BUTTON for what `chat_button` did not write."""
    parts = _CHAT_BUTTON.fullmatch(data)
    if parts is None or len(data.encode()) > MOST_BYTES or int(parts[2], 36) >= MOST_ID:
        return NO_CHAT_BUTTON
    return parts[1], int(parts[2], 36), parts[3]


def read_button(data: str) -> tuple[int, int, str]:
    """Conversation, step and choice; NO_BUTTON for what is not exactly as `button` writes it."""
    parts = _BUTTON.fullmatch(data)
    if parts is None or len(data.encode()) > MOST_BYTES:
        return NO_BUTTON
    return int(parts[1], 36), int(parts[2], 36), parts[3]
