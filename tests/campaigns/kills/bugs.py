"""Seeded bugs: each is put into a forked bot by the launcher's hook, and the checker must catch it.

A bug is a function that changes the code of the process it is called in. What brings it to light, and which
of the promises it breaks, stands in seeded.py.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from tests.campaigns.kills import hooks

Listener = Callable[[str], None]


def _change(owner: object, **parts: Any) -> None:
    for name, part in parts.items():
        setattr(owner, name, part)


def _nothing(_point: str) -> None:
    """These bugs need no fault point."""


def acknowledged_before_the_commit() -> Listener:
    """The next poll does not wait for the batch to be carried out."""
    from bot.listening.intake import Intake

    take, tasks = Intake.take, set()

    async def later(self: Intake, updates: Any) -> None:
        tasks.add(asyncio.create_task(take(self, updates)))

    _change(Intake, take=later)
    return _nothing


def dedupe_forgotten() -> Listener:
    """Every update counts as new."""
    from storage.messages import inbox

    take = inbox.take

    def all_new(connection: Any, bot: int, updates: Any, now: Any) -> Any:
        take(connection, bot, updates, now)
        return set(updates)

    _change(inbox, take=all_new)
    return _nothing


def dedupe_in_a_transaction_of_its_own() -> Listener:
    """Updates are noted as carried out before they are."""
    from bot.turns.turns import Turns
    from storage.messages import inbox

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
    from flows.words.statements import RecordStatement
    from storage import registry

    appliers: Any = registry.appliers()
    record = appliers[RecordStatement]
    appliers[RecordStatement] = lambda unit, effect: (record(unit, effect), record(unit, effect))[1]
    return _nothing


def history_forgotten() -> Listener:
    """A change of words overwrites the earlier ones."""
    from storage.words import statements

    _change(statements, _keep_wording=lambda *_: None)
    return _nothing


def unsure_without_bound() -> Listener:
    """What may have been delivered is sent again until it surely was."""
    from storage.messages import outbox
    from storage.messages.outbox import Ending, State

    def again(connection: Any, keys: Any, worker: int, now: Any) -> None:
        outbox.record(connection, [Ending(key, State.PENDING, again_at=now) for key in keys], worker, now)

    _change(outbox, settle_unsure=again)
    return _nothing


def left_behind_without_bound() -> Listener:
    """What an earlier run was sending counts as never sent."""
    from sqlalchemy import update

    from storage.messages import outbox
    from storage.tables import Outbox, table

    def again(connection: Any, worker: int, now: Any) -> None:
        rows = table(Outbox)
        connection.execute(update(rows).where(rows.c.state == "sending").values(state="pending", worker=None))

    _change(outbox, settle_left_behind=again)
    return _nothing


def sending_not_noted() -> Listener:
    """A request leaves before its message is `sending` in the database."""
    from storage.messages import claiming, outbox

    put = outbox.put
    _change(outbox, put=lambda book, message, *, now, worker: put(book, message, now=now, worker=None))
    _change(claiming, _hold=lambda *_: None)
    return _nothing


def spoken_past_the_outbox() -> Listener:
    """Some replies are spoken without a row."""
    from storage.messages import outbox

    put = outbox.put

    def some(book: Any, message: Any, *, now: Any, worker: int | None) -> bool:
        is_spared = worker is not None and hash(message.key) % 4 == 0
        return is_spared or put(book, message, now=now, worker=worker)

    _change(outbox, put=some)
    return _nothing


def places_free_before_the_commit() -> Listener:
    """A chat is free for its next message before what became of the last one is noted."""
    from bot.speaking.courier import Courier

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
    from bot.speaking.courier import Courier
    from bot.speaking.outcomes import Delivered

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
    from bot.speaking import speaker
    from bot.speaking.outcomes import Later

    outcome_of = speaker.outcome_of

    def impatient(error: Exception) -> Any:
        outcome = outcome_of(error)
        return Later(timedelta(0), asked=True) if isinstance(outcome, Later) else outcome

    _change(speaker, outcome_of=impatient)
    return _nothing


def quarantine_without_a_row() -> Listener:
    """What cannot be understood is dropped silently."""
    from storage.messages import inbox

    _change(inbox, quarantine=lambda *_, **__: None)
    return _nothing


def log_of_a_conversation_cut() -> Listener:
    """The first entry of a log is not kept."""
    from dataclasses import replace

    from storage.messages import stacks

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
    from bot.logs import log
    from bot.turns.group import Group

    turn = Group._turn

    def watched(self: Group, incoming: Any, person: Any, stack: Any) -> Any:
        log.info("turn", said=str(incoming.event))
        return turn(self, incoming, person, stack)

    _change(Group, _turn=watched)
    return _nothing


def block_forgotten() -> Listener:
    """Who blocks the bot is written to as before."""
    from flows.people.person import BeReachable
    from storage import registry

    appliers: Any = registry.appliers()
    appliers[BeReachable] = lambda *_: None
    return _nothing


def erased_words_stay() -> Listener:
    """Erasing cuts the way to a person and leaves their statements."""
    from sqlalchemy import delete, false

    from storage.people import erasure
    from storage.tables import Statement, Wording, table

    spared = (table(Statement), table(Wording))
    _change(erasure, delete=lambda rows: delete(rows).where(false()) if rows in spared else delete(rows))
    return _nothing


# ---- in the worlds of webhooks and PostgreSQL, and in trouble


def answered_before_the_commit() -> Listener:
    """A call of Telegram's is answered as soon as it is understood."""
    from bot.listening.webhook import Webhook

    take, tasks = Webhook._take, set()

    async def later(self: Webhook, update: Any) -> None:
        tasks.add(asyncio.create_task(take(self, update)))

    _change(Webhook, _take=later)
    return _nothing


