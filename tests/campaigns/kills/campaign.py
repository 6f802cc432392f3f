"""One campaign: a crowd talks, the bot dies again and again, and in the end everything is checked."""

import asyncio
import itertools
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.playground.emulator import Emulator
from tests.campaigns.kills import checker, deliveries
from tests.campaigns.kills.citizens import Crowd
from tests.campaigns.kills.evidence import Death, Evidence, Finding, Life
from tests.campaigns.kills.hardships import Hardships
from tests.campaigns.kills.plan import Fate, Plan
from tests.campaigns.kills.stored import Store
from tests.campaigns.kills.stored_postgres import PostgresStore
from tests.campaigns.kills.stored_sqlite import SqliteStore
from tests.campaigns.kills.verdict import Verdict, kills
from tests.processes.bot_process import SECRET, Bot, free_port

TOKEN: Final = "4817205593:AAHk3tVqLZ0_campaign-token-Xy7"
HOOK_SECRET: Final = "campaign-secret-of-Telegram"
PLACES: Final = 64  # in flight at a time, at the highest MAX_PER_SECOND
LIVELY: Final = 8.0  # seconds in which citizens must have been as lively as planned
BUSY: Final = 300.0  # seconds in which they must have done as much as planned
OVERDUE: Final = 3.0  # seconds after which a process that does not come to its fault point is killed anyway
REVOKED: Final = 10.0  # seconds after which a process has seen that its token was revoked
TRIES: Final = 3  # processes that may fail to come to one of the fault points
RETRY: Final = 0.02  # real seconds for each between two tries of Telegram to call


