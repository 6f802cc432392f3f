"""Cards called for in a group chat by those who may plan for its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, or_, select, update

from flows.occasions.occasions import State
from flows.occasions.sheet import Tongue
from flows.people.roles import EVERYWHERE, Permission, Scope, may, reach
from storage.context import Context
from storage.messages.chats import is_called, somebody, way_to
from storage.messages.inbox import Arrived
from storage.occasions import planned
from storage.occasions.carded import Card
from storage.occasions.cards import Edition, known, tongue_of
from storage.tables import table

MOST: Final = 3
"""Cards that one call brings."""

FRESH: Final = timedelta(minutes=1)
"""A card that is younger is not replaced: somebody called twice."""

_CARD: Final = table(Card)
_OCCASION: Final = table(planned.Occasion)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody asks for cards in a group chat."""

    chat: int  # Telegram's id, negative
    caller: int
    bot_name: str  # that the command names; "": none
    place: str  # slug of a territory, or of a group after it: riverside_youth; "": their own


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call."""

    contact: int
    tongue: Tongue
    nothing: bool  # is planned
    editions: tuple[Edition, ...]  # of new cards


def call(
    connection: Connection, context: Context, bot: int, arrived: Arrived, asked: Call, now: datetime
) -> Called | None:
    """Make cards of what is next in a place, for its people; None unless the caller may plan there.

    A card of the same occasion that stands in that chat is replaced.
    """
    where = _place(connection, context, bot, asked)
    if where is None:
        return None
    first, *ids = (context.keys.row_id(bot, arrived.update_id, arrived.mark, n) for n in range(MOST + 1))
    contact, tongue = way_to(connection, bot, asked.chat, first), tongue_of(context, where)
    there = _next(connection, where, now)
    rows = _wanted(connection, contact, there, now)
    made = []
    for id, row, card in zip(ids, rows, known(connection, context, rows, where, now), strict=False):
        connection.execute(insert(_CARD), _row(id, contact, row, where, now))
        made.append(Edition(id, 0, contact, asked.chat, None, "", card, tongue))
    return Called(contact, tongue, not there, tuple(made))


def _row(id: int, contact: int, occasion: Row[Any], where: Scope, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "contact_id": contact,
        "occasion_id": occasion.id,
        "territory": where.territory,
        "group_slug": where.group,
        "message": None,
        "edition": 0,
        "said": "",
        "replaced": False,
        "look_at": occasion.starts_at,
        "made_at": now,
        "ended_at": None,
    }


def _place(connection: Connection, context: Context, bot: int, asked: Call) -> Scope | None:
    """The place whose occasions are called for; None where the caller may not plan in it."""
    if not is_called(context, asked.bot_name):
        return None
    caller = somebody(connection, bot, asked.caller)
    where = next(reach(caller.held, Permission.PLAN, ()), EVERYWHERE)
    if asked.place:
        slug, _, group = asked.place.partition("_")
        where = Scope(slug, group or None)
    elif where == EVERYWHERE:
        where = Scope(caller.home)
    territory = context.territories.get(where.territory or "")
    if territory is None or (where.group is not None and territory.group(where.group) is None):
        return None
    return where if may(caller.held, Permission.PLAN, where) else None


def _next(connection: Connection, where: Scope, now: datetime) -> list[Row[Any]]:
    """What is next in a place for everybody there; of a series the next date."""
    there = (
        select(_OCCASION)
        .where(
            _OCCASION.c.state == State.PLANNED,
            _OCCASION.c.ends_at > now,
            _OCCASION.c.starts_at > now,
            _OCCASION.c.role.is_(None),
            _OCCASION.c.theme.is_(None),
            or_(_OCCASION.c.territory.is_(None), _OCCASION.c.territory == where.territory),
            or_(_OCCASION.c.group_slug.is_(None), _OCCASION.c.group_slug == where.group),
        )
        .order_by(_OCCASION.c.starts_at, _OCCASION.c.id)
    )
    first: dict[int, Row[Any]] = {}
    for row in connection.execute(there):
        first.setdefault(row.series or row.id, row)
    return list(first.values())[:MOST]


def _wanted(
    connection: Connection, contact: int, rows: Sequence[Row[Any]], now: datetime
) -> Sequence[Row[Any]]:
    """Those of the occasions that get a new card in the chat; the cards they had there are replaced.

    They are locked, as by whoever answers: so no answer is between what the card says and that it is there.
    """
    live = _CARD.c.contact_id == contact, _CARD.c.ended_at.is_(None), ~_CARD.c.replaced
    fresh = select(_CARD.c.occasion_id).where(*live, _CARD.c.made_at > now - FRESH)
    left = set(connection.execute(fresh).scalars())
    ids = [row.id for row in rows if row.id not in left]
    query = select(_OCCASION).where(_OCCASION.c.id.in_(ids)).order_by(_OCCASION.c.id)
    locked = {row.id: row for row in connection.execute(query.with_for_update())}
    old = update(_CARD).where(*live, _CARD.c.occasion_id.in_(ids))
    connection.execute(old.values(replaced=True, look_at=now))
    return [locked[id] for id in ids]
