"""parse_mode HTML: tags become entities; errors name the byte at which they begin."""

import re

from bot.playground.emulator.errors import ApiError, bad_request
from bot.playground.emulator.text import Entity, utf16_length

_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "u": "underline", "ins": "underline", "tg-spoiler": "spoiler", "span": "spoiler",
    "pre": "pre", "code": "code", "blockquote": "blockquote", "a": "text_link", "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([a-z]+));?")
_MARK = re.compile("[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]*)\s*(=?)\s*")
_LINK = re.compile(r"(?:https?|tonsite)://[^\s/]+\S*|(?:tg|ton)://\S+|(?:[\w-]+\.)+\w{2,}(?:[/?#:]\S*)?")
_END_TAG = re.compile(r"</([^\s>]*)\s*")
_BARE_VALUE = re.compile(r"[a-zA-Z0-9.-]+")


class _Open:
    """A tag that waits for its end."""

    def __init__(self, name: str, start: int, attributes: dict[str, str]) -> None:
        self.name = name
        self.start = start  # UTF-16 units
        self.attributes = attributes


class HtmlReader:
    """Reads one text; `read` gives plain text and entities, or raises ApiError."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._plain: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        source = self._source
        while self._at < len(source):
            char = source[self._at]
            if char == "<":
                if source.startswith("</", self._at):
                    self._close_tag()
                else:
                    self._open_tag()
            elif char == "&":
                self._reference()
            else:
                end = _MARK.search(source, self._at)
                begin, self._at = self._at, end.start() if end else len(source)
                self._add(source[begin : self._at])
        if self._open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._plain), self._entities

    def _add(self, text: str) -> None:
        self._plain.append(text)
        self._length += utf16_length(text)

    def _reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        char = _referenced(match) if match else ""
        if match and char:
            self._add(char)
            self._at = match.end()
        else:
            self._add("&")
            self._at += 1

    def _open_tag(self) -> None:
        begin = self._byte()
        match = _TAG_NAME.match(self._source, self._at + 1)
        name = match.group().lower() if match else ""
        self._at += 1 + len(name)
        if self._at >= len(self._source):
            raise _unparsable(f"Unclosed start tag at byte offset {begin}")
        if name not in _TYPES:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_Open(name, self._length, attributes))

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        source = self._source
        attributes: dict[str, str] = {}
        while True:
            match = _ATTRIBUTE.match(source, self._at)
            key, equals = (match.group(1), match.group(2)) if match else ("", "")
            self._at = match.end() if match else self._at
            if self._at >= len(source):
                raise _unparsable(f'Unclosed start tag "{name}" at byte offset {begin}')
            if not key and not equals:
                self._at += 1  # the tag's >
                return attributes
            if not key:
                raise _unparsable(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
            attributes[key.lower()] = self._value(begin) if equals else ""

    def _value(self, begin: int) -> str:
        quote = self._source[self._at]
        if quote not in "\"'":
            match = _BARE_VALUE.match(self._source, self._at)
            self._at = match.end() if match else self._at
            if self._at >= len(self._source) or not (
                self._source[self._at].isspace() or self._source[self._at] == ">"
            ):
                raise _unparsable(f"Unexpected end of name token at byte offset {self._byte()}")
            return match.group().lower() if match else ""
        end = self._source.find(quote, self._at + 1)
        if end < 0:
            raise _unparsable(f"Unclosed start tag at byte offset {begin}")
        raw = self._source[self._at + 1 : end]
        self._at = end + 1
        return _REFERENCE.sub(lambda match: _referenced(match) or match.group(), raw)

    def _close_tag(self) -> None:
        begin = self._byte()
        if not self._open:
            raise _unparsable(f"Unexpected end tag at byte offset {begin}")
        match = _END_TAG.match(self._source, self._at)
        name = match.group(1).lower() if match else ""
        self._at = match.end() if match else self._at
        if not self._source.startswith(">", self._at):
            raise _unparsable(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        opened = self._open.pop()
        if name not in ("", opened.name):
            raise _unparsable(
                f'Unmatched end tag at byte offset {begin}, expected "</{opened.name}>", found "</{name}>"'
            )
        self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        length = self._length - opened.start
        if length == 0:
            return
        entity: Entity = {"offset": opened.start, "length": length, "type": _TYPES[opened.name]}
        attributes = opened.attributes
        match opened.name:
            case "a":
                written = "".join(self._plain).encode("utf-16-le", "surrogatepass")[2 * opened.start :]
                target = attributes.get("href") or written.decode("utf-16-le", "surrogatepass")
                if not link(entity, target):
                    return
            case "blockquote" if "expandable" in attributes:
                entity["type"] = "expandable_blockquote"
            case "tg-emoji":
                entity["custom_emoji_id"] = attributes.get("emoji-id", "")
            case "tg-time":
                entity["unix_time"] = int(attributes.get("unix", "0"))
                entity["date_time_format"] = attributes.get("format", "")
            case "pre" | "code":
                self._join_code(entity, attributes.get("class", ""))
        self._entities.append(entity)

    def _join_code(self, entity: Entity, named: str) -> None:
        """pre and code around the same text are one entity, with the language the code names."""
        if entity["type"] == "code" and named.startswith("language-"):
            entity["language"] = named.removeprefix("language-")
        for inner in self._entities:
            if {inner["type"], entity["type"]} == {"pre", "code"} and _same_place(inner, entity):
                self._entities.remove(inner)
                language = inner.get("language") or entity.get("language")
                entity["type"] = "pre"
                if language:
                    entity["language"] = language
                return

    def _byte(self) -> int:
        return len(self._source[: self._at].encode())


def link(entity: Entity, target: str) -> bool:
    """Make `entity` a link to `target`, or a mention; False: the target is no link, the text stays plain."""
    user = re.fullmatch(r"tg:(?://)?user/?\?id=(\d+)", target, re.IGNORECASE)
    if user:
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(user.group(1)), "is_bot": False, "first_name": ""}
        return True
    if not _LINK.fullmatch(target):
        return False
    url = target if "://" in target else f"http://{target}"
    entity["type"] = "text_link"
    entity["url"] = re.sub(r"^(https?://[^/?#]+)(?=[?#]|$)", r"\1/", url)
    return True


def _referenced(match: re.Match[str]) -> str:
    """The character an HTML reference stands for; "" if it stands for itself."""
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else ""


def _same_place(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] == other["offset"] and one["length"] == other["length"])


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
