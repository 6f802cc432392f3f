"""A press in a group chat is carried to its end at once, and only for those who may."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from flows.events import PressedInChat
from flows.moves import Choice, Flow, Say, pick
from flows.panels import rooms
from flows.panels.rooms import NOT_YOURS, OUTDATED, Answered, Board, Button, answer, in_room
from tests.flows.world import World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@contextmanager
def handler(start: rooms.Start) -> Iterator[None]:
    """Somebody answers presses of the kind `try` for a while."""
    in_room("try", needs=None)(start)
    rooms.handlers.cache_clear()
    try:
        yield
    finally:
        del rooms._register["try"]
        rooms.handlers.cache_clear()


def pressed(world: World, choice: str = "yes", about: int = 5) -> Answered:
    return answer(PressedInChat(NOON, "try", about, choice), world)


def somebody() -> World:
    world = World()
    world.arrives()
    return world


def test_what_is_said_is_the_notice_and_what_is_on_the_board_is_the_message() -> None:
    board = Board("room.hello", (Button("try", 5, Choice("no", "No")),))

    def start(about: int, choice: str) -> Flow[None]:
        yield Say("number.ask", about=about, choice=choice)
        yield board

    with handler(start):
        answered = pressed(somebody())

    assert answered == Answered(Say("number.ask", about=5, choice="yes"), board)


def test_who_has_not_arrived_is_told_so_whatever_is_pressed() -> None:
    def start(about: int, choice: str) -> Flow[None]:
        yield Say("number.ask")

    with handler(start):
        assert pressed(World()) == NOT_YOURS


def test_a_button_of_no_handler_is_outdated() -> None:
    assert pressed(somebody()) == OUTDATED


def test_a_handler_that_asks_is_a_mistake() -> None:
    def start(about: int, choice: str) -> Flow[None]:
        yield from pick("room.hello", (Choice("yes", "Yes"),))

    with handler(start), pytest.raises(TypeError, match=r"'try' asks 'room\.hello'"):
        pressed(somebody())


def test_no_two_handlers_have_one_name() -> None:
    def one(about: int, choice: str) -> Flow[None]:
        yield Say("number.ask")

    def other(about: int, choice: str) -> Flow[None]:
        yield Say("number.ask")

    with handler(one), pytest.raises(ValueError, match="two handlers are called 'try'"):
        in_room("try", needs=None)(other)
