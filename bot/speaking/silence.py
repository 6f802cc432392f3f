"""Silence while the Bot API is in trouble: nothing is said before it has answered a harmless question."""

import asyncio
import random
from typing import Final

from bot.speaking.absence import Absence
from bot.speaking.speaker import Speaker

AWAY: Final = 30.0  # seconds, the longest pause between two questions


class Silence:
    """Kept from the first sign of trouble to the first answer."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._ask_at = 0.0  # loop time
        self._unanswered = 0  # questions in a row
        self._absence = Absence("messages")
        self.kept = False

    def begin(self) -> None:
        """Be silent from now on."""
        self.kept = True

    def left(self) -> float:
        """Seconds until the next question."""
        return max(0.0, self._ask_at - asyncio.get_running_loop().time())

    async def ask(self) -> None:
        """Ask, if it is time; an answer ends the silence."""
        if self.left() > 0:
            return
        self.kept = not await self._speaker.is_there()
        self._unanswered = self._unanswered + 1 if self.kept else 0
        if self.kept:
            self._absence.noticed("no answer to getMe")
        else:
            self._absence.ended()
        pause = min(AWAY, 0.25 * 2.0 ** min(self._unanswered, 8)) * random.uniform(0.5, 1)
        self._ask_at = asyncio.get_running_loop().time() + pause if self.kept else 0.0
