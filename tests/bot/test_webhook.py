"""What a call brings is read only if it can be an update, and costs little if it cannot."""

import json
import tracemalloc

import pytest

from bot.webhook import DEEPEST, LARGEST, parse


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """JSON so deep."""
    return opening * depth + b"1" + closing * depth


def test_what_is_as_deep_as_an_update_may_be_is_read() -> None:
    assert json.dumps(parse(nested(DEEPEST))).count("[") == DEEPEST


@pytest.mark.parametrize(
    "body",
    [nested(DEEPEST + 1), nested(DEEPEST + 1, b'{"a":', b"}"), b"[" * LARGEST, b'["x",' * 50_000, b'"' * 999],
)
def test_what_is_deeper_or_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"too deep|Extra data"):
        parse(body)


def test_brackets_in_texts_and_side_by_side_are_not_deep() -> None:
    update = {"text": "[{" * 1000 + '\\"[' * 100, "rows": [[1], [2]] * 500}

    assert parse(json.dumps(update).encode()) == update


@pytest.mark.parametrize("text", [b"a" * (LARGEST - 200), b"\\n" * (LARGEST // 2 - 100)])
def test_a_long_text_between_many_brackets_takes_little_memory(text: bytes) -> None:
    body = b'["' + text + b'"' + b",[]" * DEEPEST + b"]"
    tracemalloc.start()
    try:
        parse(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4 * LARGEST
