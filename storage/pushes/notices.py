"""Notices: what people are told soon, because somebody has changed something or a seat is kept for them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete, or_, select
from sqlmodel import col

from flows.codec import encode
from flows.moves import Arg
from flows.occasions.occasions import Standing
from flows.pushes.pushed import OWN_TOPIC, Notice, State, Topic
from flows.times.quiet import Side, out_of_quiet
from storage.context import Context
from storage.occasions.planned import Answer, Occasion
from storage.pushes import waiting
from storage.pushes.habits import wants
from storage.pushes.pushed import Push
from storage.pushes.pushes import LEAVING, REMINDED, a_push
from storage.sql import among, insert_new, many
from storage.tables import table
from storage.types import write

KEPT: Final = timedelta(days=3)
"""How long a notice is worth saying of what has no time, or has begun."""

IN_LINE: Final = timedelta(seconds=5)
"""So much later than those who said yes or maybe those in line are told of a change."""

_ABOUT: Final = select(col(Occasion.sort), col(Occasion.starts_at)).where(
    col(Occasion.id) == bindparam("about")
)
_TOLD: Final = select(col(Answer.citizen_id), col(Answer.standing)).where(
    col(Answer.occasion_id) == bindparam("about"),
    or_(
        REMINDED,
        col(Answer.standing).in_((Standing.WAITING, Standing.OFFERED)),
    ),
)


def tell(
    connection: Connection,
    context: Context,
    occasion: int,
    notice: Notice,
    now: datetime,
    *,
    details: Mapping[str, Arg] | None = None,
) -> None:
    """Notify everybody who comes to an occasion or might, and then those in line for a seat."""
    for at, citizens in waves(connection, occasion, now):
        notify(connection, context, citizens, notice, occasion, at, details=details)


def waves(connection: Connection, occasion: int, now: datetime) -> Iterator[tuple[datetime, list[int]]]:
    """Whom a change of an occasion concerns, one group after the other, and when they are to be told."""
    told = connection.execute(_TOLD, {"about": occasion}).all()
    line = [row.citizen_id for row in told if row.standing in (Standing.WAITING, Standing.OFFERED)]
    yield now, [row.citizen_id for row in told if row.citizen_id not in set(line)]
    yield now + IN_LINE, line


def notify(
    connection: Connection,
    context: Context,
    citizens: Iterable[int],
    kind: Notice,
    about: int,
    now: datetime,
    *,
    until: datetime | None = None,
    topic: Topic | None = None,
    details: Mapping[str, Arg] | None = None,
) -> None:
    """Have people told soon of what somebody has changed, or of a seat that is kept for them.

    about    id of an occasion, an action, or something else with a topic of its own
    topic    None: its own, or that of the occasion or action
    until    aware; then it is too late to be said; None: when it begins, or after three days
    details  what its text can name beside what is known of it then, such as when it `was`; no words

    At once, or after a person's quiet hours unless that is too late. What is to be said is looked at when it
    is said; of several notices of one thing at once only the weightiest is.
    """
    people = wants(connection, context, citizens)
    if not people:
        return
    occasion = connection.execute(_ABOUT, {"about": about}).first()
    if topic is None:
        topic = OWN_TOPIC.get(kind, Topic(occasion.sort) if occasion else Topic.ACTION)
    limit = until or (occasion.starts_at if occasion and occasion.starts_at > now else now + KEPT)
    rows = []
    for citizen, person in sorted(people.items()):
        awake = out_of_quiet(now, person.habits.zone, person.habits.quiet, Side.AFTER)
        due = awake if awake < limit else now
        name, edition = (citizen, about, kind.value, ""), int(now.timestamp())
        row = a_push(name, topic, due, limit, context.cadences.version, now, edition=edition)
        rows.append({**row, "details": write(encode(details)) if details else None})
    many(connection, insert_new(connection.dialect.name, Push), rows)


_UNHEARD: Final = (
    select(table(Push).c.id, col(Push.state))
    .where(
        col(Push.about) == bindparam("about"),
        among(col(Push.kind), "kinds"),
        or_(
            col(Push.state) == State.DUE,
            and_(col(Push.state) == State.SAID, col(Push.settled_at) > bindparam("since")),
        ),
    )
    .order_by(table(Push).c.id)
    .with_for_update()  # what is just being said is waited for
)


def call_back(connection: Connection, about: int, *kinds: Notice, now: datetime) -> None:
    """What people were to be told and has not left is due again: something else holds now."""
    values = {"about": about, "kinds": kinds, "since": now - LEAVING}
    leaving = [row.id for row in connection.execute(_UNHEARD, values) if row.state == State.SAID]
    if leaving:
        waiting.take_back(connection, leaving)


def take_back(
    connection: Connection, about: int, *kinds: Notice, details: Mapping[str, Arg] | None = None
) -> None:
    """Nobody is to be told any more what has not been said so far; details: only where it has these."""
    due = [col(Push.about) == about, col(Push.kind).in_(kinds), col(Push.state) == State.DUE]
    if details is not None:
        due.append(col(Push.details) == write(encode(details)))
    connection.execute(delete(table(Push)).where(*due))
