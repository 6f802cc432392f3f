"""Says what is due without having been asked for: a conversation beside those under way, and its message."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.chores.alike import Alike
from bot.chores.means import Means
from bot.logs import log
from bot.metrics import PUSHES
from bot.rendering.render import Rendered
from bot.rendering.voice import Voice, as_messages
from flows.pushes.deciding import Decision, Item
from flows.pushes.pushed import ANSWERS, Notice, Reason, State
from flows.reception import push
from flows.talks import Stack
from storage.context import Context
from storage.messages import backlog, outbox, stacks
from storage.messages.outbox import Lane, Message
from storage.messages.quoting import Quote
from storage.occasions import unrelieved, unseated
from storage.occasions.seats import lapse
from storage.planning import occupancy
from storage.pushes import nudging, pushing, settling, waiting
from storage.pushes.pushes import LEAVING
from storage.pushes.pushing import Portion
from storage.pushes.refreshing import refresh
from storage.pushes.waiting import reply_key
from storage.unit import Book, Origin, Unit

OURS: Final = -1
"""In place of the mark of an update: what begins here began with no update."""

LANES: Final = (Lane.NOTICE, Lane.REMINDER, Lane.DIGEST)

_LANES: Final[Mapping[str, Lane]] = {**dict.fromkeys(Notice, Lane.NOTICE), Notice.DIGEST: Lane.DIGEST}
"""By kind; reminders of all kinds have theirs."""

AHEAD: Final = 10.0
"""So many seconds of messages are put in the outbox ahead of their leaving."""

TOGETHER: Final = 100
"""Pushes in one transaction: replies wait for no more."""

SOON: Final = timedelta(minutes=1)
"""A message lives so long at least, however late it is."""


@dataclass(slots=True)
class Pushed:
    """What one transaction did."""

    looked_at: int = 0  # pushes
    said: int = 0  # messages in the outbox
    failed: int = 0  # conversations that could not be begun, by a mistake of ours
    became: Counter[tuple[State, Reason | None]] = field(default_factory=Counter)


def push_due(
    connection: Connection, context: Context, voice: Voice, *, bot: int, now: datetime, most: int
) -> Pushed:
    """Say what is due to some people, each in one message, and settle it all.

    most  pushes that are looked at

    A push that cannot be made is settled as such: it must not keep back those of others.
    """
    portions = pushing.claim(connection, context, bot=bot, now=now, most=most)
    book, alike, done = Book(connection), Alike(voice), Pushed()
    decisions: dict[int, Decision] = {}
    aside: dict[int, Stack] = {}
    for portion in portions:
        decisions |= portion.decisions
        if portion.said:
            origin = Origin(bot, portion.said[0].id, OURS)
            unit = Unit(connection, book, context, portion.person, origin, now, now)
            try:
                told = alike.told(unit, portion)
                reply = push(portion.stack, told.opening, unit.new_id())
                messages = _messages(portion, told.within(reply), unit.quotes, now)
            except DBAPIError:
                raise
            except Exception as error:
                log.error("a push could not be made", kind=portion.said[0].kind, exc_info=error)
                done.failed += 1
                trouble = Decision(State.SKIPPED, Reason.TROUBLE)
                decisions.update({item.id: trouble for item in portion.said})
                continue
            for message in messages:
                outbox.put(book, message, now=now, worker=None)
            aside[portion.person.citizen] = reply.stack
            done.said += len(messages)
    book.flush()
    heard = {portion.person.citizen: portion.person.seen_at or now for portion in portions}
    stacks.put_aside(connection, aside, heard)
    settling.settle(connection, decisions, now)
    done.looked_at = len(decisions)
    done.became.update((decision.state, decision.reason) for decision in decisions.values())
    return done


def _look(connection: Connection, now: datetime) -> tuple[int, bool, bool, bool]:
    """How many pushes wait to leave, and what there is to do, as of `is_anything_due`."""
    return backlog.count(connection, LANES), *pushing.is_anything_due(connection, now)


def _messages(
    portion: Portion, said: Iterable[Rendered], quotes: Iterable[Quote], now: datetime
) -> list[Message]:
    """The messages of one push; a notice goes before reminders."""
    lane = _lane(portion.said)
    until = min(now + LEAVING, max(item.not_after for item in portion.said))
    if portion.awake_until is not None:
        until = min(until, portion.awake_until)  # after an outage quiet hours might be on
    lives = max(SOON, until - now)
    messages = as_messages(portion.person, said, reply_key(portion.said[0].id), quotes)
    return [replace(message, lane=lane, lives=lives) for message in messages]


def _lane(said: tuple[Item, ...]) -> Lane:
    """What answers somebody is wanted whatever they have stopped, as any reply."""
    if all(item.kind in ANSWERS for item in said):
        return Lane.REPLY
    return min(_LANES.get(item.kind, Lane.REMINDER) for item in said)


class Pushes:
    """What is said of our own accord, as the outbox can take it in."""

    def __init__(self, means: Means) -> None:
        self._database, self._context, self._voice = means.database, means.context, means.voice
        self._bot, self._now, self._alarm = means.bot, means.now, means.alarm
        self._ahead = int(means.per_second * AHEAD)
        self._nudged: datetime | None = None  # when nudges were planned last

    async def tick(self) -> None:
        """Pass on the seats that were not taken in time, and say what is due, as much as can leave soon.

        What could not leave in time is decided anew first.
        """
        now = self._now()
        leaving, said, lapsed, late = await self._database.read(lambda connection: _look(connection, now))
        if lapsed:
            await self._database.write(lambda connection: lapse(connection, self._context, now))
        if late:
            await self._database.write(lambda connection: waiting.take_back_late(connection, now))
        room = self._ahead - leaving if said or lapsed or late else 0
        while room > 0:
            most = min(room, TOGETHER)
            done = await self._push(self._now(), most)  # of one moment is one message to a person
            room = room - done.said if done.looked_at >= most else 0

    async def _push(self, now: datetime, most: int) -> Pushed:
        done = await self._database.write(
            lambda connection: push_due(
                connection, self._context, self._voice, bot=self._bot, now=now, most=most
            )
        )
        for (state, reason), count in done.became.items():
            PUSHES.labels(state.value, reason.value if reason else "").inc(count)
        if done.failed:
            self._alarm("chores_fail")
        return done

    async def watch(self) -> None:
        """Tell planners what is full or has few answers, and those who wait that nothing has come of it.

        Those in line, that no seat became free; those who seek a stand-in, that nobody has accepted.
        """
        now, context = self._now(), self._context
        await self._database.write(lambda connection: occupancy.watch(connection, context, now))
        await self._database.write(lambda connection: unseated.watch(connection, context, now))
        await self._database.write(lambda connection: unrelieved.watch(connection, context, now))

    async def nudge(self) -> None:
        """Plan nudges for those who have fallen silent since the last look; at first, for everybody."""
        now, since, context = self._now(), self._nudged, self._context
        silent = await self._database.read(
            lambda connection: nudging.fallen_silent(connection, context, since, now)
        )
        if silent:
            await self._database.write(lambda connection: nudging.plan(connection, context, silent, now))
        self._nudged = now

    async def refresh(self) -> None:
        """Work out anew all that is to come, bit by bit."""
        last: int | None = 0
        while last is not None:
            work = partial(refresh, context=self._context, after=last, now=self._now())
            last = await self._database.write(work)