def answered_in_trouble() -> Listener:
    """A call is answered as heard although the database is away."""
    from bot.listening.webhook import Webhook
    from storage.errors import Unavailable

    take = Webhook._take

    async def whatever_comes(self: Webhook, update: Any) -> None:
        with suppress(Unavailable):
            await take(self, update)

    _change(Webhook, _take=whatever_comes)
    return _nothing


def batch_given_up_in_trouble() -> Listener:
    """A batch that the database would not take is passed over."""
    from bot.listening.intake import Intake
    from storage.errors import Unavailable

    take = Intake.take

    async def once(self: Intake, updates: Any) -> None:
        with suppress(Unavailable):
            await take(self, updates)

    _change(Intake, take=once)
    return _nothing


def commit_in_doubt_forgotten() -> Listener:
    """Where nobody knows whether a commit was carried out, it counts as if it was not.

    Those of the lease are spared: a new term looks after everything, and would hide it.
    """
    from storage.locks import SessionHold
    from storage.postgres import Postgres

    do = SessionHold.do

    async def answered(self: SessionHold, work: Any) -> Any:
        hooks.SPARED.set(True)
        try:
            return await do(self, work)
        finally:
            hooks.SPARED.set(False)

    _change(Postgres, doubts=property(lambda _: 0, lambda *_: None))
    _change(SessionHold, do=answered)
    return hooks.usual()


def inbox_without_its_key() -> Listener:
    """Nothing to change here: the key is taken away in the schema."""
    return _nothing


def lock_of_the_file_ignored() -> Listener:
    """Two instances may work with one SQLite file."""
    from storage import sqlite

    _change(vars(sqlite)["fcntl"], flock=lambda *_: None)
    return _nothing


def lock_of_the_server_ignored() -> Listener:
    """Two instances may work with one PostgreSQL database."""
    from sqlalchemy import text

    from storage import locks

    _change(locks, TAKE_ALONE=text("SELECT true"))
    return _nothing


def lease_ignored() -> Listener:
    """Whoever loses the lock goes on as if nothing had happened."""
    from bot.lease import Lease

    async def at_ease(self: Lease) -> None:
        return

    _change(Lease, renew=at_ease, term=1)
    return _nothing


def left_behind_forgotten() -> Listener:
    """What an earlier run was sending stays so for ever."""
    from storage.messages import outbox

    _change(outbox, settle_left_behind=lambda *_: None)
    return _nothing


def notes_lost_at_the_end() -> Listener:
    """After SIGTERM nobody waits for what is in flight."""
    from bot import shift

    _change(shift, STOP_IN=0.0)
    return _nothing


def deaf_to_sigterm() -> Listener:
    """Somebody wants to finish something first."""
    from bot.shift import Shift

    end = Shift._end

    async def slowly(self: Shift) -> None:
        await asyncio.sleep(3)
        await end(self)

    _change(Shift, _end=slowly)
    return _nothing


# ---- where several share the work


def nothing_locked() -> Listener:
    """Two processes may work with one person, and with one message."""
    from sqlalchemy import Select

    _change(Select, with_for_update=lambda self, **_: self)
    return hooks.shared()
