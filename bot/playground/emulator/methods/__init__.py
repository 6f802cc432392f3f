"""The Bot API's methods, by theme."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.emulator.methods import edits, media, membership, messages, profile, receiving
from bot.playground.emulator.methods.call import Call

Method = Callable[[Call], Any | Awaitable[Any]]

_BY_NAME: dict[str, Method] = {
    **receiving.METHODS,
    **messages.METHODS,
    **media.METHODS,
    **edits.METHODS,
    **membership.METHODS,
    **profile.METHODS,
}

METHODS: dict[str, tuple[str, Method]] = {name.lower(): (name, method) for name, method in _BY_NAME.items()}
"""Lower-case name -> documented name and implementation; names are case-insensitive."""
