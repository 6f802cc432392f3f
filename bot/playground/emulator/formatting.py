"""The text of a call: parse_mode or explicit entities become plain text and entities."""

from typing import Any

from bot.playground.emulator.detect import detected
from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.html import HtmlReader, link
from bot.playground.emulator.markdown import read_markdown, read_markdown_v2
from bot.playground.emulator.parameters import Parameters
from bot.playground.emulator.text import Entity, clean, limited, refuse_raw, utf16_length

_MARKED = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code",
    "pre", "text_link", "text_mention", "custom_emoji", "date_time",
})  # fmt: skip
_FOUND_BY_SERVER = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number",
})  # fmt: skip


def formatted(args: Parameters, name: str, limit: int, *, too_long: str) -> tuple[str, list[Entity]]:
    """Text `name` of a call, cleaned, with its entities. "" if the cleaning leaves nothing.

    Raises ApiError if the markup cannot be read, the entities lie outside the text, or the text has
    more than `limit` code points afterwards; the reason is then `too_long`.
    """
    raw = args.text(name)
    refuse_raw(raw)
    plain, entities = _read(raw, args, "entities" if name == "text" else f"{name}_entities")
    text, entities = clean(plain, entities)
    limited(text, limit, too_long)
    return text, detected(text, entities)


def _read(raw: str, args: Parameters, entities_name: str) -> tuple[str, list[Entity]]:
    mode = args.text("parse_mode" if entities_name != "question_entities" else "question_parse_mode").lower()
    match mode:
        case "" | "none":
            return raw, _explicit(raw, args, entities_name)
        case "html":
            return HtmlReader(raw).read()
        case "markdownv2":
            return read_markdown_v2(raw)
        case "markdown":
            return read_markdown(raw)
        case _:
            raise bad_request("unsupported parse_mode")


def _explicit(text: str, args: Parameters, name: str) -> list[Entity]:
    given = args.structure(name, "can't parse entities JSON object")
    if not given:
        return []
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    borders = _borders(text)
    entities = [_checked(entity, borders) for entity in given]
    marked = [entity for entity in entities if entity["type"] in _MARKED and entity["length"]]
    return sorted(marked, key=lambda entity: (entity["offset"], -entity["length"]))


def _checked(entity: Any, borders: set[int]) -> Entity:
    if not isinstance(entity, dict) or entity.get("type") not in _MARKED | _FOUND_BY_SERVER:
        kind = entity.get("type") if isinstance(entity, dict) else entity
        raise bad_request(f"can't parse entities: unsupported type specified: {kind}")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        raise bad_request("can't parse entities: offset and length must be natural numbers")
    end = offset + length
    if offset not in borders or end not in borders:
        trouble = "after the end of the text" if end > max(borders) else "in a middle of a UTF-16 symbol"
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends {trouble} at UTF-16 offset {end}")
    checked: Entity = dict(entity)
    if checked["type"] == "text_link" and not link(checked, str(entity.get("url"))):
        raise bad_request(f"entity URL '{entity.get('url')}' is invalid: Wrong HTTP URL")
    return checked


def _borders(text: str) -> set[int]:
    """UTF-16 places between characters."""
    if text.isascii():
        return set(range(len(text) + 1))
    borders = {0}
    at = 0
    for char in text:
        at += utf16_length(char)
        borders.add(at)
    return borders
