"""Messages waiting to be spoken: put there by turns, claimed by the courier, ended by what became of them.

pending -> sending -> sent | unsure | dead | cancelled; `sending` is committed before the request leaves, so
that a message which may have been delivered is never taken for one that was not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, case, not_, or_, select, union_all, update
from sqlmodel import col

from flows.people.person import Purpose
from storage.messages.chats import MUTE
from storage.messages.pauses import BOT
from storage.messages.quoting import QUOTES, Quote, still_there
from storage.people.phones import contacts_of_phone
from storage.sql import among, many
from storage.tables import Citizen, Contact, Instance, Outbox, Pause, table
from storage.types import write
from storage.unit import Book

TOO_LATE: Final = "too late"
"""The reason of a message that has died because nobody could say it in time."""

STOPPED: Final = "stopped"
NO_CONSENT: Final = "no consent"
"""The reasons of messages that are cancelled because their reader does not want them any more."""

ERASED: Final = "erased"
"""The reason of one with words of somebody else, who took them back while it was being sent."""

SAYS_PUSHES: Final = col(Outbox.key).like("p:%")
"""Whether a message says pushes, or goes on to: where it cannot leave in time, they are decided anew."""

CRASHES: Final = 5
"""So many times a message that must arrive is sent again after a crash."""


class Lane(IntEnum):
    """What goes first when not all can go at once."""

    REPLY = 0
    NOTICE = 1  # of a change to what the person takes part in
    REMINDER = 2
    DIGEST = 3
    ANNOUNCEMENT = 4


PUSHES: Final = tuple(lane for lane in Lane if lane is not Lane.REPLY)
"""What comes of our own accord."""

ASKED_FOR: Final[Mapping[Lane, Purpose]] = MappingProxyType(
    {Lane.REMINDER: Purpose.REMINDERS, Lane.ANNOUNCEMENT: Purpose.NEWS}
)
"""The consent without which nothing is said in a lane. A notice is of what people said they take part in."""


class State(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # may have been delivered; not sent again
    DEAD = "dead"  # refused for good, or too late; the reason says why
    CANCELLED = "cancelled"


WAITING: Final = (State.PENDING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this instance alone may send now."""

    key: str
    contact: int
    telegram: int
    payload: dict[str, Any]
    lane: Lane


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be put in the outbox."""

    key: str  # deterministic: names the message for ever
    contact: int
    telegram: int
    payload: dict[str, Any]  # what bot/rendering/render.py made, as JSON
    lane: Lane = Lane.REPLY
    must: bool = True  # sent again, once, where delivery is unsure
    lives: timedelta = timedelta(hours=24)  # after that it is too late to be said
    quotes: frozenset[Quote] = frozenset()  # words of others in it

    def claimed(self) -> Claimed:
        """The message as one that this instance may send at once."""
        return Claimed(self.key, self.contact, self.telegram, self.payload, self.lane)


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a message; `again_at` set: it was not delivered and waits until then."""

    key: str
    state: State
    message: int | None = None
    reason: str | None = None
    again_at: datetime | None = None


def put(book: Book, message: Message, *, now: datetime, worker: int | None) -> bool:
    """Add a message, unless somebody whose words are in it has just taken them back; returns whether it was.

    worker  fencing number of the instance that sends it right after the commit; None: it waits to be claimed
    """
    payload = message.payload
    if message.quotes:
        if still_there(book.connection, message.quotes) != message.quotes:
            return False
        payload = {**payload, QUOTES: sorted(message.quotes)}
    book.add(
        Outbox,
        key=message.key,
        contact_id=message.contact,
        lane=message.lane,
        must=message.must,
        payload=write(payload),
        state=State.PENDING if worker is None else State.SENDING,
        unsure=0,
        worker=worker,
        not_before=now,
        not_after=now + message.lives,
        created_at=now,
        ended_at=None,
        message=None,
        reason=None,
    )
    return True


_THERE: Final = select(col(Outbox.key)).where(among(col(Outbox.key), "keys"))


