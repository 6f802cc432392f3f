"""Citizens who arrive, walk through the conversations and leave, each doing only what is sure to be heard.

A citizen looks at the newest question before each step, and after it waits for the question that must
follow; a repeated message changes nothing for them. So it is known what each of their words must become.
Telegram keeps texts in order and presses in order, but not one against the other: whoever does both at once,
or no longer knows where they are, waits for the two check marks before they go on.
"""

import asyncio
import itertools
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.playground.emulator import Emulator
from bot.playground.emulator.updates import Queued
from flows.people.consent import OPTIONAL
from flows.people.language import ALL
from tests.campaigns.kills.hands import LANGUAGES, GaveUp, Hands, Misled, Screen, Unheard
from tests.campaigns.kills.scenario import Scenario, Uttered

TRIES: Final = 6  # after so many times in vain a citizen leaves
WAYS: Final = ("next", "ready", "-", "yes", "leave", "keep", "close", "no", "wellbeing")
"""Choices that lead, from any question that has one of them, to one that takes statements."""

MOST: Final = 9  # statements to one question at a time
VOICE: Final = 12  # and in all: the equal voice of the territory
FIRST_ID: Final = 7_310_482_000


@dataclass(frozen=True, slots=True)
class Habits:
    """What citizens are like."""

    questions: int = 3  # answered before they leave
    erasing: float = 0.2  # probability of having everything erased then
    blocking: float = 0.15  # probability of blocking the bot then
    hurrying: float = 0.15  # probability of doing two things at once, whichever is heard first


USUAL: Final = Habits()


