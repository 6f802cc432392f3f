"""How long a seat is offered to whoever is next in line."""

from datetime import datetime, timedelta
from typing import Final

from flows.times.quiet import Quiet, waking

LONGEST: Final = timedelta(hours=12)  # of waking time
SHORTEST: Final = timedelta(minutes=30)

SHARE: Final = 3
"""An offer takes at most a third of the time that is left, so that others can follow."""


def offered_until(now: datetime, starts_at: datetime, zone: str, quiet: Quiet | None) -> datetime:
    """Until when a seat is kept that becomes free `now`: not beyond the beginning, aware UTC.

    now, starts_at  aware
    zone, quiet     of the person who is offered it: the deadline stands still in their quiet hours
    """
    duration = min(LONGEST, max(SHORTEST, (starts_at - now) / SHARE))
    return min(waking(now, duration, zone, quiet), starts_at)
