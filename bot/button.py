"""What a button carries: conversation, step and choice, in at most 64 bytes; read back without trust."""

import re
from typing import Final

from flows.links import base36

MOST_BYTES: Final = 64
_NUMBER: Final = "(0|[1-9a-z][0-9a-z]*)"  # one way to write each: a button that looks otherwise was forged
_BUTTON: Final = re.compile(f"{_NUMBER}:{_NUMBER}:([a-z0-9_-]*)")
NO_BUTTON: Final = (-1, -1, "")
"""What is read from anything that is no button of ours; it belongs to no conversation."""


def button(talk: int, step: int, choice: str) -> str:
    """The data of a button. Raises ValueError where Telegram would refuse it."""
    data = f"{base36(talk)}:{base36(step)}:{choice}"
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"the choice '{choice}' is too long for a button")
    return data


def read_button(data: str) -> tuple[int, int, str]:
    """Conversation, step and choice; NO_BUTTON for what is not exactly as `button` writes it."""
    parts = _BUTTON.fullmatch(data)
    if parts is None or len(data.encode()) > MOST_BYTES:
        return NO_BUTTON
    return int(parts[1], 36), int(parts[2], 36), parts[3]
