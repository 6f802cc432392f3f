"""What a citizen does in the chat: opens a link, reads the buttons, presses one."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bot.playground.emulator import Person
from flows.links import link_to

PATIENCE: Final = 20.0  # seconds in which an answer is waited for

MENU: Final = "wellbeing"  # a choice of the menu, whose buttons are always the same
RECENT: Final = 12  # messages of which one may come again

Buttons = dict[str, str]
"""What each choice of a message carries."""


class GaveUp(Exception):
    """The answer did not come in time."""


class Hands:
    """One person's."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._after = 0  # id of the newest message when something was done
        self._before: set[str] = set()  # questions asked until then: one may come again

    async def answers(self, occasion: int, sort: str, says: str) -> bool:
        """Say that to an occasion; False: its sheet does not offer it."""
        self._do(lambda: self._person.opens(link_to(sort[0], occasion)))
        message, offered = await self._sees(lambda buttons: "list" in buttons)
        for choice in _WAYS[says]:
            if choice in offered:
                self._presses(message, offered[choice])
                await self._to_the_end(says)
                return True
        return False

    async def _to_the_end(self, says: str) -> None:
        """Answer what is asked beside it."""
        while True:
            message, offered = await self._sees(lambda buttons: "why" not in buttons)
            follows = next((choice for choice in _FOLLOWS if choice in offered), None)
            if follows is None:
                return
            self._presses(message, offered[follows])

    async def answers_push(self, title: str, choice: str) -> bool:
        """Press a button under the push about one thing; False: there is none."""
        for message in reversed(self._person.messages):
            buttons = _buttons(message)
            if {"why", choice} <= buttons.keys() and title in message.get("text", ""):
                self._presses(message["message_id"], buttons[choice])
                await self._sees(lambda _: True)
                return True
        return False

    async def stops(self) -> None:
        """No pushes any more."""
        self._do(lambda: self._person.writes("/stop"))
        await self._sees(lambda buttons: "why" not in buttons)

    def blocks(self) -> None:
        """Block the bot, if it is not blocked."""
        if self._person.chat.standing == "active":
            self._person.blocks()

    def returns(self) -> None:
        """Unblock it again."""
        if self._person.chat.standing == "blocked":
            self._person.unblocks()

    @property
    def is_away(self) -> bool:
        """Whether they have blocked the bot."""
        return self._person.chat.standing == "blocked"

    def _presses(self, message: int, data: str) -> None:
        self._do(lambda: self._person.presses(message, data))

    def _do(self, deed: Callable[[], object]) -> None:
        seen = self._person.messages
        self._after = max((message["message_id"] for message in seen), default=0)
        self._before |= {data for message in seen[-RECENT:] for data in _buttons(message).values()}
        deed()

    async def _sees(self, wanted: Callable[[Buttons], bool]) -> tuple[int, Buttons]:
        """The newest message of the bot since then that is wanted, with its buttons."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for message in reversed(self._person.messages):
                        if message["message_id"] <= self._after:
                            break
                        buttons = _buttons(message)
                        again = MENU not in buttons and not self._before.isdisjoint(buttons.values())
                        if message["from"]["is_bot"] and not again and wanted(buttons):
                            return message["message_id"], buttons
                    await self._person.chat.more()
        except TimeoutError:
            raise GaveUp from None


_WAYS: Final = {
    "yes": ("take", "take-1", "yes"),
    "maybe": ("maybe",),
    "no": ("let-go", "give-back", "no"),
    "cannot": ("cannot",),
    "take": ("take",),
    "let-go": ("let-go",),
}
"""The buttons of a sheet that say so; the first that is there."""

_FOLLOWS: Final = ("done", "leave", "2", "skip", "give-back")
"""What is pressed where more is asked: no needs, out of the line, two people, no names, given back anyway."""


def _buttons(message: dict[str, Any]) -> Buttons:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    data = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
    return {each.rpartition(":")[2]: each for each in data}
