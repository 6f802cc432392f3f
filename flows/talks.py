"""What the reception speaks of: conversations under way, the open question, and what comes of an event."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from flows.codec import Json
from flows.engine import Log
from flows.moves import Arg, Ask, Effect, Look, Say

BACK: Final = "back"
"""The choice that every question offers where there is something to go back to."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation under way: which flow, what it began with, and its log."""

    id: int
    flow: str
    args: tuple[Json, ...] = ()
    log: Log = ()
    step: int = 0  # grows with each answer and each step back: names the question a button belongs to


Stack = tuple[Talk, ...]
"""A person's conversations; the last is the one words go to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The open question, and what its buttons must carry."""

    ask: Ask
    talk: int
    step: int
    can_go_back: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes of one event."""

    stack: Stack
    said: tuple[Say, ...] = ()
    asked: Asked | None = None
    notice: Say | None = None  # a short word on the pressed button, nothing more


class World(Protocol):
    """What the reception needs from whoever drives it."""

    @property
    def arrived(self) -> bool:
        """Whether the person has consented that their statements be kept."""

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        """The answer to a look, or the result of an effect. Raises NotAllowed for what needs a role."""

    def label(self, label: Arg) -> str:
        """A choice's label as this person reads it."""

    def new_id(self) -> int:
        """An id that nobody can guess, the same each time this event is carried through."""
