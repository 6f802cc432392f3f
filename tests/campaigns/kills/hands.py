"""A citizen's hands and eyes: what they do becomes a deed of the scenario, what they see is a question."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bot.playground.emulator import Person
from bot.playground.emulator.world import World
from flows.people.language import ALL
from tests.campaigns.kills.scenario import Deed, Scenario, Uttered, Wording, named

CANARY: Final = "qzvx"
"""Begins a word in every statement; nothing else in the world holds it."""

MARK: Final = f"{CANARY}([a-j]{{8}})"
"""What follows it tells one wording from every other."""

LANGUAGES: Final = ("fr", "en", "ar", "el", "lv", "ru")
PATIENCE: Final = 4.0  # seconds in which an answer is waited for
ENDURANCE: Final = 30.0  # seconds in which everything that was done must have come to the bot

_PHRASES: Final = (
    "Des jardins partagés près de chez nous",
    "Moins de bruit le soir 🚲",
    "وقت أطول مع العائلة",
    "Να ακούμε ο ένας τον άλλον",
    "<b>Plus</b> d'arbres & d'eau",
    "Première ligne\nseconde ligne",
    "Больше света на улицах",
    "e\N{COMBINING ACUTE ACCENT}cole ouverte 👩‍👩‍👧",
)
_MARKS: Final = itertools.count(10_000_000)  # all of one length: none is another's beginning


class GaveUp(Exception):
    """The answer did not come in time."""


class Unheard(Exception):
    """What was done does not come to the bot."""


class Misled(Exception):
    """The question is another one than it must be after what was said and done."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The newest question with buttons, as its buttons tell."""

    message: int
    talk: str
    step: int
    choices: dict[str, str]  # choice -> callback data

    @property
    def is_newcomers(self) -> bool:
        """Whether it is the choice of a language, which greets newcomers and answers a nudge."""
        return ALL in self.choices


class Hands:
    """What a citizen can do, and what they see."""

    def __init__(self, world: World, person: Person, scenario: Scenario, random: Random) -> None:
        self._world = world
        self._person = person
        self._scenario = scenario
        self._random = random
        self._seen: Screen | None = None
        self._deeds: list[Deed] = []  # not yet known to have come to the bot

    # ---- hands

    def _done(self, kind: str, content: Any) -> Deed:
        """Keep in mind what was done."""
        deed = named(kind, content)
        self._deeds.append(deed)
        return deed

    def opens(self, payload: str) -> None:
        """Follow the link into a territory."""
        self._done("message", self._person.opens(payload))

    def blocks(self) -> None:
        """Block the bot."""
        self._person.blocks()
        deed = self._done("my_chat_member", {"from": self._person.user})
        self._scenario.blocked[self._person.id] = deed

    def sends(self, kind: str) -> None:
        """Send something other than text."""
        self._done("message", self._person.sends(kind))

    def writes(self, text: str) -> tuple[Deed, Any]:
        """Write a text; returns the message as Telegram keeps it, too."""
        message = self._person.writes(text)
        return self._done("message", message), message

    def utters(self, *, raced: bool = False) -> Uttered:
        """Say a new idea."""
        deed, message = self.writes(self._words())
        uttered = Uttered(
            self._person.id, message["message_id"], [Wording(deed, message["text"])], None, raced
        )
        self._scenario.uttered.append(uttered)
        return uttered

    def changes(self, statement: Uttered) -> None:
        """Write other words for a statement, where they are asked for."""
        deed, message = self.writes(self._words())
        statement.wordings.append(Wording(deed, message["text"]))

    def edits(self, statement: Uttered, *, raced: bool = False) -> None:
        """Edit the message of a statement."""
        message = self._person.edits(statement.message, self._words())
        deed = self._done("edited_message", message)
        statement.wordings.append(Wording(deed, message["text"], raced))

    def taps_nonsense(self) -> None:
        """Press what was never offered."""
        screen = self.question
        self._tap(screen.message, f"{screen.talk}:zz:next")

    def _tap(self, message: int, data: str) -> Deed:
        return self._done("callback_query", {"id": self._person.presses(message, data)})

    def taps(self, screen: Screen, choice: str) -> Deed:
        """Press a button, some people twice: the second press is outdated by then."""
        if choice not in screen.choices:
            raise Misled(f"{choice} of {', '.join(screen.choices)}")
        deed = self._tap(screen.message, screen.choices[choice])
        if self._random.random() < 0.1:
            self._tap(screen.message, screen.choices[choice])
        return deed

    async def presses(self, screen: Screen, choice: str) -> Screen:
        """Press a button and wait for the question after it.

        A newcomer comes back to the choice of a language from the one that a nudge leads to. After any other
        button it is a late answer to an earlier nudge.
        """
        self.taps(screen, choice)
        return await self.screen(
            lambda now: (
                (now.talk, now.step) != (screen.talk, screen.step)
                and (screen.is_newcomers or not now.is_newcomers)
            )
        )

    def _words(self) -> str:
        mark = "".join("abcdefghij"[int(digit)] for digit in str(next(_MARKS)))
        return f"{self._random.choice(_PHRASES)} {CANARY}{mark}"

    # ---- eyes

    def newest(self) -> int:
        """The id of the newest message in the chat."""
        return max((message["message_id"] for message in self._person.messages), default=0)

    @property
    def question(self) -> Screen:
        """The question this citizen knows to be open."""
        assert self._seen is not None, "nobody is asked before they came"
        return self._seen

    async def screen(self, wanted: Callable[[Screen], bool]) -> Screen:
        """Wait until the newest question is the one wanted."""
        await self._until(lambda: (screen := _newest_question(self._person)) is not None and wanted(screen))
        self._seen = _newest_question(self._person)
        return self.question

    async def known(self) -> None:
        """Wait until the bot has what was done: two check marks, in a client."""
        if not await self.settled():
            raise Unheard

    async def settled(self) -> bool:
        """The same; False: it does not come there."""
        by = time.monotonic() + ENDURANCE
        while self._deeds and time.monotonic() < by:
            self._deeds = [deed for deed in self._deeds if not self._is_settled(deed)]
            await asyncio.sleep(0.03 if self._deeds else 0)
        return not self._deeds

    def _is_settled(self, deed: Deed) -> bool:
        update = self._scenario.update(deed)
        record = None if update is None else self._world.ledger.updates[update]
        return record is not None and (record.expired or record.acknowledged_at is not None)

    async def hears_after(self, message: int) -> None:
        """Wait until something newer than that message was said."""
        await self._until(lambda: self._person.last["message_id"] > message)

    async def _until(self, happened: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not happened():
                    await self._person.chat.more()
        except TimeoutError:
            raise GaveUp from None


PUSHED: Final = "why"
"""The choice by which a push is known: it comes beside the question that is open, and leaves it so."""


def _newest_question(person: Person) -> Screen | None:
    """The newest question, pushes apart; None where its buttons are gone because it was answered."""
    for message in reversed(person.messages):
        if message["from"]["is_bot"] and "reply_markup" in message:
            rows = message["reply_markup"]["inline_keyboard"]
            named = [button["callback_data"].split(":") for row in rows for button in row]
            if any(len(parts) != 3 for parts in named):
                return None
            choices = {parts[2]: ":".join(parts) for parts in named}
            if PUSHED in choices:
                continue
            return Screen(message["message_id"], named[0][0], int(named[0][1], 36), choices)
    return None
