"""Pushes that are due: found, with all that decides whether they are said.

What this costs follows from what is due: an index holds nothing else, and each query is for everybody.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, case, distinct, exists, func, select
from sqlmodel import col

from flows.pushes.deciding import Asks, Decision, Fact, Item, Listener, Pause, awake_until, decide
from flows.pushes.order import in_order
from flows.pushes.pushed import OF_GIFTS, UNCAPPED, Notice, State, Topic
from flows.pushes.things import Things, ThingWords
from flows.pushes.unfinished import worth_a_nudge
from flows.talks import Stack
from flows.times.cadence import nudge_times
from storage.announcements.rounds import what_can_be_told
from storage.context import Context
from storage.inquiries import inquiry_pushes
from storage.messages import outbox, stacks
from storage.occasions.planned import Answer
from storage.occasions.sheets import words_of
from storage.panels import shut
from storage.people import people
from storage.planning import occupancy
from storage.pushes.calls import of_gifts, what_holds
from storage.pushes.habits import Wants, wants
from storage.pushes.pushed import Mute, Push
from storage.pushes.pushes import EVER
from storage.pushes.settling import settle_unreachable
from storage.pushes.things import Occasions, words_for
from storage.sql import among
from storage.tables import Citizen, Conversation, Outbox, table
from storage.unit import Person
from storage.words.telling import what_moved

TOGETHER: Final = 20
"""Things in one message; what is due beyond them comes with the next."""

UNHEARD: Final = timedelta(days=60)
"""So far back it is counted what was said to somebody without a sign of them."""

_WHO: Final = (
    select(col(Push.citizen_id))
    .where(col(Push.state) == State.DUE, col(Push.at) <= bindparam("now"))
    .order_by(col(Push.at))
    .limit(bindparam("most"))
)
_NOTIFIED: Final = _WHO.where(col(Push.lead) == "")
_ANYTHING: Final = select(
    exists().where(col(Push.state) == State.DUE, col(Push.at) <= bindparam("now")),
    exists().where(col(Answer.offered_until) <= bindparam("now")),
    exists().where(
        col(Outbox.state) == outbox.State.PENDING,
        outbox.SAYS_PUSHES,
        col(Outbox.not_after) <= bindparam("now"),
    ),
)
_ITEM: Final[tuple[Any, ...]] = tuple(
    map(col, (Push.id, Push.kind, Push.topic, Push.about, Push.lead, Push.at, Push.not_after, Push.details))
)
_DUE: Final[Select[Any]] = (
    select(col(Push.citizen_id), *_ITEM)
    .where(among(col(Push.citizen_id), "citizens"))
    .where(col(Push.state) == State.DUE, col(Push.at) <= bindparam("now"))
    .order_by(col(Push.at), col(Push.id))
    .with_for_update(skip_locked=True)
)
_ANSWERED_SINCE: Final = exists().where(
    col(Answer.citizen_id) == col(Mute.citizen_id),
    col(Answer.occasion_id) == col(Mute.about),
    col(Answer.answered_at) > col(Mute.at),
)
_MUTED: Final = select(col(Mute.citizen_id), col(Mute.about)).where(
    among(col(Mute.citizen_id), "citizens"), ~_ANSWERED_SINCE
)
_HEARD: Final = select(col(Conversation.citizen_id), col(Conversation.updated_at)).where(
    among(col(Conversation.citizen_id), "citizens")
)


def _messages_after(moment: Any) -> Any:
    """How many messages of reminders were said after a moment: those of one moment were one."""
    return func.count(distinct(case((col(Push.settled_at) > moment, col(Push.settled_at)))))


_HAD: Final = (
    select(
        col(Push.citizen_id),
        _messages_after(bindparam("since", type_=table(Push).c.settled_at.type)).label("recent"),
        _messages_after(col(Citizen.seen_at)).label("unheard"),
    )
    .join(table(Citizen), col(Citizen.id) == col(Push.citizen_id))
    .where(
        among(col(Push.citizen_id), "citizens"),
        col(Push.state) == State.SAID,
        col(Push.kind).not_in(UNCAPPED),
        col(Push.settled_at) > bindparam("earliest"),
    )
    .group_by(col(Push.citizen_id))
)


@dataclass(frozen=True, slots=True)
class Portion:
    """What is due to one person, decided, and what the conversation about it looks at."""

    person: Person
    stack: Stack
    decisions: Mapping[int, Decision]  # by push
    said: tuple[Item, ...]  # together, in the order in which they are told
    awake_until: datetime | None  # aware UTC, when quiet hours begin that it is not said in; None: it may be
    things: Things
    words: ThingWords


def is_anything_due(connection: Connection, now: datetime) -> tuple[bool, bool, bool]:
    """Whether anything is to be said, a seat was not taken in time, and a message did not leave in time."""
    said, lapsed, late = connection.execute(_ANYTHING, {"now": now}).one()
    return said, lapsed, late


def claim(connection: Connection, context: Context, *, bot: int, now: datetime, most: int) -> list[Portion]:
    """What is due to some of those to whom something is, and decided for this moment.

    most  pushes that are looked at

    Who is told of a change goes first, so that no crowd of reminders keeps them waiting; then who has waited
    longest. The people are locked first, as turns do it, and then their pushes; who is busy is left for the
    next time.
    """
    waiting = _waiting(connection, now, most)
    if not waiting:
        return []
    found = people.find_free(connection, bot, waiting)
    if len(found) < len(waiting):
        settle_unreachable(connection, bot, waiting - found.keys(), now)
    due: dict[int, list[Item]] = defaultdict(list)
    for row in connection.execute(_DUE, {"citizens": list(found), "now": now}):
        if len(due[row.citizen_id]) < TOGETHER:
            due[row.citizen_id].append(_item(row))
    return _decided(connection, context, found, due, now)


def _waiting(connection: Connection, now: datetime, most: int) -> set[int]:
    """People to whom something is due."""
    first = connection.execute(_NOTIFIED, {"now": now, "most": most}).scalars().all()
    room = most - len(first)
    others = connection.execute(_WHO, {"now": now, "most": room}).scalars() if room else ()
    return {*first, *others}


def _item(row: Row[Any]) -> Item:
    details = json.loads(row.details) if row.details else {}
    return Item(row.id, row.kind, row.topic, row.about, row.lead, row.at, row.not_after, details)


def _decided(
    connection: Connection,
    context: Context,
    found: Mapping[int, Person],
    due: Mapping[int, list[Item]],
    now: datetime,
) -> list[Portion]:
    """What is due to each of those people, with all that is asked for once for all of them."""
    citizens = list(due)
    wanted = wants(connection, context, citizens)
    listeners = _listeners(connection, context, found, wanted, now)
    there = Occasions(connection, citizens, {item.about for items in due.values() for item in items})
    open_stacks = stacks.load(connection, citizens)
    facts = _facts(connection, context, due, there, now)
    for citizen, pause in _pauses(connection, context, due, wanted).items():
        facts[citizen] |= {talk.id: pause for talk in filter(worth_a_nudge, open_stacks.get(citizen, ()))}
    sheets = words_of(connection, there.rows.values()) if there.rows else {}
    words: dict[tuple[str, str | None], ThingWords] = {}  # by how people read
    portions = []
    for citizen, items in due.items():
        person, habits = found[citizen], wanted[citizen].habits
        reads = person.language, person.territory
        if reads not in words:
            words[reads] = words_for(context, person, sheets)
        decisions = decide(items, listeners[citizen], facts[citizen], context.cadences.cap, now)
        said = in_order((it for it in items if decisions[it.id].state is State.SAID), facts[citizen], now)
        things = {str(id): there.thing(id, citizen, habits.zone) for id in _occasions(items, there)}
        portions.append(
            Portion(
                person=person,
                stack=open_stacks.get(citizen, ()),
                decisions=decisions,
                said=said,
                awake_until=awake_until(said, habits, now),
                things=Things(things),
                words=words[reads],
            )
        )
    return portions


def _facts(
    connection: Connection, context: Context, due: Mapping[int, list[Item]], there: Occasions, now: datetime
) -> dict[int, dict[int, Fact | Pause | Asks]]:
    """What decides whether what is due is said, by person and by what it is about."""
    occupied = occupancy.what_holds(connection, there.rows, due, now)
    gifts = _gifts(connection, due, there.rows)
    facts: dict[int, dict[int, Fact | Pause | Asks]] = {
        citizen: {
            about: there.fact(
                about, citizen, occupied.get((about, citizen)), gifts.get((about, citizen), frozenset())
            )
            for about in _occasions(items, there)
        }
        for citizen, items in due.items()
    }
    for (about, citizen), held in _asks(connection, context, due, there.missing).items():
        if citizen in facts:
            facts[citizen][about] = held
    return facts


def _occasions(items: Iterable[Item], there: Occasions) -> list[int]:
    """Those occasions that something is about."""
    return [item.about for item in items if item.about in there.rows]


def _asks(
    connection: Connection, context: Context, due: Mapping[int, list[Item]], ids: Collection[int]
) -> dict[tuple[int, int], Asks]:
    """What is still true of things that are no occasions, by thing and person."""
    asks = what_holds(connection, context, due, ids)
    asks |= what_moved(connection, [citizen for citizen, items in due.items() if any(map(_is_course, items))])
    asks |= what_can_be_told(connection, due, ids) if ids else {}
    if any(item.kind == Notice.SHUT for items in due.values() for item in items):
        asks |= shut.what_holds(connection, due, ids)
    return asks | (inquiry_pushes.what_holds(connection, due, ids) if ids else {})


def _gifts(
    connection: Connection, due: Mapping[int, list[Item]], occasions: Collection[int]
) -> dict[tuple[int, int], frozenset[Notice]]:
    """What is still true of what is given for activities, by occasion and person."""
    items = (item for some in due.values() for item in some if item.kind in OF_GIFTS)
    activities = {item.about for item in items if item.about in occasions}
    return of_gifts(connection, activities) if activities else {}


def _listeners(
    connection: Connection,
    context: Context,
    found: Mapping[int, Person],
    wanted: Mapping[int, Wants],
    now: datetime,
) -> dict[int, Listener]:
    citizens = list(wanted)
    muted: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(_MUTED, {"citizens": citizens}):
        muted[row.citizen_id].add(row.about)
    since = now - timedelta(days=context.cadences.cap.days)
    values = {"citizens": citizens, "since": since, "earliest": now - UNHEARD}
    had = {row.citizen_id: row for row in connection.execute(_HAD, values)}
    return {
        citizen: Listener(
            habits=person.habits,
            reachable=found[citizen].reach == "open",
            stopped=person.stopped,
            consented=person.consented,
            off=person.off,
            muted=frozenset(muted[citizen]),
            most=person.most,
            recent=had[citizen].recent if citizen in had else 0,
            unheard=had[citizen].unheard if citizen in had else 0,
        )
        for citizen, person in wanted.items()
    }


def _pauses(
    connection: Connection, context: Context, due: Mapping[int, list[Item]], wanted: Mapping[int, Wants]
) -> dict[int, Pause]:
    """When those who are to be nudged can be, by person: it is counted from when they were last heard."""
    nudged = [citizen for citizen, items in due.items() if any(_is_nudge(item) for item in items)]
    if not nudged:
        return {}
    cadence = context.cadences.by_name[Topic.CONVERSATION]
    pauses = {}
    for row in connection.execute(_HEARD, {"citizens": nudged}):
        dues = nudge_times(row.updated_at, cadence, wanted[row.citizen_id].habits, EVER)
        pauses[row.citizen_id] = Pause({str(each.lead): each for each in dues})
    return pauses


def _is_nudge(item: Item) -> bool:
    return item.topic == Topic.CONVERSATION


def _is_course(item: Item) -> bool:
    return item.kind == Notice.COURSE
