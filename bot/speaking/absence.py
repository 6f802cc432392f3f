"""Tells the log once that the Bot API does not answer any more, and once that it does again."""

import asyncio
from typing import Final

from bot.logs import log

SEVERAL: Final = 2  # questions in a row without an answer; one alone is lost now and then


class Absence:
    """What one asker notices of a Bot API that is away."""

    def __init__(self, waiting: str) -> None:
        """
        waiting  what waits meanwhile, for the log
        """
        self._waiting = waiting
        self._failed = 0
        self._since = 0.0  # loop time

    def noticed(self, error: str) -> None:
        """A question was not answered, or by nothing that can be used."""
        self._failed += 1
        if self._failed == 1:
            self._since = asyncio.get_running_loop().time()
        if self._failed == SEVERAL:
            log.warning("the Bot API does not answer", waiting=self._waiting, error=error)

    def ended(self) -> None:
        """A question was answered."""
        if self._failed >= SEVERAL:
            seconds = asyncio.get_running_loop().time() - self._since
            log.warning("the Bot API answers again", waiting=self._waiting, seconds=round(seconds, 1))
        self._failed = 0
