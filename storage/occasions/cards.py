"""Cards in group chats: what they have to say now, how often they may, and when they end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, bindparam, cast, func, literal, or_, select, update
from sqlmodel import col

from flows.occasions.cards import Card as CardKnown
from flows.occasions.occasions import Occasion, Post, Says, Sort, State
from flows.occasions.sheet import Tongue
from flows.people.roles import Scope
from storage.context import Context
from storage.messages import outbox
from storage.occasions import planned
from storage.occasions.carded import Card
from storage.occasions.occasions import posts, when
from storage.occasions.planned import Answer
from storage.occasions.sheets import words_of
from storage.people.permissions import scope_of
from storage.tables import Contact, Outbox, table

EVERY: Final = timedelta(seconds=20)
"""Between two editions of one card: a group chat takes twenty messages a minute, edits included."""

_CARD: Final = table(Card)
_OCCASION: Final = table(planned.Occasion)


@dataclass(frozen=True, slots=True)
class Edition:
    """What a card is to say now, and where."""

    id: int
    number: int  # 0: it is new
    contact: int
    telegram: int
    message: int | None  # to be edited; None: there is none yet
    said: str  # what it said last, as a hash
    card: CardKnown
    tongue: Tongue

    @property
    def key(self) -> str:
        """Its name in the outbox."""
        return f"card:{self.id}:{self.number}"


_SAID: Final = (
    select(col(Answer.occasion_id), col(Answer.says), func.sum(col(Answer.party)))
    .where(col(Answer.says).in_((Says.MAYBE, Says.DONE)))
    .group_by(col(Answer.occasion_id), col(Answer.says))
)


def known(
    connection: Connection, context: Context, rows: Sequence[Row[Any]], where: Scope, now: datetime
) -> list[CardKnown]:
    """What cards of these occasions say now.

    where  for whose people they are
    """
    place = context.territories.get(where.territory or "")
    ids = [row.id for row in rows]
    there, words, kinds = posts(connection, ids), words_of(connection, rows), context.occasion_kinds
    found = connection.execute(_SAID.where(col(Answer.occasion_id).in_(ids)))
    said = {(id, says): int(people) for id, says, people in found}
    return [
        CardKnown(
            occasion=_occasion(row, there.get(row.id, ()), place.zone if place else None, now),
            words=words[row.id],
            kind=kinds[row.kind].names if row.kind in kinds else {"": row.kind},
            maybe=said.get((row.id, Says.MAYBE), 0),
            done=said.get((row.id, Says.DONE), 0),
            place=place.names if place else {},
        )
        for row in rows
    ]


def _occasion(row: Row[Any], there: Sequence[Row[Any]], zone: str | None, now: datetime) -> Occasion:
    """An occasion as nobody in particular sees it."""
    return Occasion(
        id=row.id,
        sort=Sort(row.sort),
        kind=row.kind,
        state=State(row.state),
        when=when(row, zone),
        where=scope_of(row._mapping),
        role=None,
        theme=None,
        posts=tuple(
            Post(
                one.id,
                one.number,
                one.seats,
                int(one.taken),
                int(one.waiting),
                one.minutes,
                offered=int(one.offered),
            )
            for one in there
        ),
        own=None,
        has_begun=row.starts_at <= now,
        is_over=row.ends_at <= now,
        most_party=row.most_party,
    )


def tongue_of(context: Context, where: Scope) -> Tongue:
    """Cards speak the first language of the territory."""
    territory = context.territories.get(where.territory or "")
    first, *others = territory.languages if territory else context.own_names
    return Tongue(first, tuple(others), context.own_names)


_SENT: Final = table(Outbox)
_TOO_LATE: Final = func.coalesce(_SENT.c.ended_at, bindparam("now", type_=_SENT.c.ended_at.type)) >= (
    _SENT.c.not_after
)
_KEY: Final = literal("card:") + cast(_CARD.c.id, Text) + ":" + cast(_CARD.c.edition, Text)
_DUE: Final = (
    select(_CARD.c.id)
    .outerjoin(_SENT, _SENT.c.key == _KEY)
    .where(
        _CARD.c.ended_at.is_(None),
        _CARD.c.look_at <= bindparam("now"),
        or_(_SENT.c.key.is_(None), _SENT.c.ended_at <= bindparam("before"), _TOO_LATE),
    )
    .order_by(_CARD.c.look_at)
    .limit(100)
)


def due(connection: Connection, now: datetime) -> list[int]:
    """The cards that may have something else to say, and may say it: the last edition is old enough."""
    return list(connection.execute(_DUE, {"now": now, "before": now - EVERY}).scalars())


_LAST: Final = (
    select(
        _CARD,
        col(Contact.telegram),
        col(Contact.reach),
        _SENT.c.state.label("became"),
        _SENT.c.message.label("sent"),
        _TOO_LATE.label("too_late"),
    )
    .join(table(Contact), col(Contact.id) == _CARD.c.contact_id)
    .outerjoin(_SENT, _SENT.c.key == _KEY)
    .where(_CARD.c.id == bindparam("id"), _CARD.c.ended_at.is_(None))
)


def look(connection: Connection, context: Context, id: int, now: datetime) -> Edition | None:
    """What a card has to say now. None where it can say nothing any more; then it has ended.

    Its occasion is locked first, as by whoever answers: so no answer is between what is read here and `note`.
    """
    of = select(_CARD.c.occasion_id).where(_CARD.c.id == id).scalar_subquery()
    occasion = connection.execute(select(_OCCASION).where(_OCCASION.c.id == of).with_for_update()).first()
    last = connection.execute(_LAST, {"id": id, "now": now}).first()
    if last is None or occasion is None:
        return None
    message = last.message if last.sent is None else last.sent
    lost = last.became == outbox.State.DEAD and not last.too_late
    moved = last.edition > 0 and last.became is None  # to a chat in which it does not stand yet
    if last.reach != "open" or (message is None and not moved) or lost:
        connection.execute(update(_CARD).where(_CARD.c.id == id).values(ended_at=now))
        return None
    where = scope_of(last._mapping)
    (card,) = known(connection, context, [occasion], where, now)
    return Edition(
        id=id,
        number=last.edition + 1,
        contact=last.contact_id,
        telegram=last.telegram,
        message=message,
        said=last.said if last.became in (None, outbox.State.SENT) else "",
        card=replace(card, replaced=last.replaced),
        tongue=tongue_of(context, where),
    )


def note(connection: Connection, edition: Edition, said: str, now: datetime) -> bool:
    """Note what a card says from now on; returns whether that is something else than before.

    said  a hash of it

    It is looked at again when it is marked, when its occasion begins, and when that is over; after its last
    word never.
    """
    is_new, occasion = said != edition.said, edition.card.occasion
    values = {
        "message": edition.message,
        "edition": edition.number if is_new else edition.number - 1,
        "said": said,
        "look_at": occasion.when.ends_at if occasion.has_begun else occasion.when.starts_at,
        "ended_at": now if edition.card.is_last else None,
    }
    connection.execute(update(_CARD).where(_CARD.c.id == edition.id).values(**values))
    return is_new


def end_all(connection: Connection, bot: int, chat: int, now: datetime) -> None:
    """The bot was removed from a group chat: nothing is said there any more."""
    here = select(col(Contact.id)).where(col(Contact.bot) == bot, col(Contact.telegram) == chat)
    contact = connection.execute(here).scalar_one_or_none()
    if contact is None:
        return
    outbox.cut_off(connection, contact, "gone", now)
    live = _CARD.c.contact_id == contact, _CARD.c.ended_at.is_(None)
    connection.execute(update(_CARD).where(*live).values(ended_at=now))
