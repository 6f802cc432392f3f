"""What is true of every file of meetings, whatever it holds: it is read as it may be shown, or refused."""

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from config.planned_meetings import WrongFile
from flows.planning.imports import PARTS, Meeting

ODD = [
    "",
    " ",
    "\n",
    "\r\n ",
    '"',
    "'",
    "\\",
    ";",
    ":",
    ",",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\0",
    "\u202e",
    "<b>",
    "9" * 5000,
]
"""What trips up who reads files."""


def check_reading(file: str, read: Callable[[], Sequence[Meeting]]) -> None:
    """Fail where a file is neither read nor refused by its name, or is read as what cannot be shown."""
    try:
        meetings = read()
    except WrongFile as wrong:
        _check_refusal(file, wrong)
    else:
        for meeting in meetings:
            _check(meeting)


def _check_refusal(file: str, wrong: WrongFile) -> None:
    assert wrong.problems
    for problem in wrong.problems:
        assert problem.file == file
        assert problem.found
        assert problem.expected
        assert len(str(problem)) < 1000


def _check(meeting: Meeting) -> None:
    assert 1 <= len(meeting.uid) <= 255
    assert meeting.dates
    assert list(meeting.dates) == sorted(meeting.dates, key=lambda date: date.starts)
    assert any("title" in parts for parts in meeting.texts.values())
    for language, parts in meeting.texts.items():
        assert re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", language)
        for part, words in parts.items():
            assert 1 <= len(words) <= PARTS[part]
            assert "\0" not in words
            assert part not in ("title", "place", "host") or "\n" not in words
    assert meeting.link is None or re.fullmatch(r'https://[^\s<>"]{1,500}', meeting.link)
    if meeting.pin is not None:
        assert abs(meeting.pin[0]) <= 90
        assert abs(meeting.pin[1]) <= 180


@st.composite
def mutated(draw: st.DrawFn, texts: Sequence[str], pieces: Sequence[str]) -> str:
    """One of those texts, with other pieces in a few places."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + draw(st.sampled_from([*pieces, *ODD]) | st.text(max_size=6)) + text[end:]
    return text
