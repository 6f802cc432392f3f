"""parse_mode MarkdownV2 and the older Markdown."""

from bot.playground.emulator.errors import ApiError, bad_request
from bot.playground.emulator.html import link
from bot.playground.emulator.text import Entity, utf16_length

_RESERVED = "_*[]()~`>#+-=|{}.!"
_NAMES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl", "custom_emoji": "CustomEmoji",
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
        language, content = _language(content)
        plain.add(content)
        plain.mark("pre", start, **language)
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
        self._quote: int | None = None
        self._expandable = False

    def read(self) -> tuple[str, list[Entity]]:
        source, plain = self._source, self._plain
        while self._at < len(source):
            self._quotation()
            char = source[self._at : self._at + 1]
            if char == "\\" and self._at + 1 < len(source) and 0 < ord(source[self._at + 1]) < 127:
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
            mark, _, place = self._open[-1]
            kind = "text_link" if mark == "[" else _MARKS[mark]
            raise _unparsable(f"Can't find end of {_NAMES[kind]} entity at byte offset {plain.byte(place)}")
        self._end_quotation()
        return plain.result()

    def _quotation(self) -> None:
        """At the start of a line, `>` begins or continues a quotation and anything else ends it."""
        source, at = self._source, self._at
        if at and source[at - 1] != "\n":
            return
        if source.startswith("**>", at) and not self._open:
            self._end_quotation()
            self._quote, self._expandable = self._plain.length, False
            self._at += 3
        elif source.startswith(">", at):
            self._quote = self._plain.length if self._quote is None else self._quote
            self._at += 1
        elif self._quote is not None:
            self._end_quotation()

    def _end_quotation(self) -> None:
        if self._quote is not None:
            self._plain.mark("expandable_blockquote" if self._expandable else "blockquote", self._quote)
        self._quote, self._expandable = None, False

    def _mark(self) -> None:
        char = self._source[self._at]
        if self._ends_expandable():
            self._expandable = True
            self._at += 2
            return
        mark = next((m for m in ("__", "||", "*", "_", "~") if self._source.startswith(m, self._at)), "")
        if mark == "__" and self._open and self._open[-1][0] == "_":
            mark = "_"
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
        self._at += 1
        target = ""
        if source.startswith("(", self._at):
            begin = self._at
            self._at += 1
            target, closed = self._until(")")
            if not closed:
                raise _unparsable(f"Can't find end of a URL at byte offset {self._plain.byte(begin)}")
        if source[place] == "!":
            self._plain.mark("custom_emoji", start, custom_emoji_id=target.rpartition("=")[2])
        else:
            self._plain.mark_link(start, target or "".join(self._plain.text)[start:])

    def _code(self) -> None:
        begin = self._at
        mark = "```" if self._source.startswith("```", begin) else "`"
        self._at += len(mark)
        content, closed = self._until(mark)
        if not closed:
            kind = "Code" if mark == "`" else "PreCode" if _language(content)[0] else "Pre"
            raise _unparsable(f"Can't find end of {kind} entity at byte offset {self._plain.byte(begin)}")
        start = self._plain.length
        language, content = _language(content) if mark == "```" else ({}, content)
        self._plain.add(content)
        self._plain.mark("pre" if mark == "```" else "code", start, **language)

    def _until(self, end: str) -> tuple[str, bool]:
        """Unescaped text up to `end`, which is passed over; False: there is no such end."""
        source = self._source
        taken: list[str] = []
        while self._at < len(source):
            if source.startswith(end, self._at):
                self._at += len(end)
                return "".join(taken), True
            if source[self._at] == "\\" and self._at + 1 < len(source):
                self._at += 1
            taken.append(source[self._at])
            self._at += 1
        return "".join(taken), False


def _language(content: str) -> tuple[dict[str, str], str]:
    """The language named behind the opening ```, and the code."""
    first, newline, rest = content.partition("\n")
    if newline and first and not any(char.isspace() or char == "`" for char in first):
        return {"language": first}, rest
    return {}, rest if newline and not first else content


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
