"""One campaign: a crowd talks, the bot dies again and again, and in the end everything is checked."""

import asyncio
import itertools
import json
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.emulator import Emulator, VirtualClock
from tests.campaigns.kills import bugs, checker, deliveries
from tests.campaigns.kills.citizens import Crowd
from tests.campaigns.kills.evidence import Death, Evidence, Finding, Life
from tests.campaigns.kills.hardships import Hardships
from tests.campaigns.kills.hooks import SHARED, USUAL
from tests.campaigns.kills.living import Living
from tests.campaigns.kills.plan import Fate, Plan
from tests.campaigns.kills.seats import HOOK_SECRET, TOKEN, Seat, seats
from tests.campaigns.kills.stored import Store, all_is_said
from tests.campaigns.kills.stored_postgres import PostgresStore
from tests.campaigns.kills.stored_sqlite import SqliteStore
from tests.campaigns.kills.verdict import Verdict, kills
from tests.processes.bot_process import SECRET, Bot

BEGINS: Final = datetime(2027, 2, 20, 12, tzinfo=UTC).timestamp()
"""By day: a day later those who have fallen silent are nudged, and at night they would not be."""

BUSY: Final = 300.0  # seconds in which citizens must have done as much as planned
TRIES: Final = 3  # processes that may fail to come to one of the fault points
RETRY: Final = 0.02  # real seconds for each between two tries of Telegram to call


