"""One run of the bot, from its settings to its end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.alarms import Alarms
from bot.chores import Chores
from bot.clock import Clock
from bot.courier import Courier
from bot.flood import Flood
from bot.health import Health
from bot.intake import Intake
from bot.language_id import identify
from bot.logs import log
from bot.metrics import MISSING
from bot.outage import ask_again
from bot.pacing import UNPACED, Pace
from bot.polling import Polling
from bot.refusal import CANNOT_USE, TOKEN_REVOKED, Refused, TokenRevoked
from bot.secret import secret_key
from bot.speaker import Speaker, Unanswered
from bot.turns import Turns
from bot.updates import KINDS, Decoder
from bot.voice import Voice
from bot.webhook import Webhook
from config.languages import our_languages
from config.settings import Settings
from config.territories import load_territories
from config.texts import Texts
from storage import instance, outbox
from storage.context import Context, Keyring
from storage.database import Database, open_database
from storage.errors import is_unavailable
from storage.instance import Run

T = TypeVar("T")

WARM_UP: Final = "well-being"  # has the tables of languages read before the first citizen writes
STOP_IN: Final = 8.0  # seconds that what is in flight has to land; a supervisor kills after ten


async def run_bot(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises Refused or StorageError where the bot cannot."""
    database = open_database(settings.database_url)
    try:
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(database.hold())
                await database.prepare()
            except (DBAPIError, OSError) as error:
                raise Refused(f"{CANNOT_USE} ({type(error).__name__})") from error
            await Process(settings, database).run()
    finally:
        await database.close()


class Listener(Protocol):
    """Whatever brings updates in."""

    healthy: bool

    async def run(self) -> None:
        """Bring updates in until stopped."""

    def stop(self) -> None:
        """Bring in nothing new."""


