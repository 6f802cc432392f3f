"""Messages of inquiries that wait for a machine to translate them: none waits for longer than a minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from storage.context import Context
from storage.inquiries.exchanges import pass_on
from storage.inquiries.inquired import InquiryMessage
from storage.tables import table

HOLD: Final = timedelta(seconds=40)
"""So long a translation is tried for; what is under way then may take some seconds more."""

MOST: Final = 20
"""Messages that are looked at together."""

_MESSAGES: Final = table(InquiryMessage)


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """One message that waits."""

    id: int
    text: str
    language: str  # it is written in
    target: str  # the language to read it in
    written_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether it is passed on as it is rather than tried for again."""
        return now >= self.written_at + HOLD


_WAITING: Final = (
    select(_MESSAGES).where(_MESSAGES.c.ready_at.is_(None)).order_by(_MESSAGES.c.written_at).limit(MOST)
)


def waiting(connection: Connection) -> list[Waiting]:
    """The messages that wait longest."""
    return [
        Waiting(row.id, row.text, row.language, row.translate_to, row.written_at)
        for row in connection.execute(_WAITING)
    ]


_LET_GO: Final = (
    update(_MESSAGES)
    .where(_MESSAGES.c.id == bindparam("message"), _MESSAGES.c.ready_at.is_(None))
    .values(translation=bindparam("made"), ready_at=bindparam("now"))
)


def let_go(
    connection: Connection, context: Context, message: int, translation: str | None, now: datetime
) -> None:
    """A message can be read, with its translation or, where there is none, with a note that says so."""
    values = {"message": message, "made": translation, "now": now}
    if connection.execute(_LET_GO, values).rowcount:
        pass_on(connection, context, message, now)
