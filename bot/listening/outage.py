"""After an outage: presses that Telegram dropped meanwhile are gone, so open questions are asked again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.logs import log
from bot.rendering.voice import Voice
from bot.turns.world import World
from flows.moves import Say
from flows.reception import remind
from flows.talks import Stack
from storage.context import Context
from storage.errors import Unavailable
from storage.instance import Run
from storage.messages import outbox, stacks
from storage.people import people
from storage.unit import Book, Origin, Unit

SHORT: Final = timedelta(seconds=120)
"""An outage in which Telegram kept every press."""

ACTIVE: Final = timedelta(minutes=10)
"""Who was heard so shortly before the outage may have pressed a button in it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which presses may have been lost."""

    number: int  # of those in one run; 0: before it
    since: datetime  # aware UTC
    until: datetime  # who was heard later than that has lost nothing; aware UTC


class Outage:
    """What a listener notices of a time in which it could take no answers although it went on."""

    def __init__(self, now: Callable[[], datetime], ask: Callable[[Gap], Awaitable[None]]) -> None:
        """
        now  the clock
        ask  asks those again who were in the middle of something
        """
        self._now = now
        self._ask = ask
        self._since: datetime | None = None  # None: there is none
        self._count = 0

    def begin(self) -> None:
        """Nothing can be taken; said again, it is still the same outage."""
        self._since = self._since or self._now()

    async def end(self) -> None:
        """Something was taken. If the database is away once more, the outage has not ended."""
        since = self._since
        if since is not None and self._now() - since > SHORT:
            self._count += 1
            try:
                await self._ask(Gap(self._count, since, since))
            except Unavailable:
                return
        self._since = None


def before(run: Run, now: datetime) -> Gap | None:
    """The outage that a run ends by beginning; None where it was too short to lose a press."""
    return Gap(0, now - run.away, now) if run.away is not None and run.away > SHORT else None


def ask_again(
    connection: Connection, context: Context, voice: Voice, gap: Gap, *, bot: int, fence: int, now: datetime
) -> int:
    """Put the open question of everybody whose press may be lost in the outbox; returns of how many.

    A conversation that cannot go on is left as it is: the bot asks as it begins, and must begin.
    """
    span = gap.since - ACTIVE, gap.until
    in_the_middle = stacks.left_waiting(connection, *span)
    found = people.find(connection, bot, in_the_middle)  # and locked; only then it is sure who still waits:
    waiting = stacks.left_waiting(connection, *span)  # another listener may just have asked them
    book, after = Book(connection), dict[int, Stack]()
    for telegram, person in found.items():
        stack = waiting.get(telegram)
        if stack is None or stack[-1].flow == "menu":
            continue
        unit = Unit(connection, book, context, person, Origin(bot, -gap.number, fence), now, now)
        key = f"o:{fence}:{gap.number}:{person.citizen}"
        try:
            reply = remind(stack, World(unit, voice), Say("trouble.away"))
            messages = voice.messages(person, reply, key, unit.quotes)
        except DBAPIError:
            raise
        except Exception as error:
            log.error("a question could not be asked again", flow=stack[-1].flow, exc_info=error)
            continue
        after[person.citizen] = reply.stack
        for message in messages:
            outbox.put(book, message, now=now, worker=None)
    book.flush()
    stacks.save(connection, after, now)
    return len(after)
