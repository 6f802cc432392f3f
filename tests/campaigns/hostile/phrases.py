"""What the catalogues let the bot say, read from the PO files without the bot's own code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from bot.playground.emulator.detect import detected
from bot.playground.emulator.html import HtmlReader

CATALOGUES: Final = Path(__file__).parents[3] / "config" / "catalogues"

QUOTE: Final = re.compile("\u2068([^\u2068\u2069]*)\u2069")
"""Words of data or of a citizen: the bot sets them apart with isolates, and takes isolates out of them."""

_MASK: Final = "\u2068\ufffc\u2069"
_SLOT: Final = re.compile(r"\{[a-z0-9_]+(?::[a-z]+)?\}")
_FILLED: Final = f"(?:{_MASK}|[^\u2068\u2069\ufffc]{{0,80}}?)"
_LINES: Final = f"(?:[^\u2068\u2069\ufffc]|{_MASK}){{0,600}}?"
"""What fills a slot that has its line to itself."""

Span = tuple[str, int, int]
"""Type, beginning and end of an entity, in UTF-16 units."""


@dataclass(frozen=True)
class Phrase:
    """One form of one text in one language: what it looks like, and the entities its tags make."""

    key: str
    plain: str  # slots as "\ue000"
    core: str  # the longest piece between slots: a message without it does not hold the text
    fixed: int  # characters that are its own: what stands in slots may be anybody's
    pattern: re.Pattern[str]
    entities: tuple[tuple[str, str, str], ...]  # type, and the groups that mark its two ends


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every form of every text in every language, but for those that have no words of their own."""
    known = (
        _phrase(str(key), form) for path in sorted(CATALOGUES.glob("*.po")) for key, form in _forms(path)
    )
    return tuple(phrase for phrase in known if any(map(str.isalpha, phrase.core)))


def _forms(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        for message in read_po(file):
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else message.string or ()
            yield from ((key, form) for form in forms)


def _phrase(key: str, source: str) -> Phrase:
    plain, entities = HtmlReader(_SLOT.sub("\ue000", source).replace("{{", "{").replace("}}", "}")).read()
    ends = [(entity["type"], entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    parts, place = [], 0
    lines = {slot.start() for slot in re.finditer("(?m)^\ue000$", plain)}
    for index, character in enumerate([*plain, ""]):
        for number, (_, start, end) in enumerate(ends):
            parts += [f"(?P<s{number}>)"] * (start == place) + [f"(?P<e{number}>)"] * (end == place)
        filled = _LINES if index in lines else _FILLED
        parts.append(filled if character == "\ue000" else re.escape(character))
        place += len(character.encode("utf-16-le")) // 2
    named = tuple((kind, f"s{number}", f"e{number}") for number, (kind, _, _) in enumerate(ends))
    core = max(plain.split("\ue000"), key=len)
    fixed = len(plain.replace("\ue000", ""))
    return Phrase(key, plain, core, fixed, re.compile("".join(parts)), named)


def masked(text: str) -> str:
    """What is left of a message when the quoted words are taken out."""
    return QUOTE.sub(_MASK, text)


def is_fragment(text: str) -> bool:
    """Whether a quotation begins or ends on another page."""
    without_commands = re.sub("\u2066[^\u2066-\u2069]*\u2069", "", QUOTE.sub("", text))  # set apart in Arabic
    return bool(re.search("[\u2066-\u2069]", without_commands))


@lru_cache(maxsize=20_000)
def _said(mask: str) -> tuple[tuple[Phrase, re.Match[str]], ...]:
    """The texts in a masked message, each where it is not a part of a longer one that says more itself."""
    there = (phrase for phrase in phrases() if phrase.core in mask)
    found = [(phrase, match) for phrase in there for match in phrase.pattern.finditer(mask)]
    return tuple(
        (phrase, match)
        for phrase, match in found
        if not any(
            other.start() <= match.start()
            and match.end() <= other.end()
            and len(other.group()) > len(match.group())
            and longer.fixed > phrase.fixed
            for longer, other in found
        )
    )


def keys_of(text: str) -> set[str]:
    """The keys of the texts a message is made of."""
    return {phrase.key for phrase, _ in _said(masked(text))}


def marked_in(text: str) -> set[Span]:
    """The entities that the tags of the catalogues' texts make in a message."""
    places = _places(text)
    return {
        (kind, places[match.start(start)], places[match.start(end)])
        for phrase, match in _said(masked(text))
        for kind, start, end in phrase.entities
    }


def _places(text: str) -> list[int]:
    """For each place in the masked text, its end included, the UTF-16 place in the message."""
    places, at, end = [], 0, 0
    for quote in [*QUOTE.finditer(text), None]:
        until = quote.start() if quote else len(text)
        for character in text[end:until]:
            places.append(at)
            at += _units(character)
        if quote:
            places += [at, at + 1, at + _units(quote.group()) - 1]
            at += _units(quote.group())
            end = quote.end()
    return [*places, at]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def quoted_in(text: str) -> list[tuple[int, int, str]]:
    """Where words are quoted in a message (UTF-16), and the words."""
    return [
        (_units(text[: quote.start()]), _units(text[: quote.end()]), quote.group(1))
        for quote in QUOTE.finditer(text)
    ]


@cache
def own_detections() -> frozenset[str]:
    """What the server finds by itself in the catalogues' own words: commands, as a rule."""
    return frozenset(
        cut(phrase.plain, entity["offset"], entity["offset"] + entity["length"])
        for phrase in phrases()
        for entity in detected(phrase.plain, [])
    )


def cut(text: str, start: int, end: int) -> str:
    """A part of a text by UTF-16 places."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@cache
def asked_about() -> tuple[tuple[str, str], ...]:
    """What the open question's text contains when it asks for ideas, and which question that is."""
    names = {
        (phrase.key.removeprefix("question."), phrase.plain)
        for phrase in phrases()
        if phrase.key.startswith("question.")
    }
    asks = [
        (phrase.plain.split("\n")[1], phrase.key.removeprefix("wellbeing.ask."))
        for phrase in phrases()
        if phrase.key.startswith("wellbeing.ask.")
    ]
    more = [
        (phrase.plain.replace("\ue000", name), question)
        for phrase in phrases()
        if phrase.key == "wellbeing.more"
        for question, name in names
    ]
    return tuple(asks + more)


@lru_cache(maxsize=20_000)
def question_in(mask: str) -> str | None:
    """Which question a masked message asks, None if none."""
    return next((question for words, question in asked_about() if words in mask), None)
