"""One run of the bot, from its beginning in the database to its end: it listens, speaks, keeps house."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bot.chores.chores import Chores
from bot.chores.errands import errands_of
from bot.chores.means import Means
from bot.chores.translation import Translator
from bot.clock import Clock
from bot.lease import Lease
from bot.listening.flood import Flood
from bot.listening.intake import Intake
from bot.listening.outage import Gap, Outage, ask_again, before
from bot.listening.polling import Polling
from bot.listening.updates import Decoder
from bot.listening.webhook import Webhook
from bot.logs import log
from bot.refusal import TOKEN_REVOKED, Refused, TokenRevoked
from bot.rendering.voice import Voice
from bot.speaking.alarms import Alarms
from bot.speaking.courier import Courier
from bot.speaking.pacing import UNPACED, Pace
from bot.speaking.shelf import Shelf
from bot.speaking.speaker import Speaker
from bot.turns.turns import Turns
from config.settings import Settings
from config.texts import Texts
from storage import instance
from storage.context import Context
from storage.database import Database, Hold
from storage.errors import Unavailable
from storage.faultpoints import reached
from storage.instance import LISTENING, Role, Run
from storage.messages import accounts, outbox

STOP_IN: Final = 8.0  # seconds that what is in flight has to land; a supervisor kills after ten


@dataclass(frozen=True, slots=True)
class Parts:
    """What lasts longer than a run."""

    settings: Settings
    database: Database
    hold: Hold
    speaker: Speaker
    alarms: Alarms
    clock: Clock
    texts: Texts
    context: Context
    voice: Voice
    translator: Translator | None  # None: nothing is translated
    bot: int  # id
    places: int  # messages in flight at a time


class Listener(Protocol):
    """Whatever brings updates in."""

    healthy: bool

    async def run(self) -> None:
        """Bring updates in until stopped."""

    def stop(self) -> None:
        """Bring in nothing new."""


class Shift:
    """One run in one role."""

    def __init__(self, parts: Parts, run: Run) -> None:
        self._parts = parts
        self._run = run
        pace = Pace(parts.settings.max_per_second, asyncio.get_running_loop().time)
        now = parts.clock.now
        self._lease = Lease(parts.hold, run, now=now, alarms=parts.alarms, share=pace.share)
        self._courier = Courier(
            parts.database,
            parts.speaker,
            pace,
            self._lease,
            Shelf(parts.database, parts.speaker, bot=parts.bot),
            run=run,
            places=parts.places,
            now=now,
            alarms=parts.alarms,
        )
        self._listener: Listener | None = None

    @property
    def healthy(self) -> bool:
        """Whether updates come in, or need not."""
        return self._listener.healthy if self._listener else self._run.role is Role.PUSH

    async def open(self) -> None:
        """Be there for updates, where the role is to listen. Raises Refused where the port is taken."""
        if self._run.role in LISTENING:
            self._listener = await self._listen()

    async def _listen(self) -> Listener:
        """Where updates come from: a webhook where one is set, long polling else."""
        parts, settings = self._parts, self._parts.settings
        token, now = settings.bot_token.get_secret_value(), parts.clock.now
        turns = Turns(parts.database, parts.context, parts.voice, bot=parts.bot, fence=self._run.fence)
        intake = Intake(
            Decoder(now),
            turns,
            self._courier,
            parts.speaker,
            now=now,
            alarms=parts.alarms,
            flood=Flood() if settings.max_per_second <= UNPACED else None,
        )
        outage = Outage(now, self._ask_again)
        if settings.webhook_url is None:
            return Polling(f"{settings.api_url}/bot{token}", intake, parts.speaker, parts.alarms, outage)
        assert settings.webhook_secret is not None
        secret = settings.webhook_secret.get_secret_value()
        path = urlsplit(settings.webhook_url).path or "/"
        webhook = Webhook(intake, path=path, secret=secret, alarms=parts.alarms, outage=outage)
        try:
            await webhook.open(*settings.webhook_listen)
        except OSError as error:
            raise Refused(f"TOGETHER_WEBHOOK_LISTEN cannot be used: {error.strerror}") from error
        return webhook

    async def _ask_again(self, gap: Gap) -> None:
        """Ask those again who may have pressed a button while nothing could be taken."""
        parts, fence, now = self._parts, self._run.fence, self._parts.clock.now()
        await parts.database.write(
            lambda connection: ask_again(
                connection, parts.context, parts.voice, gap, bot=parts.bot, fence=fence, now=now
            )
        )
        self._courier.call()

    async def work(self, until: asyncio.Event) -> None:
        """Work until that is set, or somebody else has taken over. Raises AlreadyRunning or LeadLost then."""
        log.info("running", run=self._run.fence, role=self._run.role.value)
        try:
            await self._lease.renew()
            tasks = [self._lease.keep()]
            if self._run.role is not Role.LISTEN:
                tasks.append(self._chores().run())
            await self._until_stopped(until, tasks)
        finally:
            await self._end()
        log.info("stopped")

    def _chores(self) -> Chores:
        parts, settings = self._parts, self._parts.settings
        means = Means(
            parts.database,
            parts.context,
            parts.voice,
            bot=parts.bot,
            per_second=settings.max_per_second,
            now=parts.clock.now,
            alarm=parts.alarms.sound,
        )
        return Chores(
            means,
            parts.speaker,
            parts.texts,
            parts.alarms,
            fence=self._run.fence,
            webhook=settings.webhook_url is not None,
            errands=errands_of(settings),
            translator=parts.translator,
        )

    async def _until_stopped(self, until: asyncio.Event, work: list[Coroutine[Any, Any, None]]) -> None:
        courier, listener = self._courier, self._listener
        speaking = asyncio.create_task(courier.run())
        hearing = asyncio.create_task(listener.run() if listener else until.wait())
        helpers = [asyncio.create_task(one) for one in work]
        stop = asyncio.create_task(until.wait())
        revoked = asyncio.create_task(courier.revoked.wait())
        everything = [hearing, speaking, stop, revoked, *helpers]
        try:
            await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
            reached("stopping")
            if listener is not None:
                listener.stop()
                await asyncio.wait({hearing}, timeout=STOP_IN / 2)
            courier.stop()
            await asyncio.wait({speaking}, timeout=STOP_IN / 2)
        finally:
            for task in everything:
                task.cancel()
            ended = await asyncio.gather(*everything, return_exceptions=True)
        if courier.revoked.is_set():
            raise TokenRevoked(TOKEN_REVOKED)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _end(self) -> None:
        """Leave whatever is still being sent to others at once; without a database they find out later."""
        with suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(1):
                await self._parts.database.write(lambda c: instance.end(c, self._run.fence))


def begin(connection: Connection, parts: Parts, role: Role, now: datetime) -> Run:
    """Begin a run: settle what others were sending that are gone, ask again what an outage swallowed.

    First of all, whom another bot account knows gets out of reach: what waits for them is settled, too.
    """
    run = instance.begin(connection, role, now)
    if elsewhere := accounts.work_as(connection, parts.bot):
        log.warning("people known to another bot account are out of reach", people=elsewhere)
    outbox.settle_left_behind(connection, run.fence, now)
    gap = before(run, now) if role in LISTENING else None
    if gap is not None:
        ask_again(connection, parts.context, parts.voice, gap, bot=parts.bot, fence=run.fence, now=now)
    return run
