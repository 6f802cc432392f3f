"""Entities that nobody marked: links, mentions, commands and the like are found by the server."""

import re
from typing import Any

from bot.playground.emulator.text import Entity, utf16_length

_CANDIDATE = re.compile(r"[@#/.$+:]|\d{5}")
_TOP_LEVELS = (
    "com|org|net|info|edu|gov|int|eu|io|me|app|dev|ai|tv|co|de|fr|it|es|pt|pl|nl|be|at|ch|cz|dk|fi|gr|hu|ie|lt|lv|"
    "ro|se|si|sk|uk|us|ru|ua|tr|br|in|jp|cn|ma|tn|dz|sn|ci|cm|ar|mx|xyz|online|site|shop|coop|cat|example"
)
_WORD = r"\w\u200c\u00b7\u0d80-\u0dff"
_IN_URL = r"[^\s<>\"«»\u2000-\u206f]"  # neither spaces nor marks of direction
_PATTERNS = (
    ("url", re.compile(rf"(?<![\w@])(?:(?:https?|ftp|tonsite)://|tg://){_IN_URL}+", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]+\.)+[a-z]{2,15}\b", re.IGNORECASE)),
    (
        "url",
        re.compile(
            rf"(?<![\w@./-])(?:[a-z0-9](?:[\w-]{{0,61}}\w)?\.)+(?:{_TOP_LEVELS})(?![\w-])(?::\d+)?(?:[/?#]{_IN_URL}*)?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w/@])@(?:[a-zA-Z0-9_]{4,32}|gif|vid|pic)(?![\w@])")),
    ("bot_command", re.compile(r"(?<![\w<>/])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/@<>])")),
    ("hashtag", re.compile(rf"(?<![{_WORD}@#])#(?=[{_WORD}]{{0,255}}[^\W\d])[{_WORD}]{{1,256}}+(?!#)")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{6,16}\d(?!\w)")),
)
_CLOSED_TO_DETECTION = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})
_AFTER_URL = ".,:;!?'\")]}"


def detected(text: str, marked: list[Entity]) -> list[Entity]:
    """`marked` and what is found beside it, by place; nothing is found inside code or a marked link."""
    if not _CANDIDATE.search(text):
        return marked
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked
        if entity["type"] in _CLOSED_TO_DETECTION
    ]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            entity = _entity(kind, text, match)
            start, end = entity["offset"], entity["offset"] + entity["length"]
            if all(end <= begin or start >= stop for begin, stop in taken):
                taken.append((start, end))
                found.append(entity)
    return sorted([*marked, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(kind: str, text: str, match: re.Match[str]) -> dict[str, Any]:
    words = match.group()
    if kind == "url":
        words = words.rstrip(_AFTER_URL)
    return {"offset": utf16_length(text[: match.start()]), "length": utf16_length(words), "type": kind}
