"""Notices who sends more than a person can mean. Pure, in memory, for one process.

Counted is when something was written, not when it came: what waited through an outage is no flood.
"""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

MOST: Final = 30
"""Updates of one person within `WITHIN` that are taken: one a second for ever, or all of them at once."""

WITHIN: Final = timedelta(seconds=30)
REMEMBERED: Final = 1000  # people; whoever floods was heard more recently than so many others


class Verdict(Enum):
    """What becomes of an update."""

    TAKE = auto()
    TELL = auto()  # the first that is not taken: its sender is to be told
    DROP = auto()


class _Person:
    """What one person sent of late."""

    __slots__ = ("dropped_at", "taken", "told")

    def __init__(self) -> None:
        self.taken: dict[int, datetime] = {}  # when each was written, by update, in the order of coming
        self.told: int | None = None  # the update that the last notice came of
        self.dropped_at: datetime | None = None


class Flood:
    """Judges updates, one after the other; the same update is always judged in the same way."""

    def __init__(self) -> None:
        self._people: dict[int, _Person] = {}  # by Telegram id, who was heard last at the end

    def judge(self, telegram: int, update: int, at: datetime) -> Verdict:
        """Whether an update of that person is taken.

        update  its id: it may come again while the database is away, and does not count twice
        at      when it was written, where Telegram tells; else when it came
        """
        person = self._remembered(telegram)
        while person.taken and abs(at - next(iter(person.taken.values()))) >= WITHIN:
            del person.taken[next(iter(person.taken))]
        if update in person.taken:
            return Verdict.TAKE
        if len(person.taken) < MOST:
            person.taken[update] = at
            return Verdict.TAKE
        goes_on = person.dropped_at is not None and abs(at - person.dropped_at) < WITHIN
        person.dropped_at = at
        if goes_on and update != person.told:
            return Verdict.DROP
        person.told = update
        return Verdict.TELL

    def _remembered(self, telegram: int) -> _Person:
        person = self._people.pop(telegram, None) or _Person()
        self._people[telegram] = person
        if len(self._people) > REMEMBERED:
            del self._people[next(iter(self._people))]
        return person
