"""Rooms, and presses on buttons in group chats.

A room is a group chat that was bound to a purpose. A press in a group chat is part of nobody's conversation:
a handler, which signs in with `in_room`, is carried to its end at once, with the roles of whoever pressed.
What it says is the short notice on the button; a `Board` is what the pressed message says from then on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, Protocol, TypeVar

from flows.conversations import conversations
from flows.engine import advance
from flows.events import PressedInChat
from flows.moves import Arg, Choice, Effect, Flow, Look, Say
from flows.people.person import OwnRoles
from flows.people.roles import NotAllowed, Permission, may


class Purpose(StrEnum):
    """What a room is for."""

    PANEL = "panel"
    COORDINATORS = "coordinators"


@dataclass(frozen=True, slots=True)
class Button:
    """A button in a group chat."""

    handler: str  # the name with which it signed in; [a-z]+
    about: int  # what is pressed about, such as the id of a row; 0: the chat itself
    choice: Choice


@dataclass(frozen=True, slots=True, init=False)
class Board(Say):
    """What a message in a group chat says, in the languages of the room, and the buttons below it."""

    buttons: tuple[Button, ...]

    def __init__(self, key: str, buttons: tuple[Button, ...], /, **args: Arg) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "buttons", buttons)
        object.__setattr__(self, "args", args)


Start = Callable[[int, str], Flow[None]]
"""A handler: it is given what is pressed about, and the choice, both as they stand on a button of ours."""

H = TypeVar("H", bound=Start)


@dataclass(frozen=True, slots=True)
class Handler:
    """Who answers presses of one kind."""

    name: str
    start: Start
    needs: Permission | None  # somewhere; None: everybody who has arrived may press


_register: dict[str, Handler] = {}


def in_room(name: str, *, needs: Permission | None) -> Callable[[H], H]:
    """Sign a handler in: a flow that looks, does and says, and asks nothing.

    Raises ValueError where another one has that name.
    """

    def sign_in(start: H) -> H:
        known = _register.get(name)
        if known is not None and known.start is not start:
            raise ValueError(f"two handlers are called '{name}'")
        _register[name] = Handler(name, start, needs)
        return start

    return sign_in


@cache
def handlers() -> Mapping[str, Handler]:
    """Every handler of the package by name."""
    conversations()  # imports every module
    return dict(sorted(_register.items()))


class World(Protocol):
    """What a handler needs from whoever drives it."""

    @property
    def arrived(self) -> bool:
        """Whether the person takes part: nobody else can change anything here."""

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        """The answer to a look, or the result of an effect. Raises NotAllowed for what needs a role."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What comes of a press in a group chat."""

    notice: Say | None = None  # on the button, for whoever pressed
    board: Board | None = None  # what the message says from now on; None: what it said before


OUTDATED: Final = Answered(Say("notice.outdated"))
NOT_YOURS: Final = Answered(Say("notice.not_yours"))


def answer(event: PressedInChat, world: World) -> Answered:
    """Carry a press through its handler.

    Raises TypeError for a handler that asks something: nobody could answer.
    """
    handler = handlers().get(event.handler)
    if handler is None:
        return OUTDATED
    if not _is_for(handler, world):
        return NOT_YOURS
    try:
        turn = advance(handler.start(event.about, event.choice), (), None, world.carry_out)
    except NotAllowed:
        return NOT_YOURS
    if turn.asked is not None:
        raise TypeError(f"'{handler.name}' asks '{turn.asked.key}', which nobody can answer in a group chat")
    boards = [say for say in turn.said if isinstance(say, Board)]
    notices = [say for say in turn.said if not isinstance(say, Board)]
    return Answered(notices[-1] if notices else None, boards[-1] if boards else None)


def _is_for(handler: Handler, world: World) -> bool:
    if not world.arrived:
        return False
    if handler.needs is None:
        return True
    mine: OwnRoles = world.carry_out(Look(OwnRoles))
    return may(mine.held, handler.needs)
