"""What is done again and again beside the conversations: leftovers, figures, retention, errands."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.chores.announcing import Announcing
from bot.chores.digests import Digests
from bot.chores.errands import Errands
from bot.chores.inquiries import Inquiries
from bot.chores.introduction import introduce
from bot.chores.means import Means
from bot.chores.pushing import Pushes
from bot.chores.translation import Translator
from bot.logs import log
from bot.metrics import OUTBOX
from bot.refusal import TokenRevoked
from bot.serving.latest import let_out
from bot.speaking.alarms import Alarms
from bot.speaking.speaker import Speaker, Unanswered
from bot.ticker import Ticker
from bot.turns.cards import Cards
from config.texts import Texts
from storage import instance
from storage.errors import Unavailable
from storage.messages import backlog, outbox
from storage.panels import shut
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
SHUT: Final = 10.0
NUDGES: Final = 900.0
WATCH: Final = 300.0
REFRESH: Final = 86_400.0
FIGURES: Final = 1800.0


class Chores:
    """The regular work of one run."""

    def __init__(
        self,
        means: Means,
        speaker: Speaker,
        texts: Texts,
        alarms: Alarms,
        *,
        fence: int,
        webhook: bool,
        errands: Errands | None,
        translator: Translator | None,
    ) -> None:
        """
        fence       number of this run
        webhook     whether Telegram is to call us, and is asked whether it can
        errands     of commands that cannot write by themselves; None: they can
        translator  None: nothing is translated
        """
        self._means = means
        self._database = means.database
        self._now = means.now
        self._speaker = speaker
        self._texts = texts
        self._alarms = alarms
        self._fence = fence
        self._webhook = webhook
        self._errands = errands
        self._pushes = Pushes(means)
        self._cards = Cards(means.context, means.voice, bot=means.bot)
        self._announcing = Announcing(means)
        self._inquiries = Inquiries(means, translator)
        self._digests = Digests(means)

    async def run(self) -> None:
        """Work until cancelled."""
        ticker = Ticker(self._now, self._failed)
        for seconds, name, job in (
            (TIDY, "outbox", self._tidy),
            (SWEEP, "retention", self._sweep),
            (PUSHES, "pushes", self._pushes.tick),
            (NUDGES, "nudges", self._pushes.nudge),
            (WATCH, "occupancy", self._pushes.watch),
            (REFRESH, "refresh", self._pushes.refresh),
            (ANNOUNCEMENTS, "announcements", self._announcing.tick),
            (NEWCOMERS, "newcomers", self._announcing.look),
            (INQUIRIES, "inquiries", self._inquiries.watch),
            (INQUIRIES, "translations", self._inquiries.translate),
            (FIGURES, "figures", self._let_out),
            (CARDS, "cards", self._refresh_cards),
            (DIGESTS, "digests", self._digests.tick),
            (SHUT, "rooms", self._watch_rooms),
        ):
            ticker.every(seconds, name, job)
        if self._errands is not None:
            ticker.every(ERRANDS, "errands", self._run_errands)
        if self._webhook:
            ticker.every(LOOK, "webhook", self._look_at_webhook)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ticker.run())
            tasks.create_task(introduce(self._speaker, self._texts))

    def _failed(self, chore: str, error: Exception) -> None:
        """It failed this time alone; where the database is not just in trouble, by a mistake of ours."""
        if isinstance(error, Unavailable):
            log.warning("a chore waits for the database", chore=chore, error=str(error))
            return
        log.error("a chore fails", chore=chore, exc_info=error)
        self._alarms.sound("chores_fail")

    async def _tidy(self) -> None:
        """Settle what runs were sending that have fallen silent, and count what waits."""
        now = self._now()

        def work(connection: Connection) -> dict[outbox.State, int]:
            instance.give_up_silent(connection, self._fence)
            outbox.settle_left_behind(connection, self._fence, now)
            return backlog.counts(connection)

        for state, count in (await self._database.write(work)).items():
            OUTBOX.labels(state.value).set(count)

    async def _sweep(self) -> None:
        now = self._now()
        await self._database.write(lambda connection: sweep(connection, now))
        await self._database.wipe()

    async def _let_out(self) -> None:
        await let_out(self._database, self._means.context, self._now())

    async def _watch_rooms(self) -> None:
        now, context = self._now(), self._means.context
        if await self._database.read(lambda connection: shut.is_anything_new(connection, now)):
            await self._database.write(lambda connection: shut.watch(connection, context, now))

    async def _refresh_cards(self) -> None:
        await self._cards.refresh(self._database, self._now, self._alarms.sound)

    async def _run_errands(self) -> None:
        assert self._errands is not None
        await self._errands.run(self._database, self._now())

    async def _look_at_webhook(self) -> None:
        """While calls fail, updates pile up at Telegram. Its last error may be old: only a new one counts."""
        with suppress(Unanswered, TokenRevoked):
            about = await self._speaker.about()
            failed = about.webhook_error_at
            if about.waiting and failed is not None and self._now() - failed < timedelta(seconds=2 * LOOK):
                self._alarms.sound("webhook_fails")
