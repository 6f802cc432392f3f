"""What became of the messages of announcements: settled, or due again, without a picture that was seen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, and_, bindparam, case, cast, exists, literal, select, update

from flows.announcements.announcement import Fate, Omission
from storage.announcements.announced import Recipient
from storage.messages import outbox
from storage.sql import among
from storage.tables import Outbox, table

_RECIPIENT: Final = table(Recipient)
_KEY: Final = literal("b:") + cast(_RECIPIENT.c.id, Text) + ":" + cast(_RECIPIENT.c.edition, Text)
_SENT: Final = table(Outbox).c
_PICTURE: Final = table(Outbox).alias("picture")
_UNREACHED: Final = and_(_SENT.state == outbox.State.DEAD, _SENT.reason.in_(("blocked", "deleted", "gone")))
_CANCELLED: Final = _SENT.state == outbox.State.CANCELLED
_TOO_LATE: Final = and_(_SENT.state == outbox.State.DEAD, _SENT.reason == outbox.TOO_LATE)
_FLIES: Final = exists().where(_PICTURE.c.key == _KEY + ":picture", _PICTURE.c.ended_at.is_(None))
_ENDINGS: Final = (
    update(_RECIPIENT)
    .where(_RECIPIENT.c.state == Fate.OUT, _SENT.key == _KEY, _SENT.ended_at.is_not(None), ~_FLIES)
    .values(
        state=case(
            (_SENT.state == outbox.State.SENT, Fate.DELIVERED),
            (_SENT.state == outbox.State.UNSURE, Fate.UNSURE),
            (_UNREACHED, Fate.GONE),
            (_TOO_LATE, Fate.DUE),
            else_=Fate.SKIPPED,
        ),
        omission=case(
            (_CANCELLED & (_SENT.reason == outbox.STOPPED), Omission.STOPPED),
            (_CANCELLED & (_SENT.reason == outbox.NO_CONSENT), Omission.NO_CONSENT),
            (_CANCELLED, Omission.BLOCKED),
            ((_SENT.state == outbox.State.DEAD) & ~_UNREACHED & ~_TOO_LATE, Omission.REFUSED),
            else_=None,
        ),
        edition=_RECIPIENT.c.edition + case((_TOO_LATE, 1), else_=0),
        settled_at=case((_TOO_LATE, None), else_=_SENT.ended_at),
    )
)
_WAITING: Final = select(_KEY).where(
    _RECIPIENT.c.state == Fate.OUT, _RECIPIENT.c.announcement_id == bindparam("id")
)
CALLED_BACK: Final = "called back"
"""The reason of messages that are cancelled because their announcement pauses or ends."""

_LEFT: Final = select(_SENT.key).where(
    among(_SENT.key, "keys"),
    _SENT.state.in_((outbox.State.SENDING, outbox.State.SENT, outbox.State.UNSURE)),
)
_AGAIN: Final = (
    update(_RECIPIENT)
    .where(_RECIPIENT.c.state == Fate.OUT, among(_KEY, "keys"))
    .values(state=Fate.DUE, edition=_RECIPIENT.c.edition + 1, settled_at=None)
)


def settle(connection: Connection, now: datetime) -> None:
    """Note what became of messages that have ended; one that waited for too long is due again.

    Where a picture goes before the words, both have ended then: whether it was seen is known.
    """
    outbox.bury_late(connection, now)
    connection.execute(_ENDINGS)


def call_back(connection: Connection, announcement: int, now: datetime) -> None:
    """Take the messages of an announcement out of the outbox that have not left; they are due again.

    Words whose picture has left follow it: nobody is left with a picture alone.
    """
    keys = list(connection.execute(_WAITING, {"id": announcement}).scalars())
    pictures = [picture_key(key) for key in keys]
    outbox.take_back(connection, pictures, CALLED_BACK, now)  # first: those that are left now have left
    shown = set(connection.execute(_LEFT, {"keys": pictures}).scalars())
    alone = [key for key in keys if picture_key(key) not in shown]
    taken = outbox.take_back(connection, alone, CALLED_BACK, now)
    if taken:
        connection.execute(_AGAIN, {"keys": taken})


def halt(connection: Connection, announcement: int, now: datetime) -> None:
    """Skip all to whom an announcement is due that was stopped."""
    due = _RECIPIENT.c.announcement_id == announcement, _RECIPIENT.c.state == Fate.DUE
    skipped = {"state": Fate.SKIPPED, "omission": Omission.HALTED, "settled_at": now}
    connection.execute(update(_RECIPIENT).where(*due).values(**skipped))


def shown(connection: Connection, recipients: Iterable[Row[Any]]) -> set[int]:
    """The ids of those recipients whose picture has left before: the words came too late after it."""
    keys = {
        picture_key(message_key(row.id, edition)): row.id
        for row in recipients
        for edition in range(row.edition)
    }
    return {keys[key] for key in connection.execute(_LEFT, {"keys": list(keys)}).scalars()} if keys else set()


def message_key(recipient: int, edition: int) -> str:
    """The key of the message to a recipient, of so many that have come back unsent before."""
    return f"b:{recipient}:{edition}"


def picture_key(key: str) -> str:
    """The key of the picture that goes before a message that is too long to stand beside it."""
    return f"{key}:picture"
