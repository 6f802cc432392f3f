"""What has failed is tried again later and later: a mistake of ours must not fill the log or the alarms."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(hours=1)


class Backoff:
    """When each thing that has failed may be tried again; forgotten with the process."""

    def __init__(self) -> None:
        self._failed: dict[Hashable, tuple[int, datetime]] = {}  # times in a row, and when last

    def may_try(self, what: Hashable, now: datetime) -> bool:
        """Whether it has not failed, or long enough ago; or the clock was set back since."""
        times, last = self._failed.get(what, (0, now))
        return not times or not last <= now < last + _pause(times)

    def failed(self, what: Hashable, now: datetime) -> None:
        """It has failed; what was not tried for long after its time has gone, and is not remembered."""
        times, _ = self._failed.get(what, (0, now))
        for other, (_, last) in list(self._failed.items()):
            if last + 3 * LONGEST < now:
                del self._failed[other]
        self._failed[what] = times + 1, now

    def done(self, what: Hashable) -> None:
        """It has not failed this time."""
        self._failed.pop(what, None)


def _pause(times: int) -> timedelta:
    return min(LONGEST, FIRST * (1 << min(times - 1, 16)))
