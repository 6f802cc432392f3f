"""Digests: made once for each period, kept as data, shown again as they were."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update
from sqlmodel import col

from flows.codec import decode, encode
from flows.digests.digest import Digest
from flows.panels.sheet import PanelSheet
from flows.people.territory import Territory
from flows.times.periods import Period
from storage.digests import parts, quotes
from storage.digests.digested import Digest as DigestRow
from storage.digests.digested import DigestPicture
from storage.digests.figures import Counted, count
from storage.digests.ideas import ideas
from storage.digests.parts import Span
from storage.panels.members import sheet_of
from storage.sql import insert_new, upsert
from storage.tables import table
from storage.types import write
from storage.words import shown_counts

_DIGESTS: Final = table(DigestRow)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest before it is decided which figures of what people said may be told."""

    digest: Digest
    counted: Counted
    since: datetime  # aware UTC
    until: datetime
    quotes: tuple[int, ...]

    @property
    def ledger(self) -> str:
        """Where it is kept what was shown of that time."""
        return shown_counts.of_period(self.digest.territory, self.digest.period)

    def told(self, shown: tuple[str, ...]) -> Digest:
        """The digest with those figures."""
        heard = self.counted.heard(shown, self.digest.smallest, self.quotes)
        return replace(self.digest, heard=heard)


def collect(connection: Connection, territory: Territory, period: Period, now: datetime) -> Draft:
    """All that there is to tell of a period, so far as it lies before `now`; nothing is changed.

    It begins where the last one ended: no figure is told twice, and none can be subtracted from another.
    """
    begins, ends = period.bounds(territory.zone)
    since, until = _since(connection, territory, begins, ends), min(ends, now)
    span = Span(territory, since, until, now)
    meetings, barriers = parts.absent(connection, parts.held(connection, span), territory.smallest_cell)
    waiting, more = ideas(connection, span)
    digest = Digest(
        territory=territory.slug,
        period=period.key,
        first=span.day(since),
        last=period.end - _DAY,
        made_on=span.day(now),
        smallest=territory.smallest_cell,
        actions=parts.actions(connection, span),
        meetings=meetings,
        barriers=barriers,
        overdue=parts.overdue(connection, span),
        coming=parts.coming(connection, span),
        ideas=waiting,
        more_ideas=more,
        panel=_panel(connection, territory, now),
    )
    counted = count(connection, territory.slug, since, until)
    chosen = quotes.chosen(connection, territory.slug, counted.components, since, until)
    return Draft(digest, counted, since, until, chosen)


def _panel(connection: Connection, territory: Territory, now: datetime) -> PanelSheet | None:
    """Who sits on the panel; when it meets next is told elsewhere."""
    if territory.panel is None:
        return None
    return replace(sheet_of(connection, territory, territory.panel, now), settings=None, next=None)


def _since(connection: Connection, territory: Territory, begins: datetime, ends: datetime) -> datetime:
    """Where a digest begins: what was told before is not told again, what was left out is told now."""
    query = (
        select(col(DigestRow.until))
        .where(col(DigestRow.territory) == territory.slug, col(DigestRow.until) < ends)
        .order_by(col(DigestRow.until).desc())
        .limit(1)
    )
    last: datetime | None = connection.execute(query).scalar()
    return begins if last is None else last


def preview(connection: Connection, draft: Draft) -> Digest:
    """The digest as it would be told. What it shows is remembered nowhere, so it must not be passed on."""
    counted, smallest = draft.counted, draft.digest.smallest
    return draft.told(shown_counts.may_show(connection, draft.ledger, counted.people, smallest))


def keep(connection: Connection, draft: Draft, now: datetime) -> bool:
    """Keep a digest, to be told soon; False where one of this period is kept already."""
    territory, period = draft.digest.territory, draft.digest.period
    id = id_of(territory, period)
    row = {"id": id, "territory": territory, "period": period, "since": draft.since, "until": draft.until}
    new = insert_new(connection.dialect.name, DigestRow)
    if not connection.execute(new, {**row, "made_at": now, "told_at": None, "data": "{}"}).rowcount:
        return False
    counted, smallest = draft.counted, draft.digest.smallest
    digest = draft.told(shown_counts.show(connection, draft.ledger, counted.people, smallest))
    connection.execute(update(_DIGESTS).where(_DIGESTS.c.id == id).values(data=write(encode(digest))))
    return True


def id_of(territory: str, period: str) -> int:
    """The id of a digest: the same wherever it is made."""
    return int.from_bytes(hashlib.sha256(f"digest|{territory}|{period}".encode()).digest()[:8]) >> 1


def find(connection: Connection, territory: str, period: str) -> Digest | None:
    """What was told of a period; None where nothing was."""
    query = select(_DIGESTS.c.data).where(_DIGESTS.c.territory == territory, _DIGESTS.c.period == period)
    data: str | None = connection.execute(query).scalar()
    return decode(Digest, json.loads(data)) if data is not None else None


def by_id(connection: Connection, id: int) -> Row[Any] | None:
    """The row of a digest."""
    return connection.execute(select(_DIGESTS).where(_DIGESTS.c.id == id)).first()


def periods(connection: Connection, territory: str) -> tuple[str, ...]:
    """The periods of which something was told, the last one first."""
    query = select(_DIGESTS.c.period).where(_DIGESTS.c.territory == territory)
    return tuple(connection.execute(query.order_by(_DIGESTS.c.until.desc())).scalars())


def untold(connection: Connection) -> list[Digest]:
    """What was made, and is still to be told."""
    data = connection.execute(select(_DIGESTS.c.data).where(_DIGESTS.c.told_at.is_(None))).scalars()
    return [decode(Digest, json.loads(each)) for each in data]


def mark_told(connection: Connection, id: int, now: datetime) -> bool:
    """A digest is told in this transaction; False where it was before, or is gone."""
    told = update(_DIGESTS).where(_DIGESTS.c.id == id, _DIGESTS.c.told_at.is_(None)).values(told_at=now)
    return bool(connection.execute(told).rowcount)


def drop(connection: Connection, id: int) -> None:
    """It is too late to tell a digest: the next one begins where this one did."""
    connection.execute(delete(_DIGESTS).where(_DIGESTS.c.id == id, _DIGESTS.c.told_at.is_(None)))


def keep_picture(connection: Connection, digest: int, language: str, media: int) -> None:
    """Remember which medium is the picture of a digest in a language."""
    row = {"digest_id": digest, "language": language, "media_id": media}
    connection.execute(upsert(connection, DigestPicture), [row])


def picture(connection: Connection, digest: int, language: str) -> int | None:
    """Which medium it is; None where there is none."""
    here = col(DigestPicture.digest_id) == digest, col(DigestPicture.language) == language
    found: int | None = connection.execute(select(col(DigestPicture.media_id)).where(*here)).scalar()
    return found
