"""Seeded bugs: each is put into a forked bot by the launcher's hook, and the checker must catch it.

A bug is a function that changes the code of the process it is called in, and a `Seeded` that says under
which circumstances it shows and which of the promises it breaks.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from bot.playground.emulator import Fault
from tests.campaigns.kills.campaign import Plan
from tests.campaigns.kills.citizens import USUAL, Habits

Listener = Callable[[str], None]

_LOST: Final = Fault("accept_then_drop", "sendMessage", probability=0.4)
_MAIMED: Final = Fault("missing_required_field", probability=0.2)
_PAUSE: Final = Fault("429", "sendMessage", probability=0.1, args={"retry_after": 2})
_SLOW: Final = Fault("delay", "sendMessage", probability=0.3, args={"seconds": 0.1})
_TWICE: Final = Fault("duplicate_update", probability=0.2)


@dataclass(frozen=True, slots=True)
class Seeded:
    """One bug, and what brings it to light."""

    caught_as: tuple[str, ...]  # invariants; the checker must find one of them broken
    trouble: tuple[Fault, ...] = ()
    kills: int = 1
    points: tuple[str, ...] = ()  # where half of the kills are; none: all are at random moments
    habits: Habits = USUAL

    def plan(self, bug: str) -> Plan:
        """A short campaign with the bug of that name."""
        return Plan(
            seed=Random(bug).getrandbits(32),
            kills=self.kills,
            schema=False,
            citizens=12,
            trouble=self.trouble,
            points=self.points,
            nth=6,
            lively=100 if self.kills > 1 else 500,
            hook=f"{__name__}:{bug}",
            habits=self.habits,
            drain=1.5,
        )


SEEDED: Final[Mapping[str, Seeded]] = {
    "acknowledged_before_the_commit": Seeded(("I3 committed",), (), 8, ("before_commit", "after_dedupe")),
    "dedupe_forgotten": Seeded(("I2 once", "P6 counted"), (_TWICE,)),
    "dedupe_in_a_transaction_of_its_own": Seeded(("I1 kept",), (), 24, ("after_state", "before_commit")),
    "statements_twice": Seeded(("I2 once",)),
    "history_forgotten": Seeded(("I1 kept",)),
    "unsure_without_bound": Seeded(("I4 repeated",), (_LOST,)),
    "left_behind_without_bound": Seeded(("I4 repeated",), (), 6, ("response_read", "request_sent")),
    "sending_not_noted": Seeded(("I4 repeated", "I6 ended")),
    "spoken_past_the_outbox": Seeded(("I4 repeated",)),
    "places_free_before_the_commit": Seeded(("I4 repeated", "I7 in order"), (), 4),
    "order_ignored": Seeded(("I7 in order",), (_SLOW,)),
    "pause_ignored": Seeded(("F25 paused",), (_PAUSE,)),
    "quarantine_without_a_row": Seeded(("P6 counted",), (_MAIMED,)),
    "log_of_a_conversation_cut": Seeded(("I8 replays",)),
    "fence_used_again": Seeded(("I9 fenced",), (), 2),
    "words_in_the_log": Seeded(("I12 discreet",)),
    "erased_words_stay": Seeded(("I14 erased",), habits=Habits(questions=1, erasing=1.0)),
}


def _change(owner: object, **parts: Any) -> None:
    for name, part in parts.items():
        setattr(owner, name, part)


def _nothing(_point: str) -> None:
    """These bugs need no fault point."""


def acknowledged_before_the_commit() -> Listener:
    """The next poll does not wait for the batch to be carried out."""
    from bot.intake import Intake

    take, tasks = Intake.take, set()

    async def later(self: Intake, updates: Any) -> None:
        tasks.add(asyncio.create_task(take(self, updates)))

    _change(Intake, take=later)
    return _nothing


def dedupe_forgotten() -> Listener:
    """Every update counts as new."""
    from storage import inbox

    take = inbox.take

    def all_new(connection: Any, bot: int, updates: Any, now: Any) -> Any:
        take(connection, bot, updates, now)
        return set(updates)

    _change(inbox, take=all_new)
    return _nothing


def dedupe_in_a_transaction_of_its_own() -> Listener:
    """Updates are noted as carried out before they are."""
    from bot.turns import Turns
    from storage import inbox

    take, commit = inbox.take, Turns._commit

    async def apart(self: Turns, group: Any, now: Any, room: int) -> Any:
        arrived = [incoming.arrived for incoming in group]
        new = await self._database.write(lambda connection: take(connection, self._bot, arrived, now))
        _change(inbox, take=lambda *_: new)
        return await commit(self, group, now, room)

    _change(Turns, _commit=apart)
    return _nothing


def statements_twice() -> Listener:
    """A statement is added two times."""
    from flows.statements import RecordStatement
    from storage import registry

    appliers: Any = registry.appliers()
    record = appliers[RecordStatement]
    appliers[RecordStatement] = lambda unit, effect: (record(unit, effect), record(unit, effect))[1]
    return _nothing


def history_forgotten() -> Listener:
    """A change of words overwrites the earlier ones."""
    from storage import statements

    _change(statements, _keep_wording=lambda *_: None)
    return _nothing


def unsure_without_bound() -> Listener:
    """What may have been delivered is sent again until it surely was."""
    from storage import outbox
    from storage.outbox import Ending, State

    def again(connection: Any, keys: Any, worker: int, now: Any) -> None:
        outbox.record(connection, [Ending(key, State.PENDING, again_at=now) for key in keys], worker, now)

    _change(outbox, settle_unsure=again)
    return _nothing


def left_behind_without_bound() -> Listener:
    """What an earlier run was sending counts as never sent."""
    from sqlalchemy import update

    from storage import outbox
    from storage.tables import Outbox, table

    def again(connection: Any, worker: int, now: Any) -> None:
        rows = table(Outbox)
        connection.execute(update(rows).where(rows.c.state == "sending").values(state="pending", worker=None))

    _change(outbox, settle_left_behind=again)
    return _nothing


def sending_not_noted() -> Listener:
    """A request leaves before its message is `sending` in the database."""
    from storage import claiming, outbox

    put = outbox.put
    _change(outbox, put=lambda book, message, *, now, worker: put(book, message, now=now, worker=None))
    _change(claiming, _hold=lambda *_: None)
    return _nothing


def spoken_past_the_outbox() -> Listener:
    """Some replies are spoken without a row."""
    from storage import outbox

    put = outbox.put

    def some(book: Any, message: Any, *, now: Any, worker: int | None) -> None:
        if worker is None or hash(message.key) % 4:
            put(book, message, now=now, worker=worker)

    _change(outbox, put=some)
    return _nothing


def places_free_before_the_commit() -> Listener:
    """A chat is free for its next message before what became of the last one is noted."""
    from bot.courier import Courier

    commit, tasks = Courier._commit, set()

    async def noted(self: Courier, *what: Any) -> None:
        await asyncio.sleep(0.1)
        await commit(self, *what)

    async def at_once(self: Courier, *what: Any) -> Any:
        tasks.add(asyncio.create_task(noted(self, *what)))
        return set()

    _change(Courier, _commit=at_once)
    return _nothing


def order_ignored() -> Listener:
    """Several messages of one chat are in flight at once."""
    from bot.courier import Courier
    from bot.outcomes import Delivered

    class Crowded(dict[int, str]):
        def __contains__(self, contact: object) -> bool:
            return False

        def __delitem__(self, contact: int) -> None:
            self.pop(contact, None)

    begin, judge = Courier.__init__, Courier._judge

    def blind(self: Courier, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        self._flying = Crowded()

    def careless(self: Courier, landed: Any) -> Any:
        return judge(self, landed) if all(isinstance(o, Delivered) for _, o in landed) else set()

    _change(Courier, __init__=blind)
    _change(Courier, _judge=careless)
    return _nothing


def pause_ignored() -> Listener:
    """Telegram's wish for a pause is not heard."""
    from bot import speaker
    from bot.outcomes import Later

    outcome_of = speaker.outcome_of

    def impatient(error: Exception) -> Any:
        outcome = outcome_of(error)
        return Later(timedelta(0), asked=True) if isinstance(outcome, Later) else outcome

    _change(speaker, outcome_of=impatient)
    return _nothing