def already_there(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Which of those messages were put in the outbox before."""
    return set(connection.execute(_THERE, {"keys": keys}).scalars()) if keys else set()


_BEHIND: Final = union_all(
    select(col(Pause.contact_id)).where(col(Pause.until) > bindparam("now")),
    select(col(Outbox.contact_id)).where(
        among(col(Outbox.contact_id), "contacts"),
        col(Outbox.ended_at).is_(None),
        # Said by what does not count: an OR would lead SQLite to everybody's messages, not to these.
        not_(and_(col(Outbox.state) == State.PENDING, col(Outbox.lane) != Lane.REPLY)),
        not_(and_(col(Outbox.state) == State.SENDING, col(Outbox.worker) == bindparam("worker"))),
    ),
)


def behind(connection: Connection, contacts: Sequence[int], worker: int, now: datetime) -> set[int]:
    """Which of those contacts must wait: paused, or a reply to them waits that `worker` does not hold."""
    values = {"contacts": contacts, "worker": worker, "now": now}
    waiting = set(connection.execute(_BEHIND, values).scalars())
    return set(contacts) if BOT in waiting else waiting


def record(connection: Connection, endings: Iterable[Ending], worker: int, now: datetime) -> None:
    """Note what became of messages: an ended one loses its words, one to be sent again waits.

    worker  who sent them; what it does not hold any more is left as it is: others decide about that now
    """
    ended, again = [], []
    for ending in endings:
        if ending.again_at is None:
            ended.append(
                {"k": ending.key, "state": ending.state, "message": ending.message, "reason": ending.reason}
            )
        else:
            unsure = int(ending.state is State.UNSURE)
            again.append(
                {"k": ending.key, "not_before": ending.again_at, "more": unsure, "reason": ending.reason}
            )
    if ended:
        many(connection, _END, [{**row, "w": worker, "at": now} for row in ended])
    if again:
        many(connection, _AGAIN, [{**row, "w": worker} for row in again])
        cancel_unwanted(connection, now)


_HELD: Final = update(table(Outbox)).where(
    col(Outbox.key) == bindparam("k"),
    col(Outbox.state) == State.SENDING,
    col(Outbox.worker) == bindparam("w"),
)
_END: Final = _HELD.values(
    payload=None,
    ended_at=bindparam("at"),
    state=bindparam("state"),
    message=bindparam("message"),
    reason=bindparam("reason"),
)
_AGAIN: Final = _HELD.values(
    state=State.PENDING,
    worker=None,
    unsure=col(Outbox.unsure) + bindparam("more"),
    not_before=bindparam("not_before"),
    reason=bindparam("reason"),
)


def release(
    connection: Connection,
    worker: int,
    *,
    contacts: Collection[int] | None,
    flying: Collection[str],
    now: datetime,
) -> set[str]:
    """Let what `worker` holds wait again, in its order, but for what is in flight; returns the keys.

    contacts  whose messages; None: everybody's
    flying    keys of the messages in flight, those that have landed and are being noted included

    The contacts are locked first: a turn that has seen them held commits before, so none of theirs is missed.
    A turn may just be putting the first message behind one in flight, so its contact is locked as well.
    """
    outbox, contact = table(Outbox), table(Contact)
    held = and_(outbox.c.state == State.SENDING, outbox.c.worker == worker, outbox.c.key.not_in(list(flying)))
    if contacts is None:
        busy = or_(held, outbox.c.key.in_(list(flying)))
        contacts = set(connection.execute(select(outbox.c.contact_id).where(busy)).scalars())
    whose = list(contacts)
    connection.execute(
        select(contact.c.id).where(contact.c.id.in_(whose)).order_by(contact.c.telegram).with_for_update()
    )
    released = (
        update(outbox)
        .where(held, outbox.c.contact_id.in_(whose))
        .values(state=State.PENDING, worker=None)
        .returning(outbox.c.key)
    )
    keys = set(connection.execute(released).scalars())
    cancel_unwanted(connection, now)
    return keys


def settle_unsure(connection: Connection, keys: Sequence[str], worker: int, now: datetime) -> None:
    """Messages that may or may not have been delivered: what must arrive is sent once more, the rest not.

    worker  who sent them, and decides only about those it still holds
    """
    _settle(connection, and_(col(Outbox.key).in_(keys), col(Outbox.worker) == worker), 1, now)


def settle_left_behind(connection: Connection, worker: int, now: datetime) -> None:
    """The same for messages that a run was sending which has ended, or was given up; `worker` is ours.

    Most of them never left, so several crashes in a row do not give one up; each may cost one repetition.
    """
    alive = select(col(Instance.fence)).where(col(Instance.lease_until).is_not(None))
    _settle(connection, and_(col(Outbox.worker) != worker, col(Outbox.worker).not_in(alive)), CRASHES, now)


def _settle(connection: Connection, which: Any, most: int, now: datetime) -> None:
    outbox = update(table(Outbox)).where(which, col(Outbox.state) == State.SENDING)
    again = and_(col(Outbox.must), col(Outbox.unsure) < most)
    connection.execute(outbox.where(~again).values(state=State.UNSURE, payload=None, ended_at=now))
    connection.execute(
        outbox.where(again).values(
            state=State.PENDING, worker=None, not_before=now, unsure=col(Outbox.unsure) + 1
        )
    )
    cancel_unwanted(connection, now)


def bury_late(connection: Connection, now: datetime, *, pushes: bool = False) -> int:
    """End messages that it is too late to say, either of pushes or all others; returns how many."""
    late = (
        update(table(Outbox))
        .where(col(Outbox.state) == State.PENDING, col(Outbox.not_after) <= now)
        .where(SAYS_PUSHES if pushes else ~SAYS_PUSHES)
        .values(state=State.DEAD, reason=TOO_LATE, payload=None, ended_at=now)
    )
    return connection.execute(late).rowcount


def cut_off(connection: Connection, contact: int, reach: str, now: datetime) -> None:
    """A contact cannot be reached, nor anybody on the same phone: note it and cancel what waits for them."""
    there = list(connection.execute(contacts_of_phone(contact)).scalars())
    connection.execute(update(table(Contact)).where(col(Contact.id).in_(there)).values(reach=reach))
    connection.execute(
        update(table(Outbox))
        .where(col(Outbox.contact_id).in_(there), col(Outbox.state) == State.PENDING)
        .values(state=State.CANCELLED, reason=reach, payload=None, ended_at=now)
    )


def take_back(connection: Connection, keys: Sequence[str], reason: str, now: datetime) -> list[str]:
    """Cancel those messages of these that have not left; returns their keys."""
    taken = (
        update(table(Outbox))
        .where(among(col(Outbox.key), "keys"), col(Outbox.state) == State.PENDING)
        .values(state=State.CANCELLED, reason=reason, payload=None, ended_at=now)
        .returning(col(Outbox.key))
    )
    return list(connection.execute(taken, {"keys": keys}).scalars())


def leave_unsaid(
    connection: Connection, contact: int, lanes: Collection[Lane], reason: str, now: datetime
) -> None:
    """Cancel what waits for one person in some lanes: they do not want it any more."""
    connection.execute(
        update(table(Outbox))
        .where(col(Outbox.contact_id) == contact, col(Outbox.lane).in_(lanes))
        .where(col(Outbox.state) == State.PENDING)
        .values(state=State.CANCELLED, reason=reason, payload=None, ended_at=now)
    )


def cancel_unwanted(connection: Connection, now: datetime) -> None:
    """Cancel what waits again that its reader cannot get, or does not want, or whose words were erased."""
    reader = col(Contact.id) == col(Outbox.contact_id)  # each is looked up: there are many more contacts
    person = col(Citizen.id) == col(Contact.citizen_id)
    blocked = select(col(Contact.reach)).where(reader).scalar_subquery().not_in(("open", MUTE))
    stopped = select(col(Citizen.stopped_at)).where(reader, person).scalar_subquery().is_not(None)
    wordless = col(Outbox.payload).is_(None)
    unwanted = or_(blocked, wordless, and_(col(Outbox.lane).in_(PUSHES), stopped))
    reason = case((blocked, "blocked"), (wordless, ERASED), else_=STOPPED)
    connection.execute(
        update(table(Outbox))
        .where(col(Outbox.state) == State.PENDING, unwanted)
        .values(state=State.CANCELLED, reason=reason, payload=None, ended_at=now)
    )
