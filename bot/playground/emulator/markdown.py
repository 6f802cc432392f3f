"""parse_mode MarkdownV2 and the older Markdown."""

import re

from bot.playground.emulator.errors import ApiError, bad_request
from bot.playground.emulator.html import link
from bot.playground.emulator.text import Entity, utf16_length

_LANGUAGE = re.compile(r"[^\s`]+")
_LINE_BREAK = re.compile(r"\r\n|\n\r|\n|\r")
_RESERVED = "_*[]()~`>#+-=|{}.!"
_NAMES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
}  # fmt: skip
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}


class _Plain:
    """Plain text being written, its length in UTF-16 units, and the entities found."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16_length(text)

    def mark(self, kind: str, start: int, **details: str) -> None:
        if self.length > start:
            self.entities.append({"offset": start, "length": self.length - start, "type": kind, **details})

    def mark_link(self, start: int, target: str) -> None:
        entity: Entity = {"offset": start, "length": self.length - start, "type": "text_link"}
        if self.length > start and link(entity, target):
            self.entities.append(entity)

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def since(self, start: int) -> str:
        """What has been written from UTF-16 place `start` on."""
        units = "".join(self.text).encode("utf-16-le", "surrogatepass")
        return units[2 * start :].decode("utf-16-le", "surrogatepass")

    def result(self) -> tuple[str, list[Entity]]:
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.text), self.entities


def read_markdown(source: str) -> tuple[str, list[Entity]]:
    """The older Markdown: no nesting, a backslash escapes _ * ` [."""
    plain = _Plain(source)
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\" and source[at + 1 : at + 2] in tuple("_*`["):
            plain.add(source[at + 1])
            at += 2
        elif char in "_*`[":
            at = _older_entity(plain, at)
        else:
            plain.add(char)
            at += 1
    return plain.result()


def _older_entity(plain: _Plain, at: int) -> int:
    """Read the entity that begins at `at`; give the place after it."""
    source, mark = plain.source, plain.source[at]
    if source.startswith("```", at):
        mark = "```"
    closing = "]" if mark == "[" else mark
    inner = at + len(mark)
    end = source.find(closing, inner)
    if end < 0:
        raise _unparsable(f"Can't find end of the entity starting at byte offset {plain.byte(at)}")
    start = plain.length
    content = source[inner:end]
    after = end + len(closing)
    if mark == "```":
        language, begin = _language(source, inner)
        plain.add(source[begin:end])
        plain.mark("pre", start, **({"language": language} if language else {}))
    elif mark == "[":
        plain.add(content)
        if source.startswith("(", after):
            close = source.find(")", after)
            if close >= 0:
                plain.mark_link(start, source[after + 1 : close])
                after = close + 1
    else:
        plain.add(content)
        plain.mark({"*": "bold", "_": "italic", "`": "code"}[mark], start)
    return after


def read_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """MarkdownV2: marks may nest, every reserved character elsewhere must be escaped."""
    return _V2(source).read()


class _V2:
    """Reads one MarkdownV2 text; `_open` holds marks that wait for their end."""

    def __init__(self, source: str) -> None:
        self._plain = _Plain(source)
        self._source = source
        self._at = 0
        self._open: list[tuple[str, int, int]] = []  # mark, UTF-16 start, place in the source
        self._quote: tuple[int, int] | None = None  # UTF-16 start, place in the source
        self._expandable = False

    def read(self) -> tuple[str, list[Entity]]:
        source, plain = self._source, self._plain
        while self._at < len(source):
            self._quotation()
            char = source[self._at : self._at + 1]
            if char and self._escapes():
                plain.add(source[self._at + 1])
                self._at += 2
            elif char == "`":
                self._code()
            elif char and char in _RESERVED:
                self._mark()
            elif char:
                plain.add(char)
                self._at += 1
        if self._open:
            raise self._unended()
        self._end_quotation()
        return plain.result()

    def _quotation(self) -> None:
        """At the start of a line, `>` begins or continues a quotation and anything else ends it."""
        source, at = self._source, self._at
        if at and source[at - 1] not in "\r\n":
            return
        begins = source.startswith("**>", at)
        continues = source.startswith(">", at)
        if self._quote is not None and (begins or self._expandable or not continues):
            self._end_quotation()
        if begins or continues:
            if self._quote is None:
                self._quote = (self._plain.length, at)
            self._at += 3 if begins else 1

    def _end_quotation(self) -> None:
        if self._quote is not None:
            start, place = self._quote
            if self._open and self._open[-1][2] > place:
                raise self._unended()
            self._plain.mark("expandable_blockquote" if self._expandable else "blockquote", start)
        self._quote, self._expandable = None, False

    def _unended(self) -> ApiError:
        mark, _, place = self._open[-1]
        kind = (
            "TextUrl"
            if self._source[place] == "["
            else "CustomEmoji"
            if mark == "["
            else _NAMES[_MARKS[mark]]
        )
        return _unparsable(f"Can't find end of {kind} entity at byte offset {self._plain.byte(place)}")

    def _mark(self) -> None:
        char = self._source[self._at]
        if self._ends_expandable():
            self._expandable = True
            self._at += 2
            return
        mark = next((m for m in ("__", "||", "*", "_", "~") if self._source.startswith(m, self._at)), "")
        if mark:
            self._toggle(mark)
        elif char == "[" or self._source.startswith("![", self._at):
            self._open.append(("[", self._plain.length, self._at))
            self._at += 1 if char == "[" else 2
        elif char == "]" and self._open and self._open[-1][0] == "[":
            self._end_link()
        else:
            raise _unparsable(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")

    def _ends_expandable(self) -> bool:
        """`||` at the end of a quotation, not of a spoiler, makes the quotation expandable."""
        at = self._at
        in_spoiler = any(mark == "||" for mark, _, _ in self._open)
        ends_line = self._source.startswith("||", at) and self._source[at + 2 : at + 3] in ("", "\n")
        return ends_line and self._quote is not None and not in_spoiler

    def _toggle(self, mark: str) -> None:
        if self._open and self._open[-1][0] == mark:
            _, start, _ = self._open.pop()
            self._plain.mark(_MARKS[mark], start)
        else:
            self._open.append((mark, self._plain.length, self._at))
        self._at += len(mark)

    def _end_link(self) -> None:
        source = self._source
        _, start, place = self._open.pop()
        emoji = source[place] == "!"
        self._at += 1
        target = ""
        if source.startswith("(", self._at):
            begin = self._at
            self._at += 1
            target, closed = self._until(")")
            if not closed:
                what = "custom emoji URL" if emoji else "URL"
                raise _unparsable(f"Can't find end of a {what} at byte offset {self._plain.byte(begin)}")
        if emoji:
            self._plain.mark("custom_emoji", start, custom_emoji_id=_emoji_id(target))
        else:
            self._plain.mark_link(start, target if source[self._at - 1] == ")" else self._plain.since(start))

    def _code(self) -> None:
        begin = self._at
        mark = "```" if self._source.startswith("```", begin) else "`"
        self._at += len(mark)
        language = self._language() if mark == "```" else ""
        content, closed = self._until(mark)
        if not closed:
            kind = "Code" if mark == "`" else "PreCode" if language else "Pre"
            raise _unparsable(f"Can't find end of {kind} entity at byte offset {self._plain.byte(begin)}")
        start = self._plain.length
        self._plain.add(content)
        self._plain.mark(
            "pre" if mark == "```" else "code", start, **({"language": language} if language else {})
        )

    def _language(self) -> str:
        """Pass over the language named behind ```, if any, and the line break before the code."""
        language, self._at = _language(self._source, self._at)
        return language

    def _until(self, end: str) -> tuple[str, bool]:
        """Unescaped text up to `end`, which is passed over; False: there is no such end."""
        source = self._source
        taken: list[str] = []
        while self._at < len(source):
            if source.startswith(end, self._at):
                self._at += len(end)
                return "".join(taken), True
            if end == "```" and source[self._at] == "`":
                begin = self._at
                self._at += 1
                inner, closed = self._until("`")
                if not closed:
                    raise _unparsable(
                        f"Can't find end of Code entity at byte offset {self._plain.byte(begin)}"
                    )
                taken.append(inner)
                continue
            if self._escapes():
                self._at += 1
            taken.append(source[self._at])
            self._at += 1
        return "".join(taken), False

    def _escapes(self) -> bool:
        """Whether a backslash stands before a character that it can escape."""
        source, at = self._source, self._at
        return source[at] == "\\" and at + 1 < len(source) and 0 < ord(source[at + 1]) < 127


def _language(source: str, at: int) -> tuple[str, int]:
    """The language that begins at `at`, and where the code begins."""
    named = _LANGUAGE.match(source, at)
    language = named.group() if named else ""
    after = at + len(language)
    if not language or after == len(source) or source[after] == "`":
        language, after = "", at
    line_break = _LINE_BREAK.match(source, after)
    return language, line_break.end() if line_break else after


def _emoji_id(target: str) -> str:
    if not target:
        raise _unparsable("Custom emoji entity must contain a tg://emoji URL")
    found = re.match(r"tg:(?://)?emoji/?\?(?:[^#]*&)?id=([1-9]\d*)(?:[&#]|$)", target, re.IGNORECASE)
    if found is None:
        raise _unparsable("Custom emoji URL must have an emoji identifier")
    return found.group(1)


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
