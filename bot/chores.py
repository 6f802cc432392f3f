"""What is done again and again beside the conversations: leftovers, figures, retention, errands."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.alarms import Alarms
from bot.announcing import Announcing
from bot.cards import Cards
from bot.digests import Digests
from bot.errands import Errands
from bot.inquiries import Inquiries
from bot.introduction import introduce
from bot.logs import log
from bot.metrics import OUTBOX
from bot.pushing import Pushes
from bot.refusal import TokenRevoked
from bot.speaker import Speaker, Unanswered
from bot.ticker import Ticker
from config.texts import Texts
from storage import instance
from storage.database import Database
from storage.messages import backlog, outbox
from storage.people.retention import sweep

TIDY: Final = 5.0  # seconds
SWEEP: Final = 600.0
LOOK: Final = 60.0
ERRANDS: Final = 1.0
PUSHES: Final = 2.0
CARDS: Final = 2.0
ANNOUNCEMENTS: Final = 1.0
NEWCOMERS: Final = 60.0
INQUIRIES: Final = 2.0
DIGESTS: Final = 5.0
NUDGES: Final = 900.0
WATCH: Final = 300.0
REFRESH: Final = 86_400.0
FIGURES: Final = 1800.0

_TROUBLE: Final = (DBAPIError, OSError)  # the listener tells of it; here it only means: not this time


class Chores:
    """The regular work of one run."""

    def __init__(
        self,
        database: Database,
        speaker: Speaker,
        texts: Texts,
        alarms: Alarms,
        *,
        fence: int,
        now: Callable[[], datetime],
        webhook: bool,
        errands: Errands | None,
        pushes: Pushes,
        cards: Cards,
        announcing: Announcing,
        inquiries: Inquiries,
        let_out: Callable[[], Awaitable[None]],
        digests: Digests,
    ) -> None:
        """
        fence    number of this run
        webhook  whether Telegram is to call us, and is asked whether it can
        errands  of commands that cannot write by themselves; None: they can
        let_out  lets figures be shown that may be
        """
        self._database = database
        self._speaker = speaker
        self._texts = texts
        self._alarms = alarms
        self._fence = fence
        self._now = now
        self._webhook = webhook
        self._errands = errands
        self._pushes = pushes
        self._cards = cards
        self._announcing = announcing
        self._inquiries = inquiries
        self._let_out = let_out
        self._digests = digests

    async def run(self) -> None:
        """Work until cancelled."""
        ticker = Ticker()
        ticker.every(TIDY, "outbox", self._tidy)
        ticker.every(SWEEP, "retention", self._sweep)
        for seconds, name, job in (
            (PUSHES, "pushes", self._pushes.tick),
            (NUDGES, "nudges", self._pushes.nudge),
            (WATCH, "occupancy", self._pushes.watch),
            (REFRESH, "refresh", self._pushes.refresh),
            (ANNOUNCEMENTS, "announcements", self._announcing.tick),
            (NEWCOMERS, "newcomers", self._announcing.look),
            (INQUIRIES, "inquiries", self._inquiries.watch),
            (INQUIRIES, "translations", self._inquiries.translate),
            (FIGURES, "figures", self._let_out),
        ):
            ticker.every(seconds, name, partial(self._push, job))
        ticker.every(CARDS, "cards", self._refresh_cards)
        ticker.every(DIGESTS, "digests", self._tell_digests)
        if self._errands is not None:
            ticker.every(ERRANDS, "errands", self._run_errands)
        if self._webhook:
            ticker.every(LOOK, "webhook", self._look_at_webhook)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ticker.run())
            tasks.create_task(introduce(self._speaker, self._texts))

    async def _tidy(self) -> None:
        """Settle what runs were sending that have fallen silent, and count what waits."""
        now = self._now()

        def work(connection: Connection) -> dict[outbox.State, int]:
            instance.give_up_silent(connection, self._fence)
            outbox.settle_left_behind(connection, self._fence, now)
            return backlog.counts(connection)

        with suppress(*_TROUBLE):
            for state, count in (await self._database.write(work)).items():
                OUTBOX.labels(state.value).set(count)

    async def _sweep(self) -> None:
        now = self._now()
        with suppress(*_TROUBLE):
            await self._database.write(lambda connection: sweep(connection, now))
            await self._database.wipe()

    async def _push(self, job: Callable[[], Awaitable[None]]) -> None:
        """One of the regular works for pushes; whatever fails in it fails this time alone."""
        try:
            await job()
        except _TROUBLE:
            return
        except Exception as error:
            log.exception("pushes fail", error=type(error).__name__)
            self._alarms.sound("pushes_fail")

    async def _refresh_cards(self) -> None:
        with suppress(*_TROUBLE):
            await self._cards.refresh(self._database, self._now)

    async def _tell_digests(self) -> None:
        with suppress(*_TROUBLE):
            await self._digests.tick()

    async def _run_errands(self) -> None:
        assert self._errands is not None
        with suppress(*_TROUBLE):
            await self._errands.run(self._database, self._now())

    async def _look_at_webhook(self) -> None:
        """Telegram says what went wrong with its last call; while calls fail, updates pile up there."""
        with suppress(Unanswered, TokenRevoked):
            about = await self._speaker.about()
            if about.webhook_error and about.waiting:
                self._alarms.sound("webhook_fails")
