"""One season: a clock that jumps from one moment at which something happens to the next, and a real bot."""

import asyncio
import heapq
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.emulator import Emulator, Fault, VirtualClock
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season import bugs, checker, hurry, town
from tests.campaigns.season.diary import NEVER, UNSURE, Deed, Diary, Push, Said, Version, Watch, begins
from tests.campaigns.season.hands import GaveUp, Hands
from tests.campaigns.season.oracle import DAY, HOUR
from tests.campaigns.season.plan import ZONES, Act, Plan, Rest
from tests.campaigns.season.verdict import Verdict
from tests.processes.bot_process import TOKEN, Bot

AT_ONCE: Final = 24  # citizens who do something at the same time
SETTLED: Final = 12.0  # real seconds in which all that is due must be said
ENDLESS: Final = 3  # moments that may take longer; then the season is broken off
OVERDUE: Final = "moments that did not come to an end"
LATER: Final = 1200.0  # seconds; people do things by the clock
FOLLOWS: Final = 0.1  # real seconds in which the bot follows a jump of the clock
NEARLY: Final = 0.3  # seconds: what is due so soon is waited for, or it might happen during a jump
LOOK: Final = 0.01  # real seconds between two looks whether it is
READY: Final = 20.0

TROUBLE: Final = (
    Fault("accept_then_drop", "sendMessage", probability=0.01),
    Fault("drop_before_accept", "sendMessage", probability=0.01),
    Fault("accept_then_garbage", "sendMessage", probability=0.005),
    Fault("half_body", "sendMessage", probability=0.005),
    Fault("5xx", "sendMessage", probability=0.01, args={"body": "html"}),
    Fault("5xx", "sendMessage", probability=0.005, args={"body": "json", "status": 500}),
    Fault("429", "sendMessage", probability=0.005, args={"retry_after": 1}),
)
"""One send in twenty goes wrong."""


