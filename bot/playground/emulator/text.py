"""Text as the server rewrites it: cleaned, trimmed, measured.

Lengths are limited in code points, entities are placed in UTF-16 units.
"""

import re
from typing import Any

from bot.playground.emulator.errors import ApiError, bad_request

Entity = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_BYTES_LIMIT = 32_768
CLEAN_BYTES_LIMIT = 35_000

# What TDLib's clean_input_string takes out or turns into a space: https://github.com/tdlib/td
_TO_SPACE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_SPACES = " \n\t\x00\x0b"


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which entities are measured."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def checked_utf8(text: str) -> str:
    """The text, or ApiError if it holds what UTF-8 cannot: half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return text


def cleaned(text: str) -> str:
    """Without control characters and bidi overrides; not trimmed. Entities would have to move along."""
    text = _REMOVED.sub("", _TO_SPACE.sub(" ", text))
    encoded = text.encode()
    if len(encoded) > CLEAN_BYTES_LIMIT:
        text = encoded[:CLEAN_BYTES_LIMIT].decode(errors="ignore")
    return text


def clean(text: str, entities: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """Cleaned and trimmed text, with the entities moved along and those that have become empty gone."""
    spaced = _TO_SPACE.sub(" ", text)
    result = cleaned(text).strip(_SPACES)
    if not entities:
        return result, []
    if spaced == result:
        return result, entities
    place = _new_places(spaced, result)
    moved = []
    for entity in entities:
        start, end = place[entity["offset"]], place[entity["offset"] + entity["length"]]
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return result, moved


def limited(text: str, limit: int, refusal: str) -> str:
    """The text, or ApiError with the reason `refusal` if it has more code points than `limit`."""
    if len(text) > limit:
        raise bad_request(refusal)
    return text


def refuse_raw(text: str) -> None:
    """Refuse what is too long even before its markup is read."""
    if len(text) * 4 > RAW_BYTES_LIMIT and len(text.encode()) > RAW_BYTES_LIMIT:
        raise ApiError(400, "Bad Request: text is too long")


def _new_places(before: str, after: str) -> list[int]:
    """For each UTF-16 place in `before` (its end included), the place in `after`."""
    kept = _REMOVED.sub("", before)
    skipped = utf16_length(kept[: len(kept) - len(kept.lstrip(_SPACES))])
    end = utf16_length(after)
    places: list[int] = []
    at = -skipped
    for char in before:
        width = 2 if char > "\uffff" else 1
        removed = _REMOVED.match(char) is not None
        places.extend(min(max(at + (0 if removed else unit), 0), end) for unit in range(width))
        at += 0 if removed else width
    places.append(min(max(at, 0), end))
    return places
