"""What in somebody's words could lead to a person: found to be masked, for a human to decide.

Numbers, addresses and links are found by their shape. A name is only guessed at: a word with a capital letter
that does not begin a sentence; scripts without capital letters give no such sign.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MASK: Final = "[\N{HORIZONTAL ELLIPSIS}]"
"""What stands where something was masked."""


class Trace(StrEnum):
    """What can lead to a person."""

    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"  # a name in a chat program, such as @someone
    NUMBER = "number"  # of a telephone, a card, a document
    NAME = "name"


CERTAIN: Final = (Trace.EMAIL, Trace.LINK, Trace.HANDLE, Trace.NUMBER)
"""What is proposed as masked; the others are to be looked at."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a text, in characters."""

    start: int
    end: int  # the first character that is no longer in it

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may have to be masked."""

    span: Span
    trace: Trace


_SHAPES: Final = (
    (Trace.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (Trace.LINK, re.compile(r"(?:https?://|www\.)\S*[^\s.,;:!?)]")),
    (Trace.LINK, re.compile(r"\b[\w.-]+\.(?:com|org|net|eu|fr|gr|lv|ru|me)\b(?:/\S*[^\s.,;:!?)])?")),
    (Trace.HANDLE, re.compile(r"(?<!\w)@\w{3,}")),
    (Trace.NUMBER, re.compile(r"(?<!\w)\+?\(?\d(?:[\s().\-/]{0,2}\d){5,18}(?!\w)")),
)
_DATE: Final = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}|\d{4}\s?[-/\u2013]\s?\d{4}")
_WORD: Final = re.compile(r"[^\W\d_][\w'\u2019-]*")
_ENDS: Final = re.compile(r"[.!?\u2026;:\u061f\u00b7\n\"\u201c\u00ab(-]\s*$")


def traces(text: str) -> tuple[Found, ...]:
    """What could lead to a person, in the order of the text; no two of them overlap."""
    found: list[Found] = []
    for trace, shape in _SHAPES:
        for match in shape.finditer(text):
            if trace is Trace.NUMBER and _DATE.fullmatch(match.group()):
                continue
            found += _free(Found(Span(*match.span()), trace), found)
    for span in _names(text):
        found += _free(Found(span, Trace.NAME), found)
    return tuple(sorted(found, key=lambda one: one.span))


def _free(new: Found, found: Iterable[Found]) -> tuple[Found, ...]:
    """What is found anew, unless it lies in what was found before."""
    overlaps = (one.span.start < new.span.end and new.span.start < one.span.end for one in found)
    return () if any(overlaps) else (new,)


def _names(text: str) -> Iterator[Span]:
    """Words with a capital letter inside a sentence; those that follow each other are one name."""
    start = end = -1
    for word in _WORD.finditer(text):
        is_name = _is_capitalised(word.group()) and not _begins_sentence(text, word.start())
        if start >= 0 and is_name and text[end : word.start()].isspace():
            end = word.end()
            continue
        if start >= 0:
            yield Span(start, end)
        start, end = word.span() if is_name else (-1, -1)
    if start >= 0:
        yield Span(start, end)


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at]
    return not before.strip() or bool(_ENDS.search(before))


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with a mask in the place of each span."""
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + MASK + text[span.end :]
    return text


def occurrences(text: str, words: str) -> tuple[Span, ...]:
    """Where those words stand in the text, however they are written: capital letters or not."""
    if not words.strip():
        return ()
    pattern = re.compile(re.escape(words.strip()), re.IGNORECASE)
    return tuple(Span(*match.span()) for match in pattern.finditer(text))


def span_of(written: str) -> Span:
    """A span as a button names it. Raises ValueError for anything else."""
    start, _, end = written.partition("-")
    return Span(int(start), int(end))