class Campaign:
    """The world of one campaign: its own emulator, database, crowd and folder."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._random = Random(f"{plan.seed}/moments")
        clock = VirtualClock()
        clock.set(BEGINS)
        ledger = folder / "ledger.jsonl"
        self._emulator = Emulator(token=TOKEN, clock=clock, seed=plan.seed, ledger_file=ledger)
        self._emulator.limits = None
        self._emulator.webhook_pace.scale = RETRY
        self._crowd = Crowd(self._emulator, plan.citizens, str(plan.seed), plan.habits)
        self._scenario = self._crowd.scenario
        self._store: Store = PostgresStore() if plan.world.postgres else SqliteStore(folder / "together.db")
        self._seats = seats(plan.world, self._emulator, folder, self._store.url, plan.pace)
        self._hardships = Hardships(self._emulator, self._store, self._scenario, folder, self._seats[0])
        self._lives: list[Life] = []
        self._findings: list[Finding] = []
        self._everybody = asyncio.Barrier(len(self._seats))  # lives for the last time
        self._figures = ""  # of the last processes
        self._seen = 0  # updates of the ledger that were looked at
        self._open: set[int] = set()  # those of them that were neither acknowledged nor expired
        self._missed: Counter[str] = Counter()  # fault points that a process did not come to

    async def run(self) -> Verdict:
        """Live through every fate, let the last processes finish their work, check."""
        began = time.monotonic()
        for seat in self._seats:
            seat.folder.mkdir(parents=True, exist_ok=True)
        await self._store.open()
        await self._emulator.start()
        try:
            await self._make_schema()
            for fault in self._plan.trouble:
                self._emulator.add_fault(fault)
            self._crowd.begin()
            async with asyncio.TaskGroup() as tasks:
                for seat, fates in zip(self._seats, self._plan.fates(len(self._seats)), strict=True):
                    tasks.create_task(self._live_through(seat, fates))
            evidence = await self._evidence()
        finally:
            await self._crowd.end()
            await self._emulator.stop()
            await self._store.close()
        findings = [*self._findings, *self._hardships.findings, *checker.check(evidence)]
        return self._verdict(evidence, findings, time.monotonic() - began)

    async def _make_schema(self) -> None:
        """By the first start, or by the operator's command; killed in it as often as planned."""
        for _ in range(self._plan.schema):
            if self._plan.world.postgres:
                began = time.monotonic()
                done = await self._seats[0].bot().command("db", "upgrade", kill_at="migration_step")
                how = Death.KILLED if done.code == -9 else Death.ITSELF
                self._lives.append(Life(began, time.monotonic(), how, "migration_step", was_ready=False))
            else:
                await self._live(self._seats[0], Fate("migration_step:1"))
        if self._plan.world.postgres:
            done = await self._seats[0].bot().command("db", "upgrade")
            assert done.code == 0, done.err
        if self._plan.change is not None:
            assert isinstance(self._store, PostgresStore)
            await self._store.change(self._plan.change)

    async def _live_through(self, seat: Seat, planned: Sequence[Fate]) -> None:
        """One process after the other; one that does not come to its point is followed by another."""
        fates = deque(planned)
        while fates:
            fate = fates.popleft()
            if await self._live(seat, fate) == "overdue":
                point = fate.death.partition(":")[0]
                self._missed[point] += 1
                fates.extend([Fate(f"{point}:1")] if self._missed[point] < TRIES else [])
        await self._live_to_the_end(seat)

    async def _live(self, seat: Seat, fate: Fate) -> str:
        """One process, from its start to its death, and a look at what it left; returns how it died."""
        log_from = len(seat.log)
        living = self._living(seat, fate)
        life = await living.live()
        await asyncio.sleep(deliveries.JITTER)  # what it wrote last is read from the wire
        self._emulator.restore_token(TOKEN)
        await self._hardships.pass_time(fate.hardships)
        await self._look(life, seat.log[log_from:])
        return life.at

    def _living(self, seat: Seat, fate: Fate) -> Living:
        cold, point = fate.death == "cold", fate.death if ":" in fate.death else None
        usual = SHARED if self._plan.world.several else USUAL
        hook = f"{bugs.__name__}:{self._plan.bug}" if self._plan.bug else usual
        bot = seat.bot(cold=cold, kill_at=point, hook=None if cold else hook)
        return Living(bot, fate, self._plan, self._random, self._hardships, self._crowd)

    async def _live_to_the_end(self, seat: Seat) -> None:
        """The last process: it stays until everybody else's is the last as well, and all is said and done."""
        self._hardships.turn_clock_to_its_latest()
        log_from = len(seat.log)
        living = self._living(seat, Fate("drain"))
        async with AsyncExitStack() as alive:
            await living.start(alive)
            if await self._everybody.wait() == 0:
                await self._drain(living.bot)
            await self._everybody.wait()
            self._figures += (await living.bot.get("/metrics"))[1]
            living.stop()
            life = living.life(await living.bot.ended(20), ready=True)
        await self._look(life, seat.log[log_from:])

    async def _drain(self, bot: Bot) -> None:
        """Hear everybody out, then wait until nothing waits; what still does later is a finding."""
        await self._crowd.has_done(self._plan.updates, BUSY)
        for hardship in self._plan.last:
            await self._hardships.suffer(hardship, bot)
        await self._crowd.end()
        self._emulator.clear_faults()
        await all_is_said(self._emulator, self._store, self._plan.drain)

    async def _look(self, life: Life, log: str) -> None:
        """I3, I6, I15 at once: what was acknowledged is there, runs before left nothing, all is sound."""
        self._lives.append(life)
        if life.death is Death.ITSELF:
            self._findings.append(Finding("alive", f"{life.at}: ended by itself: {log[-500:]}"))
        if life.took > self._plan.stop_within:
            self._findings.append(Finding("stops", f"it took {life.took:.1f} s to end after SIGTERM"))
        acknowledged = self._newly_acknowledged()
        async with self._hardships.calm:
            seen = await self._store.glance(acknowledged)
        taken = {fence for earlier in self._lives for fence in earlier.fences}
        life.fences = _told(log) & seen.fences if self._plan.world.several else seen.fences - taken
        life.seen_at = time.monotonic()
        now = self._emulator.clock.now()
        life.pauses = {
            chat: life.seen_at + min(until - now, until - asked)  # the clock may have been turned back since
            for chat, (asked, until) in seen.pauses.items()
        }
        left = {fence: count for fence, count in seen.sending.items() if fence not in life.fences}
        if life.was_ready and left and not self._plan.world.several:
            self._find("I6 ended", f"messages are being sent by runs that are gone: {left}")
        for problem in seen.broken:
            self._find("I15 sound", problem)
        for update in acknowledged - seen.committed:
            self._find("I3 committed", f"update {update} was acknowledged before its commit")

    def _newly_acknowledged(self) -> set[int]:
        """Updates of citizens that were acknowledged since the last time."""
        updates = self._emulator.ledger.updates
        self._open |= {*itertools.islice(updates, self._seen, None)}
        self._seen = len(updates)
        ours = self._open & {*self._scenario.updates.values()}
        acknowledged = {update for update in ours if updates[update].acknowledged_at is not None}
        self._open -= acknowledged | {update for update in ours if updates[update].expired}
        return acknowledged

    def _find(self, invariant: str, what: str) -> None:
        self._findings.append(Finding(invariant, what))

    async def _evidence(self) -> Evidence:
        stored = await self._store.everything()
        (self._folder / "stored.json").write_text(json.dumps(stored.tables, default=str))
        return Evidence(
            ledger=self._emulator.ledger,
            scenario=self._scenario,
            lives=self._lives,
            outages=self._hardships.outages,
            stored=stored,
            told="\n".join([*(seat.log for seat in self._seats), self._figures, self._store.log]),
            secrets=(TOKEN.partition(":")[2], HOOK_SECRET, SECRET),
            places=min(64, self._plan.pace // 4),
            several=self._plan.world.several,
            pace=self._plan.pace,
        )

    def _verdict(self, evidence: Evidence, findings: list[Finding], seconds: float) -> Verdict:
        stops = [life.took for life in self._lives if life.death is Death.STOPPED]
        return Verdict(
            f"{self._plan.world.name}, seed {self._plan.seed}",
            kills(self._lives),
            len(stops),
            max(stops, default=0.0),
            self._hardships.happened,
            self._emulator.world.faults.happened,
            self._counts(evidence),
            deliveries.twice(evidence),
            findings,
            seconds,
        )

    def _counts(self, evidence: Evidence) -> Counter[str]:
        scenario, tables = evidence.scenario, evidence.stored.tables
        records = evidence.ledger.updates.values()
        return Counter({
            "lives": len(self._lives),
            "citizens": len(scenario.citizens),
            "answers waited for in vain": scenario.waited_in_vain,
            "erased": len(scenario.erased),
            "updates": len(evidence.ledger.updates),
            "deliveries of them": sum(record.deliveries for record in records),
            "statements said": len(scenario.uttered),
            "stored": len(tables["statement"]),
            "wordings": sum(len(uttered.wordings) for uttered in scenario.uttered),
            "quarantined": len(tables["quarantine"]),
            "sends": len(evidence.ledger.sends),
            "never sure": sum(row["state"] == "unsure" for row in tables["outbox"]),
        })  # fmt: skip


def _told(log: str) -> frozenset[int]:
    """The numbers that a process says it has; the database does not tell which of several has which."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return frozenset(line["run"] for line in lines if line.get("event") == "running")