class Process:
    """The parts of the bot, put together."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._token = settings.bot_token.get_secret_value()
        self._clock = Clock()
        self._stop = asyncio.Event()
        places = max(4, min(64, int(settings.max_per_second) // 4))
        self._places = places
        self._speaker = Speaker(self._token, settings.api_url, most=2 * places)
        self._alarms = Alarms(self._speaker, database, settings.admins, self._clock.now)
        self._texts = Texts.load(on_missing=lambda language, _key: MISSING.labels(language).inc())
        self._context = context_of(settings, self._texts)
        self._voice = Voice(self._texts, self._context.territories)
        self._listener: Listener | None = None

    async def run(self) -> None:
        """Run until stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        health = Health(self._missing)
        try:
            await self._open(health)  # first: alive is also who waits for Telegram
            bot = await self._unless_stopped(self._waiting_for_telegram(self._speaker.open))
            if bot is not None:
                async with aiohttp.ClientSession() as session:
                    await self._work(bot, session)
        finally:
            await health.close()
            await self._speaker.close()

    async def _open(self, health: Health) -> None:
        if self._settings.health_listen is None:
            return
        try:
            await health.open(*self._settings.health_listen)
        except OSError as error:
            raise Refused(f"TOGETHER_HEALTH_LISTEN cannot be used: {error.strerror}") from error

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            return task.result()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return None

    async def _waiting_for_telegram(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question; waits for a Bot API that is not there."""
        wait = 0.5
        while True:
            try:
                return await question()
            except Unanswered as error:
                log.warning("the Bot API does not answer", error=str(error))
            await asyncio.sleep(wait)
            wait = min(30.0, 2 * wait)

    async def _work(self, bot: int, session: aiohttp.ClientSession) -> None:
        if self._settings.clock_url is not None:
            await self._clock.look(self._settings.clock_url, session)
        now = self._clock.now()
        run = await self._database.write(lambda connection: self._begin(connection, bot, now))
        courier = self._courier(run.fence)
        turns = Turns(self._database, self._context, self._voice, bot=bot, fence=run.fence)
        intake = Intake(
            Decoder(self._token, self._clock.now),
            turns,
            courier,
            self._speaker,
            now=self._clock.now,
            alarms=self._alarms,
            flood=Flood() if self._settings.max_per_second <= UNPACED else None,
        )
        await asyncio.to_thread(identify, WARM_UP, list(self._context.own_names))
        self._listener = await self._listen(intake)
        chores = Chores(
            self._database,
            self._speaker,
            self._texts,
            self._alarms,
            fence=run.fence,
            now=self._clock.now,
            webhook=self._settings.webhook_url is not None,
        )
        helpers = [chores.run()]
        if self._settings.clock_url is not None:
            helpers.append(self._clock.follow(self._settings.clock_url, session))
        log.info("running", run=run.fence, territories=len(self._context.territories))
        await self._until_stopped(self._listener, courier, helpers)
        log.info("stopped")

    def _begin(self, connection: Connection, bot: int, now: datetime) -> Run:
        """Begin a run: settle what the last one was sending, ask again what an outage swallowed."""
        run = instance.begin(connection, now)
        outbox.settle_left_behind(connection, run.fence, now)
        ask_again(connection, self._context, self._voice, bot=bot, run=run, now=now)
        return run

    def _courier(self, fence: int) -> Courier:
        return Courier(
            self._database,
            self._speaker,
            Pace(self._settings.max_per_second, asyncio.get_running_loop().time),
            fence=fence,
            places=self._places,
            now=self._clock.now,
            alarms=self._alarms,
        )

    async def _listen(self, intake: Intake) -> Listener:
        """Where updates come from: a webhook where one is set, long polling else."""
        settings = self._settings
        if settings.webhook_url is None:
            url = f"{settings.api_url}/bot{self._token}"
            return Polling(url, intake, self._speaker, self._alarms)
        assert settings.webhook_secret is not None
        secret = settings.webhook_secret.get_secret_value()
        path = urlsplit(settings.webhook_url).path or "/"
        webhook = Webhook(intake, path=path, secret=secret, alarms=self._alarms)
        try:
            await webhook.open(*settings.webhook_listen)
        except OSError as error:
            raise Refused(f"TOGETHER_WEBHOOK_LISTEN cannot be used: {error.strerror}") from error
        await self._unless_stopped(
            self._waiting_for_telegram(
                lambda: self._speaker.set_webhook(str(settings.webhook_url), secret, KINDS)
            )
        )
        return webhook

    async def _until_stopped(
        self, listener: Listener, courier: Courier, work: list[Coroutine[Any, Any, None]]
    ) -> None:
        helpers = [asyncio.create_task(one) for one in work]
        hearing = asyncio.create_task(listener.run())
        speaking = asyncio.create_task(courier.run())
        stop = asyncio.create_task(self._stop.wait())
        revoked = asyncio.create_task(courier.revoked.wait())
        try:
            await asyncio.wait(
                {hearing, speaking, stop, revoked, *helpers}, return_when=asyncio.FIRST_COMPLETED
            )
            listener.stop()
            await asyncio.wait({hearing}, timeout=STOP_IN / 2)
            courier.stop()
            await asyncio.wait({speaking}, timeout=STOP_IN / 2)
        finally:
            everything = [hearing, speaking, stop, revoked, *helpers]
            for task in everything:
                task.cancel()
            ended = await asyncio.gather(*everything, return_exceptions=True)
        if courier.revoked.is_set():
            raise TokenRevoked(TOKEN_REVOKED)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _missing(self) -> str | None:
        if self._listener is None or not self._listener.healthy:
            return "the Bot API or the database does not answer"
        try:
            await self._database.read(lambda connection: outbox.next_due(connection))
        except Exception as error:
            if not is_unavailable(error):
                raise
            return "the database does not answer"
        return None


def context_of(settings: Settings, texts: Texts) -> Context:
    """The data behind the conversations. Raises TerritoryError or Unusable."""
    languages = {code: our_languages()[code] for code in texts.languages}
    return Context(
        keys=Keyring(secret_key(settings)),
        territories=load_territories(settings.territories),
        own_names={code: language.name for code, language in languages.items()},
        conjunctions={code: language.conjunctions for code, language in languages.items()},
        wording=texts.wording,
    )