class Citizen:
    """One person from their arrival to their leaving."""

    def __init__(
        self, emulator: Emulator, scenario: Scenario, id: int, random: Random, habits: Habits
    ) -> None:
        person = emulator.person(id, language_code=random.choice(LANGUAGES))
        self._hands = Hands(emulator.world, person, scenario, random)
        self._id = id
        self._scenario = scenario
        self._random = random
        self._habits = habits
        self._questions = habits.questions
        self._nudged = 0  # the message that asked what is open; 0: none yet
        self._last: Uttered | None = None  # what can be changed and withdrawn by button
        self._said: list[Uttered] = []  # to the open question, not withdrawn
        self._sayings = 0  # to the open question, withdrawn ones included
        self._most = 0  # to any one question since one came to the first of them
        self._before = 0  # to any one question at the most, before that
        scenario.citizens.add(id)

    async def live(self) -> None:
        """Arrive, say and do this and that, leave; who waits in vain for an answer asks what is open."""
        self._hands.opens("t_mulhouse")
        for _ in range(TRIES):
            try:
                await self._come_to_a_question()
                while self._questions:
                    await self._answer_question()
                await self._leave()
                return
            except GaveUp:
                self._scenario.waited_in_vain += 1
                if not await self._looks_around():
                    return
            except Unheard:
                return
            except Misled as error:
                self._scenario.misled[self._id] = str(error)
                return

    # ---- the walk

    async def _looks_around(self) -> bool:
        """Forget where one is and ask, in a way that changes nothing; False: nobody is there."""
        self._last, self._said = None, []
        if not await self._hands.settled():
            return False
        deed, message = self._hands.writes("/language")
        self._scenario.nudges.setdefault(self._id, []).append(deed)
        self._nudged = message["message_id"]
        return await self._hands.settled()  # or what is seen then could be a late answer to an earlier nudge

    async def _come_to_a_question(self) -> None:
        """From wherever one is, arriving included, to a question for statements, again perhaps."""
        self._before += self._most
        self._most = 0
        screen = await self._hands.screen(
            lambda screen: screen.message > self._nudged and screen.is_newcomers
        )
        while "next" not in screen.choices:
            ways = [way for way in WAYS if way in screen.choices]
            screen = await self._hands.presses(screen, ways[0] if ways else self._a_language(screen))
        if self._nudged:  # nobody knows which question this is, nor how much was said to it
            await self._goes_on()

    def _a_language(self, screen: Screen) -> str:
        return self._random.choice(sorted(screen.choices.keys() & set(LANGUAGES)))

    async def _goes_on(self) -> None:
        screen = await self._hands.presses(self._hands.question, "next")
        self._questions = self._questions - 1 if "next" in screen.choices else 0

    async def _answer_question(self) -> None:
        self._last, self._said, self._sayings = None, [], 0
        for _ in range(self._random.randint(2, 5)):
            if self._random.random() < self._habits.hurrying:
                if await self._hurries():
                    return
            elif self._random.random() < 0.5 and self._sayings < self._room:
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
            before = self._hands.newest()
            self._hands.writes("/forget")
            asked = await self._hands.screen(lambda screen: "erase" in screen.choices)
            screen = await self._hands.presses(asked, "erase")
            self._scenario.erased[self._id] = self._hands.taps(screen, "erase")
            await self._hands.hears_after(max(before, screen.message))
        elif how < self._habits.erasing + self._habits.blocking:
            self._hands.blocks()

    # ---- what is done at an open question

    @property
    def _room(self) -> int:
        """How many statements are surely kept that are said to one question now."""
        return min(MOST, VOICE - self._before)

    async def _speaks(self) -> None:
        screen = self._hands.question
        ideas = min(self._random.choice((1, 1, 2, 3)), self._room - self._sayings)
        for _ in range(ideas):
            self._said.append(self._hands.utters())
        self._sayings += ideas
        self._most = max(self._most, self._sayings)
        self._last = self._said[-1]
        now = await self._hands.screen(
            lambda now: now.talk == screen.talk and now.step == screen.step + ideas
        )
        if "next" not in now.choices:  # which language it is, or which is to be spoken
            await self._hands.presses(now, self._random.choice(sorted(now.choices)))

    async def _changes(self) -> None:
        screen = self._hands.question
        if self._last is None:
            return
        asked = await self._hands.presses(screen, "change")
        self._hands.changes(self._last)
        await self._hands.screen(lambda now: now.talk == asked.talk and now.step == asked.step + 1)

    async def _withdraws(self) -> None:
        screen = self._hands.question
        if self._last is None:
            return
        self._last.withdrawn = self._hands.taps(screen, "withdraw")
        self._said.remove(self._last)
        self._last = None
        await self._hands.screen(lambda now: now.talk == screen.talk and now.step == screen.step + 1)

    async def _edits(self) -> None:
        if not self._said:
            return
        self._hands.edits(self._random.choice(self._said))
        await self._hands.known()

    async def _visits(self) -> None:
        """Open another conversation and come back."""
        here = self._hands.question
        where, inside = self._random.choice(
            (("/language", ALL), ("/menu", "wellbeing"), ("/mydata", "agreements"))
        )
        self._hands.writes(where)
        screen = await self._hands.screen(lambda now: inside in now.choices)
        if where == "/language":
            await self._hands.presses(screen, self._a_language(screen))
        elif where == "/menu":
            await self._hands.presses(screen, "wellbeing")
        else:
            screen = await self._hands.presses(screen, "agreements")
            for _ in OPTIONAL:
                screen = await self._hands.presses(screen, self._random.choice(("yes", "no")))
            await self._hands.presses(screen, "close")
        await self._hands.screen(lambda now: (now.talk, now.step) == (here.talk, here.step))

    async def _plays(self) -> None:
        """Do what changes nothing."""
        before = self._hands.newest()
        match self._random.randrange(4):
            case 0:
                self._hands.writes("/help")
            case 1:
                self._hands.sends("sticker")
            case 2:
                self._hands.writes("/stop")
            case 3:
                self._hands.taps_nonsense()
                return
        await self._hands.hears_after(before)

    # ---- two things at once, of which either may be heard first

    async def _hurries(self) -> bool:
        """Do two things at once; True: the question is left, and another one came to."""
        if self._last in self._said and self._random.random() < 0.5:
            await self._regrets()
            return False
        await self._rushes_on()
        return True

    async def _regrets(self) -> None:
        """Edit a statement and withdraw it."""
        assert self._last is not None, "only what was said is withdrawn"
        self._hands.edits(self._last, raced=True)
        await self._withdraws()
        await self._hands.known()

    async def _rushes_on(self) -> None:
        """Say something and press on."""
        screen = self._hands.question
        self._most = max(self._most, self._sayings + 1)
        if self._random.random() < 0.5:
            self._hands.taps(screen, "next")
            self._hands.utters(raced=True)
        else:
            self._hands.utters(raced=True)
            self._hands.taps(screen, "next")
        if not await self._looks_around():
            raise Unheard
        await self._come_to_a_question()


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
        self._news = asyncio.Event()
        emulator.world.queue.listeners.append(self._queued)

    def _queued(self, item: Queued) -> None:
        self.scenario.queued(item.body)
        self._news.set()

    async def has_done(self, updates: int, within: float) -> None:
        """Wait until there were so many updates, but no longer than so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while len(self.scenario.updates) < updates:
                    self._news.clear()
                    await self._news.wait()

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
