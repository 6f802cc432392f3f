"""Pictures and files that are sent more than once: bytes until Telegram has them, then its name for them.

Their ids are made of what they are, so that the same picture kept twice is uploaded once. Nothing here is the
only copy for long: whoever may need one after a month remembers what it is made of, and keeps it again.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlmodel import col

from flows.files import Kind, Medium
from storage.messages.uploaded import Media
from storage.sql import insert
from storage.tables import table

MOST_BYTES: Final = 10_000_000
"""Of what is kept: Telegram takes no larger picture, and all of it is in memory while it is uploaded."""

PICTURES: Final = ("image/jpeg", "image/png")

BYTES: Final = timedelta(days=7)  # how long they are kept beside Telegram's name, since it was used last
UNUSED: Final = timedelta(days=30)  # longer than any message waits to be said
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bytes:
    """What is uploaded."""

    name: str
    mime: str
    content: bytes


def keep(connection: Connection, content: bytes, name: str, mime: str, alt: str, now: datetime) -> int:
    """Keep a picture or a file that is to be sent; returns its id. The same one may be kept again.

    mime  a JPEG or a PNG is shown as a picture, anything else is handed over as a file
    alt   what is in it, in words, for who does not see it; "": the text beside it says so

    Raises ValueError where it is empty, or larger than MOST_BYTES.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise ValueError(f"a medium has 1 to {MOST_BYTES} bytes, found {len(content)}")
    kind = Kind.PHOTO if mime in PICTURES else Kind.DOCUMENT
    digest = hashlib.sha256(content).digest()
    row = {"id": _id(digest, name, mime, alt), "kind": kind, "name": name, "mime": mime, "alt": alt}
    return _put(connection, {**row, "content": content, "made_at": now, "used_at": now})


def receive(connection: Connection, bot: int, file: str, alt: str, now: datetime) -> int:
    """Keep what somebody sent to `bot`, by the `file` of its event; returns its id. It was never here.

    Raises ValueError where that is the file of no event.
    """
    kind, _, file_id = file.partition(":")
    row = {"id": _id(b"", file, str(bot), alt), "kind": Kind(kind), "name": "", "mime": "", "alt": alt}
    return _put(connection, {**row, "bot": bot, "file_id": file_id, "made_at": now, "used_at": now})


def _id(*what: bytes | str) -> int:
    digest = hashlib.sha256()
    for part in what:
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(8) + raw)
    return int.from_bytes(digest.digest()[:8]) >> 1


def _put(connection: Connection, row: Mapping[str, Any]) -> int:
    """Where it is there already, it is as good as new: its bytes may have gone since."""
    statement = insert(connection.dialect.name, Media)
    again = {name: statement.excluded[name] for name in row if name in ("content", "used_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=again), [row])
    return int(row["id"])


def find(connection: Connection, id: int) -> Medium | None:
    """A medium as messages name it; None where it is gone."""
    row = connection.execute(select(table(Media)).where(col(Media.id) == id)).first()
    return Medium(row.id, Kind(row.kind), row.alt) if row else None


def file_id(connection: Connection, id: int, bot: int) -> str | None:
    """What Telegram calls a medium where that bot sends it; None where it does not have it from that bot."""
    query = select(col(Media.file_id)).where(col(Media.id) == id, col(Media.bot) == bot)
    found: str | None = connection.execute(query).scalar()
    return found


def content(connection: Connection, id: int) -> Bytes | None:
    """The bytes of a medium; None where they are not kept."""
    query = select(col(Media.name), col(Media.mime), col(Media.content)).where(col(Media.id) == id)
    row = connection.execute(query).first()
    return Bytes(row.name, row.mime, row.content) if row and row.content is not None else None


_USED: Final = update(table(Media)).values(used_at=bindparam("now"))
_UPLOADED: Final = _USED.where(col(Media.id) == bindparam("medium")).values(
    bot=bindparam("by"), file_id=bindparam("name_there")
)


def note(
    connection: Connection, bot: int, uploaded: Mapping[int, str], used: Collection[int], now: datetime
) -> None:
    """Note what became of media, in the transaction that records what became of their messages.

    uploaded  by id: what Telegram calls it from now on, where that bot sends it
    used      ids of those that were sent
    """
    for id, name in sorted(uploaded.items()):
        connection.execute(_UPLOADED, {"medium": id, "by": bot, "name_there": name, "now": now})
    old = col(Media.id).in_(sorted(used)), col(Media.used_at) < now - DAY
    connection.execute(_USED.where(*old), {"now": now})


def sweep(connection: Connection, now: datetime) -> None:
    """Delete what has not been used for long, and the bytes of what Telegram has had for a while."""
    connection.execute(delete(table(Media)).where(col(Media.used_at) < now - UNUSED))
    has_it = col(Media.content).is_not(None), col(Media.file_id).is_not(None)
    old = col(Media.used_at) < now - BYTES
    connection.execute(update(table(Media)).where(*has_it, old).values(content=None))
