"""The register of conversations: each flow signs in with a name, and where it can be entered from."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

import flows
from flows.codec import Json
from flows.moves import Effect, Flow, Known
from flows.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Onward:
    """A conversation to go on with that begins with something."""

    name: str
    args: tuple[Json, ...]


Next = str | Onward | None
"""What a conversation returns: the one to go on with, by its name alone if it begins with nothing; None: the
one below, or the menu."""

REST: Final = ""
"""Returned by a conversation after which the bot says no more of its own."""

F = TypeVar("F", bound=Callable[..., Flow[Next]])


@dataclass(frozen=True, slots=True)
class Conversation:
    """One flow and the doors to it."""

    name: str
    start: Callable[..., Flow[Next]]
    command: str | None  # without slash; None: no command leads here
    menu: int | None  # place in the menu, smallest first; None: not in it
    before_consent: bool  # True: open to a person who has not arrived yet
    needs: Permission | None  # None: open to everybody; for others than those who have it it does not exist
    desk: int | None  # place on the desk of those who coordinate, smallest first; None: not on it
    link: str | None  # letter of the deep links that lead here, with the payload; None: none does
    aside: bool = False  # True: begun by us; until it is answered, what else is under way goes first


_register: dict[str, Conversation] = {}


def conversation(
    name: str,
    *,
    command: str | None = None,
    menu: int | None = None,
    before_consent: bool = False,
    needs: Permission | None = None,
    desk: int | None = None,
    link: str | None = None,
    aside: bool = False,
) -> Callable[[F], F]:
    """Sign a flow in. Its texts: `command.<command>` describes the command, `menu.<name>` names it.

    Raises ValueError where another one has that name.
    """

    def sign_in(start: F) -> F:
        known = _register.get(name)
        if known is not None and known.start is not start:
            raise ValueError(f"two conversations are called '{name}'")
        _register[name] = Conversation(name, start, command, menu, before_consent, needs, desk, link, aside)
        return start

    return sign_in


@cache
def conversations() -> Mapping[str, Conversation]:
    """Every conversation of the package by name, in the order of the menu."""
    for module in pkgutil.walk_packages(flows.__path__, "flows."):
        importlib.import_module(module.name)
    return dict(sorted(_register.items(), key=lambda item: (item[1].menu or 1000, item[0])))


@cache
def commands() -> Mapping[str, Conversation]:
    """Conversations by the command that leads to them."""
    return {each.command: each for each in conversations().values() if each.command}


@cache
def links() -> Mapping[str, Conversation]:
    """Conversations by the letter of the deep links that lead to them; all others lead to the arrival."""
    return {each.link: each for each in conversations().values() if each.link}


def effects() -> frozenset[type[Effect[Any]]]:
    """Every effect a flow can yield."""
    conversations()
    return frozenset(_leaves(Effect))


def looks() -> frozenset[type[Known]]:
    """Everything a flow can look at."""
    conversations()
    return frozenset(_leaves(Known))


def _leaves(base: type) -> set[type]:
    below: list[type] = list(filter(_is_ours, base.__subclasses__()))
    return set().union(*map(_leaves, below)) if below else {base}


def _is_ours(kind: type) -> bool:
    """False for what lies elsewhere, and for the class from which `slots=True` made the one we know."""
    module = sys.modules[kind.__module__]
    return module.__name__.startswith("flows.") and getattr(module, kind.__name__, None) is kind
