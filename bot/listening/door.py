"""Cleans what comes in: text that databases and encoders would choke on never gets past here."""

import hashlib
import re
from typing import Any, Final

MOST_CHARACTERS: Final = 4096
"""Of one Telegram message; a longer text was never sent by Telegram."""

_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
_DIRECTIONS: Final = re.compile("[\u2028-\u202e]")


def clean(text: str) -> str:
    """Text as it is kept: what Telegram's own server does to it, and no lone surrogates.

    Control characters but the line feed become spaces, line and paragraph separators and direction overrides
    go, lone surrogates become U+FFFD, ends are trimmed. Everything else stays as it was sent.
    """
    text = _CONTROLS.sub(" ", text.replace("\r", ""))
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _DIRECTIONS.sub("", text))
    return text[:MOST_CHARACTERS].strip()


def has_words(text: str) -> bool:
    """Whether anything in `text` can be read; marks that only direct or join do not count."""
    return any(character.isprintable() and not character.isspace() for character in text)


def mark(kind: str, body: dict[str, Any]) -> int:
    """A positive 63-bit number for what an update says, the same when Telegram delivers it again.

    kind  its type, such as "message"
    body  what stands under that type
    """
    chat = body.get("chat")
    told = (
        kind,
        body.get("id") or body.get("message_id"),
        chat.get("id") if isinstance(chat, dict) else None,
        body.get("edit_date") or body.get("date"),
    )
    digest = hashlib.blake2b(repr(told).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
