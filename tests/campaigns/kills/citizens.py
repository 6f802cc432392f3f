"""Citizens who arrive, walk through the conversations and leave, each doing only what is sure to be heard.

A citizen looks at the newest question before each step, and after it waits for the question that must
follow; a repeated message changes nothing for them. So it is known what each of their words must become.
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bot.playground.emulator import Emulator, Person
from tests.campaigns.kills.scenario import Scenario, Uttered, Wording

CANARY: Final = "qzvx"
"""Begins a word in every statement; nothing else in the world holds it."""

PATIENCE: Final = 4.0  # seconds in which an answer is waited for
TRIES: Final = 6  # after so many times in vain a citizen leaves
LANGUAGES: Final = ("fr", "en", "ar", "el", "lv", "ru")
WAYS: Final = ("next", "ready", "-", "yes", "leave", "keep", "close", "wellbeing")
"""Choices that lead, from any question that has one of them, to one that takes statements."""

MOST: Final = 9  # statements to one question, below the equal voice of the territory
FIRST_ID: Final = 7_310_482_000

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
_MARKS: Final = itertools.count()


class GaveUp(Exception):
    """The answer did not come in time."""


class Misled(Exception):
    """The question is another one than it must be after what was said and done."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The newest question with buttons, as its buttons tell."""

    message: int
    talk: str
    step: int
    choices: dict[str, str]  # choice -> callback data


@dataclass(frozen=True, slots=True)
class Habits:
    """What citizens are like."""

    questions: int = 3  # answered before they leave
    erasing: float = 0.2  # probability of having everything erased then
    blocking: float = 0.15  # probability of blocking the bot then


USUAL: Final = Habits()


