"""What a button carries: conversation, step and choice, in at most 64 bytes; read back without trust."""

from typing import Final

MOST_BYTES: Final = 64
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
NO_BUTTON: Final = (-1, -1, "")
"""What is read from anything that is no button of ours; it belongs to no conversation."""


def button(talk: int, step: int, choice: str) -> str:
    """The data of a button. Raises ValueError where Telegram would refuse it."""
    data = f"{_base36(talk)}:{_base36(step)}:{choice}"
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"the choice '{choice}' is too long for a button")
    return data


def read_button(data: str) -> tuple[int, int, str]:
    """Conversation, step and choice; NO_BUTTON for what is not of that form."""
    parts = data.split(":")
    if len(parts) != 3 or len(data.encode()) > MOST_BYTES or not (parts[0] + parts[1]).isascii():
        return NO_BUTTON
    if not (parts[0].isalnum() and parts[1].isalnum()):
        return NO_BUTTON
    return int(parts[0], 36), int(parts[1], 36), parts[2]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
