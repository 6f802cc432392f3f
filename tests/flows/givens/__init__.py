"""What can be given in a transcript, by the first word of the line; every module of this package is read.

A new piece adds a module with functions of its own:

    @given("meeting")
    def meeting(who: Talking, words: str) -> None:      # given: meeting Park in riverside
        who.world.given(CallMeeting(...))                # given: Ada meeting Park in riverside
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Final

from tests.flows.talking import Talking

Given = Callable[[Talking, str], None]
"""Makes something true for a person; it gets the words that follow the first."""

_givens: Final[dict[str, Given]] = {}


def given(first: str) -> Callable[[Given], Given]:
    """Mark the one function for lines of `given:` that begin with that word."""

    def sign_in(function: Given) -> Given:
        if first in _givens:
            raise ValueError(f"two functions are for 'given: {first} ...'")
        _givens[first] = function
        return function

    return sign_in


def give(who: Talking, words: str) -> None:
    """Make true what a line says of a person."""
    _import_all()
    first, _, rest = words.partition(" ")
    if first not in _givens:
        raise ValueError(f"nothing is known of 'given: {words}'")
    _givens[first](who, rest)


@cache
def _import_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
