"""Gentle hints about a statement: two ideas in one message, or a phone number. They never refuse anything."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Hint(StrEnum):
    """Something the author may want to change."""

    TWO_IDEAS = "two_ideas"
    PHONE_NUMBER = "phone_number"


_PHONE: Final = re.compile(r"(?<![\w/.,-])\+?\(?\d(?:[\s().\-/]{0,2}\d){7,14}(?![\w/-])")
_DATE: Final = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}|\d{4}\s?[-/\u2013]\s?\d{4}")
_LIST: Final = re.compile(r"[\n;\u061b\u0387]|^\s*(?:[-*\u2022]|\d+[.)])\s", re.MULTILINE)
_SENTENCES: Final = re.compile(r"\w\w[.!?\u061f]\s+\w")
_SHORT_WORDS: Final = 4  # "bread and butter" is one idea; "a job I like and a garden near my home" may be two


def hints(text: str, conjunctions: Iterable[str]) -> tuple[Hint, ...]:
    """What to tell the author of `text`, in the order of telling.

    conjunctions  the words that join two ideas in the language of the text; one that ends in "-" is a prefix
    """
    found = []
    if _holds_two_ideas(text, conjunctions):
        found.append(Hint.TWO_IDEAS)
    if _holds_phone_number(text):
        found.append(Hint.PHONE_NUMBER)
    return tuple(found)


def _holds_phone_number(text: str) -> bool:
    return any(not _DATE.fullmatch(match.group()) for match in _PHONE.finditer(text))


def _holds_two_ideas(text: str, conjunctions: Iterable[str]) -> bool:
    text = text.strip()
    return bool(_LIST.search(text) or _SENTENCES.search(text)) or _is_joined(text.casefold(), conjunctions)


def _is_joined(text: str, conjunctions: Iterable[str]) -> bool:
    words = text.split()
    joints = set(conjunctions)
    prefixes = tuple(joint[:-1] for joint in joints if joint.endswith("-"))
    for place, word in enumerate(words):
        before, after = place, len(words) - place - 1
        if word in joints and before >= _SHORT_WORDS and after >= _SHORT_WORDS:
            return True
        if prefixes and before >= _SHORT_WORDS and after >= _SHORT_WORDS - 1 and _has_prefix(word, prefixes):
            return True
    return False


def _has_prefix(word: str, prefixes: tuple[str, ...]) -> bool:
    return any(word.startswith(prefix) and len(word) > len(prefix) + 2 for prefix in prefixes)
