"""What became of messages, written to the outbox and to their contacts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.speaking.outcomes import Delivered, Gone, Later, Lost, Moved, Muted, Outcome, Rejected, Unsure
from storage.messages import chats, moving, outbox, pauses
from storage.messages.outbox import Claimed, Ending, State

Landed = tuple[Claimed, Outcome]
"""A message that was sent, and what became of it."""


def record(
    connection: Connection, landed: Sequence[Landed], *, whole: bool, worker: int, now: datetime
) -> None:
    """Write what became of messages.

    whole   a pause that Telegram asked for is meant for the whole bot
    worker  number of the run that sent them
    """
    endings, unsure = [], []
    for message, outcome in landed:
        if isinstance(outcome, Unsure):
            unsure.append(message.key)
            continue
        endings.append(_ending(message, outcome, now))
        if isinstance(outcome, Later) and outcome.asked:
            pauses.pause(connection, pauses.BOT if whole else message.contact, outcome.wait, now)
        elif isinstance(outcome, Moved):
            moving.move(connection, message.contact, outcome.telegram, now)
        elif isinstance(outcome, Gone):
            outbox.cut_off(connection, message.contact, outcome.reach, now)
        elif isinstance(outcome, Muted):
            chats.mute(connection, message.contact)
    outbox.record(connection, endings, worker, now)
    if unsure:
        outbox.settle_unsure(connection, unsure, worker, now)


def _ending(message: Claimed, outcome: Outcome, now: datetime) -> Ending:
    match outcome:
        case Delivered(message=id):
            return Ending(message.key, State.SENT, message=id)
        case Later(wait=wait):
            return Ending(message.key, State.PENDING, again_at=now + wait)
        case Gone(reach=reach):
            return Ending(message.key, State.DEAD, reason=reach)
        case Moved() if "edit" in message.payload:  # the message has another number there
            return Ending(message.key, State.DEAD, reason="lost")
        case Rejected(reason=reason):
            return Ending(message.key, State.DEAD, reason=reason[:200])
        case Lost():
            return Ending(message.key, State.DEAD, reason="lost")
        case _:
            return Ending(message.key, State.PENDING, again_at=now)
