"""Nudges planned for people who have fallen silent in a conversation: a few, then no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import col

from flows.pushes.pushed import Topic
from flows.pushes.unfinished import unfinished
from flows.talks import Talk
from flows.times.cadence import Kind, nudge_times
from storage.context import Context
from storage.messages.stacks import parse
from storage.pushes.habits import wants
from storage.pushes.pushed import Push
from storage.pushes.pushes import EVER, a_push
from storage.sql import insert_new, many
from storage.tables import Conversation
from storage.types import write

AHEAD: Final = timedelta(hours=1)
"""So long before the first nudge is due all of them are planned."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who has fallen silent, and in what."""

    citizen: int
    talk: Talk
    since: datetime


def fallen_silent(
    connection: Connection, context: Context, since: datetime | None, now: datetime
) -> list[Silent]:
    """Who has come so far into their silence, since the last look, that nudges are to be planned.

    since  when it was last looked; None: never

    It reads every conversation: no index helps, because keeping one would cost each turn more than this does.
    """
    cadence = context.cadences.by_name.get(Topic.CONVERSATION)
    if cadence is None or not cadence.after:
        return []
    first, last = (step.lead.length for step in (cadence.after[0], cadence.after[-1]))
    earliest = now - last - cadence.keep.length if since is None else since - first + AHEAD
    query = select(col(Conversation.citizen_id), col(Conversation.stack), col(Conversation.updated_at)).where(
        col(Conversation.updated_at) > earliest, col(Conversation.updated_at) <= now - first + AHEAD
    )
    silent = (
        (row.citizen_id, unfinished(parse(row.stack)), row.updated_at) for row in connection.execute(query)
    )
    return [Silent(citizen, talk, heard) for citizen, talk, heard in silent if talk is not None]


def plan(connection: Connection, context: Context, silent: list[Silent], now: datetime) -> None:
    """Plan the nudges of those people; what was planned for a conversation before stays as it is."""
    cadence = context.cadences.by_name[Topic.CONVERSATION]
    wanted = wants(connection, context, [each.citizen for each in silent])
    rows = []
    for each in silent:
        person = wanted.get(each.citizen)
        if person is None or not person.reminders_of(Topic.CONVERSATION):
            continue
        where = write({"where": each.talk.flow})
        for due in nudge_times(each.since, cadence, person.habits, EVER):
            if due.not_after <= now:
                continue
            name = (each.citizen, each.talk.id, Kind.NUDGE.value, str(due.lead))
            row = a_push(name, Topic.CONVERSATION, due.at, due.not_after, context.cadences.version, now)
            rows.append({**row, "details": where})
    if rows:
        many(connection, insert_new(connection.dialect.name, Push), rows)
