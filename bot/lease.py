"""The right of a run to speak: a lease that it renews again and again, and a term that lasts as long.

A term ends at once when the lock is lost, and in any case before the lease does. Then nothing is sent or
claimed until the lease is renewed, and what was held until then goes back to the outbox.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.speaking.alarms import Alarms
from storage import instance
from storage.database import Hold
from storage.errors import AlreadyRunning, LeadLost, Unavailable
from storage.instance import Role, Run, Standing

BEAT: Final = 4.0  # seconds between two renewals
LOOK: Final = 0.5  # seconds between two looks whether the lock is still there, or others have seen us
ANSWER: Final = 5.0  # seconds a renewal may take

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def awake() -> float:
    """Seconds that pass whatever happens to the wall clock, a machine's sleep included where it tells."""
    return time.clock_gettime(_CLOCK)


class Lease:
    """The lease of one run."""

    def __init__(
        self,
        hold: Hold,
        run: Run,
        *,
        now: Callable[[], datetime],
        alarms: Alarms,
        share: Callable[[int], None],
        monotonic: Callable[[], float] = awake,
    ) -> None:
        """
        now    the clock
        share  is told how many runs speak, this one included, each time that changes
        """
        self._hold = hold
        self._run = run
        self._now = now
        self._alarms = alarms
        self._share = share
        self._monotonic = monotonic
        self._until = float("-inf")  # monotonic; before the database thinks so
        self._terms = 0
        self._since: datetime | None = None  # end of the first lease of this term; others see us from then on
        self._seen = False  # everybody who may speak has seen us, and leaves us our share
        self._speakers = 0
        self._failed = 0  # renewals in a row

    @property
    def term(self) -> int | None:
        """The number of the present term; None while this run must be silent."""
        return self._terms if self._seen and self._lasts() else None

    def _lasts(self) -> bool:
        return self._hold.intact and self._monotonic() < self._until

    async def keep(self) -> None:
        """Renew until cancelled. Raises AlreadyRunning or LeadLost where somebody else has taken over."""
        while True:
            await self.renew()
            await self._rest()

    async def renew(self) -> None:
        """Renew once; trouble with the database is left for the next time."""
        asked, lasted = self._monotonic(), self._lasts()
        try:
            async with asyncio.timeout(ANSWER):
                standing = await self._hold.do(self._work)
        except (Unavailable, TimeoutError):
            self._failed += 1
            if self._failed > 1 and not self._lasts():
                self._alarms.sound("database")
            return
        self._failed = 0
        if standing.superseded:
            raise self._taken_over()
        if not (lasted and self._lasts() and standing.unbroken):
            self._begin_term(standing)
        self._until = asked + instance.LEASE.total_seconds()
        self._divide(standing)

    def _work(self, connection: Connection) -> Standing:
        return instance.renew(connection, self._run, self._now())

    def _taken_over(self) -> AlreadyRunning | LeadLost:
        if self._run.role is Role.PUSH:
            return LeadLost("another instance leads now")
        return AlreadyRunning("another instance has begun to work with this database; this one ends")

    def _begin_term(self, standing: Standing) -> None:
        self._terms += 1
        self._since = standing.until
        self._seen = False

    def _divide(self, standing: Standing) -> None:
        """Share the pace with all who may speak; speak only once they all know of it."""
        assert self._since is not None
        self._seen = self._seen or all(until >= self._since for until in standing.peers)
        speakers = 1 + len(standing.peers)
        if speakers != self._speakers:
            self._speakers = speakers
            self._share(speakers)

    async def _rest(self) -> None:
        """Until the next renewal: soon where something is amiss."""
        for _ in range(int(BEAT / LOOK)):
            await asyncio.sleep(LOOK)
            if self.term is None:
                return
