"""One run of the bot, from its settings to its end."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any, Final

import aiohttp
from sqlalchemy.exc import DBAPIError

from bot.alarms import Alarms
from bot.clock import Clock
from bot.courier import Courier
from bot.health import Health
from bot.intake import Intake
from bot.introduction import introduce
from bot.logs import log
from bot.metrics import MISSING, OUTBOX
from bot.outage import ask_again
from bot.pacing import Pace
from bot.polling import Polling
from bot.refusal import CANNOT_USE, TOKEN_REVOKED, Refused, TokenRevoked
from bot.secret import secret_key
from bot.speaker import Speaker, Unanswered
from bot.ticker import Ticker
from bot.turns import Turns
from bot.updates import Decoder
from bot.voice import Voice
from config.languages import our_languages
from config.settings import Settings
from config.territories import load_territories
from config.texts import Texts
from storage import instance, outbox
from storage.context import Context, Keyring
from storage.database import Database, open_database
from storage.errors import is_unavailable
from storage.retention import sweep

STOP_IN: Final = 8.0  # seconds that what is in flight has to land; a supervisor kills after ten
BEAT: Final = 10.0  # seconds
SWEEP: Final = 600.0

_TROUBLE: Final = (DBAPIError, OSError)


async def run_bot(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises Refused or StorageError where the bot cannot."""
    database = open_database(settings.database_url)
    try:
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(database.hold())
                await database.prepare()
            except _TROUBLE as error:
                raise Refused(f"{CANNOT_USE} ({type(error).__name__})") from error
            await Process(settings, database).run()
    finally:
        await database.close()


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
        self._territories = load_territories(settings.territories)
        self._listener: Polling | None = None

    async def run(self) -> None:
        """Run until stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        health = Health(self._missing)
        try:
            await self._open(health)  # first: alive is also who waits for Telegram
            bot = await self._unless_stopped(self._meet_telegram())
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

    async def _unless_stopped(self, work: Coroutine[Any, Any, int]) -> int | None:
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

    async def _meet_telegram(self) -> int:
        """The bot's id; waits for a Bot API that is not there."""
        wait = 0.5
        while True:
            try:
                return await self._speaker.open()
            except Unanswered as error:
                log.warning("the Bot API does not answer", error=str(error))
            await asyncio.sleep(wait)
            wait = min(30.0, 2 * wait)

    async def _work(self, bot: int, session: aiohttp.ClientSession) -> None:
        if self._settings.clock_url is not None:
            await self._clock.look(self._settings.clock_url, session)
        now = self._clock.now()
        run = await self._database.write(lambda connection: instance.begin(connection, now))
        await self._database.write(lambda connection: outbox.settle_left_behind(connection, run.fence, now))
        courier = Courier(
            self._database,
            self._speaker,
            Pace(self._settings.max_per_second, asyncio.get_running_loop().time),
            fence=run.fence,
            places=self._places,
            now=self._clock.now,
            alarms=self._alarms,
        )
        voice, context = Voice(self._texts, self._territories), self._context()
        await self._database.write(
            lambda connection: ask_again(connection, context, voice, bot=bot, run=run, now=now)
        )
        turns = Turns(self._database, context, voice, bot=bot, fence=run.fence)
        intake = Intake(
            Decoder(self._token, self._clock.now),
            turns,
            courier,
            self._speaker,
            now=self._clock.now,
            alarms=self._alarms,
        )
        url = f"{self._settings.api_url}/bot{self._token}"
        listener = self._listener = Polling(url, intake, self._speaker, self._alarms)
        log.info("running", run=run.fence, territories=len(self._territories))
        await self._until_stopped(listener, courier, run.fence, session)
        log.info("stopped")

    async def _until_stopped(
        self, listener: Polling, courier: Courier, fence: int, session: aiohttp.ClientSession
    ) -> None:
        helpers = [asyncio.create_task(work) for work in self._helpers(fence, session)]
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

    def _helpers(self, fence: int, session: aiohttp.ClientSession) -> list[Coroutine[Any, Any, None]]:
        ticker = Ticker()
        ticker.every(BEAT, "heartbeat", lambda: self._tend(fence))
        ticker.every(SWEEP, "retention", self._sweep)
        helpers = [ticker.run(), self._introduce()]
        if self._settings.clock_url is not None:
            helpers.append(self._clock.follow(self._settings.clock_url, session))
        return helpers

    async def _introduce(self) -> None:
        await introduce(self._speaker, self._texts)
        await asyncio.Event().wait()  # a helper that ends would end the run

    async def _tend(self, fence: int) -> None:
        now = self._clock.now()

        def work(connection: Any) -> dict[outbox.State, int]:
            instance.beat(connection, fence, now)
            return outbox.counts(connection)

        with suppress(*_TROUBLE):
            for state, count in (await self._database.write(work)).items():
                OUTBOX.labels(state.value).set(count)

    async def _sweep(self) -> None:
        now = self._clock.now()
        with suppress(*_TROUBLE):
            await self._database.write(lambda connection: sweep(connection, now))

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

    def _context(self) -> Context:
        languages = {code: our_languages()[code] for code in self._texts.languages}
        return Context(
            keys=Keyring(secret_key(self._settings)),
            territories=self._territories,
            own_names={code: language.name for code, language in languages.items()},
            conjunctions={code: language.conjunctions for code, language in languages.items()},
            wording=self._texts.plain,
        )