def quarantine_without_a_row() -> Listener:
    """What cannot be understood is dropped silently."""
    from storage import inbox

    _change(inbox, quarantine=lambda *_, **__: None)
    return _nothing


def log_of_a_conversation_cut() -> Listener:
    """The first entry of a log is not kept."""
    from dataclasses import replace

    from storage import stacks

    dump = stacks.dump
    _change(stacks, dump=lambda stack: dump(tuple(replace(talk, log=talk.log[1:]) for talk in stack)))
    return _nothing


def fence_used_again() -> Listener:
    """A run takes the number of the one before it."""
    from storage import instance
    from storage.instance import Run

    begin = instance.begin

    def again(connection: Any, role: Any, now: Any) -> Run:
        last = connection.exec_driver_sql("SELECT max(fence) FROM instance").scalar()
        return begin(connection, role, now) if last is None else Run(last, role, timedelta())

    _change(instance, begin=again)
    return _nothing


def words_in_the_log() -> Listener:
    """A developer looks closely."""
    from bot.group import Group
    from bot.logs import log

    turn = Group._turn

    def watched(self: Group, incoming: Any, person: Any, stack: Any) -> Any:
        log.info("turn", said=str(incoming.event))
        return turn(self, incoming, person, stack)

    _change(Group, _turn=watched)
    return _nothing


def erased_words_stay() -> Listener:
    """Erasing cuts the way to a person and leaves their statements."""
    from sqlalchemy import delete, false

    from storage import erasure
    from storage.tables import Statement, Wording, table

    spared = (table(Statement), table(Wording))
    _change(erasure, delete=lambda rows: delete(rows).where(false()) if rows in spared else delete(rows))
    return _nothing