class Citizen:
    """One person from their arrival to their leaving."""

    def __init__(
        self, emulator: Emulator, scenario: Scenario, id: int, random: Random, habits: Habits
    ) -> None:
        self._world = emulator.world
        self._person = emulator.person(id, language_code=random.choice(LANGUAGES))
        self._scenario = scenario
        self._random = random
        self._habits = habits
        self._questions = habits.questions
        self._seen: Screen | None = None
        self._nudged = 0  # the message that asked what is open; 0: none yet
        self._last: Uttered | None = None  # what can be changed and withdrawn by button
        self._said: list[Uttered] = []  # to the open question, not withdrawn
        self._sayings = 0  # to the open question, withdrawn ones included
        scenario.citizens.add(id)

    async def live(self) -> None:
        """Arrive, say and do this and that, leave; who waits in vain for an answer asks what is open."""
        self._does(lambda: self._person.opens("t_mulhouse"))
        for _ in range(TRIES):
            try:
                await self._come_to_a_question()
                while self._questions:
                    await self._answer_question()
                await self._leave()
                return
            except GaveUp:
                self._scenario.waited_in_vain += 1
                self._last, self._said = None, []
                self._nudge()
            except Misled:
                self._scenario.misled.add(self._person.id)
                return

    # ---- the walk

    def _nudge(self) -> None:
        """Ask in a way that changes nothing: whatever was done before has been carried out when this is."""
        _, message = self._writes("/language")
        self._nudged = message["message_id"]

    async def _come_to_a_question(self) -> None:
        """From wherever one is, arriving included, to a question that takes statements."""
        screen = await self._screen(lambda screen: screen.message > self._nudged and _is_newcomers(screen))
        while "next" not in screen.choices:
            ways = [way for way in WAYS if way in screen.choices]
            screen = await self._presses(screen, ways[0] if ways else self._random.choice(LANGUAGES))
        if self._nudged:  # nobody knows which question this is, nor how much was said to it
            await self._goes_on()

    async def _goes_on(self) -> None:
        screen = await self._presses(self._open(), "next")
        self._questions = self._questions - 1 if "next" in screen.choices else 0

    async def _answer_question(self) -> None:
        self._last, self._said, self._sayings = None, [], 0
        for _ in range(self._random.randint(2, 5)):
            if self._random.random() < 0.5 and self._sayings < MOST:
                await self._speaks()
            else:
                await self._random.choice(
                    (self._changes, self._withdraws, self._edits, self._visits, self._plays)
                )()
            await asyncio.sleep(self._random.uniform(0, 0.03))
        await self._goes_on()

    async def _leave(self) -> None:
        how = self._random.random()
        if how < self._habits.erasing:
            before = self._newest()
            self._does(lambda: self._person.writes("/forget"))
            screen = await self._screen(lambda screen: "erase" in screen.choices)
            self._scenario.erased[self._person.id] = self._taps(screen, "erase")
            await self._hears_after(max(before, screen.message))
        elif how < self._habits.erasing + self._habits.blocking:
            self._does(self._person.blocks)

    # ---- what is done at an open question

    async def _speaks(self) -> None:
        screen = self._open()
        ideas = min(self._random.choice((1, 1, 2, 3)), MOST - self._sayings)
        for _ in range(ideas):
            text = self._words()
            update, message = self._writes(text)
            self._said.append(
                Uttered(self._person.id, message["message_id"], [Wording(update, message["text"])])
            )
            self._scenario.uttered.append(self._said[-1])
            self._sayings += 1
        self._last = self._said[-1]
        await self._screen(lambda now: now.talk == screen.talk and now.step == screen.step + ideas)

    async def _changes(self) -> None:
        screen = self._open()
        if self._last is None:
            return
        asked = await self._presses(screen, "change")
        update, message = self._writes(self._words())
        self._last.wordings.append(Wording(update, message["text"]))
        await self._screen(lambda now: now.talk == asked.talk and now.step == asked.step + 1)

    async def _withdraws(self) -> None:
        screen = self._open()
        if self._last is None:
            return
        self._last.withdrawn = self._taps(screen, "withdraw")
        self._said.remove(self._last)
        self._last = None
        await self._screen(lambda now: now.talk == screen.talk and now.step == screen.step + 1)

    async def _edits(self) -> None:
        if not self._said:
            return
        statement = self._random.choice(self._said)
        text = self._words()
        edited: list[Any] = []
        update = self._does(lambda: edited.append(self._person.edits(statement.message, text)))
        statement.wordings.append(Wording(update, edited[0]["text"]))

    async def _visits(self) -> None:
        """Open another conversation and come back."""
        here = self._open()
        where, inside = self._random.choice(
            (("/language", "fr"), ("/menu", "wellbeing"), ("/mydata", "agreements"))
        )
        self._does(lambda: self._person.writes(where))
        screen = await self._screen(lambda now: inside in now.choices)
        if where == "/language":
            await self._presses(screen, self._random.choice(LANGUAGES))
        elif where == "/menu":
            await self._presses(screen, "wellbeing")
        else:
            screen = await self._presses(screen, "agreements")
            screen = await self._presses(screen, self._random.choice(("yes", "no")))
            screen = await self._presses(screen, self._random.choice(("yes", "no")))
            await self._presses(screen, "close")
        await self._screen(lambda now: (now.talk, now.step) == (here.talk, here.step))

    async def _plays(self) -> None:
        """Do what changes nothing."""
        before = self._newest()
        match self._random.randrange(4):
            case 0:
                self._does(lambda: self._person.writes("/help"))
            case 1:
                self._does(lambda: self._person.sends("sticker"))
            case 2:
                self._does(lambda: self._person.writes("/stop"))
            case 3:
                screen = self._open()
                self._does(lambda: self._person.presses(screen.message, f"{screen.talk}:zz:next"))
                return
        await self._hears_after(before)

    # ---- hands and eyes

    def _does(self, act: Callable[[], object]) -> int:
        """Do one thing; returns the id of its update."""
        act()
        update = self._world.queue.next_id - 1
        self._scenario.updates.add(update)
        return update

    def _writes(self, text: str) -> tuple[int, Any]:
        sent: list[Any] = []
        update = self._does(lambda: sent.append(self._person.writes(text)))
        return update, sent[0]

    def _taps(self, screen: Screen, choice: str) -> int:
        """Press a button, some people twice: the second press is outdated by then."""
        if choice not in screen.choices:
            raise Misled
        update = self._does(lambda: self._person.presses(screen.message, screen.choices[choice]))
        if self._random.random() < 0.1:
            self._does(lambda: self._person.presses(screen.message, screen.choices[choice]))
        return update

    async def _presses(self, screen: Screen, choice: str) -> Screen:
        """Press a button and wait for the question after it."""
        self._taps(screen, choice)
        return await self._screen(lambda now: (now.talk, now.step) != (screen.talk, screen.step))

    def _words(self) -> str:
        mark = "".join("abcdefghij"[int(digit)] for digit in str(next(_MARKS)))
        return f"{self._random.choice(_PHRASES)} {CANARY}{mark}"

    def _newest(self) -> int:
        return max((message["message_id"] for message in self._person.messages), default=0)

    def _open(self) -> Screen:
        """The question this citizen knows to be open."""
        assert self._seen is not None, "nobody is asked before they came"
        return self._seen

    async def _screen(self, wanted: Callable[[Screen], bool]) -> Screen:
        """Wait until the newest question is the one wanted."""
        await self._until(lambda: (screen := _screen(self._person)) is not None and wanted(screen))
        self._seen = _screen(self._person)
        return self._open()

    async def _hears_after(self, message: int) -> None:
        await self._until(lambda: self._person.last["message_id"] > message)

    async def _until(self, happened: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not happened():
                    await self._person.chat.more()
        except TimeoutError:
            raise GaveUp from None


class Crowd:
    """So many citizens at a time: who leaves is followed by a newcomer."""

    def __init__(self, emulator: Emulator, size: int, seed: str, habits: Habits) -> None:
        self.scenario = Scenario()
        self._emulator = emulator
        self._size = size
        self._seed = seed
        self._habits = habits
        self._ids = itertools.count(FIRST_ID)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Let them come."""
        self._tasks = [asyncio.create_task(self._follow_each_other()) for _ in range(self._size)]

    async def end(self) -> None:
        """Let them stop in the middle of whatever they do. Raises what went wrong with any of them."""
        for task in self._tasks:
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    async def _follow_each_other(self) -> None:
        while True:
            id = next(self._ids)
            random = Random(f"{self._seed}/{id}")
            await Citizen(self._emulator, self.scenario, id, random, self._habits).live()


def _is_newcomers(screen: Screen) -> bool:
    """Whether it is the choice of a language, which greets newcomers and answers a nudge."""
    return set(LANGUAGES) <= screen.choices.keys()


def _screen(person: Person) -> Screen | None:
    """The newest question; None where its buttons are gone because it was answered."""
    for message in reversed(person.messages):
        if message["from"]["is_bot"] and "reply_markup" in message:
            rows = message["reply_markup"]["inline_keyboard"]
            named = [button["callback_data"].split(":") for row in rows for button in row]
            if any(len(parts) != 3 for parts in named):
                return None
            choices = {parts[2]: ":".join(parts) for parts in named}
            return Screen(message["message_id"], named[0][0], int(named[0][1], 36), choices)
    return None
