"""What a button carries comes back as it was, and whatever else comes is no button of ours."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rendering.button import (
    MOST_BYTES,
    NO_BUTTON,
    NO_CHAT_BUTTON,
    button,
    chat_button,
    read_button,
    read_chat_button,
)

IDS = st.integers(min_value=0, max_value=2**63 - 1)


@given(IDS, st.integers(min_value=0, max_value=10_000), st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_a_button_comes_back_as_it_was_made(talk: int, step: int, choice: str) -> None:
    data = button(talk, step, choice)

    assert read_button(data) == (talk, step, choice)
    assert len(data.encode()) <= MOST_BYTES


def test_a_choice_too_long_for_telegram_is_refused_when_the_button_is_made() -> None:
    with pytest.raises(ValueError, match="too long for a button"):
        button(2**62, 10, "é" * 30)


@given(st.text(max_size=80))
@example("1:-1:yes")
@example("1e3:0:yes")
@example("１:２:yes")
@example("²:0:yes")
@example("1_0:0:yes")
@example(" 1:0:yes")
@example("0x1:0:yes")
@example("1:0:yes:no")
@example("a:b")
def test_whatever_is_forged_is_read_without_an_error(data: str) -> None:
    talk, step, choice = read_button(data)

    assert (talk, step, choice) == NO_BUTTON or button(talk, step, choice).count(":") == 2
    assert talk >= 0 or (talk, step, choice) == NO_BUTTON


@pytest.mark.parametrize("data", ["", ":", "::", "1:2", "1:2:3:4", "-1:0:yes", "1:0:" + "x" * 64, "١:٢:yes"])
def test_what_has_another_form_belongs_to_no_conversation(data: str) -> None:
    assert read_button(data) == NO_BUTTON


@given(st.from_regex("[a-z]{1,8}", fullmatch=True), IDS, st.from_regex("[a-z0-9_-]{1,40}", fullmatch=True))
def test_a_button_in_a_group_chat_comes_back_as_it_was_made(handler: str, about: int, choice: str) -> None:
    data = chat_button(handler, about, choice)

    assert read_chat_button(data) == (handler, about, choice)
    assert read_button(data) == NO_BUTTON
    assert len(data.encode()) <= MOST_BYTES


def test_a_choice_too_long_for_a_button_in_a_group_chat_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long for a button"):
        chat_button("room", 2**62, "x" * 50)


@given(st.text(max_size=80))
@example("~room:1:yes:no")
@example("~room:01:yes")
@example("~Room:1:yes")
@example("~room:²:yes")
@example(f"~room:{'z' * 20}:yes")
@example("1:0:yes")
def test_whatever_is_forged_in_a_group_chat_is_read_without_an_error(data: str) -> None:
    handler, about, choice = read_chat_button(data)

    assert (handler, about, choice) == NO_CHAT_BUTTON or chat_button(handler, about, choice) == data
    assert 0 <= about < 2**63