class Campaign:
    """The world of one campaign: its own emulator, database, crowd and folder."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._random = Random(f"{plan.seed}/moments")
        self._emulator = Emulator(token=TOKEN, seed=plan.seed, ledger_file=folder / "ledger.jsonl")
        self._emulator.limits = None
        self._emulator.webhook_pace.scale = RETRY
        self._crowd = Crowd(self._emulator, plan.citizens, str(plan.seed), plan.habits)
        self._store: Store = PostgresStore() if plan.world.postgres else SqliteStore(folder / "together.db")
        self._settings = self._settings_of_bot()
        self._hardships = Hardships(self._emulator, self._store, self._crowd.scenario, folder, self._bot)
        self._lives: list[Life] = []
        self._findings: list[Finding] = []
        self._told = ""  # the figures of the last process
        self._seen = 0  # updates of the ledger that were looked at
        self._open: set[int] = set()  # those of them that were neither acknowledged nor expired
        self._missed: Counter[str] = Counter()  # fault points that a process did not come to

    def _settings_of_bot(self) -> dict[str, Any]:
        settings: dict[str, Any] = {"bot_token": TOKEN, "database_url": self._store.url}
        if self._plan.world.webhook:
            address = f"127.0.0.1:{free_port()}"
            settings |= {
                "webhook_url": f"http://{address}/hook",
                "webhook_listen": address,
                "webhook_secret": HOOK_SECRET,
            }
        return settings | dict(self._plan.settings)

    def _bot(self, **how: Any) -> Bot:
        hook = None if how.get("cold") else self._plan.hook
        return Bot(self._emulator, self._folder, **{"hook": hook, **how}, **self._settings)

    async def run(self) -> Verdict:
        """Live through every fate, let the last process finish its work, check."""
        began = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._store.open()
        await self._emulator.start()
        try:
            await self._make_schema()
            for fault in self._plan.trouble:
                self._emulator.add_fault(fault)
            self._crowd.begin()
            fates = deque(self._plan.fates())
            while fates:
                fates.extend(await self._live(fates.popleft()))
            await self._finish()
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
                done = await self._bot().command("db", "upgrade", kill_at="migration_step")
                how = Death.KILLED if done.code == -9 else Death.ITSELF
                self._lives.append(Life(began, time.monotonic(), how, "migration_step", was_ready=False))
            else:
                await self._live(Fate("migration_step:1"))
        if self._plan.world.postgres:
            done = await self._bot().command("db", "upgrade")
            assert done.code == 0, done.err
        if self._plan.change is not None:
            assert isinstance(self._store, PostgresStore)
            await self._store.change(self._plan.change)

    async def _finish(self) -> None:
        """No trouble any more, no citizen who goes on; every clock where it has been at the most."""
        jumps = [seconds for _, seconds in self._crowd.scenario.jumps]
        back = max(0.0, *itertools.accumulate(jumps)) - sum(jumps) if jumps else 0.0
        if back:
            self._crowd.scenario.jumps.append((time.monotonic(), back))
            self._emulator.clock.advance(back)
        await self._live(Fate("drain"))

    async def _live(self, fate: Fate) -> list[Fate]:
        """One process, from its start to its death, and a look at what it left; returns who tries again."""
        point = fate.death if ":" in fate.death else None
        bot = self._bot(cold=fate.death == "cold", kill_at=point)
        asked = 0.0
        async with bot:
            was_ready = await self._until_ready(bot, fate)
            if was_ready:
                asked = await self._until_death(bot, fate)
            code = await bot.ended(20)
        ended = time.monotonic()
        await asyncio.sleep(deliveries.JITTER)  # what it wrote last is read from the wire
        self._emulator.restore_token(TOKEN)
        at = "overdue" if point and code == -9 and self._overdue else fate.death
        took = ended - asked if asked else 0.0
        life = Life(bot.started_at, ended, _death(code, fate), at, was_ready, took)
        if life.death is Death.ITSELF:
            self._findings.append(Finding("alive", f"ended by itself with {code}: {bot.log_text[-500:]}"))
        if took > self._plan.stop_within:
            self._findings.append(Finding("F84 stops", f"it took {took:.1f} s to end after SIGTERM"))
        self._lives.append(life)
        await self._look(life)
        return self._again(fate) if at == "overdue" else []

    def _again(self, fate: Fate) -> list[Fate]:
        point = fate.death.partition(":")[0]
        self._missed[point] += 1
        return [Fate(f"{point}:1")] if self._missed[point] < TRIES else []

    async def _until_ready(self, bot: Bot, fate: Fate) -> bool:
        """Whether it became ready before it died."""
        self._overdue = False
        if fate.death == "early":
            await asyncio.sleep(self._random.uniform(0, 0.3))
            bot.kill()
            return False
        try:
            await bot.ready(60 if fate.death == "cold" else 20)
        except AssertionError:
            if bot.exit_code is None:
                raise
            return False
        return True

    async def _until_death(self, bot: Bot, fate: Fate) -> float:
        """Let it live, and die; returns the moment of SIGTERM, or 0."""
        suffering = asyncio.create_task(self._suffer(bot, fate))
        try:
            if not fate.interrupted:
                await suffering
            return await self._die(bot, fate)
        finally:
            await suffering

    async def _suffer(self, bot: Bot, fate: Fate) -> None:
        for hardship in fate.hardships:
            if bot.exit_code is None:
                await self._hardships.suffer(hardship, bot)

    async def _die(self, bot: Bot, fate: Fate) -> float:
        if ":" in fate.death:
            if fate.death.startswith("stopping"):
                await self._lively(bot)
                bot.terminate()
            self._overdue = await self._outlive(bot, OVERDUE)
            return 0.0
        if fate.death == "revoked":
            self._emulator.revoke_token()
            await self._outlive(bot, REVOKED)
            return 0.0
        if fate.death == "drain":
            await self._drain(bot)
        else:
            await self._lively(bot)
            await asyncio.sleep(self._random.uniform(*self._plan.alive))
        if fate.death not in ("stop", "drain"):
            bot.kill()
            return 0.0
        bot.terminate()
        return time.monotonic()

    async def _outlive(self, bot: Bot, seconds: float) -> bool:
        """Wait for its own end, then kill it; whether that was necessary."""
        try:
            await bot.ended(seconds)
        except TimeoutError:
            bot.kill()
            return True
        return False

    async def _lively(self, bot: Bot) -> None:
        updates = self._crowd.scenario.updates
        enough = len(updates) + self._plan.lively
        await self._until(bot, lambda: len(updates) >= enough, within=LIVELY)

    async def _drain(self, bot: Bot) -> None:
        """Hear everybody out, then wait until nothing waits; what still does later is a finding."""
        updates = self._crowd.scenario.updates
        await self._until(bot, lambda: len(updates) >= self._plan.updates, within=BUSY)
        await self._crowd.end()
        self._emulator.clear_faults()
        by = time.monotonic() + self._plan.drain
        waiting = True
        while waiting and time.monotonic() < by:
            await asyncio.sleep(0.05)
            waiting = self._emulator.pending > 0 or await self._store.waiting() > 0
        self._told = (await bot.get("/metrics"))[1]

    async def _until(self, bot: Bot, happened: Callable[[], bool], *, within: float) -> None:
        by = time.monotonic() + within
        while not happened():
            if time.monotonic() > by or bot.exit_code is not None:
                return
            await asyncio.sleep(0.02)

    async def _look(self, life: Life) -> None:
        """I3, I6, I15 at once: what was acknowledged is there, runs before left nothing, all is sound."""
        updates = self._emulator.ledger.updates
        self._open |= {*itertools.islice(updates, self._seen, None)}
        self._seen = len(updates)
        ours = self._open & {*self._crowd.scenario.updates.values()}
        acknowledged = {update for update in ours if updates[update].acknowledged_at is not None}
        self._open -= acknowledged | {update for update in ours if updates[update].expired}
        seen = await self._store.glance(acknowledged)
        life.fences = seen.fences - {fence for earlier in self._lives[:-1] for fence in earlier.fences}
        offset = self._emulator.clock.now() - time.monotonic()
        life.pauses = {chat: until - offset for chat, until in seen.pauses.items()}
        left = {fence: count for fence, count in seen.sending.items() if fence not in life.fences}
        if life.was_ready and left:
            self._findings.append(
                Finding("I6 ended", f"messages are being sent by runs that are gone: {left}")
            )
        self._findings += [Finding("I15 sound", problem) for problem in seen.broken]
        self._findings += [
            Finding("I3 committed", f"update {update} was acknowledged before its commit")
            for update in acknowledged - seen.committed
        ]

    async def _evidence(self) -> Evidence:
        stored = await self._store.everything()
        (self._folder / "stored.json").write_text(json.dumps(stored.tables, default=str))
        log = (self._folder / "bot.log").read_text(errors="replace")
        return Evidence(
            ledger=self._emulator.ledger,
            scenario=self._crowd.scenario,
            lives=self._lives,
            stored=stored,
            told=f"{log}\n{self._told}\n{self._store.log}",
            secrets=(TOKEN.partition(":")[2], HOOK_SECRET, SECRET),
            places=PLACES,
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


def _death(code: int, fate: Fate) -> Death:
    if code == -9:
        return Death.KILLED
    if code and fate.death == "revoked":
        return Death.REVOKED
    return Death.STOPPED if code == 0 else Death.ITSELF
