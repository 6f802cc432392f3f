"""What calendars show of occasions: in a file from the chat, and at the address of a person's calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, or_, select
from sqlmodel import Field, SQLModel, col

from flows.files import Entries, Entry
from flows.links import link_to, token_hash
from flows.occasions.calendar import CloseFeed, Feed, FeedAddress, OpenFeed, OwnCalendar
from flows.occasions.kinds import OccasionKind
from flows.occasions.occasions import Says, Sort, Standing, State
from flows.occasions.posters import LETTERS, BotAddress
from storage.context import Context
from storage.occasions import planned
from storage.occasions.occasions import seen, when
from storage.occasions.planned import Answer
from storage.occasions.sheets import words_of
from storage.registry import applies, loads
from storage.tables import Citizen, big_number, moment, table
from storage.unit import Unit

PAST: Final = timedelta(days=30)
"""So long a person's calendar shows what is over, or was cancelled."""

MOST: Final = 400
"""Dates in one person's calendar: the last ones, if there are more."""

_THERE: Final = table(planned.Occasion)


class CalendarFeed(SQLModel, table=True):
    """The address at which a person's calendar lies. The secret in it is derived, and only its hash kept."""

    __tablename__ = "calendar_feed"

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    number: int = big_number()  # what the secret is derived from; new with each address
    token_hash: str = Field(unique=True)
    opened_at: datetime = moment()


_DATES: Final = (
    select(*_THERE.c, col(Answer.says), col(Answer.standing))
    .join(table(Answer), col(Answer.occasion_id) == _THERE.c.id)
    .where(
        col(Answer.citizen_id) == bindparam("citizen"),
        col(Answer.says).in_((Says.YES, Says.MAYBE)),
        _THERE.c.ends_at > bindparam("since"),
        or_(
            _THERE.c.state == State.PLANNED,
            (_THERE.c.state == State.CANCELLED) & (_THERE.c.changed_at > bindparam("since")),
        ),
    )
    .order_by(_THERE.c.starts_at.desc(), _THERE.c.id)
    .limit(MOST)
)
_FEED: Final = select(table(CalendarFeed)).where(col(CalendarFeed.citizen_id) == bindparam("citizen"))
_CLOSE: Final = delete(table(CalendarFeed)).where(col(CalendarFeed.citizen_id) == bindparam("citizen"))
_OWNER: Final = (
    select(col(Citizen.id), col(Citizen.language), col(Citizen.territory))
    .join(table(CalendarFeed), col(CalendarFeed.citizen_id) == col(Citizen.id))
    .where(col(CalendarFeed.token_hash) == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A person's calendar as it lies at its address."""

    entries: tuple[Entry, ...]  # soonest first
    languages: tuple[str, ...]  # BCP 47: the person's, then those of their territory


@loads(OwnCalendar)
def own_calendar(unit: Unit) -> OwnCalendar:
    """What is there to be taken into the person's calendar."""
    dates = [row for row in _dates(unit.connection, unit.person.citizen, unit.at) if row.ends_at > unit.at]
    feed = Feed.NOWHERE
    if unit.context.public_url:
        feed = Feed.OPEN if unit.rows(_FEED, {"citizen": unit.person.citizen}) else Feed.CLOSED
    return OwnCalendar(tuple(row.id for row in dates), feed)


@loads(Entries)
def entries(unit: Unit, ids: tuple[int, ...]) -> Entries:
    """Those of these occasions that the person may see."""
    rows = sorted(seen(unit, ids), key=lambda row: (row.starts_at, row.id))
    answers = {row.id: _is_sure(row.own_says, row.own_standing) for row in rows if row.own_says}
    return Entries(
        entries_of(unit.connection, rows, unit.context.occasion_kinds, unit.context.address, answers)
    )


@loads(BotAddress)
def bot_address(unit: Unit) -> BotAddress:
    """What links to the bot begin with."""
    return BotAddress(unit.context.address)


@loads(FeedAddress)
def feed_address(unit: Unit) -> FeedAddress:
    """The address of the person's calendar."""
    found = unit.rows(_FEED, {"citizen": unit.person.citizen})
    url = unit.context.public_url
    if not found or not url:
        return FeedAddress(None)
    return FeedAddress(f"{url}/calendar/{unit.context.keys.token('calendar', found[0].number)}.ics")


@applies(OpenFeed)
def open_feed(unit: Unit, _effect: OpenFeed) -> None:
    """Make an address, in place of the one there was."""
    unit.change(_CLOSE, {"citizen": unit.person.citizen})
    number = unit.new_id()
    unit.add(
        CalendarFeed,
        citizen_id=unit.person.citizen,
        number=number,
        token_hash=token_hash(unit.context.keys.token("calendar", number)),
        opened_at=unit.at,
    )


@applies(CloseFeed)
def close_feed(unit: Unit, _effect: CloseFeed) -> None:
    """Take the address away."""
    unit.change(_CLOSE, {"citizen": unit.person.citizen})


def calendar_at(connection: Connection, context: Context, token: str, now: datetime) -> Calendar | None:
    """The calendar that lies at the address with this secret; None where none does.

    It is found by the hash of the secret: how long that takes tells nothing about any other.
    """
    owner = connection.execute(_OWNER, {"hash": token_hash(token)}).first()
    if owner is None:
        return None
    territory = context.territories.get(owner.territory or "")
    languages = (owner.language, *(territory.languages if territory else ()))
    rows = _dates(connection, owner.id, now)
    sure = {row.id: _is_sure(row.says, row.standing) for row in rows}
    found = entries_of(connection, rows, context.occasion_kinds, context.address, sure)
    return Calendar(found, languages)


def _dates(connection: Connection, citizen: int, now: datetime) -> list[Row[Any]]:
    """What somebody said yes or maybe to, soonest first, with what they said."""
    found = connection.execute(_DATES, {"citizen": citizen, "since": now - PAST}).all()
    return list(reversed(found))


def _is_sure(says: str, standing: str) -> bool:
    return says == Says.YES and standing in (Standing.SEATED, Standing.NONE)


def entries_of(
    connection: Connection,
    rows: Sequence[Row[Any]],
    kinds: Mapping[str, OccasionKind],
    address: str,
    sure: Mapping[int, bool],
) -> tuple[Entry, ...]:
    """Occasions as calendars know them, in their order.

    rows     of the table of occasions
    address  of the bot; "": entries lead nowhere
    sure     by id: whether the person whose calendar it is comes; those not named are nobody's
    """
    words = words_of(connection, rows)

    def link(row: Row[Any]) -> str | None:
        return f"{address}?start={link_to(LETTERS[Sort(row.sort)], row.id)}" if address else None

    return tuple(
        Entry(
            id=row.id,
            when=when(row),
            sheet=words[row.id],
            kind=kinds[row.kind].names if row.kind in kinds else {"": row.kind},
            is_cancelled=row.state == State.CANCELLED,
            is_sure=sure.get(row.id, True),
            sequence=row.sequence,
            changed_at=row.changed_at,
            link=row.link,
            address=link(row),
            pin=(row.latitude, row.longitude) if row.latitude is not None else None,
        )
        for row in rows
    )
