"""What comes in is made fit to be kept, and only as much as it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listening.door import MOST_CHARACTERS, clean, has_words, mark

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()))
"""Every code point, lone surrogates and controls included."""


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Un banc au soleil", "Un banc au soleil"),
        ("  trimmed \n", "trimmed"),
        ("two\nlines", "two\nlines"),
        ("two\r\nlines", "two\nlines"),
        ("a\tb\x00c\x1bd\x7fe", "a b c d e"),
        ("a\u2028b\u2029c\u202ad\u202ee", "abcde"),
        ("half \ud83d of a pair", "half \N{REPLACEMENT CHARACTER} of a pair"),
        ("\u200fالحديقة\u200f", "\u200fالحديقة\u200f"),
        ("e\u0301\u0301\u0301", "e\u0301\u0301\u0301"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\x00\t\r\u202e", ""),
        ("😀" * (MOST_CHARACTERS + 1), "😀" * MOST_CHARACTERS),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_kept_and_of_nothing_else(sent: str, kept: str) -> None:
    assert clean(sent) == kept


@given(ANYTHING)
def test_what_was_cleaned_can_be_stored_and_sent_and_stays_as_it_is(text: str) -> None:
    kept = clean(text)

    kept.encode()
    assert "\x00" not in kept
    assert len(kept) <= MOST_CHARACTERS
    assert clean(kept) == kept


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\u200f\u200e", "\u2060", "\ufeff"])
def test_marks_that_only_join_or_direct_are_no_words(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["a", "1", "?", "🙂", "ب", "\N{REPLACEMENT CHARACTER}"])
def test_anything_that_can_be_seen_is_words(text: str) -> None:
    assert has_words(text)


MESSAGE = {"message_id": 5, "chat": {"id": 1001}, "date": 1_700_000_000, "text": "a bench"}


def test_the_mark_is_the_same_when_an_update_comes_again() -> None:
    assert mark("message", dict(MESSAGE)) == mark("message", dict(MESSAGE))


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("edited_message", {}),
        ("message", {"message_id": 6}),
        ("message", {"chat": {"id": 1002}}),
        ("message", {"date": 1_700_000_001}),
        ("message", {"edit_date": 1_700_000_002}),
    ],
)
def test_the_mark_tells_updates_apart_that_got_the_same_number(kind: str, changed: dict[str, object]) -> None:
    assert mark(kind, MESSAGE | changed) != mark("message", MESSAGE)


@given(st.dictionaries(st.sampled_from(["id", "message_id", "chat", "date"]), ANYTHING | st.none()))
def test_whatever_an_update_holds_its_mark_is_a_positive_63_bit_number(body: dict[str, object]) -> None:
    assert 0 <= mark("message", body) < 2**63
