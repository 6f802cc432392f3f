"""A speaker with Telegram's side written by the test: what becomes of each send, and what was sent."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, cast

from bot.rendering.files import Attachment, Known
from bot.speaking.outcomes import Delivered, Outcome
from bot.speaking.speaker import Introduction, Speaker


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to send, in the order they began."""

    telegram: int
    text: str
    file: Attachment | Known | None = None


class Always:
    """The permit of a run that may always speak, unless a test says otherwise."""

    term: int | None = 1


class Mouth:
    """Has the face of `Speaker`. Sends end as scripted, and are delivered where nothing is."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answered: list[tuple[str, str | None]] = []
        self.there = True  # what is answered when it is asked whether Telegram is there
        self.questions = 0
        self.introduced: dict[str, Introduction] = {}
        self.in_flight = 0
        self.most_in_flight = 0
        self.held = asyncio.Event()  # cleared: requests do not come back
        self.held.set()
        self._outcomes: dict[int, deque[Outcome]] = defaultdict(deque)
        self._by_chat: dict[int, int] = defaultdict(int)
        self.overlapped = False  # two sends to one chat were in flight at once

    @property
    def speaker(self) -> Speaker:
        """Itself, as those who are given a speaker see it."""
        return cast(Speaker, self)

    def script(self, telegram: int, *outcomes: Outcome) -> None:
        """The next sends to that chat end so."""
        self._outcomes[telegram].extend(outcomes)

    def texts(self, telegram: int) -> list[str]:
        """What was sent to a chat, in order."""
        return [one.text for one in self.sent if one.telegram == telegram]

    async def say(
        self, chat: int, payload: dict[str, Any], file: Attachment | Known | None = None
    ) -> Outcome:
        self.sent.append(Sent(chat, payload["text"], file))
        name = f"file-{len(self.sent)}" if isinstance(file, Attachment) else None
        self._by_chat[chat] += 1
        self.overlapped |= self._by_chat[chat] > 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await self.held.wait()
        await asyncio.sleep(0)
        self.in_flight -= 1
        self._by_chat[chat] -= 1
        scripted = self._outcomes[chat]
        return scripted.popleft() if scripted else Delivered(len(self.sent), name)

    async def is_there(self) -> bool:
        self.questions += 1
        return self.there

    async def answer(self, press: str, text: str | None) -> None:
        self.answered.append((press, text))

    async def introduce(self, language: str, introduction: Introduction) -> None:
        self.introduced[language] = introduction

    async def remove_webhook(self) -> None:
        self.sent.append(Sent(0, "deleteWebhook"))
