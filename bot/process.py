"""One process of the bot, from its settings to its end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any, Final, TypeVar

import aiohttp
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.chores.translation import Translator
from bot.clock import Clock
from bot.contexts import context_of
from bot.listening.updates import KINDS
from bot.logs import log
from bot.memory import settle
from bot.metrics import MISSING
from bot.recognition.language_id import identify
from bot.refusal import CANNOT_USE, Refused
from bot.rendering.voice import Voice
from bot.secret import secret_key
from bot.serving.feed import Feed
from bot.serving.health import Health
from bot.serving.latest import LatestFeed
from bot.shift import Parts, Shift, begin
from bot.speaking.alarms import Alarms
from bot.speaking.speaker import Speaker, Unanswered
from config.settings import Settings
from config.texts import Texts
from storage.context import Keyring
from storage.database import Database, Hold, open_database
from storage.errors import LeadLost, Unavailable, reason
from storage.faultpoints import reached
from storage.instance import Role
from storage.people import pseudonyms

T = TypeVar("T")

WARM_UP: Final = "well-being"  # has the tables of languages read before the first citizen writes


async def run_bot(settings: Settings, role: Role) -> None:
    """Run until SIGTERM or SIGINT. Raises Refused or StorageError where the bot cannot."""
    database = open_database(settings.database_url)
    try:
        async with AsyncExitStack() as held:
            try:
                hold = await held.enter_async_context(database.hold(shared=role is not Role.ALL))
                await database.prepare()
                is_named = await database.read(pseudonyms.are_there)
            except (Unavailable, DBAPIError, OSError) as error:
                raise Refused(f"{CANNOT_USE} ({reason(error)})") from error
            keys = Keyring(secret_key(settings, makes=not is_named))
            await Process(settings, role, database, hold, keys).run()
    finally:
        await database.close()


class Process:
    """The parts of the bot, put together."""

    def __init__(self, settings: Settings, role: Role, database: Database, hold: Hold, keys: Keyring) -> None:
        self._settings = settings
        self._role = role
        self._database = database
        self._hold = hold
        self._clock = Clock()
        self._stop = asyncio.Event()
        token = settings.bot_token.get_secret_value()
        places = max(4, min(64, int(settings.max_per_second) // 4))
        self._places = places
        self._speaker = Speaker(token, settings.api_url, most=2 * places)
        self._alarms = Alarms(self._speaker, database, settings.admins, self._clock.now)
        self._texts = Texts.load(on_missing=lambda language, _key: MISSING.labels(language).inc())
        self._context = context_of(settings, self._texts, keys)
        self._translator = translator_of(settings)
        self._shift: Shift | None = None
        self._standby = False

    async def run(self) -> None:
        """Run until stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        feed = Feed(self._database, lambda: self._context, self._texts, self._clock.now)
        latest = LatestFeed(self._database, lambda: self._context, self._texts, self._clock.now)
        health = Health(self._ready, [*feed.routes(), *latest.routes()])
        try:
            await self._open(health)  # first: alive is also who waits for Telegram
            bot = await self._unless_stopped(self._waiting_for_telegram(self._speaker.open))
            if bot is not None:
                async with aiohttp.ClientSession() as session:
                    await self._work(bot, session)
        finally:
            await health.close()
            await self._speaker.close()
            if self._translator is not None:
                self._translator.close()

    async def _open(self, health: Health) -> None:
        for doubt in self._settings.doubts:
            log.warning(doubt)
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
        """The answer to a question; waits for a Bot API that is not there, and as long as it asks us to."""
        wait = 0.5
        while True:
            try:
                return await question()
            except Unanswered as error:
                log.warning("the Bot API does not answer", error=str(error))
                asked = error.asked.total_seconds()
            await asyncio.sleep(max(wait, asked))
            wait = min(30.0, 2 * wait)

    async def _work(self, bot: int, session: aiohttp.ClientSession) -> None:
        self._context = replace(self._context, address=self._speaker.address)
        parts = self._parts(bot)
        following = None
        if self._settings.clock_url is not None:
            await self._clock.look(self._settings.clock_url, session)
            following = asyncio.create_task(self._clock.follow(self._settings.clock_url, session))
        try:
            await self._unless_stopped(self._look_at_key())
            if self._role is Role.PUSH:
                await self._push(parts)
            else:
                await self._listen(parts)
        finally:
            if following is not None:
                following.cancel()

    async def _look_at_key(self) -> None:
        """Another key than before cuts people from what they said; who has lost it has to go on like that."""
        keys = self._context.keys
        fits = await self._waiting_for_database(
            lambda: self._database.read(lambda connection: pseudonyms.key_fits_newest(connection, keys))
        )
        if not fits:
            log.error("the secret key is not the one that the database was written with")
            self._alarms.sound("key")

    def _parts(self, bot: int) -> Parts:
        return Parts(
            settings=self._settings,
            database=self._database,
            hold=self._hold,
            speaker=self._speaker,
            alarms=self._alarms,
            clock=self._clock,
            texts=self._texts,
            context=self._context,
            voice=Voice(self._texts, self._context.territories),
            translator=self._translator,
            bot=bot,
            places=self._places,
        )

    async def _listen(self, parts: Parts) -> None:
        await asyncio.to_thread(identify, WARM_UP, list(self._context.own_names))
        settle()
        shift = await self._begin(parts)
        await shift.open()
        settings = self._settings
        if settings.webhook_url is not None and settings.webhook_secret is not None:
            url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()
            await self._unless_stopped(
                self._waiting_for_telegram(lambda: self._speaker.set_webhook(url, secret, KINDS))
            )
        self._shift = shift
        await shift.work(self._stop)

    async def _push(self, parts: Parts) -> None:
        """Stand by until nobody else leads, lead, and stand by again if the lead is lost."""
        while not self._stop.is_set():
            self._standby = True
            log.info("standing by")
            if not await self._unless_stopped(self._lead()):
                return
            with suppress(LeadLost):  # its session may be lost even before the run has begun
                self._shift = await self._begin(parts)
                self._standby = False
                await self._shift.work(self._stop)

    async def _lead(self) -> bool:
        while not await self._waiting_for_database(self._hold.lead):
            pass  # it has waited for a moment
        return True

    async def _begin(self, parts: Parts) -> Shift:
        """Begin a run on the session that holds the lock, so that nobody else has it."""
        now, role = self._clock.now(), self._role
        run = await self._waiting_for_database(lambda: self._hold.do(lambda c: begin(c, parts, role, now)))
        reached("run_begun")
        return Shift(parts, run)

    async def _waiting_for_database(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of work; waits for a database that is away."""
        while True:
            with suppress(Unavailable):
                return await work()
            await asyncio.sleep(1)

    async def _ready(self) -> tuple[bool, str]:
        if not self._standby and (self._shift is None or not self._shift.healthy):
            return False, "the Bot API or the database does not answer"
        try:
            await self._database.read(lambda connection: connection.execute(select(1)))
        except Unavailable:
            return False, "the database does not answer"
        return True, "standby" if self._standby else "ready"


def translator_of(settings: Settings) -> Translator | None:
    """Whoever translates what people write to each other, where the operator has set one up."""
    if settings.translate_url is None:
        return None
    key = settings.translate_key
    return Translator(settings.translate_url, key.get_secret_value() if key else None)