class Season:
    """The world of one season."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._random = Random(f"{plan.seed}/reactions")
        self._clock = VirtualClock()
        self._emulator = Emulator(
            token=TOKEN, clock=self._clock, seed=plan.seed, ledger_file=folder / "ledger.jsonl"
        )
        self._emulator.limits = None
        self._url = f"sqlite+aiosqlite:///{folder / 'together.db'}"
        self._diary = Diary()
        self._acts = deque(plan.acts)
        self._rests = deque(plan.rests)
        self._reactions: list[tuple[float, int, Act]] = []  # with a number, so that no two are equal
        self._reacted = 0
        self._hands: dict[int, Hands] = {}

    async def run(self) -> Verdict:
        """Live through it, check."""
        began = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        town.write_places(self._folder / "places")
        await town.prepare(self._url, self._plan)
        self._coordinator = town.Coordinator(self._url, self._folder / "places")
        self._clock.set(self._plan.begins)
        await self._emulator.start()
        self._emulator.person(town.FIRST).opens()  # or nothing could be told to the coordinator
        self._watch = Watch(self._folder / "together.db", self._diary)
        try:
            await self._live()
        finally:
            self._watch.close()
            await self._emulator.stop()
        sends, faults = self._emulator.ledger.sends, self._emulator.world.faults.happened
        told = checker.check(self._plan, self._diary, sends, faults)
        manner = "with kills and faults" if self._plan.trouble else "without trouble"
        return Verdict(
            name=f"{self._plan.days} days {manner}, seed {self._plan.seed}",
            counts=self._diary.counts + told.counts,
            faults=Counter(faults),
            findings=[*self._diary.findings, *told.findings],
            repeated=told.repeated,
            bound=told.bound,
            seconds=time.monotonic() - began,
        )

    # ---- time

    async def _live(self) -> None:
        async with AsyncExitStack() as alive:
            self._bot = await self._start(alive)
            if self._plan.trouble:
                for fault in TROUBLE:
                    self._emulator.add_fault(fault)
            self._watch.plans(self._plan.begins, self._clock.now())
            while self._clock.now() < self._plan.ends and self._diary.counts[OVERDUE] < ENDLESS:
                await self._step(alive)
            self._emulator.clear_faults()
            await self._settle()
            self._look(self._clock.now())
            self._diary.ended = self._clock.now()
            await self._bot.stopped()

    async def _start(self, alive: AsyncExitStack) -> Bot:
        bug = self._plan.bug
        hook = f"{bugs.__name__}:{bug}" if bug else f"{hurry.__name__}:hurry"
        places = self._folder / "places"
        bot = Bot(self._emulator, self._folder, hook=hook, territories=places, database_url=self._url)
        await alive.enter_async_context(bot)
        return await bot.ready(READY)

    async def _step(self, alive: AsyncExitStack) -> None:
        """To the next moment; what is to be done and said then is."""
        begun = self._clock.now()
        planned = self._acts[0].at if self._acts else NEVER
        act = min(planned, self._reactions[0][0] if self._reactions else NEVER)
        rest = self._rests[0].at if self._rests else NEVER
        at = min(act, rest, self._watch.next(), self._plan.ends)
        if at > begun:
            self._clock.set(at)
            begun = at
        self._diary.counts["moments"] += 1
        if rest <= at:
            await self._rest(self._rests.popleft(), alive)
        if act <= at:
            await asyncio.sleep(FOLLOWS)
            await self._act([*self._due_acts(at)])
        await self._settle()
        self._look(begun)

    async def _settle(self) -> None:
        """Wait until nothing waits any more; whatever still does is a matter of the checker."""
        by = time.monotonic() + SETTLED
        while time.monotonic() < by:
            if self._emulator.pending == 0 and not self._watch.waits(self._clock.now() + NEARLY):
                return
            await asyncio.sleep(LOOK)
        self._diary.counts[OVERDUE] += 1
        what = f"in {SETTLED:.0f} s: {self._watch.left(self._clock.now())}"
        self._diary.findings.append(Finding("at once", what))

    def _look(self, begun: float) -> None:
        answers, pushes = self._watch.look(begun, self._clock.now())
        for citizen, occasion, said in answers:
            if said.standing == "offered":
                self._react_to_offer(citizen - town.FIRST, occasion, said)
        for push in pushes:
            if push.kind == "still_coming" and push.state == "said":
                self._react_to_question(push)

    # ---- people

    def _due_acts(self, at: float) -> list[Act]:
        due = []
        while self._acts and self._acts[0].at <= at:
            due.append(self._acts.popleft())
        while self._reactions and self._reactions[0][0] <= at:
            due.append(heapq.heappop(self._reactions)[2])
        return due

    async def _act(self, acts: Sequence[Act]) -> None:
        """Many people at once; each does one thing now, and the next a while later."""
        places = asyncio.Semaphore(AT_ONCE)
        now: dict[int, Act] = {}
        for act in acts:
            if now.setdefault(act.citizen, act) is not act:
                self._react(act.citizen, act.occasion, act.does, LATER)

        async def do(act: Act) -> None:
            async with places:
                await self._do(act)

        await asyncio.gather(*map(do, now.values()))

    async def _do(self, act: Act) -> None:
        citizen = town.FIRST + act.citizen
        hands = self._hands.setdefault(act.citizen, Hands(self._emulator.person(citizen, language_code="en")))
        now, blocked = self._clock.now(), self._diary.blocked[citizen]
        try:
            match act.does:
                case "block":
                    hands.blocks()
                    if hands.is_away:
                        blocked.append((now, NEVER))
                    return
                case "return":
                    if hands.is_away:
                        hands.returns()
                        blocked[-1] = (blocked[-1][0], self._clock.now() + 2)
                    return
                case _ if hands.is_away:
                    return
                case "stop":
                    await hands.stops()
                    self._diary.stopped[citizen] = now
                case _ if self._is_over(act.occasion):
                    return
                case _:
                    await self._answer(hands, act)
            self._diary.heard[citizen].append(now)
            self._diary.counts[act.does] += 1
        except GaveUp:
            self._diary.counts["answers waited for in vain"] += 1
            self._diary.deeds.append(Deed(citizen, act.occasion, UNSURE, now))

    async def _answer(self, hands: Hands, act: Act) -> None:
        sort = self._plan.events[act.occasion - 1].sort
        if act.does.startswith("push-"):
            said = await hands.answers_push(town.title(act.occasion), act.does.removeprefix("push-"))
        else:
            said = await hands.answers(act.occasion, sort, act.does)
        if said:
            at = self._clock.now()
            self._diary.deeds.append(Deed(town.FIRST + act.citizen, act.occasion, act.does, at))

    def _is_over(self, occasion: int) -> bool:
        """Whether nobody can answer any more, or so soon that it might be over on the way."""
        now = self._version(occasion)
        zone = ZONES[self._plan.events[occasion - 1].place]
        return now.state != "planned" or begins(now, zone) < self._clock.now() + 60

    def _version(self, occasion: int) -> Version:
        return self._diary.versions[occasion][-1]

    def _react_to_offer(self, citizen: int, occasion: int, said: Said) -> None:
        """Some take a seat that is kept for them, some let it go, the others let it lapse."""
        assert said.until is not None
        does = self._random.choice(("take",) * 5 + ("push-take",) * 2 + ("let-go",) + ("",) * 4)
        self._react(
            citizen, occasion, does, min(self._random.uniform(0, 3 * HOUR), (said.until - said.known) / 2)
        )

    def _react_to_question(self, push: Push) -> None:
        does = self._random.choice(("push-yes", "push-no", *("",) * 8))
        self._react(push.citizen - town.FIRST, push.about, does, self._random.uniform(300, 3 * HOUR))

    def _react(self, citizen: int, occasion: int, does: str, after: float) -> None:
        if does:
            self._reacted += 1
            at = (self._clock.now() + after) // LATER * LATER + 30.0
            heapq.heappush(self._reactions, (at, self._reacted, Act(at, citizen, does, occasion)))

    # ---- the bot and its coordinators

    async def _rest(self, rest: Rest, alive: AsyncExitStack) -> None:
        """The bot ends, something may be changed, time may pass, another one begins."""
        if rest.killed:
            self._clock.set(max(self._clock.now(), min(self._watch.next(), rest.at + DAY / 4)))
            await asyncio.sleep(self._random.uniform(0, 0.15))
        down = self._clock.now()
        (self._bot.kill if rest.killed else self._bot.terminate)()
        await self._bot.ended(20)
        self._diary.counts["SIGKILLs" if rest.killed else "SIGTERMs"] += 1
        if rest.away:
            self._clock.advance(rest.away)
        if rest.changes:
            with bugs.of_coordinators(self._plan.bug):
                came = await self._coordinator.change(rest.changes, self._clock.now())
            self._watch.plans(down, self._clock.now())
            self._diary.counts.update(
                f"{change.does}: {what}" for change, what in zip(rest.changes, came, strict=True)
            )
        self._bot = await self._start(alive)
        self._diary.outages.append((down, self._clock.now() + 1))
