"""The open conversations of people: loaded and saved, as JSON in one row each."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from flows.engine import Entry, Kind
from flows.talks import Stack, Talk
from storage.sql import Insert, among, insert, many, upsert
from storage.tables import Contact, Conversation, table
from storage.types import write


def dump(stack: Stack) -> str:
    """A stack as JSON."""
    return write(
        [
            [talk.id, talk.flow, talk.args, [[e.kind, e.key, e.value] for e in talk.log], talk.step]
            for talk in stack
        ]
    )


def parse(stored: str) -> Stack:
    """The stack that `dump` wrote."""
    return tuple(_talk(*talk) for talk in json.loads(stored))


def _talk(id: int, flow: str, args: list[Any], log: list[list[Any]], step: int) -> Talk:
    return Talk(
        id, flow, tuple(args), tuple([Entry(_KINDS[kind], key, value) for kind, key, value in log]), step
    )


_KINDS: Final = {kind.value: kind for kind in Kind}


_LOAD: Final = select(col(Conversation.citizen_id), col(Conversation.stack)).where(
    among(col(Conversation.citizen_id), "citizens")
)


def load(connection: Connection, citizens: Iterable[int]) -> dict[int, Stack]:
    """The stacks of those citizens; one who has none is not in the answer."""
    rows = connection.execute(_LOAD, {"citizens": list(citizens)})
    return {citizen: parse(stored) for citizen, stored in rows}


def left_waiting(connection: Connection, since: datetime, until: datetime) -> dict[int, Stack]:
    """The stacks of those who speak and have a question open, by Telegram id, heard last in that time."""
    query = (
        select(col(Contact.telegram), col(Conversation.stack))
        .join(table(Contact), col(Contact.citizen_id) == col(Conversation.citizen_id))
        .where(col(Conversation.updated_at).between(since, until))
        .where(col(Contact.reach) == "open", col(Contact.slot) == 0)
    )
    return {telegram: parse(stored) for telegram, stored in connection.execute(query)}


def put_aside(connection: Connection, stacks: Mapping[int, Stack], heard: Mapping[int, datetime]) -> None:
    """Keep the stacks of citizens in which we have begun something; when they were heard stays as it was.

    heard  when each of them was last heard, for those who had no stack
    """
    rows = [
        {"citizen_id": citizen, "stack": dump(stack), "updated_at": heard[citizen]}
        for citizen, stack in stacks.items()
    ]
    if rows:
        many(connection, _put_aside(connection.dialect.name), rows)


@cache
def _put_aside(dialect: str) -> Insert:
    statement = insert(dialect, Conversation)
    return statement.on_conflict_do_update(
        index_elements=["citizen_id"], set_={"stack": statement.excluded.stack}
    )


def save(connection: Connection, stacks: Mapping[int, Stack], now: datetime) -> None:
    """Keep the stacks of those citizens; an empty one is removed."""
    kept = [
        {"citizen_id": citizen, "stack": dump(stack), "updated_at": now}
        for citizen, stack in stacks.items()
        if stack
    ]
    ended = [citizen for citizen, stack in stacks.items() if not stack]
    if kept:
        many(connection, upsert(connection, Conversation), kept)
    if ended:
        connection.execute(_END, {"ended": ended})


_END: Final = delete(table(Conversation)).where(among(col(Conversation.citizen_id), "ended"))
