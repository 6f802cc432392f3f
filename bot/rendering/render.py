"""A reply becomes messages: the reader's language, Telegram's HTML, buttons, within Telegram's limits."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any, Final

from bot.rendering.button import button, opener
from bot.rendering.files import Attachment, Rows, TooLarge, kept, made
from config.languages import our_languages
from config.texts import Texts
from flows.announcements.letter import Letter
from flows.files import File, Hand, Medium, Table
from flows.moves import Arg, Ask, Choice, Key, Say
from flows.talks import BACK, Reply
from storage.messages.outbox import Message

MOST_CHARACTERS: Final = 4096
MOST_BESIDE_FILE: Final = 1024
MOST_ON_BUTTON: Final = 64
MOST_IN_ROW: Final = 42
"""Characters in a row of buttons that a phone of 360 pixels can show, three lost on each for its edges."""

MARKS: Final = {"ltr": "\N{LEFT-TO-RIGHT MARK}", "rtl": "\N{RIGHT-TO-LEFT MARK}"}
_LETTERS: Final = {"L": "ltr", "R": "rtl", "AL": "rtl"}  # by Unicode's classes of characters
_TAG: Final = re.compile(r"</?[a-z]+>")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it."""

    language: str
    default: str  # of their territory, where a text is missing in theirs
    zone: str  # IANA name
    others: tuple[str, ...] = ()  # languages of their territory, the first one spoken most


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message as it is sent."""

    text: str  # Telegram's HTML
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()  # rows of (label, data)
    links: tuple[tuple[str, str], ...] = ()  # buttons below them that lead elsewhere: (label, address)
    file: Attachment | Rows | Medium | None = None  # with `text` beside it, which may be "" then

    def payload(self) -> dict[str, Any]:
        """The message as JSON, for the outbox."""
        payload: dict[str, Any] = {"text": self.text, "buttons": self.buttons}
        if self.links:
            payload["links"] = self.links
        match self.file:
            case Attachment() | Rows():
                payload["file"] = self.file.payload()
            case Medium(id=id, kind=kind):
                payload["media"] = {"id": id, "kind": kind}
        return payload


@dataclass(frozen=True, slots=True)
class Worded:
    """What is said and asked in the words of a reader, before it is with anybody."""

    messages: tuple[Rendered, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()  # below the last one, of (label, choice)

    def within(self, talk: int, step: int) -> tuple[Rendered, ...]:
        """The messages, with buttons that belong to that step of a conversation."""
        if not self.rows:
            return self.messages
        buttons = tuple(
            tuple([(words, button(talk, step, choice)) for words, choice in row]) for row in self.rows
        )
        return (*self.messages[:-1], replace(self.messages[-1], buttons=buttons))


def render(texts: Texts, reply: Reply, reader: Reader) -> tuple[Rendered, ...]:
    """The messages of one turn."""
    asked = reply.asked
    if asked is None:
        return worded(texts, reply.said, None, reader).messages
    said = worded(texts, reply.said, asked.ask, reader, can_go_back=asked.can_go_back)
    return said.within(asked.talk, asked.step)


def worded(
    texts: Texts, said: Iterable[Say], ask: Ask | None, reader: Reader, *, can_go_back: bool = False
) -> Worded:
    """What is said in one message, files between, the question last."""
    messages: list[Rendered] = []
    parts: list[str] = []
    for say in said:
        if isinstance(say, Hand):
            messages += map(Rendered, _pages(parts))
            handed, parts = _handed(texts, say, reader)
            messages += handed
        elif isinstance(say, Letter):
            messages += [*map(Rendered, _pages(parts)), *letter(texts, say, reader)]
            parts = []
        else:
            parts.append(_html(texts, say, reader))
    if ask is not None:
        parts.append(_html(texts, Say(ask.key, **ask.args), reader))
    messages += map(Rendered, _pages(parts))
    return Worded(tuple(messages), _rows(texts, ask, reader, can_go_back) if ask else ())


def letter(texts: Texts, said: Letter, reader: Reader) -> list[Rendered]:
    """A message as everybody gets it who reads in its language, whoever looks at it.

    On a phone of several it says above it for whom it is. A picture or a document stands beside its text, or
    before it where that is long.
    """
    there = replace(reader, language=said.language)
    doors = tuple(
        ((label(texts, Choice("", words), there), opener(payload)),) for words, payload in said.doors
    )
    links = tuple((label(texts, Choice("", words), there), address) for words, address in said.links)
    words = _html(texts, said, there)
    if said.called is not None:
        words = f"{_html(texts, Say('profiles.for', name=said.called), there)}\n\n{words}"
    if said.medium is None or _fits_beside(words):
        return [Rendered(words, doors, links, said.medium)]
    return [Rendered(_alone(said.medium), file=said.medium), Rendered(words, doors, links)]


def notice(texts: Texts, say: Say, reader: Reader) -> str:
    """A short word shown over the chat, where a button was pressed."""
    return texts.plain(reader.language, say.key, say.args, zone=reader.zone, default=reader.default)


def label(texts: Texts, choice: Choice, reader: Reader) -> str:
    """The words on a button."""
    return on_button(_said(texts, choice.label, reader))


def _said(texts: Texts, words: Arg, reader: Reader) -> str:
    return texts.label(reader.language, words, zone=reader.zone, default=reader.default)


def on_button(words: str) -> str:
    """Words, or as many of them as a button has room for."""
    return words if len(words) <= MOST_ON_BUTTON else words[: MOST_ON_BUTTON - 1] + "\N{HORIZONTAL ELLIPSIS}"


def without_tags(html: str) -> str:
    """The same message as plain text."""
    return unescape(_TAG.sub("", html))


def beside(message: Message, medium: Medium) -> tuple[Message, ...]:
    """A message with a medium; a text too long to stand beside it comes after it, with the buttons.

    What comes after has a key made of the message's, `<key>:text`; beside the medium stands what it shows.
    """
    media = Rendered("", file=medium).payload()["media"]
    if _fits_beside(message.payload["text"]):
        return (replace(message, payload={**message.payload, "media": media}),)
    others = {name: value for name, value in message.payload.items() if name != "links"}
    shown = {**others, "text": _alone(medium), "buttons": [], "media": media}
    return replace(message, payload=shown), replace(message, key=f"{message.key}:text")


def _handed(texts: Texts, hand: Hand, reader: Reader) -> tuple[list[Rendered], list[str]]:
    """A file with its text beside it; what is too long for that is left to be said after it."""
    words, languages = _html(texts, hand, reader), (reader.language, *reader.others, reader.default)
    try:
        file = _to_send(texts, hand.file, languages, reader)
    except TooLarge:
        return [], [_html(texts, Say("file.too_large"), reader)]
    if _fits_beside(words):
        return [Rendered(words, file=file)], []
    return [Rendered(_alone(file) if isinstance(file, Medium) else "", file=file)], [words]


def _to_send(
    texts: Texts, file: File, languages: tuple[str, ...], reader: Reader
) -> Attachment | Rows | Medium:
    match file:
        case Medium():
            return file
        case Table():
            return kept(file, lambda words: _said(texts, words, reader))
        case _:
            return made(file, languages, lambda words: _said(texts, words, reader))


def _html(texts: Texts, say: Say, reader: Reader) -> str:
    said = texts.html(reader.language, say.key, say.args, zone=reader.zone, default=reader.default)
    return _directed(said, reader.language)


def _directed(html: str, language: str) -> str:
    """With a mark of direction where the first letter, by which a browser goes, runs the other way.

    A browser looks into what is set apart, too: https://html.spec.whatwg.org/#the-dir-attribute.
    """
    known = our_languages().get(language)
    letters = (_LETTERS.get(unicodedata.bidirectional(each)) for each in without_tags(html))
    first = next((letter for letter in letters if letter is not None), None)
    if known is None or first in (None, known.direction):
        return html
    return MARKS[known.direction] + html


def _rows(
    texts: Texts, ask: Ask, reader: Reader, can_go_back: bool
) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = laid_out([(label(texts, choice, reader), choice.value) for choice in ask.choices], ask.columns)
    if can_go_back:
        rows.append(((label(texts, Choice(BACK, Key("button.back")), reader), BACK),))
    return tuple(rows)


def _fits_beside(html: str) -> bool:
    return len(without_tags(html)) <= MOST_BESIDE_FILE


def _alone(medium: Medium) -> str:
    """What stands beside a medium whose text comes after it."""
    return escape(medium.alt[:MOST_BESIDE_FILE], quote=False)


def laid_out(buttons: Iterable[tuple[str, str]], columns: int) -> list[tuple[tuple[str, str], ...]]:
    """Rows of so many buttons; one whose words a small phone would cut there has a row to itself."""
    rows: list[tuple[tuple[str, str], ...]] = []
    row: list[tuple[str, str]] = []
    for one in buttons:
        if shown_in(one[0], columns) < columns:
            rows += [tuple(row), (one,)]
            row = []
            continue
        row.append(one)
        if len(row) == columns:
            rows.append(tuple(row))
            row = []
    return [each for each in (*rows, tuple(row)) if each]


def shown_in(words: str, columns: int) -> int:
    """How many buttons share the row of one with these words."""
    return columns if len(words) <= MOST_IN_ROW // columns - 3 else 1


def _pages(parts: list[str]) -> list[str]:
    """Parts joined by empty lines on as few pages as Telegram's limit allows."""
    pages: list[str] = []
    for part in parts:
        joined = f"{pages[-1]}\n\n{part}" if pages else part
        if pages and len(without_tags(joined)) <= MOST_CHARACTERS:
            pages[-1] = joined
        else:
            pages.extend(_cut(part))
    return pages


def _cut(part: str) -> list[str]:
    """A part on several pages if need be. What is cut loses its tags: they may span the cut."""
    if len(without_tags(part)) <= MOST_CHARACTERS:
        return [part]
    text = without_tags(part)
    return [escape(text[i : i + MOST_CHARACTERS], quote=False) for i in range(0, len(text), MOST_CHARACTERS)]
