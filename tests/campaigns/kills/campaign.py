"""One campaign: a crowd talks, the bot dies again and again, and in the end everything is checked."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.emulator import Emulator, Fault
from storage.faultpoints import POINTS
from tests.campaigns.kills import checker, deliveries
from tests.campaigns.kills.citizens import USUAL, Crowd, Habits
from tests.campaigns.kills.deliveries import JITTER, unix
from tests.campaigns.kills.evidence import Death, Evidence, Finding, Life
from tests.campaigns.kills.stored import glance, stored, waiting
from tests.processes.bot_process import Bot

TOKEN: Final = "4817205593:AAHk3tVqLZ0_campaign-token-Xy7"
PLACES: Final = 64  # in flight at a time, at the highest MAX_PER_SECOND
LIVELY: Final = 20.0  # seconds in which citizens must have been as lively as planned
OVERDUE: Final = 3.0  # seconds after which a process that does not come to its fault point is killed anyway

NOT_POLLED: Final = ("call_received", "migration_step", "export_written")
POLLED: Final = tuple(point for point in POINTS if point not in NOT_POLLED)
"""Fault points that a bot passes again and again while it polls; the first life dies at `migration_step`."""

TROUBLE: Final = (
    Fault("duplicate_update", probability=0.2),
    Fault("missing_required_field", probability=0.01),
    Fault("unknown_update_type", probability=0.01),
    Fault("accept_then_drop", "sendMessage", probability=0.01),
    Fault("drop_before_accept", "sendMessage", probability=0.01),
    Fault("accept_then_garbage", "sendMessage", probability=0.005),
    Fault("half_body", "sendMessage", probability=0.005),
    Fault("5xx", "sendMessage", probability=0.01, args={"body": "html"}),
    Fault("5xx", "sendMessage", probability=0.005, args={"body": "json", "status": 500}),
    Fault("429", "sendMessage", probability=0.005, args={"retry_after": 1}),
    Fault("accept_then_drop", "getUpdates", probability=0.01),
    Fault("5xx", "getUpdates", probability=0.01),
)
"""One update in five comes twice; one send in twenty goes wrong, in one of seven ways."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in a campaign; the same seed plans the same."""

    seed: int
    kills: int  # SIGKILLs in forked processes, half of them at random moments
    stops: int = 0  # SIGTERMs
    schema: bool = True  # the very first life is killed while it makes the schema
    cold: int = 0  # further SIGKILLs, of processes that were started as an operator does
    citizens: int = 32  # at a time
    trouble: Sequence[Fault] = TROUBLE
    points: Sequence[str] = POLLED
    nth: int = 12  # a point is deadly when it is reached for the nth time, from 1 to this
    alive: tuple[float, float] = (0.03, 0.35)  # seconds from being ready to a random death
    lively: int = 0  # further updates for which a random death waits, however slow the machine is
    hook: str | None = None  # of the launcher: a seeded bug
    habits: Habits = USUAL
    drain: float = 30.0  # seconds in which a sound bot has said everything
    settings: Mapping[str, str] = field(default_factory=dict)  # of the bot, in lower case

    def deaths(self) -> list[str]:
        """How each process dies: "point:n", "random", "early", "stop" or "cold"."""
        random = Random(self.seed)
        ends = (
            [self.points[number % len(self.points)] for number in range(self.kills // 2)]
            if self.points
            else []
        )
        deaths = [f"{point}:{random.randint(1, self.nth)}" for point in ends]
        deaths += [
            random.choice(("random", "random", "random", "early")) for _ in range(self.kills - len(deaths))
        ]
        deaths += ["stop"] * self.stops + ["cold"] * self.cold
        random.shuffle(deaths)
        return ["migration_step:1", *deaths] if self.schema else deaths


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a campaign."""

    plan: Plan
    lives: Sequence[Life]
    findings: Sequence[Finding]
    twice: deliveries.Twice
    counts: Mapping[str, int]
    seconds: float

    @property
    def kills(self) -> Counter[str]:
        """SIGKILLs by what they hit."""
        return Counter(life.at.partition(":")[0] for life in self.lives if life.death is Death.KILLED)

    def __str__(self) -> str:
        kills, twice = self.kills, self.twice
        broken = Counter(finding.invariant for finding in self.findings)
        lines = (
            f"seed {self.plan.seed}: {len(self.lives)} lives in {self.seconds:.0f} s, {kills.total()} kills: "
            + ", ".join(f"{point} {count}" for point, count in sorted(kills.items())),
            ", ".join(f"{count} {name}" for name, count in self.counts.items()),
            f"{twice.repeated} messages came twice, promised were at most {twice.bound} ({twice.lost} lost "
            f"responses, {twice.kills} kills of {twice.places} places, {twice.cut_off} of them in flight)",
            f"{len(self.findings)} promises broken {dict(broken) or ''}",
            *(f"  {finding.invariant}: {finding.what}" for finding in self.findings[:20]),
        )
        return "\n".join(lines)


def confidence(verdicts: Sequence[Verdict]) -> str:
    """What can be said from so many kills without a failure (the rule of three)."""
    kills = sum(verdict.kills.total() for verdict in verdicts)
    if not kills or any(verdict.findings for verdict in verdicts):
        return "promises were broken"
    return (
        f"zero failures in {kills} kills bounds the rate below {3 / kills:.3%} a kill, with 95 % confidence"
    )


class Campaign:
    """The world of one campaign: its own emulator, crowd and folder."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._random = Random(f"{plan.seed}/moments")
        self._emulator = Emulator(token=TOKEN, seed=plan.seed, ledger_file=folder / "ledger.jsonl")
        self._emulator.limits = None
        self._crowd = Crowd(self._emulator, plan.citizens, str(plan.seed), plan.habits)
        self._lives: list[Life] = []
        self._findings: list[Finding] = []
        self._looked_at = self._emulator.world.queue.next_id  # updates below are known to be committed

    async def run(self) -> Verdict:
        """Live through every death, let the last process finish its work, check."""
        began = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._emulator.start()
        try:
            for fault in self._plan.trouble:
                self._emulator.add_fault(fault)
            self._crowd.begin()
            for death in self._plan.deaths():
                await self._live(death)
            await self._crowd.end()
            self._emulator.clear_faults()
            await self._live("drain")
        finally:
            await self._crowd.end()
            await self._emulator.stop()
        evidence = self._evidence()
        findings = [*self._findings, *checker.check(evidence)]
        return Verdict(
            self._plan,
            self._lives,
            findings,
            deliveries.twice(evidence),
            self._counts(evidence),
            time.monotonic() - began,
        )

    async def _live(self, death: str) -> None:
        """One process, from its start to its death, and a look at what it left."""
        point = death if ":" in death else None
        bot = Bot(
            self._emulator,
            self._folder,
            cold=death == "cold",
            kill_at=point,
            hook=None if death == "cold" else self._plan.hook,
            bot_token=TOKEN,
            **self._plan.settings,
        )
        async with bot:
            was_ready = await self._until_death(bot, death)
            code = await bot.ended()
        await asyncio.sleep(JITTER)  # what it wrote last is read from the wire
        at = death
        if point and code == -9 and self._overdue:
            at = "overdue"
        how = Death.KILLED if code == -9 else Death.STOPPED if code == 0 else Death.ITSELF
        life = Life(bot.started_at, time.monotonic(), how, at, was_ready)
        if how is Death.ITSELF:
            self._findings.append(Finding("alive", f"ended by itself with {code}: {bot.log_text[-500:]}"))
        self._lives.append(life)
        self._look(bot.database, life)

    async def _until_death(self, bot: Bot, death: str) -> bool:
        """Bring it about; returns whether the bot was ready before."""
        self._overdue = False
        if death == "early":
            await asyncio.sleep(self._random.uniform(0, 0.3))
            bot.kill()
            return False
        ready = asyncio.create_task(bot.ready(60 if death == "cold" else 15))
        try:
            await ready
        except AssertionError:
            if bot.exit_code is None:
                raise
            return False
        if ":" in death:
            try:
                await bot.ended(OVERDUE)
            except TimeoutError:
                self._overdue = True
                bot.kill()
        elif death == "drain":
            await self._drain(bot)
            bot.terminate()
        else:
            await self._lively(bot)
            await asyncio.sleep(self._random.uniform(*self._plan.alive))
            bot.terminate() if death == "stop" else bot.kill()
        return True

    async def _lively(self, bot: Bot) -> None:
        updates = self._crowd.scenario.updates
        enough = len(updates) + self._plan.lively
        await self._until(bot, lambda: len(updates) >= enough, within=LIVELY)

    async def _drain(self, bot: Bot) -> None:
        """Wait until nothing waits any more; what still does later is a finding of the checker."""
        await self._until(
            bot,
            lambda: self._emulator.pending == 0 and waiting(bot.database) == 0,
            within=self._plan.drain,
        )

    async def _until(self, bot: Bot, happened: Callable[[], bool], *, within: float) -> None:
        by = time.monotonic() + within
        while not happened():
            if time.monotonic() > by or bot.exit_code is not None:
                return
            await asyncio.sleep(0.02)

    def _look(self, database: Path, life: Life) -> None:
        """I3 and I15 at once: whatever was acknowledged so far is committed, whatever is there is sound."""
        queue = self._emulator.world.queue
        seen = glance(database, range(self._looked_at, queue.next_id))
        life.fence = seen.fence
        life.pauses = {chat: unix(until) for chat, until in seen.pauses.items()}
        self._findings += [Finding("I15 sound", problem) for problem in seen.broken]
        updates = self._emulator.ledger.updates
        ours = [u for u in range(self._looked_at, queue.next_id) if u in self._crowd.scenario.updates]
        acknowledged = [update for update in ours if updates[update].acknowledged_at is not None]
        self._findings += [
            Finding("I3 committed", f"update {update} was acknowledged before its commit")
            for update in acknowledged
            if update not in seen.committed
        ]
        if acknowledged:
            self._looked_at = acknowledged[-1] + 1

    def _evidence(self) -> Evidence:
        return Evidence(
            ledger=self._emulator.ledger,
            scenario=self._crowd.scenario,
            lives=self._lives,
            stored=stored(self._folder / "together.db"),
            log=(self._folder / "bot.log").read_text(errors="replace"),
            token=TOKEN,
            places=PLACES,
        )

    def _counts(self, evidence: Evidence) -> dict[str, int]:
        scenario, tables = evidence.scenario, evidence.stored.tables
        states = Counter(row["state"] for row in tables["outbox"])
        return {
            "citizens": len(scenario.citizens),
            "answers waited for in vain": scenario.waited_in_vain,
            "erased": len(scenario.erased),
            "updates": len(scenario.updates),
            "statements said": len(scenario.uttered),
            "stored": len(tables["statement"]),
            "wordings": sum(len(uttered.wordings) for uttered in scenario.uttered),
            "quarantined": len(tables["quarantine"]),
            "sends": len(evidence.ledger.sends),
            "never sure": states["unsure"],
        }
