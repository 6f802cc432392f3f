"""One update that cannot be read never stops those behind it, and a broken line never loses one."""

import json
from typing import Any

import pytest

from bot.listening.reading import ENOUGH, MOST, Reading

DEEP = b'{"ok":true,"result":[{"update_id":7,"message":' + b"[" * 5000 + b"]" * 5000 + b"}]}"
LONG = b'{"ok":true,"result":[{"update_id":7,"message":{"date":' + b"9" * 5000 + b"}}]}"
BROKEN = b'{"ok":true,"result":[{"update_id":7,"message":{"text":"\xff'
NOTHING: dict[str, Any] = {"ok": True, "result": []}


def test_an_answer_is_read_as_it_is() -> None:
    answer = {"ok": True, "result": [{"update_id": 7}, {"update_id": 8}]}

    assert Reading().read(json.dumps(answer).encode()) == answer


@pytest.mark.parametrize("body", [DEEP, LONG, BROKEN])
def test_an_unreadable_update_is_asked_for_alone_and_then_handed_on_by_its_number(body: bytes) -> None:
    reading = Reading()

    assert reading.read(body) == NOTHING
    assert reading.limit == 1
    for _ in range(ENOUGH - 1):
        assert reading.read(body) == NOTHING
    assert reading.read(body) == {"ok": True, "result": [{"update_id": 7}]}
    assert reading.limit == MOST


def test_an_update_that_was_unreadable_only_on_the_way_is_not_lost() -> None:
    reading = Reading()
    for _ in range(ENOUGH):
        reading.read(BROKEN)

    assert reading.read(b'{"ok":true,"result":[{"update_id":7}]}')["result"] == [{"update_id": 7}]


def test_each_unreadable_update_is_counted_by_itself() -> None:
    reading = Reading()
    for number in (7, 7, 7, 8, 8):
        assert reading.read(BROKEN.replace(b"7", str(number).encode())) == NOTHING

    assert reading.read(BROKEN.replace(b"7", b"8"))["result"] == [{"update_id": 8}]


def test_many_are_asked_for_again_once_nothing_waits() -> None:
    reading = Reading()
    reading.read(BROKEN)

    reading.read(b'{"ok":true,"result":[]}')

    assert reading.limit == MOST


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b'{"ok":true,"result":{"message_id',
        b"[]",
        b"7",
        b"null",
        b'{"ok":true,"result":[',
    ],
)
def test_what_names_no_update_is_none_of_telegrams_and_skips_nothing(body: bytes) -> None:
    reading = Reading()

    assert [reading.read(body) for _ in range(ENOUGH + 2)] == [{}] * (ENOUGH + 2)
    assert reading.limit == MOST
