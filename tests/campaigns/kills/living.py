"""One process of the bot: it starts, lives among citizens, endures things, and dies as it was planned."""

import asyncio
import time
from contextlib import AsyncExitStack
from random import Random
from typing import Final

from tests.campaigns.kills.citizens import Crowd
from tests.campaigns.kills.evidence import Death, Life
from tests.campaigns.kills.hardships import AWAY, Hardships
from tests.campaigns.kills.plan import Fate, Plan
from tests.processes.bot_process import Bot

LIVELY: Final = 40.0  # seconds in which citizens must have been as lively as planned, on a busy machine, too
OVERDUE: Final = 3.0  # seconds after which a process that does not come to its fault point is killed anyway
REVOKED: Final = 10.0  # seconds after which a process has seen that its token was revoked


class Living:
    """A process and its fate."""

    def __init__(
        self,
        bot: Bot,
        fate: Fate,
        plan: Plan,
        random: Random,
        hardships: Hardships,
        crowd: Crowd,
    ) -> None:
        self.bot = bot
        self._fate = fate
        self._plan = plan
        self._random = random
        self._hardships = hardships
        self._crowd = crowd
        self._overdue = False  # it did not come to its fault point
        self._stopped_at = 0.0  # when it got SIGTERM

    async def live(self) -> Life:
        """From its start to its death."""
        async with AsyncExitStack() as alive:
            ready = await self.start(alive)
            if ready:
                await self._until_death()
            code = await self.bot.ended(20)
        return self.life(code, ready)

    async def start(self, alive: AsyncExitStack) -> bool:
        """Start it, to be killed when `alive` ends; whether it became ready before it died."""
        async with self._hardships.calm:  # who starts while the database is away is refused
            await alive.enter_async_context(self.bot)
            return await self._until_ready()

    def life(self, code: int, ready: bool) -> Life:
        """What to tell of it, now that it has ended with that exit code."""
        ended = time.monotonic()
        at = "overdue" if self._overdue and code == -9 else self._fate.death
        took = ended - self._stopped_at if self._stopped_at else 0.0
        return Life(self.bot.started_at, ended, _death(code, self._fate), at, ready, took)

    def stop(self) -> None:
        """SIGTERM."""
        self._stopped_at = time.monotonic()
        self.bot.terminate()

    async def _until_ready(self) -> bool:
        if self._fate.death == "early":
            await asyncio.sleep(self._random.uniform(0, 0.3))
            self.bot.kill()
            return False
        try:
            await self.bot.ready(120 if self._fate.death == "cold" else 30)
        except AssertionError:
            if self.bot.exit_code is None:
                raise
            return False
        return True

    async def _until_death(self) -> None:
        suffering = asyncio.create_task(self._suffer())
        try:
            if not self._fate.interrupted:
                await suffering
            await self._die()
        finally:
            await suffering

    async def _suffer(self) -> None:
        for hardship in self._fate.hardships:
            if self.bot.exit_code is None and not hardship.startswith(AWAY):
                await self._hardships.suffer(hardship, self.bot)

    async def _die(self) -> None:
        match self._fate.death.partition(":")[0]:
            case "stop":
                await self._lives_on()
                self.stop()
            case "stopping":
                await self._lives_on()
                self.bot.terminate()
                self._overdue = await self._outlive(OVERDUE)
            case "revoked":
                self._hardships.revoke_token()
                await self._outlive(REVOKED)
            case "random" | "cold":
                await self._lives_on()
                self.bot.kill()
            case _:
                self._overdue = await self._outlive(OVERDUE)

    async def _lives_on(self) -> None:
        """For a while, in which citizens do something."""
        await self._crowd.has_done(len(self._crowd.scenario.updates) + self._plan.lively, LIVELY)
        await asyncio.sleep(self._random.uniform(*self._plan.alive))

    async def _outlive(self, seconds: float) -> bool:
        """Wait for its own end, then kill it; whether that was necessary."""
        try:
            await self.bot.ended(seconds)
        except TimeoutError:
            self.bot.kill()
            return True
        return False


def _death(code: int, fate: Fate) -> Death:
    if code == -9:
        return Death.KILLED
    if code and fate.death == "revoked":
        return Death.REVOKED
    return Death.STOPPED if code == 0 else Death.ITSELF
